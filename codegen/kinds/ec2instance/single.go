package ec2instance

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/codegen/zone"
)

// single is one machine. AWS replaces it for another subnet, image, script or key.
func (m *machine) single() {
	subnets, publicIP := m.subnets()
	m.place(subnets)
	protected := m.Stack().Protected
	if m.DeletionProtection != nil {
		protected = *m.DeletionProtection
	}
	slices.Sort(m.waitFor)
	options := []jen.Code{component.DependsOn(m.waitFor...)}
	if m.frozen() {
		options = append(options, component.Pulumi("IgnoreChanges").Call(component.Strings("ami")))
	}
	if len(m.disks()) > 0 { // disks are in one machine at a time
		options = append(options, component.Pulumi("DeleteBeforeReplace").Call(jen.True()))
	}
	m.Resource(component.Resource{
		Var: "instance", Type: "aws:ec2/instance:Instance", Part: m.generation("machine"), Main: true, What: "machine", Source: m.Place("instanceType"),
		Args: component.Fields{
			{Name: "Ami", Value: component.Pulumi("String").Call(jen.Id("image"))},
			{Name: "InstanceType", Value: component.Str(m.InstanceType)},
			{Name: "SubnetId", Value: jen.Id("subnet")},
			{Name: "VpcSecurityGroupIds", Value: component.StrArray(network.ID("securityGroup"))},
			{Name: "AssociatePublicIpAddress", Value: publicIP},
			{Name: "Tenancy", Value: component.If(m.Placement.Tenancy != "default", component.Str(m.Placement.Tenancy))},
			{Name: "IamInstanceProfile", Value: jen.Id("profile").Dot("Name")},
			{Name: "KeyName", Value: component.If(m.KeyName != "", component.Str(m.KeyName))},
			{Name: "MetadataOptions", Value: m.metadata("Instance")},
			{Name: "RootBlockDevice", Value: component.Struct(component.AWS("ec2", "InstanceRootBlockDeviceArgs"), m.disk(m.RootVolume, false))},
			{Name: "EbsBlockDevices", Value: m.blockDevices()},
			{Name: "UserData", Value: m.userData()},
			{Name: "UserDataReplaceOnChange", Value: component.If(m.scripted(), component.Bool(true))},
			{Name: "Monitoring", Value: component.Bool(m.DetailedMonitoring)},
			{Name: "CreditSpecification", Value: m.credits("Instance")},
			{Name: "DisableApiTermination", Value: component.Bool(protected)},
		},
		Options: options,
	})
	m.attach()
	for _, t := range m.targets {
		m.Resource(component.Resource{
			Type: "aws:lb/targetGroupAttachment:TargetGroupAttachment", Part: t.Part, What: "place behind " + t.Balancer, Source: t.Source,
			Args: component.Fields{
				{Name: "TargetGroupArn", Value: jen.Id(t.Group).Dot("Arn")},
				{Name: "TargetId", Value: jen.Id("instance").Dot("ID").Call()},
			},
			Options: []jen.Code{component.DependsOn(t.WaitFor...)},
		})
	}
	m.Output("instanceId", jen.Id("instance").Dot("ID").Call())
	m.Output("privateIp", jen.Id("instance").Dot("PrivateIp"))
}

// place chooses the subnet: in the zone of the YAML, or in that of a disk, or the first.
func (m *machine) place(subnets jen.Code) {
	var in jen.Code
	if m.Placement.Zone != "" {
		in = component.Str(m.Stack().Region + m.Placement.Zone)
	}
	if disks := m.disks(); in == nil && len(disks) > 0 {
		in, _ = m.Use(disks[0].id, zone.Output, disks[0].source)
	}
	zone.Subnet(m.Builder, subnets, in)
}
