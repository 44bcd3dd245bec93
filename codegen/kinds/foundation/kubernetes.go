package foundation

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/pod"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// kubernetes makes the EKS cluster, if a component runs in one, the provider by which objects get into it, and all that
// must be in it before pods of components are.
//
// The order is one in which each step can work: the control plane; the add-ons that give pods their network; nodes;
// what runs on nodes: the other add-ons, the services' namespaces, the charts. Everything goes in the reverse order. As
// base.clusterReady says when it is done, objects of components that are in the foundation's own wave wait for it.
func kubernetes(b *component.Builder, n networking, found values) {
	if !onKubernetes(b.Stack()) {
		return
	}
	k := &eks{Builder: b, networking: n, settings: n.Cluster.Kubernetes, found: found, needs: needsOf(b)}
	if !k.check() {
		return
	}
	found.add(k.controlPlane())
	k.nameService()
	k.networkAddons()
	k.nodes()
	b.Statement(
		jen.Id("base").Dot("kubeconfig").Op("=").Add(found["kubeconfig"]),
		jen.Id("base").Dot("kubernetesName").Op("=").Add(found["kubernetesName"]),
		jen.List(jen.Id("base").Dot("kubernetes"), jen.Err()).Op("=").Add(connected()),
		b.Check("Kubernetes provider"), component.OpenCluster("", ir.Foundation), jen.Line(),
	)
	k.podAddons()
	k.namespaces()
	k.releases()
	k.alarms()
	b.Statement(jen.Id("base").Dot("clusterReady").Op("=").Add(component.List(jen.Index().Add(component.Pulumi("Resource")), locals(k.ready)...)), jen.Line())
}

// eks generates the EKS cluster.
type eks struct {
	*component.Builder
	networking
	settings kubernetesCluster
	found    values
	needs    needs
	// admitted are the local variables of what lets administrators make objects.
	admitted []string
	// groups are the local variables of the groups of nodes.
	groups []string
	// ready are those of what must be there before pods of components are.
	ready []string
}

// place is where the setting at a path of the cluster's settings was written.
func (k *eks) place(path ...string) diag.Position {
	return k.Place(append([]string{"cluster", "kubernetes"}, path...)...)
}

// name is the cluster's name.
func (k *eks) name() string { return pod.ClusterName(k.Stack()) }

// waitFor is the option that makes a resource wait for those that local variables hold.
func waitFor(all ...string) jen.Code { return dependsOn(locals(all)...) }

func locals(all []string) []jen.Code {
	var items []jen.Code
	for _, local := range all {
		items = append(items, jen.Id(local))
	}
	return items
}

// platformPlace is where a component says that it runs on Kubernetes.
func platformPlace(c *ir.Component) diag.Position {
	if v := c.Spec.Get("runtime", "platform"); v != nil && v.Source.IsValid() {
		return v.Source
	}
	return c.Source
}

// first is the first component that runs on Kubernetes.
func (k *eks) first() *ir.Component { return container.OnKubernetes(k.Stack())[0] }
