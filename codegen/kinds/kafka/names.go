package kafka

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/network"
)

// Nodes have names in a private DNS zone of the cluster's, on every platform the same ones: so they hold for whoever is in
// the VPC, a function as well as a pod, and for the certificate. ECS keeps the addresses behind them. A pod of Kubernetes has
// an address of the VPC too, but what knows it is the cluster's DNS, which nobody outside can ask; so a pod registers its
// address itself before its node starts.

// zone is the private DNS zone of the cluster.
func (c *cluster) zone() string {
	return component.PhysicalName(63, c.Stack(), c.Component(), "") + ".internal" // a label has at most 63 characters
}

func (c *cluster) host(n node) string { return n.name + "." + c.zone() }

func (c *cluster) names() {
	c.Resource(component.Resource{
		Var: "zone", Type: "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace", Part: "names", What: "namespace",
		Args: component.Fields{
			{Name: "Name", Value: component.Str(c.zone())},
			{Name: "Vpc", Value: jen.Id("base").Dot("vpcID")},
		},
	})
}

// name registers the name of a node.
func (c *cluster) name(n node, v variablesOf) {
	c.Resource(component.Resource{
		Var: v.name, Type: "aws:servicediscovery/service:Service", Part: n.name, What: "name of " + n.name,
		Args: component.Fields{
			{Name: "Name", Value: component.Str(n.name)},
			{Name: "DnsConfig", Value: component.Struct(component.AWS("servicediscovery", "ServiceDnsConfigArgs"), component.Fields{
				{Name: "NamespaceId", Value: network.ID("zone")},
				{Name: "RoutingPolicy", Value: component.Str("MULTIVALUE")},
				{Name: "DnsRecords", Value: component.List(component.AWS("servicediscovery", "ServiceDnsConfigDnsRecordArray"),
					component.Struct(component.AWS("servicediscovery", "ServiceDnsConfigDnsRecordArgs"), component.Fields{
						{Name: "Type", Value: component.Str("A")}, {Name: "Ttl", Value: component.Int(10)},
					}))},
			})},
			{Name: "ForceDestroy", Value: component.Bool(true)},
		},
	})
}

// registering is what a pod may do to register: set the address behind each of the cluster's names. Cloud Map writes the
// record on behalf of the pod, which may change that zone alone.
func (c *cluster) registering() []iam.Statement {
	var services []jen.Code
	for _, n := range c.nodes() {
		services = append(services, jen.Id(variables(n).name).Dot("Arn"))
	}
	zone := component.Pulumi("Sprintf").Call(
		jen.Lit("arn:"+component.Partition(c.Stack().Region)+":route53:::hostedzone/%s"), jen.Id("zone").Dot("HostedZone"))
	return []iam.Statement{
		{Sid: "Register", Actions: []string{"servicediscovery:RegisterInstance"}, Resources: services},
		{Sid: "RegisterRecord", Actions: []string{"route53:ChangeResourceRecordSets", "route53:GetHostedZone"}, Resources: []jen.Code{zone}},
	}
}

// registrarImage has the AWS CLI. Its tag is among those of https://gallery.ecr.aws/aws-cli/aws-cli.
const registrarImage = "public.ecr.aws/aws-cli/aws-cli:2.32.9"

// registrar is the container that registers a pod's address, in place of the last pod's: an instance of Cloud Map is known
// by its ID. Kubernetes puts the address into the command, and starts the container again until it succeeds.
func (c *cluster) registrar(n node, v variablesOf) jen.Code {
	core := func(name string, fields component.Fields) jen.Code {
		return component.Struct(component.Kubernetes("core/v1", name), fields)
	}
	amounts := func() jen.Code {
		return component.Map(component.Pulumi("StringMap"), component.Fields{
			{Name: "cpu", Value: component.Str("100m")}, {Name: "memory", Value: component.Str("256Mi")},
		})
	}
	words := []jen.Code{
		component.Str("servicediscovery"), component.Str("register-instance"), component.Str("--region"), component.Str(c.Stack().Region),
		component.Str("--service-id"), network.ID(v.name), component.Str("--instance-id"), component.Str(n.name),
		component.Str("--attributes"), component.Str("AWS_INSTANCE_IPV4=$(POD_IP)"),
	}
	return core("ContainerArgs", component.Fields{
		{Name: "Name", Value: component.Str("register")},
		{Name: "Image", Value: component.Str(registrarImage)},
		{Name: "ImagePullPolicy", Value: component.Str("Always")},
		{Name: "Args", Value: component.StrArray(words...)},
		{Name: "Env", Value: component.List(component.Kubernetes("core/v1", "EnvVarArray"),
			core("EnvVarArgs", component.Fields{
				{Name: "Name", Value: component.Str("POD_IP")},
				{Name: "ValueFrom", Value: kubernetes("core/v1", "EnvVarSourceArgs", component.Fields{
					{Name: "FieldRef", Value: kubernetes("core/v1", "ObjectFieldSelectorArgs", component.Fields{
						{Name: "FieldPath", Value: component.Str("status.podIP")},
					})},
				})},
			}),
			core("EnvVarArgs", component.Fields{{Name: "Name", Value: component.Str("HOME")}, {Name: "Value", Value: component.Str(temporaryFolder)}}))},
		{Name: "Resources", Value: kubernetes("core/v1", "ResourceRequirementsArgs", component.Fields{
			{Name: "Requests", Value: amounts()}, {Name: "Limits", Value: amounts()},
		})},
		{Name: "SecurityContext", Value: kubernetes("core/v1", "SecurityContextArgs", component.Fields{
			{Name: "AllowPrivilegeEscalation", Value: component.Bool(false)},
			{Name: "ReadOnlyRootFilesystem", Value: component.Bool(true)},
			{Name: "Capabilities", Value: kubernetes("core/v1", "CapabilitiesArgs", component.Fields{
				{Name: "Drop", Value: component.StrArray(component.Str("ALL"))},
			})},
		})},
		{Name: "VolumeMounts", Value: component.List(component.Kubernetes("core/v1", "VolumeMountArray"), core("VolumeMountArgs", component.Fields{
			{Name: "Name", Value: component.Str("temporary")}, {Name: "MountPath", Value: component.Str(temporaryFolder)},
		}))},
	})
}
