// Package ebs generates EBS: an encrypted disk in one availability zone and, if the YAML asks for it, a policy that makes
// snapshots of it.
//
// Into which machine the disk goes is with the machine, which depends on the disk: it is placed in the disk's zone. The
// disk is in the zone that the YAML gives, or in that of the machine, or in the first of the network.
package ebs

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/codegen/zone"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of EBS.
type Kind struct{}

// Name is EBS.
func (Kind) Name() string { return "EBS" }

// Stateful is true: a disk holds data.
func (Kind) Stateful() bool { return true }

// Outputs are the disk's, and its zone for the machine that it goes into.
func (Kind) Outputs(*ir.Component) []component.Output {
	return []component.Output{
		{Name: "arn", Type: component.StringOutput},
		{Name: zone.Output, Type: component.StringOutput, Internal: true},
		{Name: "volumeId", Type: component.StringOutput},
	}
}

// OwnKey is the key of the YAML.
func (Kind) OwnKey(c *ir.Component) ir.Text {
	if key := c.Spec.Get("kmsKeyArn"); key != nil {
		return key.Text
	}
	return nil
}

// specification is the spec of an EBS, as the schema completes it.
type specification struct {
	Type             string `yaml:"type"`
	SizeGB           *int   `yaml:"sizeGB"`
	IOPS             *int   `yaml:"iops"`
	ThroughputMiBps  *int   `yaml:"throughputMiBps"`
	AvailabilityZone string `yaml:"availabilityZone"`
	SnapshotID       string `yaml:"snapshotId"`
	MultiAttach      bool   `yaml:"multiAttach"`
	Mounts           []struct {
		Component  string        `yaml:"component"`
		Path       string        `yaml:"path"`
		Device     string        `yaml:"device"`
		FileSystem string        `yaml:"fileSystem"`
		ReadOnly   bool          `yaml:"readOnly"`
		Source     diag.Position `yaml:"-"`
	} `yaml:"mounts"` // with the machines
	Snapshots *struct {
		EveryHours int    `yaml:"everyHours"`
		At         string `yaml:"at"`
		Keep       int    `yaml:"keep"`
	} `yaml:"snapshots"`
	FinalSnapshot *bool              `yaml:"finalSnapshot"`
	KMSKeyARN     ir.Text            `yaml:"kmsKeyArn"` // by OwnKey
	DependsOn     []string           `yaml:"dependsOn"` // in the graph already
	Tags          map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	b.Version(ir.Literal(s.Type))
	final := b.Stack().Protected
	if s.FinalSnapshot != nil {
		final = *s.FinalSnapshot
	}
	b.Resource(component.Resource{
		Tags: tags(b, s),
		Var:  "volume", Type: "aws:ebs/volume:Volume", What: "disk", Stateful: true, Source: b.Component().Source,
		Args: component.Fields{
			{Name: "AvailabilityZone", Value: where(b, s)},
			{Name: "Type", Value: component.Str(s.Type)},
			{Name: "Size", Value: number(s.SizeGB)},
			{Name: "Iops", Value: number(s.IOPS)},
			{Name: "Throughput", Value: number(s.ThroughputMiBps)},
			{Name: "SnapshotId", Value: component.If(s.SnapshotID != "", component.Str(s.SnapshotID))},
			{Name: "MultiAttachEnabled", Value: component.If(s.MultiAttach, component.Bool(true))},
			{Name: "Encrypted", Value: component.Bool(true)},
			{Name: "KmsKeyId", Value: b.Key()},
			{Name: "FinalSnapshot", Value: component.Bool(final)},
		},
	})
	if s.Snapshots != nil {
		snapshots(b, s)
	}
	b.Output("arn", jen.Id("volume").Dot("Arn"))
	b.Output(zone.Output, jen.Id("volume").Dot("AvailabilityZone"))
	b.Output("volumeId", jen.Id("volume").Dot("ID").Call())
}

func number(n *int) jen.Code {
	if n == nil {
		return nil
	}
	return component.Int(*n)
}

// where is the zone that the disk is made in.
func where(b *component.Builder, s specification) jen.Code {
	region := b.Stack().Region
	if s.AvailabilityZone != "" {
		if s.AvailabilityZone[:len(s.AvailabilityZone)-1] != region {
			b.Fail(diag.Errorf(b.Place("availabilityZone"), component.Code, "%s is not in region %s of the stack", s.AvailabilityZone, region).
				WithHint("name a zone such as %sa", region))
		}
		return component.Str(s.AvailabilityZone)
	}
	subnets := "workloadSubnetIDs"
	for i, mount := range s.Mounts {
		machine, _ := b.Target(id(b, mount.Component))
		if machine == nil {
			continue
		}
		if letter := machine.Spec.Get("placement", "zone"); letter != nil {
			return component.Str(region + letter.Text.String())
		}
		if kind := machine.Spec.Get("placement", "subnets"); i == 0 && kind != nil && kind.Text.String() == "public" {
			subnets = "publicSubnetIDs"
		}
	}
	return zone.First(jen.Id("base").Dot(subnets))
}

// id completes the name of a component of the same service.
func id(b *component.Builder, name string) string {
	for i := range name {
		if name[i] == '/' {
			return name
		}
	}
	return b.Component().Service + "/" + name
}

// snapshotTag is the tag by which Data Lifecycle Manager finds the disk. It takes all disks with one of the tags that it is
// given, so it must be one that no other disk has.
const snapshotTag = "panka:snapshots"

// tags are the usual ones and, for a disk with snapshots, that one.
func tags(b *component.Builder, s specification) jen.Code {
	if s.Snapshots == nil {
		return nil
	}
	b.Statement(
		jen.Id("found").Op(":=").Id("tags").Call(jen.Lit(b.Component().Service+"-"+b.Component().Name)),
		jen.Id("found").Index(jen.Lit(snapshotTag)).Op("=").Add(component.Str(b.Path())),
	)
	return jen.Id("found")
}

// snapshots makes and keeps snapshots by schedule.
func snapshots(b *component.Builder, s specification) {
	source := b.Place("snapshots")
	iam.AddRole(b, iam.Role{
		Var: "role", Part: "snapshots", What: "role for snapshots", Trust: iam.TrustServices("dlm.amazonaws.com"),
		Managed: []string{b.AWSPolicy("service-role/AWSDataLifecycleManagerServiceRole")}, Source: source,
	})
	const details = "LifecyclePolicyPolicyDetails"
	b.Resource(component.Resource{
		Type: "aws:dlm/lifecyclePolicy:LifecyclePolicy", Part: "snapshots", What: "snapshots", Source: source,
		Args: component.Fields{
			{Name: "Description", Value: component.Str("Snapshots of " + b.Component().Service + " " + b.Component().Name)},
			{Name: "ExecutionRoleArn", Value: jen.Id("role").Dot("Arn")},
			{Name: "State", Value: component.Str("ENABLED")},
			{Name: "PolicyDetails", Value: component.Struct(component.AWS("dlm", details+"Args"), component.Fields{
				{Name: "ResourceTypes", Value: component.StrArray(component.Str("VOLUME"))},
				{Name: "TargetTags", Value: component.Map(component.Pulumi("StringMap"), component.Fields{{Name: snapshotTag, Value: component.Str(b.Path())}})},
				{Name: "Schedules", Value: component.List(component.AWS("dlm", details+"ScheduleArray"),
					component.Struct(component.AWS("dlm", details+"ScheduleArgs"), component.Fields{
						{Name: "Name", Value: component.Str("snapshots")},
						{Name: "CopyTags", Value: component.Bool(true)},
						{Name: "CreateRule", Value: component.Struct(component.AWS("dlm", details+"ScheduleCreateRuleArgs"), component.Fields{
							{Name: "Interval", Value: component.Int(s.Snapshots.EveryHours)},
							{Name: "IntervalUnit", Value: component.Str("HOURS")},
							{Name: "Times", Value: component.Str(s.Snapshots.At)},
						})},
						{Name: "RetainRule", Value: component.Struct(component.AWS("dlm", details+"ScheduleRetainRuleArgs"), component.Fields{
							{Name: "Count", Value: component.Int(s.Snapshots.Keep)},
						})},
					}))},
			})},
		},
		Options: []jen.Code{component.DependsOn("rolePolicy")},
	})
}
