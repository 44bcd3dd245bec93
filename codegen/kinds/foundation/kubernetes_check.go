package foundation

import (
	"maps"
	"slices"
	"strings"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// reservedNamespaces are those of Kubernetes itself and of what the foundation installs, beside all that begin with kube-.
var reservedNamespaces = []string{"default", "amazon-cloudwatch", autoscalingNamespace, secretsNamespace}

// check reports what the cluster cannot be made with.
func (k *eks) check() bool {
	sound := true
	for _, d := range slices.Concat(k.checkNames(), k.checkTypes(), k.checkRoom(), k.checkEndpoint()) {
		k.Fail(d)
		sound = sound && d.Severity != diag.Error
	}
	for _, c := range container.OnKubernetes(k.Stack()) {
		for _, d := range unknownLabels(c) {
			k.Fail(d)
		}
	}
	return sound
}

// checkNames: a service's name is that of a namespace.
func (k *eks) checkNames() diag.List {
	var ds diag.List
	for _, service := range slices.Sorted(maps.Keys(k.needs.services)) {
		reserved := slices.Contains(reservedNamespaces, service) || strings.HasPrefix(service, "kube-")
		if !reserved && !strings.HasSuffix(service, "-") {
			continue
		}
		why := "namespaces do not end in a dash"
		if reserved {
			why = "the cluster has a namespace of that name already"
		}
		ds.Add(diag.Errorf(platformPlace(k.needs.services[service]), component.Code,
			"on eks the service %s would be a namespace of Kubernetes, and %s", service, why).
			WithHint("give the service another name, or set runtime.platform: fargate"))
	}
	return ds
}

// checkTypes: each type of machine must be able to run an image, and each image must find one.
func (k *eks) checkTypes() diag.List {
	var ds diag.List
	types := k.settings.Nodes.InstanceTypes
	if len(types) == 0 {
		return nil
	}
	wanted := map[bool]*ir.Component{} // by whether images are for arm64
	for _, c := range container.OnKubernetes(k.Stack()) {
		arm := container.Architecture(c) == armImage
		if wanted[arm] == nil {
			wanted[arm] = c
		}
	}
	at := k.place("nodes", "instanceTypes")
	for _, arm := range []bool{false, true} {
		c := wanted[arm]
		if c != nil && len(typesFor(arm, types)) == 0 {
			ds.Add(diag.Errorf(at, component.Code, "the image of %s is for %s, which none of the nodes' instanceTypes can run", c.ID(), container.Architecture(c)).
				WithHint("add one that can, or leave instanceTypes out").WithRelated(architecturePlace(c), "%s is here", c.ID()))
		}
		if c == nil && len(typesFor(arm, types)) > 0 {
			ds.Add(diag.Errorf(at, component.Code, "no component has an image that %s could run", strings.Join(typesFor(arm, types), " or ")).
				WithHint("remove it from instanceTypes"))
		}
	}
	return ds
}

// checkEndpoint: a public endpoint needs addresses that may connect, and a Security document that allows it. Without one
// panka must be inside the VPC, which nobody should find out after a quarter of an hour.
func (k *eks) checkEndpoint() diag.List {
	var ds diag.List
	endpoint := k.settings.PublicEndpoint
	at := k.place("publicEndpoint", "enabled")
	if !endpoint.Enabled {
		if k.Stack().Network.Get("cluster", "kubernetes", "publicEndpoint", "enabled") == nil {
			c := k.first()
			d := diag.Errorf(platformPlace(c), component.Code, "the API of the EKS cluster that %s needs is reached from within the VPC only, so panka must run there", c.ID()).
				WithHint("in the Networking document set cluster.kubernetes.publicEndpoint.enabled: true with allowFrom, or enabled: false if panka runs there")
			d.Severity = diag.Warning
			ds.Add(d)
		}
		return ds
	}
	if denied := network.Denied(k.Stack()); denied != nil {
		ds.Add(diag.Errorf(at, component.Code, "the cluster's API would be reached from the internet, which the Security document denies").
			WithHint("remove publicEndpoint and run panka inside the VPC, or set ingress.internetFacing: allow there").
			WithRelated(denied.Source, "internet-facing components are denied here"))
	}
	if len(k.publicRanges()) == 0 {
		ds.Add(diag.Errorf(at, component.Code, "nothing says which addresses may connect to the public endpoint of the cluster's API").
			WithHint("list those that panka and kubectl run at, as publicEndpoint.allowFrom"))
	}
	return ds
}

// publicRanges are the addresses that may connect to the public endpoint, in IPv4, which is all it has.
func (k *eks) publicRanges() []string {
	if own := k.settings.PublicEndpoint.AllowFrom; own != nil {
		return own
	}
	return slices.DeleteFunc(network.Allowed(k.Stack()), func(cidr string) bool { return strings.Contains(cidr, ":") })
}

// nodeLabels begin the keys of the labels that EKS and Kubernetes put on nodes by themselves.
var nodeLabels = []string{"eks.amazonaws.com/", "kubernetes.io/", "node.kubernetes.io/", "topology.kubernetes.io/", "topology.k8s.aws/", "topology.ebs.csi.aws.com/", "vpc.amazonaws.com/"}

// unknownLabels warns of labels that no node has unless somebody else puts them on.
func unknownLabels(c *ir.Component) diag.List {
	var ds diag.List
	selector := c.Spec.Get("runtime", "nodeSelector")
	if selector == nil {
		return nil
	}
	for _, f := range selector.Fields {
		if slices.ContainsFunc(nodeLabels, func(prefix string) bool { return strings.HasPrefix(f.Name, prefix) }) {
			continue
		}
		d := diag.Errorf(selector.Source, component.Code, "no node that panka makes has the label %q, so that the pods of %s would wait for one", f.Name, c.ID()).
			WithHint("select by labels of EKS such as eks.amazonaws.com/capacityType, or make nodes with that label")
		d.Severity = diag.Warning
		ds.Add(d)
	}
	return ds
}
