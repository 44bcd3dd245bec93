package kafka

import (
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/codegen/pod"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/ir"
)

// On EKS each node is a StatefulSet of one pod: nodes differ in what they are, in their names and in what they know, each has
// a volume of its own, and each changes when the last one is ready. Of a StatefulSet Kubernetes never runs two pods at once,
// even if it has lost sight of a machine, so that no two write to the same data.

// maxStatefulSet is how long the name of a StatefulSet can be: Kubernetes makes a label of it with 11 characters more.
const maxStatefulSet = 52

// nodeLabel tells the pods of the cluster's nodes apart.
const nodeLabel = "panka.io/node"

// wait is how long Pulumi waits for a node: one that was killed reads its data again before it is ready.
const wait = "30m"

// setName is the name of a node's StatefulSet, and podName that of its pod, by which CloudWatch knows it.
func setName(c *ir.Component, n node) string { return names.Physical(maxStatefulSet, c.Name, n.name) }

func podName(c *ir.Component, n node) string { return setName(c, n) + "-0" }

// runPods registers the nodes on EKS.
func (c *cluster) runPods() {
	c.names()
	for _, n := range c.nodes() {
		c.name(n, variables(n))
	}
	p := c.pods()
	p.Prepare()
	for _, port := range c.firstPorts() {
		p.LetNodesIn(port)
	}
	c.amongNodes()
	c.headless()
	c.disruptions()
	if !c.onVolumes() {
		c.files()
	}
	previous := ""
	for i, n := range c.nodes() {
		v := variables(n)
		c.claim(n, v)
		if i == len(c.nodes())-1 {
			v.service = "" // no other node waits for the last
		}
		c.statefulSet(n, v, p, previous)
		previous = v.service
	}
}

// pods are what the pods of all nodes have in common.
func (c *cluster) pods() *pod.Pod {
	stop := spec.Seconds(stopTimeout)
	s := container.Spec{
		Runtime: container.Runtime{
			Platform: container.EKS, User: strconv.Itoa(owner) + ":" + strconv.Itoa(owner), ReadOnlyRootFilesystem: true, StopTimeout: &stop,
		},
		EntryPoint: []ir.Text{ir.Literal("/bin/bash"), ir.Literal("-c")},
		Secrets:    c.podSecrets(),
	}
	s.Image.Repository, s.Image.Tag = c.Image.Repository, c.Image.Tag
	s.Resources.CPU, s.Resources.Memory = c.Resources.CPU, c.Resources.Memory
	s.Logging.RetentionDays = c.Logging.RetentionDays
	return &pod.Pod{Builder: c.Builder, Spec: s, Purpose: "nodes", Untraced: true, Most: len(c.nodes()), Statements: c.registering()}
}

// podSecrets are the certificate, of which nodes need each part, and the passwords of users.
func (c *cluster) podSecrets() []container.Secret {
	var all []container.Secret
	if c.tls() {
		for _, s := range certificateParts {
			all = append(all, container.Secret{Name: s.variable, Ref: c.Security.CertificateSecret, Key: s.key, Source: c.Place("security", "certificateSecret")})
		}
	}
	for i, u := range c.Security.Users {
		all = append(all, container.Secret{Name: passwordVariable(i), Ref: u.SecretRef, Source: c.Place("security", "users")})
	}
	return all
}

// statefulSet registers a node. It changes only when the one that previous holds, "" for none, is ready.
func (c *cluster) statefulSet(n node, v variablesOf, common *pod.Pod, previous string) {
	p := *common
	p.Labels = component.Fields{{Name: nodeLabel, Value: component.Str(n.name)}}
	script, env := c.script(n)
	p.Spec.Command = []ir.Text{ir.Literal(script)}
	for _, name := range env.names {
		p.Spec.Environment = append(p.Spec.Environment, container.Variable{Name: name, Value: env.values[name]})
	}
	if n.id != 1 && c.tls() { // the first broker sets up users; the others have nothing to do with passwords
		p.Spec.Secrets = p.Spec.Secrets[:len(certificateParts)]
	} else if n.id != 1 {
		p.Spec.Secrets = nil
	}
	p.Ports, p.Probes = c.podPorts(n), probes(n)
	p.First = []jen.Code{c.registrar(n, v)}
	p.Volumes, p.Mounts = c.podVolumes(n), podMounts()
	if c.onVolumes() {
		p.Annotations = component.Fields{{Name: "panka.io/volume-size", Value: component.Str(strconv.Itoa(c.Storage.SizeGB))}}
	}
	waitFor := append(c.waitFor[:len(c.waitFor):len(c.waitFor)], v.claim)
	if previous != "" {
		waitFor = append(waitFor, previous)
	}
	p.WaitFor = append(p.WaitFor[:len(p.WaitFor):len(p.WaitFor)], waitFor...)
	labels := component.Map(component.Pulumi("StringMap"), append(pod.Selector(c.Component()), p.Labels...))
	length := jen.Lit(wait)
	c.Manifest(component.Manifest{
		Var: v.service, API: "apps/v1", Kind: "StatefulSet", Part: n.name, What: n.name, Source: c.Place("runtime"),
		Name: component.Str(setName(c.Component(), n)), Namespace: component.Str(pod.Namespace(c.Component())),
		Fields: component.Fields{{Name: "Spec", Value: kubernetes("apps/v1", "StatefulSetSpecArgs", component.Fields{
			{Name: "Replicas", Value: component.Int(1)},
			{Name: "ServiceName", Value: component.Str(pod.Name(c.Component(), ""))},
			{Name: "Selector", Value: kubernetes("meta/v1", "LabelSelectorArgs", component.Fields{{Name: "MatchLabels", Value: labels}})},
			{Name: "Template", Value: p.Template()},
		})}},
		Options: []jen.Code{
			p.DependsOnAll(),
			component.Pulumi("Timeouts").Call(jen.Op("&").Add(component.Pulumi("CustomTimeouts")).Values(
				jen.Id("Create").Op(":").Add(length), jen.Id("Update").Op(":").Add(length))),
		},
	})
}

// firstPort is the port of a node that opens first. A controller's opens before there is a quorum: if it had to wait for
// that, the first node would never be ready, and the second never start.
func firstPort(n node) int {
	if n.controller {
		return controllerPort
	}
	return brokerPort
}

// firstPorts are those of all nodes, each once.
func (c *cluster) firstPorts() []int {
	var all []int
	for _, n := range c.nodes() {
		if port := firstPort(n); len(all) == 0 || all[len(all)-1] != port {
			all = append(all, port)
		}
	}
	return all
}

// probes ask for the port that opens first. What reads its data again after a crash is not killed for it for half an hour.
func probes(n node) pod.Probes {
	connect := func(failures int) *pod.Probe {
		return &pod.Probe{Port: firstPort(n), Interval: 15, Timeout: 5, Failures: failures}
	}
	return pod.Probes{Startup: connect(120), Liveness: connect(8), Readiness: connect(2)}
}

func (c *cluster) podPorts(n node) []container.Port {
	var all []container.Port
	if n.broker {
		all = append(all, container.Port{Name: "broker", Port: brokerPort}, container.Port{Name: "client", Port: c.clientPort()})
	}
	if n.controller {
		all = append(all, container.Port{Name: "controller", Port: controllerPort})
	}
	return all
}

// headless is the Service that a StatefulSet must have. Nobody looks for nodes by it: their names are those of names.go,
// which hold outside of the Kubernetes cluster too.
func (c *cluster) headless() {
	c.Manifest(component.Manifest{
		Var: "headless", API: "core/v1", Kind: "Service", Part: "pods", What: "service of the pods",
		Name: component.Str(pod.Name(c.Component(), "")), Namespace: component.Str(pod.Namespace(c.Component())),
		Fields: component.Fields{{Name: "Spec", Value: kubernetes("core/v1", "ServiceSpecArgs", component.Fields{
			{Name: "ClusterIP", Value: component.Str("None")},
			{Name: "PublishNotReadyAddresses", Value: component.Bool(true)},
			{Name: "Selector", Value: component.Map(component.Pulumi("StringMap"), pod.Selector(c.Component()))},
			{Name: "Ports", Value: component.List(component.Kubernetes("core/v1", "ServicePortArray"),
				component.Struct(component.Kubernetes("core/v1", "ServicePortArgs"), component.Fields{
					{Name: "Name", Value: component.Str("client")}, {Name: "Port", Value: component.Int(c.clientPort())},
				}))},
		})}},
	})
	c.waitFor = append(c.waitFor, "headless")
}

// disruptions lets whoever empties machines stop one node at a time, and no other while one is not ready.
func (c *cluster) disruptions() {
	if len(c.nodes()) == 1 {
		return
	}
	c.Manifest(component.Manifest{
		API: "policy/v1", Kind: "PodDisruptionBudget", Part: "disruptions", What: "disruption budget",
		Name: component.Str(pod.Name(c.Component(), "")), Namespace: component.Str(pod.Namespace(c.Component())),
		Fields: component.Fields{{Name: "Spec", Value: kubernetes("policy/v1", "PodDisruptionBudgetSpecArgs", component.Fields{
			{Name: "MaxUnavailable", Value: component.Int(1)},
			{Name: "Selector", Value: kubernetes("meta/v1", "LabelSelectorArgs", component.Fields{
				{Name: "MatchLabels", Value: component.Map(component.Pulumi("StringMap"), pod.Selector(c.Component()))},
			})},
		})}},
	})
}

// kubernetes is a struct of the Kubernetes SDK, by a pointer.
func kubernetes(group, name string, fields component.Fields) jen.Code {
	return jen.Op("&").Add(component.Struct(component.Kubernetes(group, name), fields))
}
