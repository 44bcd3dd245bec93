package foundation

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/compiler/ir"
)

// How nodes are paid for, as the Networking document has it.
const (
	onDemandNodes = "onDemand"
	spotNodes     = "spot"
)

// armImage is the architecture of images for Graviton.
const armImage = "arm64"

// nodeGroup is a group of nodes that are alike.
type nodeGroup struct{ arm, spot bool }

// part is the last part of its names.
func (g nodeGroup) part() string {
	part := "nodes-x86-64"
	if g.arm {
		part = "nodes-arm64"
	}
	if g.spot {
		return part + "-spot"
	}
	return part
}

// local is its local variable.
func (g nodeGroup) local() string {
	local := "nodesX86"
	if g.arm {
		local = "nodesArm"
	}
	if g.spot {
		return local + "Spot"
	}
	return local
}

// nodeGroups are those that the components need: for each processor, and each way to pay that one selects or that is the
// document's.
func (k *eks) nodeGroups() []nodeGroup {
	var groups []nodeGroup
	for _, c := range container.OnKubernetes(k.Stack()) {
		g := k.groupOf(c)
		if !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	slices.SortFunc(groups, func(a, b nodeGroup) int { return strings.Compare(a.part(), b.part()) })
	return groups
}

// selected is the value that a component wants a label of its node to have.
func selected(c *ir.Component, label string) string {
	if v := c.Spec.Get("runtime", "nodeSelector", label); v != nil {
		return v.Text.String()
	}
	return ""
}

// typesFor are those types that have processors for arm64, or those that do not.
func typesFor(arm bool, types []string) []string {
	return slices.DeleteFunc(slices.Clone(types), func(t string) bool { return arm64.MatchString(t) != arm })
}

// nodes makes the groups, which wait for the add-ons without which no node becomes ready.
func (k *eks) nodes() {
	source := k.place("nodes")
	roleReady := iam.AddRole(k.Builder, iam.Role{
		Var: "nodeRole", Part: "nodes", What: "node role", Trust: iam.TrustPlain("ec2.amazonaws.com"), Source: source,
		// What gives pods their addresses has a role of its own, so nodes need no right to.
		Managed: []string{
			k.AWSPolicy("AmazonEKSWorkerNodePolicy"), k.AWSPolicy("AmazonEC2ContainerRegistryPullOnly"), k.AWSPolicy("AmazonSSMManagedInstanceCore"),
		},
	})
	k.nodeTemplate()
	k.nodeCount()
	for _, g := range k.nodeGroups() {
		k.nodeGroup(g, append(slices.Clone(roleReady), networkAddons...))
		k.groups = append(k.groups, g.local())
		k.ready = append(k.ready, g.local())
	}
}

// nodeTemplate is how a node starts; EKS adds its image, and what makes it join. Its metadata stays on the node: at one
// hop's distance no pod but those on the node's own network gets at the node's role.
func (k *eks) nodeTemplate() {
	f := fleet{Builder: k.Builder, machines: machines{DiskGB: k.settings.Nodes.DiskGB}}
	var interfaces jen.Code
	if k.publicOnly() { // then the cluster's group, which EKS gives to nodes by itself, must be said
		interfaces = component.List(component.AWS("ec2", "LaunchTemplateNetworkInterfaceArray"),
			component.Struct(component.AWS("ec2", "LaunchTemplateNetworkInterfaceArgs"), Fields{
				{Name: "AssociatePublicIpAddress", Value: component.Str("true")},
				{Name: "SecurityGroups", Value: component.StrArray(k.found["kubernetesGroupID"])},
			}))
	}
	k.Resource(component.Resource{
		Var: "nodeTemplate", Type: "aws:ec2/launchTemplate:LaunchTemplate", Part: "nodes", What: "launch template of the nodes", Source: k.place("nodes"),
		Args: Fields{
			{Name: "Name", Value: k.Physical(128, "nodes")},
			{Name: "UpdateDefaultVersion", Value: component.Bool(true)},
			{Name: "NetworkInterfaces", Value: interfaces},
			{Name: "MetadataOptions", Value: f.metadata()},
			{Name: "BlockDeviceMappings", Value: f.disk()},
			{Name: "TagSpecifications", Value: component.List(component.AWS("ec2", "LaunchTemplateTagSpecificationArray"),
				tagged("instance"), tagged("volume"))},
		},
	})
}

func tagged(what string) jen.Code {
	return component.Struct(component.AWS("ec2", "LaunchTemplateTagSpecificationArgs"), Fields{
		{Name: "ResourceType", Value: component.Str(what)},
		{Name: "Tags", Value: jen.Id("tags").Call(jen.Lit("foundation-nodes"))},
	})
}

// nodeGroup registers a group. What EKS cannot change is in its name, so that another group stands before this one goes
// and its pods move.
func (k *eks) nodeGroup(g nodeGroup, ready []string) {
	settings, source := k.settings.Nodes, k.place("nodes")
	types, ami, capacity := typesFor(g.arm, settings.InstanceTypes), "AL2023_x86_64_STANDARD", "ON_DEMAND"
	if g.arm {
		ami = "AL2023_ARM_64_STANDARD"
	}
	if g.spot {
		capacity = "SPOT"
	}
	if len(types) == 0 {
		types = []string{k.usualType(g)}
	}
	size := g.local() + "Size"
	name := k.Salted(63, g.part(), append([]string{k.subnetSalt()}, types...)...)
	k.Statement(
		jen.List(jen.Id(size), jen.Err()).Op(":=").Id("nodeCount").Call(name, jen.Lit(settings.MinSize), jen.Lit(settings.MaxSize)),
		k.Check("count the nodes"), jen.Line())
	k.Resource(component.Resource{
		Var: g.local(), Type: "aws:eks/nodeGroup:NodeGroup", Part: g.part(), What: "group of nodes", Source: source,
		Args: Fields{
			{Name: "ClusterName", Value: jen.Id("kubernetesCluster").Dot("Name")},
			{Name: "NodeGroupName", Value: name},
			{Name: "Version", Value: component.Str(k.settings.Version)},
			{Name: "NodeRoleArn", Value: jen.Id("nodeRole").Dot("Arn")},
			{Name: "SubnetIds", Value: k.found["workloadSubnetIDs"]},
			{Name: "AmiType", Value: component.Str(ami)},
			{Name: "CapacityType", Value: component.Str(capacity)},
			{Name: "InstanceTypes", Value: component.StrArray(strs(types)...)},
			{Name: "LaunchTemplate", Value: component.Struct(component.AWS("eks", "NodeGroupLaunchTemplateArgs"), Fields{
				{Name: "Id", Value: id("nodeTemplate")},
				{Name: "Version", Value: component.Pulumi("Sprintf").Call(jen.Lit("%d"), jen.Id("nodeTemplate").Dot("LatestVersion"))},
			})},
			{Name: "ScalingConfig", Value: component.Struct(component.AWS("eks", "NodeGroupScalingConfigArgs"), Fields{
				{Name: "MinSize", Value: component.Int(settings.MinSize)},
				{Name: "MaxSize", Value: component.Int(settings.MaxSize)},
				{Name: "DesiredSize", Value: component.Pulumi("Int").Call(jen.Id(size).Dot("nodes"))},
			})},
			{Name: "UpdateConfig", Value: component.Struct(component.AWS("eks", "NodeGroupUpdateConfigArgs"), Fields{
				{Name: "MaxUnavailable", Value: component.Int(1)},
			})},
			{Name: "NodeRepairConfig", Value: component.Struct(component.AWS("eks", "NodeGroupNodeRepairConfigArgs"), Fields{
				{Name: "Enabled", Value: component.Bool(true)},
			})},
		},
		Options: []jen.Code{component.CreateFirst(), waitFor(ready...), component.Pulumi("IgnoreChanges").Call(jen.Id(size).Dot("settled"))},
	})
}

// subnetSalt is what changes when nodes move to other subnets.
func (k *eks) subnetSalt() string {
	vpc := k.VPC
	salt, err := json.Marshal([]any{vpc.Use, vpc.ID, vpc.CIDR, vpc.Zones, vpc.NAT == natNone, vpc.Public, vpc.Private})
	if err != nil { // texts and numbers only
		panic(err)
	}
	return string(salt)
}
