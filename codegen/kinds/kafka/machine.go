package kafka

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/network"
)

// machineFolder is where a machine mounts its volume.
const machineFolder = "/data"

// machineProfile is what all machines have in common: who they are, and the newest image that AWS makes for ECS. A machine
// keeps the image that it was made with.
func (c *cluster) machineProfile() {
	source := c.Place("runtime")
	waitFor := iam.AddRole(c.Builder, iam.Role{
		Var: "machineRole", Part: "machines", What: "machine role", Source: source, Trust: iam.TrustPlain("ec2.amazonaws.com"),
		Managed: []string{
			c.AWSPolicy("service-role/AmazonEC2ContainerServiceforEC2Role"), c.AWSPolicy("AmazonSSMManagedInstanceCore"),
		},
	})
	c.Resource(component.Resource{
		Var: "machineProfile", Type: "aws:iam/instanceProfile:InstanceProfile", Part: "machines", What: "instance profile", Source: source,
		Args:    component.Fields{{Name: "Name", Value: c.Physical(128, "machines")}, {Name: "Role", Value: jen.Id("machineRole").Dot("Name")}},
		Options: []jen.Code{component.DependsOn(waitFor...)},
	})
	c.SecurityGroup("machineGroup", "machines", "Machines of the Kafka cluster; containers have a group of their own", source)
	network.Add(c.Builder, network.Rule{
		Direction: network.Egress, Var: "machineEgress", Part: "machines-egress", What: "rule for outgoing connections of machines",
		Group: network.ID("machineGroup"), Protocol: "-1", Peer: network.CIDR("0.0.0.0/0"), Source: source,
	})
	c.Statement(
		jen.List(jen.Id("image"), jen.Err()).Op(":=").Add(component.AWS("ec2", "LookupAmi")).Call(jen.Id("ctx"),
			jen.Op("&").Add(component.Struct(component.AWS("ec2", "LookupAmiArgs"), component.Fields{
				{Name: "Owners", Value: component.Strings("amazon")},
				{Name: "MostRecent", Value: component.Pulumi("BoolRef").Call(jen.True())},
				{Name: "Filters", Value: component.List(jen.Index().Add(component.AWS("ec2", "GetAmiFilter")), jen.Values(
					jen.Id("Name").Op(":").Lit("name"), jen.Id("Values").Op(":").Add(component.Strings("al2023-ami-ecs-hvm-2023.*-kernel-6.1-x86_64"))))},
			}))),
		c.Check("find the image of the machines"), jen.Line())
}

// machine is the node's own, and the volume that it waits for when it starts. It tells ECS whose it is. It changes, and so
// stops, only when the node that previous holds, "" for none, runs again.
func (c *cluster) machine(n node, v variablesOf, previous string) {
	source := c.Place("storage")
	instances := c.Stack().Security.Get("instances")
	tokens, hops := "required", 1
	if setting := instances.Get("imdsv2"); setting != nil {
		tokens = setting.Text.String()
	}
	if setting := instances.Get("metadataHopLimit"); setting != nil {
		hops = int(setting.Number)
	}
	c.findZone(n, v)
	c.disk(n, v)
	waitFor := []string{"machineEgress"}
	if previous != "" {
		waitFor = append(waitFor, previous)
	}
	c.Resource(component.Resource{
		Var: v.machine, Type: "aws:ec2/instance:Instance", Part: n.name, What: "machine of " + n.name, Source: source,
		Args: component.Fields{
			{Name: "Ami", Value: component.Pulumi("String").Call(jen.Id("image").Dot("Id"))},
			{Name: "InstanceType", Value: component.Str(container.MachineType(c.Resources.CPU, c.Resources.Memory, false))},
			{Name: "SubnetId", Value: c.subnet(n)},
			{Name: "AssociatePublicIpAddress", Value: jen.Id("base").Dot("assignPublicIP")},
			{Name: "VpcSecurityGroupIds", Value: component.StrArray(network.ID("machineGroup"))},
			{Name: "IamInstanceProfile", Value: jen.Id("machineProfile").Dot("Name")},
			{Name: "MetadataOptions", Value: component.Struct(component.AWS("ec2", "InstanceMetadataOptionsArgs"), component.Fields{
				{Name: "HttpEndpoint", Value: component.Str("enabled")},
				{Name: "HttpTokens", Value: component.Str(tokens)},
				{Name: "HttpPutResponseHopLimit", Value: component.Int(hops)},
			})},
			{Name: "RootBlockDevice", Value: component.Struct(component.AWS("ec2", "InstanceRootBlockDeviceArgs"), component.Fields{
				{Name: "VolumeType", Value: component.Str("gp3")},
				{Name: "VolumeSize", Value: component.Int(30)},
				{Name: "Encrypted", Value: component.Bool(true)},
			})},
			{Name: "UserData", Value: component.Pulumi("String").Call(jen.Qual("strings", "Join").Call(c.start(n), jen.Lit("\n")))},
			{Name: "UserDataReplaceOnChange", Value: component.Bool(true)},
		},
		Options: []jen.Code{component.DependsOn(waitFor...), component.Pulumi("IgnoreChanges").Call(component.Strings("ami"))},
	})
	c.Resource(component.Resource{
		Var: v.attachment, Type: "aws:ec2/volumeAttachment:VolumeAttachment", Part: n.name, What: "attachment of " + n.name, Source: source,
		Args: component.Fields{
			{Name: "InstanceId", Value: network.ID(v.machine)},
			{Name: "VolumeId", Value: network.ID(v.volume)},
			{Name: "DeviceName", Value: component.Str("/dev/sdf")},
			{Name: "StopInstanceBeforeDetaching", Value: component.Bool(true)},
		},
		// A volume can be at one machine only.
		Options: []jen.Code{component.Pulumi("DeleteBeforeReplace").Call(jen.True())},
	})
}

// start is what a machine does first: it waits for its volume, which it formats if it is empty. ECS's agent starts after
// that, and after a restart of the machine only with the volume, so that no container finds the folder without it.
func (c *cluster) start(n node) jen.Code {
	lines := []string{
		"#!/bin/bash", "set -e",
		"until [ -b /dev/sdf ]; do sleep 2; done",
		"blkid /dev/sdf || mkfs -t xfs /dev/sdf",
		"mkdir -p " + machineFolder,
		"echo '/dev/sdf " + machineFolder + " xfs defaults,nofail,x-systemd.device-timeout=600 0 2' >>/etc/fstab",
		"mount " + machineFolder,
		"xfs_growfs " + machineFolder,
		"mkdir -p /etc/systemd/system/ecs.service.d",
		"printf '[Unit]\\nRequiresMountsFor=" + machineFolder + "\\n' >/etc/systemd/system/ecs.service.d/data.conf",
		"systemctl daemon-reload",
		"chown 1000:1000 " + machineFolder,
		"cat >>/etc/ecs/ecs.config <<'END'",
		"ECS_CLUSTER=" + container.ClusterName(c.Stack()),
		`ECS_INSTANCE_ATTRIBUTES={"` + nodeAttribute + `": "` + c.attribute(n) + `"}`,
		"ECS_AWSVPC_BLOCK_IMDS=true",
		"END",
		"",
	}
	var items []jen.Code
	for _, line := range lines {
		items = append(items, jen.Lit(line))
	}
	return component.List(jen.Index().String(), items...)
}

// nodeAttribute is the attribute of ECS by which a node's task finds its machine.
const nodeAttribute = "panka.node"

func (c *cluster) attribute(n node) string { return serviceName(c.Component(), n) }
