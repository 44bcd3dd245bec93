// Package kafka generates Kafka: a cluster of one's own in KRaft mode, each node of it an ECS service of one copy with a
// fixed name in a private DNS zone of the cluster's.
//
// On ECS, where the data is decides where the nodes run. With storage ebs each node has a machine of its own in the ECS cluster
// and a volume that outlives it; ECS's own volumes go with their task, so they would not do. With storage efs each node has a
// folder of a file system, behind an access point of its own, and runs on Fargate or on the cluster's machines. On EKS each
// node is a pod (kubernetes.go) with the same volumes and folders (claim.go).
//
// Nodes take turns with the availability zones, and brokers know theirs, so that copies of a message are in several. They
// change one after another, machines too, each when the last one runs again. The image must be laid out as apache/kafka is: the
// scripts of Kafka in /opt/kafka/bin, and bash. A script (script.go) writes what is secret to files in the container's
// memory, formats an empty folder, and starts the process; on the first broker it then makes topics, users and grants.
//
// With TLS the nodes know each other by the certificate of the YAML's secret, which must be for client and server use and
// for all names below the zone; whoever connects between nodes with a certificate of its authority is the user broker,
// who may do everything, but only nodes can reach those ports. Clients say who they are by SCRAM or not at all.
package kafka

import (
	"strconv"
	"strings"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/codegen/pod"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of Kafka.
type Kind struct{}

// Name is Kafka.
func (Kind) Name() string { return "Kafka" }

// Stateful is true: a cluster holds messages.
func (Kind) Stateful() bool { return true }

// Outputs are where the cluster is.
func (Kind) Outputs(*ir.Component) []component.Output {
	return []component.Output{
		{Name: "bootstrapBrokers", Type: component.StringOutput}, {Name: "securityGroupId", Type: component.StringOutput},
	}
}

// Entry is the nodes' security group at the clients' port.
func (Kind) Entry(c *ir.Component) (component.Entry, bool) {
	s, ds := decode(c)
	if ds.HasErrors() {
		return component.Entry{}, false
	}
	return component.Entry{SecurityGroup: "securityGroupId", Ports: []int{s.clientPort()}}, true
}

// serviceName is at most 145 of the 255 characters that ECS takes.
func serviceName(c *ir.Component, n node) string { return container.ServiceName(c) + "-" + n.name }

// cluster is a Kafka being generated.
type cluster struct {
	*component.Builder
	specification
	// waitFor are local variables of what every node needs without referring to it.
	waitFor []string
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	c := &cluster{Builder: b, specification: s}
	if !c.check() {
		return
	}
	b.Version(s.Image.Tag)
	if s.onKubernetes() {
		c.runPods()
	} else {
		c.runTasks()
	}
	c.alarms()

	var addresses []string
	for _, n := range s.nodes() {
		if n.broker && len(addresses) < 3 { // clients learn of the others from any of these
			addresses = append(addresses, c.host(n)+":"+strconv.Itoa(s.clientPort()))
		}
	}
	b.Output("bootstrapBrokers", component.Str(strings.Join(addresses, ",")).Dot("ToStringOutput").Call())
	b.Output("securityGroupId", network.ID("securityGroup"))
}

// runTasks registers the nodes on ECS.
func (c *cluster) runTasks() {
	c.lookUpSecrets()
	c.logGroup()
	c.securityGroup()
	c.names()
	if c.onVolumes() {
		c.machineProfile()
	} else {
		c.files()
	}
	c.roles()
	previous := ""
	for _, n := range c.nodes() {
		v := variables(n)
		if c.onVolumes() {
			c.machine(n, v, previous)
		} else {
			c.folder(n, v)
		}
		c.node(n, v, previous)
		previous = v.service
	}
}

// check reports what could not run.
func (c *cluster) check() bool {
	switch {
	case c.onKubernetes() && !pod.Runnable(c.Builder, c.pods().Spec): // which has said why
	case c.scram() && c.before(3, 5):
		c.Fail(diag.Errorf(c.Place("version"), component.Code,
			"version %s of Kafka keeps no users without ZooKeeper, and %s has users", c.specification.Version, c.ID()).
			WithHint("choose 3.5.0 or later"))
	case c.Replication.Factor == c.Replication.MinInSync && c.Replication.Factor > 1:
		d := diag.Errorf(c.Place("replication", "minInSync"), component.Code,
			"with as many copies to be written as there are, %d, %s takes no message while a broker is replaced", c.Replication.Factor, c.ID()).
			WithHint("set replication.minInSync: %d", c.Replication.Factor-1)
		d.Severity = diag.Warning
		c.Fail(d)
		return true
	default:
		return true
	}
	return false
}

func (c *cluster) logGroup() {
	c.Resource(component.Resource{
		Var: "logs", Type: "aws:cloudwatch/logGroup:LogGroup", Part: "logs", What: "log group", Source: c.Place("logging"),
		Args: component.Fields{
			{Name: "Name", Value: component.Str(c.Path())},
			{Name: "RetentionInDays", Value: component.Int(c.Logging.RetentionDays)},
			{Name: "KmsKeyId", Value: c.Key()},
		},
	})
}

// securityGroup lets the nodes connect to each other, and to anything; clients' own rules open the clients' port.
func (c *cluster) securityGroup() {
	c.SecurityGroup("securityGroup", "nodes", "Nodes of the Kafka cluster", c.Component().Source)
	c.waitFor = append(c.waitFor, network.Out(c.Builder, "securityGroup"))
	c.amongNodes()
}

// amongNodes lets the nodes connect to each other.
func (c *cluster) amongNodes() {
	for _, port := range []int{brokerPort, controllerPort} {
		number := strconv.Itoa(port)
		network.Add(c.Builder, network.Rule{
			Direction: network.Ingress, Var: "among" + number, Part: "among-" + number, What: "rule for port " + number + " among nodes",
			Group: network.ID("securityGroup"), Protocol: "tcp", Port: port, Peer: network.Group(network.ID("securityGroup")),
		})
		c.waitFor = append(c.waitFor, "among"+number)
	}
}
