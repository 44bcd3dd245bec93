// Package efs generates EFS: a file system that is encrypted at rest and lets in only who comes by TLS, with a mount target
// in each zone behind a security group that only the components which it is mounted into may enter.
//
// Its policy names nobody, so that the roles' own policies decide who may mount and write; with a policy of any sort EFS no
// longer lets in who shows no role at all. A mount thus needs IAM authorization and TLS on the client's side.
//
// The copy that replication makes in another region belongs to AWS: it stays, writable, when the replication goes.
package efs

import (
	"fmt"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/filesystem"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of EFS.
type Kind struct{}

// Name is EFS.
func (Kind) Name() string { return "EFS" }

// Stateful is true: a file system holds data.
func (Kind) Stateful() bool { return true }

// IsFileSystem marks the kind.
func (Kind) IsFileSystem() {}

// nfs is the port of mount targets.
const nfs = 2049

// Outputs are the file system and its ways in.
func (Kind) Outputs(c *ir.Component) []component.Output {
	text := func(name string) component.Output { return component.Output{Name: name, Type: component.StringOutput} }
	outputs := []component.Output{text("arn"), text(filesystem.FileSystemID), text("securityGroupId")}
	s, ds := decode(c)
	if ds.HasErrors() || len(s.AccessPoints) == 0 {
		return outputs
	}
	outputs = append(outputs, text("accessPointId"))
	for _, p := range s.AccessPoints {
		for _, name := range []string{filesystem.AccessPointID(p.Name), filesystem.AccessPointARN(p.Name)} {
			outputs = append(outputs, component.Output{Name: name, Type: component.StringOutput, Internal: true})
		}
	}
	return outputs
}

// Entry is the mount targets' security group.
func (Kind) Entry(*ir.Component) (component.Entry, bool) {
	return component.Entry{SecurityGroup: "securityGroupId", Ports: []int{nfs}}, true
}

// OwnKey is the KMS key of the YAML.
func (Kind) OwnKey(c *ir.Component) ir.Text {
	s, _ := decode(c)
	return s.KeyARN
}

// All that a policy can say of what clients do: mounting includes reading.
const (
	clientMount = "elasticfilesystem:ClientMount"
	clientRoot  = "elasticfilesystem:ClientRootAccess"
	clientWrite = "elasticfilesystem:ClientWrite"
)

// Grants are for mounting and writing, also as root, which most containers are. The key needs none: EFS uses it itself.
func (Kind) Grants(_ *ir.Component, access string) []component.Grant {
	actions := []string{clientMount, clientRoot, clientWrite}
	if access == "read" {
		actions = []string{clientMount}
	}
	return []component.Grant{{Actions: actions, On: []component.Target{{Output: "arn"}}}}
}

// MountGrants are for what the mount does, by its access point alone if it has one. Who must act as another user there
// never acts as root.
func (Kind) MountGrants(c *ir.Component, entry *ir.Value) []component.Grant {
	var m mount
	s, ds := decode(c)
	if ds.Add(spec.Decode(entry, &m)...); ds.HasErrors() {
		return nil
	}
	grant := component.Grant{Actions: []string{clientMount}, On: []component.Target{{Output: "arn"}}}
	if m.AccessPoint != "" {
		grant.Conditions = []component.Condition{{
			Operator: "ArnEquals", Key: "elasticfilesystem:AccessPointArn", Output: filesystem.AccessPointARN(m.AccessPoint)}}
	}
	if !m.ReadOnly {
		if !s.fixesUser(m.AccessPoint) {
			grant.Actions = append(grant.Actions, clientRoot)
		}
		grant.Actions = append(grant.Actions, clientWrite)
	}
	return []component.Grant{grant}
}

// volume is an EFS being generated.
type volume struct {
	*component.Builder
	specification
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	v := &volume{Builder: b, specification: s}
	v.create()
	v.policy()
	v.targets()
	v.backup()
	v.replicate()

	v.Output("arn", jen.Id("files").Dot("Arn"))
	v.Output(filesystem.FileSystemID, network.ID("files"))
	v.Output("securityGroupId", network.ID("securityGroup"))
	v.accessPoints()
}

func (v *volume) create() {
	var throughput jen.Code
	if most := v.Throughput.ProvisionedMiBps; most != nil {
		throughput = component.Float(float64(*most))
	}
	v.Resource(component.Resource{
		Var: "files", Type: "aws:efs/fileSystem:FileSystem", What: "file system", Stateful: true, Source: v.Component().Source,
		Args: component.Fields{
			{Name: "Encrypted", Value: component.Bool(true)},
			{Name: "KmsKeyId", Value: v.Key()},
			{Name: "PerformanceMode", Value: component.Str(v.PerformanceMode)},
			{Name: "ThroughputMode", Value: component.Str(v.Throughput.Mode)},
			{Name: "ProvisionedThroughputInMibps", Value: throughput},
			{Name: "LifecyclePolicies", Value: v.lifecycle()},
		},
	})
}

// lifecycle are the moves of files, each an item of its own, as EFS takes them.
func (v *volume) lifecycle() jen.Code {
	l := v.Lifecycle
	if l == nil {
		return nil
	}
	var items []jen.Code
	move := func(field, when string) {
		items = append(items, component.Struct(component.AWS("efs", "FileSystemLifecyclePolicyArgs"),
			component.Fields{{Name: field, Value: component.Str(when)}}))
	}
	if l.ToInfrequentAccessDays != nil {
		move("TransitionToIa", after(*l.ToInfrequentAccessDays))
	}
	if l.ToArchiveDays != nil {
		move("TransitionToArchive", after(*l.ToArchiveDays))
	}
	if l.BackOnAccess {
		move("TransitionToPrimaryStorageClass", "AFTER_1_ACCESS")
	}
	if len(items) == 0 {
		return nil
	}
	return component.List(component.AWS("efs", "FileSystemLifecyclePolicyArray"), items...)
}

// after is a number of days in EFS's words.
func after(days int) string {
	if days == 1 {
		return "AFTER_1_DAY"
	}
	return fmt.Sprintf("AFTER_%d_DAYS", days)
}

// policy refuses whoever does not come by TLS.
func (v *volume) policy() {
	v.Resource(component.Resource{
		Type: "aws:efs/fileSystemPolicy:FileSystemPolicy", Part: "policy", What: "policy of the file system",
		Args: component.Fields{
			{Name: "FileSystemId", Value: network.ID("files")},
			{Name: "Policy", Value: iam.Document(iam.Statement{
				Sid: "OnlyTLS", Deny: true, Principal: &iam.Principal{Everyone: true}, Actions: []string{clientMount, clientRoot, clientWrite},
				Resources:  []jen.Code{jen.Id("files").Dot("Arn")},
				Conditions: []iam.Condition{{Operator: "Bool", Key: "aws:SecureTransport", Values: []jen.Code{jen.Lit("false")}}},
			})},
		},
	})
}

// targets are the file system's addresses, one in each zone, as a client finds only that of its own.
func (v *volume) targets() {
	v.SecurityGroup("securityGroup", "access", "Who may mount the file system", v.Component().Source)
	for i := range network.Zones(v.Stack()) {
		number := strconv.Itoa(i + 1)
		v.Resource(component.Resource{
			Type: "aws:efs/mountTarget:MountTarget", Part: "target-" + number, What: "mount target " + number,
			Args: component.Fields{
				{Name: "FileSystemId", Value: network.ID("files")},
				{Name: "SubnetId", Value: jen.Id("base").Dot("privateSubnetIDs").Dot("Index").Call(component.Pulumi("Int").Call(jen.Lit(i)))},
				{Name: "SecurityGroups", Value: component.StrArray(network.ID("securityGroup"))},
			},
		})
	}
}

// accessPoints are the ways in, and their outputs.
func (v *volume) accessPoints() {
	for i, p := range v.AccessPoints {
		local := "accessPoint" + strconv.Itoa(i+1)
		v.Resource(component.Resource{
			Var: local, Type: "aws:efs/accessPoint:AccessPoint", Part: p.Name, What: "access point " + p.Name, Source: p.Source,
			Args: component.Fields{
				{Name: "FileSystemId", Value: network.ID("files")},
				{Name: "PosixUser", Value: p.posixUser()},
				{Name: "RootDirectory", Value: component.Struct(component.AWS("efs", "AccessPointRootDirectoryArgs"), component.Fields{
					{Name: "Path", Value: component.Str(p.Path)},
					{Name: "CreationInfo", Value: p.creation()},
				})},
			},
		})
		if i == 0 {
			v.Output("accessPointId", network.ID(local))
		}
		v.Output(filesystem.AccessPointID(p.Name), network.ID(local))
		v.Output(filesystem.AccessPointARN(p.Name), jen.Id(local).Dot("Arn"))
	}
}

// backup has AWS Backup save the files every day, by the plan that AWS keeps for that.
func (v *volume) backup() {
	status := "DISABLED"
	if v.BackupPolicy.Enabled {
		status = "ENABLED"
	}
	v.Resource(component.Resource{
		Type: "aws:efs/backupPolicy:BackupPolicy", Part: "backup", What: "backup policy", Source: v.Place("backupPolicy"),
		Args: component.Fields{
			{Name: "FileSystemId", Value: network.ID("files")},
			{Name: "BackupPolicy", Value: component.Struct(component.AWS("efs", "BackupPolicyBackupPolicyArgs"),
				component.Fields{{Name: "Status", Value: component.Str(status)}})},
		},
	})
}

func (v *volume) replicate() {
	r := v.Replication
	if r == nil {
		return
	}
	if zone := r.AvailabilityZone; zone != "" && zone[:len(zone)-1] != r.Region {
		v.Fail(diag.Errorf(v.Place("replication", "availabilityZone"), component.Code,
			"the copy of %s goes to region %s, and %s is not a zone of it", v.ID(), r.Region, zone).
			WithHint("name a zone such as %sa, or leave availabilityZone out", r.Region))
	}
	destination := component.Fields{
		{Name: "Region", Value: component.Str(r.Region)},
		{Name: "AvailabilityZoneName", Value: component.If(r.AvailabilityZone != "", component.Str(r.AvailabilityZone))},
	}
	if len(r.KeyARN) > 0 {
		destination = append(destination, component.Field{Name: "KmsKeyId", Value: v.Text(r.KeyARN)})
	}
	v.Resource(component.Resource{
		Type: "aws:efs/replicationConfiguration:ReplicationConfiguration", Part: "replication", What: "replication",
		Source: v.Place("replication"),
		Args: component.Fields{
			{Name: "SourceFileSystemId", Value: network.ID("files")},
			{Name: "Destination", Value: component.Struct(component.AWS("efs", "ReplicationConfigurationDestinationArgs"), destination)},
		},
	})
}
