package foundation

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/ir"
)

// kubernetes is the EKS cluster, if a component runs in one, and the provider by which objects get into it.
func kubernetes(b *component.Builder, n networking, found values) {
	if !onKubernetes(b.Stack()) {
		return
	}
	found.add(kubernetesCluster(b, n, found))
	b.Statement(
		jen.Id("base").Dot("kubeconfig").Op("=").Add(found["kubeconfig"]),
		jen.Id("base").Dot("kubernetesName").Op("=").Add(found["kubernetesName"]),
		jen.List(jen.Id("base").Dot("kubernetes"), jen.Err()).Op("=").Add(connected()),
		b.Check("Kubernetes provider"), component.OpenCluster("", ir.Foundation), jen.Line(),
	)
}

// kubernetesName is the cluster's name.
func kubernetesName(b *component.Builder) string {
	return names.Physical(100, b.Stack().Name, b.Stack().Environment)
}

// kubernetesCluster is the cluster itself.
func kubernetesCluster(b *component.Builder, n networking, found values) Fields {
	b.Resource(component.Resource{
		Var: "kubernetesCluster", Type: "aws:eks/cluster:Cluster", Part: "kubernetes", What: "EKS cluster", Source: b.Place("cluster"),
		Args: Fields{
			{Name: "Name", Value: component.Str(kubernetesName(b))},
			{Name: "RoleArn", Value: component.Str("todo")},
			{Name: "VpcConfig", Value: component.Struct(component.AWS("eks", "ClusterVpcConfigArgs"), Fields{
				{Name: "SubnetIds", Value: found["workloadSubnetIDs"]},
			})},
		},
	})
	c := func(field string) jen.Code { return jen.Id("kubernetesCluster").Dot(field) }
	return Fields{
		{Name: "kubeconfig", Value: c("Name")},
		{Name: "kubernetesName", Value: c("Name")},
		{Name: "kubernetesGroupID", Value: c("Name")},
		{Name: "issuer", Value: c("Name")},
		{Name: "issuerARN", Value: c("Name")},
	}
}
