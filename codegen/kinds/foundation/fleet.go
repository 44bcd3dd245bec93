package foundation

import (
	"regexp"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// fleet are the machines of the cluster: one template, and for each way to pay a group that ECS fills as containers need
// it and empties again, moving containers away first.
type fleet struct {
	*component.Builder
	machines
	found values
	// public tells that the machines need public addresses.
	public bool
	arm    bool
}

// arm64 are the instance types with Graviton processors: a g follows the generation.
var arm64 = regexp.MustCompile(`^(a1|[a-z]+[0-9]+g[a-z]*)\.`)

// check finds the processors that the containers need. All machines are alike, so they must need the same.
func (m *fleet) check(onMachines []*ir.Component) bool {
	first := onMachines[0]
	m.arm = container.Architecture(first) == "arm64"
	for _, c := range onMachines[1:] {
		if container.Architecture(c) != container.Architecture(first) {
			m.Fail(diag.Errorf(architecturePlace(c), component.Code, "%s is for %s and %s for %s, but all machines of the cluster are alike",
				c.ID(), container.Architecture(c), first.ID(), container.Architecture(first)).
				WithHint("set runtime.platform: fargate for one of them").
				WithRelated(architecturePlace(first), "%s is here", first.ID()))
			return false
		}
	}
	if !m.roomy(onMachines) {
		return false
	}
	if arm64.MatchString(m.InstanceType) != m.arm {
		m.Fail(diag.Errorf(m.Place("cluster", "machines", "instanceType"), component.Code,
			"the image of %s is for %s, which %s machines cannot run", first.ID(), container.Architecture(first), m.InstanceType).
			WithHint("choose another instanceType, or leave it out").WithRelated(architecturePlace(first), "%s is here", first.ID()))
		return false
	}
	if m.public {
		d := diag.Errorf(architecturePlace(first), component.Code,
			"on platform ecs the containers of %s get no public address, so that in public subnets they cannot reach the internet", first.ID()).
			WithHint("give the network private subnets with a NAT gateway, as vpc.use: create does, or set platform: fargate")
		d.Severity = diag.Warning
		m.Fail(d)
	}
	return true
}

// roomy chooses the type of the machines, if the YAML does not, so that the largest container fits. ECS would wait for ever
// for a machine with room for a container that no machine can hold.
func (m *fleet) roomy(onMachines []*ir.Component) bool {
	given := m.InstanceType
	cpu, memory := 0, 0
	for _, c := range onMachines {
		ownCPU, ownMemory := container.Size(c)
		cpu, memory = max(cpu, ownCPU), max(memory, ownMemory)
		if given == "" || container.Holds(given, ownCPU, ownMemory) {
			continue
		}
		at := c.Source
		if v := c.Spec.Get("resources"); v != nil && v.Source.IsValid() {
			at = v.Source
		}
		m.Fail(diag.Errorf(m.Place("cluster", "machines", "instanceType"), component.Code,
			"a machine of type %s has no room for the %d CPU units and %d MiB of %s", given, ownCPU, ownMemory, c.ID()).
			WithHint("choose a larger instanceType, or leave it out").WithRelated(at, "%s is here", c.ID()))
		return false
	}
	if given == "" {
		m.InstanceType = container.MachineType(cpu, memory, m.arm)
	}
	return true
}

func architecturePlace(c *ir.Component) diag.Position {
	for _, field := range []string{"architecture", "platform"} {
		if v := c.Spec.Get("runtime", field); v != nil && v.Source.IsValid() {
			return v.Source
		}
	}
	return c.Source
}

// prepare makes what the groups have in common.
func (m *fleet) prepare() {
	source := m.Place("cluster", "machines")
	waitFor := iam.AddRole(m.Builder, iam.Role{
		Var: "machineRole", Part: "machines", What: "machine role", Source: source,
		Trust: iam.TrustPlain("ec2.amazonaws.com"),
		Managed: []string{
			m.AWSPolicy("service-role/AmazonEC2ContainerServiceforEC2Role"), m.AWSPolicy("AmazonSSMManagedInstanceCore"),
		},
	})
	m.Resource(component.Resource{
		Var: "machineProfile", Type: "aws:iam/instanceProfile:InstanceProfile", Part: "machines", What: "instance profile", Source: source,
		Args:    Fields{{Name: "Name", Value: m.Physical(128, "machines")}, {Name: "Role", Value: jen.Id("machineRole").Dot("Name")}},
		Options: []jen.Code{dependsOn(jen.Id(waitFor[0]), jen.Id(waitFor[1]))},
	})
	m.Resource(component.Resource{
		Var: "machineGroup", Type: "aws:ec2/securityGroup:SecurityGroup", Part: "machines", What: "security group of the machines", Source: source,
		Args: Fields{
			{Name: "Name", Value: m.Salted(255, "machines", m.NetworkSalt())},
			{Name: "Description", Value: component.Str("Machines of the cluster; containers have groups of their own")},
			{Name: "VpcId", Value: m.found["vpcID"]},
		},
		Options: []jen.Code{component.CreateFirst()},
	})
	m.template(source, network.Out(m.Builder, "machineGroup"))
	// The tags of a scaling group are a list, in which they stand sorted.
	m.Statement(
		jen.Id("groupTags").Op(":=").Func().Params(jen.Id("name").String()).Add(component.AWS("autoscaling", "GroupTagArray")).Block(
			// ECS adds this tag itself and would miss it.
			jen.Id("own").Op(":=").Id("tags").Call(jen.Id("name")),
			jen.Id("own").Index(jen.Lit("AmazonECSManaged")).Op("=").Add(component.Str("true")),
			jen.Id("list").Op(":=").Add(component.AWS("autoscaling", "GroupTagArray")).Values(),
			jen.For(jen.List(jen.Id("_"), jen.Id("key")).Op(":=").Range().Qual("slices", "Sorted").Call(jen.Qual("maps", "Keys").Call(jen.Id("own")))).Block(
				jen.Id("list").Op("=").Append(jen.Id("list"), component.AWS("autoscaling", "GroupTagArgs").Values(
					jen.Id("Key").Op(":").Add(component.Pulumi("String")).Call(jen.Id("key")),
					jen.Id("Value").Op(":").Id("own").Index(jen.Id("key")),
					jen.Id("PropagateAtLaunch").Op(":").Add(component.Bool(true)))),
			),
			jen.Return(jen.Id("list")),
		), jen.Line())
}

// template is how a machine starts: with the newest image that AWS makes for ECS, which joins the cluster by itself. waitFor
// is the local variable of what lets a machine connect to anything.
func (m *fleet) template(source diag.Position, waitFor string) {
	image := "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/"
	if m.arm {
		image += "arm64/"
	}
	lines := []string{
		"#!/bin/bash", "cat >>/etc/ecs/ecs.config <<'END'", "ECS_CLUSTER=" + container.ClusterName(m.Stack()),
		// Without it a container could take its machine's role.
		"ECS_AWSVPC_BLOCK_IMDS=true",
		"ECS_ENABLE_SPOT_INSTANCE_DRAINING=true", "ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM=ec2_instance", "END", "",
	}
	m.Statement(jen.Id("settings").Op(":=").Qual("strings", "Join").Call(component.List(jen.Index().String(), texts(lines)...), jen.Lit("\n")), jen.Line())
	args := Fields{
		{Name: "Name", Value: m.Physical(128, "machines")},
		{Name: "UpdateDefaultVersion", Value: component.Bool(true)},
		{Name: "ImageId", Value: component.Str(image + "recommended/image_id")},
		{Name: "InstanceType", Value: component.Str(m.InstanceType)},
		{Name: "IamInstanceProfile", Value: component.Struct(component.AWS("ec2", "LaunchTemplateIamInstanceProfileArgs"), Fields{
			{Name: "Arn", Value: jen.Id("machineProfile").Dot("Arn")},
		})},
		m.interfaces(),
		{Name: "MetadataOptions", Value: m.metadata()},
		{Name: "BlockDeviceMappings", Value: m.disk()},
		{Name: "UserData", Value: component.Pulumi("String").Call(
			jen.Qual("encoding/base64", "StdEncoding").Dot("EncodeToString").Call(jen.Index().Byte().Parens(jen.Id("settings"))))},
		{Name: "TagSpecifications", Value: component.List(component.AWS("ec2", "LaunchTemplateTagSpecificationArray"),
			component.Struct(component.AWS("ec2", "LaunchTemplateTagSpecificationArgs"), Fields{
				{Name: "ResourceType", Value: component.Str("volume")},
				{Name: "Tags", Value: jen.Id("tags").Call(jen.Lit("foundation-machines"))},
			}))},
	}
	m.Resource(component.Resource{
		Var: "machines", Type: "aws:ec2/launchTemplate:LaunchTemplate", Part: "machines", What: "launch template", Source: source, Args: args,
		Options: []jen.Code{dependsOn(jen.Id(waitFor))},
	})
}

// metadata is what the Security document says of the metadata service of machines.
func (m *fleet) metadata() jen.Code {
	tokens, hops := "required", 1
	if v := m.Stack().Security.Get("instances", "imdsv2"); v != nil {
		tokens = v.Text.String()
	}
	if v := m.Stack().Security.Get("instances", "metadataHopLimit"); v != nil {
		hops = int(v.Number)
	}
	return component.Struct(component.AWS("ec2", "LaunchTemplateMetadataOptionsArgs"), Fields{
		{Name: "HttpEndpoint", Value: component.Str("enabled")},
		{Name: "HttpTokens", Value: component.Str(tokens)},
		{Name: "HttpPutResponseHopLimit", Value: component.Int(hops)},
	})
}

// interfaces puts a machine into its security group, in public subnets with an address by which it fetches images.
func (m *fleet) interfaces() component.Field {
	groups := component.StrArray(id("machineGroup"))
	if !m.public {
		return component.Field{Name: "VpcSecurityGroupIds", Value: groups}
	}
	return component.Field{Name: "NetworkInterfaces", Value: component.List(component.AWS("ec2", "LaunchTemplateNetworkInterfaceArray"),
		component.Struct(component.AWS("ec2", "LaunchTemplateNetworkInterfaceArgs"), Fields{
			{Name: "AssociatePublicIpAddress", Value: component.Str("true")},
			{Name: "SecurityGroups", Value: groups},
		}))}
}

// disk is encrypted with the key that AWS keeps for volumes: with another, the scaling group's own role could start no
// machine unless that key's policy let it.
func (m *fleet) disk() jen.Code {
	return component.List(component.AWS("ec2", "LaunchTemplateBlockDeviceMappingArray"),
		component.Struct(component.AWS("ec2", "LaunchTemplateBlockDeviceMappingArgs"), Fields{
			{Name: "DeviceName", Value: component.Str("/dev/xvda")},
			{Name: "Ebs", Value: component.Struct(component.AWS("ec2", "LaunchTemplateBlockDeviceMappingEbsArgs"), Fields{
				{Name: "VolumeType", Value: component.Str("gp3")},
				{Name: "VolumeSize", Value: component.Int(m.DiskGB)},
				{Name: "Encrypted", Value: component.Str("true")},
				{Name: "DeleteOnTermination", Value: component.Str("true")},
			})},
		}))
}
