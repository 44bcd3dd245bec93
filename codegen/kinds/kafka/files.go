package kafka

import (
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
)

// owner is the user and group that Kafka's images run as.
const owner = 1000

// files are a file system for the folders of all nodes, with an address in each zone that only the nodes can reach.
func (c *cluster) files() {
	source := c.Place("storage")
	c.Resource(component.Resource{
		Var: "files", Type: "aws:efs/fileSystem:FileSystem", Part: "files", What: "file system", Stateful: true, Source: source,
		Args: component.Fields{
			{Name: "Encrypted", Value: component.Bool(true)},
			{Name: "KmsKeyId", Value: c.Key()},
			{Name: "ThroughputMode", Value: component.Str("elastic")},
		},
	})
	c.SecurityGroup("filesGroup", "files", "File system of the Kafka cluster", source)
	mounts := jen.Code(network.ID("securityGroup"))
	if c.onKubernetes() { // there the machine mounts for the pod
		mounts = jen.Id("base").Dot("kubernetesGroupID")
	}
	network.Add(c.Builder, network.Rule{
		Direction: network.Ingress, Var: "toFiles", Part: "files-2049", What: "rule for the file system", Group: network.ID("filesGroup"),
		Protocol: "tcp", Port: 2049, Peer: network.Group(mounts), Source: source,
	})
	c.waitFor = append(c.waitFor, "toFiles")
	for i := range network.Zones(c.Stack()) {
		number := strconv.Itoa(i + 1)
		c.Resource(component.Resource{
			Var: "target" + number, Type: "aws:efs/mountTarget:MountTarget", Part: "target-" + number, What: "mount target " + number, Source: source,
			Args: component.Fields{
				{Name: "FileSystemId", Value: network.ID("files")},
				{Name: "SubnetId", Value: jen.Id("base").Dot("privateSubnetIDs").Dot("Index").Call(component.Int(i))},
				{Name: "SecurityGroups", Value: component.StrArray(network.ID("filesGroup"))},
			},
		})
		c.waitFor = append(c.waitFor, "target"+number)
	}
}

// folder is a node's own, behind an access point that shows nothing else.
func (c *cluster) folder(n node, v variablesOf) {
	permit := func(typ string, fields component.Fields) jen.Code {
		return component.Struct(component.AWS("efs", "AccessPoint"+typ+"Args"), fields)
	}
	c.Resource(component.Resource{
		Var: v.folder, Type: "aws:efs/accessPoint:AccessPoint", Part: n.name, What: "folder of " + n.name, Source: c.Place("storage"),
		Args: component.Fields{
			{Name: "FileSystemId", Value: network.ID("files")},
			{Name: "PosixUser", Value: permit("PosixUser", component.Fields{
				{Name: "Uid", Value: component.Int(owner)}, {Name: "Gid", Value: component.Int(owner)},
			})},
			{Name: "RootDirectory", Value: permit("RootDirectory", component.Fields{
				{Name: "Path", Value: component.Str("/" + n.name)},
				{Name: "CreationInfo", Value: permit("RootDirectoryCreationInfo", component.Fields{
					{Name: "OwnerUid", Value: component.Int(owner)}, {Name: "OwnerGid", Value: component.Int(owner)},
					{Name: "Permissions", Value: component.Str("0700")},
				})},
			})},
		},
	})
}

// volume is where a task finds the node's data: the folder of its machine, or its access point.
func (c *cluster) volume(v variablesOf) jen.Code {
	fields := component.Fields{{Name: "Name", Value: component.Str("data")}}
	if c.onVolumes() {
		fields = append(fields, component.Field{Name: "HostPath", Value: component.Str(machineFolder)})
	} else {
		fields = append(fields, component.Field{Name: "EfsVolumeConfiguration", Value: component.Struct(
			component.AWS("ecs", "TaskDefinitionVolumeEfsVolumeConfigurationArgs"), component.Fields{
				{Name: "FileSystemId", Value: network.ID("files")},
				{Name: "TransitEncryption", Value: component.Str("ENABLED")},
				{Name: "AuthorizationConfig", Value: component.Struct(
					component.AWS("ecs", "TaskDefinitionVolumeEfsVolumeConfigurationAuthorizationConfigArgs"), component.Fields{
						{Name: "AccessPointId", Value: network.ID(v.folder)},
						{Name: "Iam", Value: component.Str("ENABLED")},
					})},
			})})
	}
	return component.List(component.AWS("ecs", "TaskDefinitionVolumeArray"), component.Struct(component.AWS("ecs", "TaskDefinitionVolumeArgs"), fields))
}
