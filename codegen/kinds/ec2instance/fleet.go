package ec2instance

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
)

// template is what the machines of a group are made from.
func (m *machine) template() {
	_, publicIP := m.subnets()
	root := m.rootDevice()
	mapping := func(device jen.Code, v volume) jen.Code {
		return component.Struct(component.AWS("ec2", "LaunchTemplateBlockDeviceMappingArgs"), component.Fields{
			{Name: "DeviceName", Value: device},
			{Name: "Ebs", Value: component.Struct(component.AWS("ec2", "LaunchTemplateBlockDeviceMappingEbsArgs"), m.disk(v, true))},
		})
	}
	disks := []jen.Code{mapping(root, m.RootVolume)}
	for _, v := range m.Volumes {
		disks = append(disks, mapping(component.Str(v.Device), v))
	}
	var options []jen.Code
	if m.frozen() {
		options = append(options, component.Pulumi("IgnoreChanges").Call(component.Strings("imageId")))
	}
	part := m.generation("template")
	m.Resource(component.Resource{
		Var: "template", Type: "aws:ec2/launchTemplate:LaunchTemplate", Part: part, What: "launch template", Source: m.Place("instanceType"),
		Args: component.Fields{
			{Name: "Name", Value: m.Physical(128, part)},
			{Name: "ImageId", Value: component.Pulumi("String").Call(jen.Id("image"))},
			{Name: "InstanceType", Value: component.Str(m.InstanceType)},
			{Name: "IamInstanceProfile", Value: component.Struct(component.AWS("ec2", "LaunchTemplateIamInstanceProfileArgs"), component.Fields{
				{Name: "Arn", Value: jen.Id("profile").Dot("Arn")},
			})},
			{Name: "KeyName", Value: component.If(m.KeyName != "", component.Str(m.KeyName))},
			{Name: "MetadataOptions", Value: m.metadata("LaunchTemplate")},
			{Name: "NetworkInterfaces", Value: component.List(component.AWS("ec2", "LaunchTemplateNetworkInterfaceArray"),
				component.Struct(component.AWS("ec2", "LaunchTemplateNetworkInterfaceArgs"), component.Fields{
					{Name: "DeviceIndex", Value: component.Int(0)},
					{Name: "AssociatePublicIpAddress", Value: component.Pulumi("Sprintf").Call(jen.Lit("%t"), publicIP)},
					{Name: "SecurityGroups", Value: component.StrArray(network.ID("securityGroup"))},
				}))},
			{Name: "BlockDeviceMappings", Value: component.List(component.AWS("ec2", "LaunchTemplateBlockDeviceMappingArray"), disks...)},
			{Name: "UserData", Value: m.encoded()},
			{Name: "Monitoring", Value: component.Struct(component.AWS("ec2", "LaunchTemplateMonitoringArgs"), component.Fields{
				{Name: "Enabled", Value: component.Bool(m.DetailedMonitoring)},
			})},
			{Name: "CreditSpecification", Value: m.credits("LaunchTemplate")},
			{Name: "Placement", Value: component.If(m.Placement.Tenancy != "default", component.Struct(
				component.AWS("ec2", "LaunchTemplatePlacementArgs"), component.Fields{{Name: "Tenancy", Value: component.Str(m.Placement.Tenancy)}}))},
			{Name: "TagSpecifications", Value: component.List(component.AWS("ec2", "LaunchTemplateTagSpecificationArray"), m.tagged("instance"), m.tagged("volume"))},
		},
		Options: options,
	})
}

func (m *machine) tagged(what string) jen.Code {
	name := m.Component().Service + "-" + m.Component().Name
	return component.Struct(component.AWS("ec2", "LaunchTemplateTagSpecificationArgs"), component.Fields{
		{Name: "ResourceType", Value: component.Str(what)},
		{Name: "Tags", Value: jen.Id("tags").Call(jen.Lit(name))},
	})
}

// encoded is the user data as launch templates take it.
func (m *machine) encoded() jen.Code {
	if !m.scripted() {
		return nil
	}
	return jen.Id("userData").Dot("ApplyT").Call(jen.Func().Params(jen.Id("text").String()).String().Block(
		jen.Return(jen.Qual("encoding/base64", "StdEncoding").Dot("EncodeToString").Call(jen.Index().Byte().Parens(jen.Id("text")))),
	)).Assert(component.Pulumi("StringOutput"))
}

// fleet is the group. What changes in the template replaces the machines one after another.
func (m *machine) fleet() {
	g, source := m.Group, m.Place("group")
	subnets, _ := m.subnets()
	var targets []jen.Code
	for _, t := range m.targets {
		targets = append(targets, jen.Id(t.Group).Dot("Arn"))
		m.waitFor = append(m.waitFor, t.WaitFor...)
	}
	desired := g.Min
	if g.Desired != nil {
		desired = *g.Desired
	}
	var lifetime jen.Code
	if g.MaxLifetime != nil {
		lifetime = component.Int(int(*g.MaxLifetime))
	}
	slices.Sort(m.waitFor)
	options := []jen.Code{component.DependsOn(slices.Compact(m.waitFor)...)}
	if g.TargetCPUPercent != nil || len(g.Schedules) > 0 {
		options = append(options, component.Pulumi("IgnoreChanges").Call(component.Strings("desiredCapacity")))
	}
	m.groupTags()
	args := component.Fields{
		{Name: "Name", Value: m.Physical(255, "")},
		{Name: "MinSize", Value: component.Int(g.Min)},
		{Name: "MaxSize", Value: component.Int(g.Max)},
		{Name: "DesiredCapacity", Value: component.Int(desired)},
		{Name: "VpcZoneIdentifiers", Value: subnets},
	}
	args = append(args, m.launch()...)
	m.Resource(component.Resource{
		Var: "group", Type: "aws:autoscaling/group:Group", Part: "group", Main: true, What: "group", Source: source,
		Args: append(args, component.Fields{
			{Name: "TargetGroupArns", Value: component.If(len(targets) > 0, component.StrArray(targets...))},
			{Name: "HealthCheckType", Value: component.Str(g.HealthCheck)},
			{Name: "HealthCheckGracePeriod", Value: component.Int(int(g.GracePeriod))},
			{Name: "DefaultInstanceWarmup", Value: component.Int(int(g.GracePeriod))},
			{Name: "MaxInstanceLifetime", Value: lifetime},
			{Name: "EnabledMetrics", Value: component.StrArray(component.Str("GroupDesiredCapacity"), component.Str("GroupInServiceInstances"))},
			{Name: "InstanceRefresh", Value: component.Struct(component.AWS("autoscaling", "GroupInstanceRefreshArgs"), component.Fields{
				{Name: "Strategy", Value: component.Str("Rolling")},
				{Name: "Preferences", Value: component.Struct(component.AWS("autoscaling", "GroupInstanceRefreshPreferencesArgs"), component.Fields{
					{Name: "MinHealthyPercentage", Value: component.Int(g.MinimumHealthyPercent)},
				})},
			})},
			{Name: "Tags", Value: jen.Id("groupTags")},
		}...),
		Options: options,
	})
	m.scale()
	m.Output("asgName", jen.Id("group").Dot("Name"))
}

// groupTags writes the local variable groupTags: the usual tags in the form that groups take. Machines have theirs from the
// launch template.
func (m *machine) groupTags() {
	m.Statement(
		jen.Id("groupTags").Op(":=").Add(component.AWS("autoscaling", "GroupTagArray")).Values(),
		jen.Id("named").Op(":=").Id("tags").Call(jen.Lit(m.Component().Service+"-"+m.Component().Name+"-group")),
		jen.For(jen.List(jen.Id("_"), jen.Id("key")).Op(":=").Range().Qual("slices", "Sorted").Call(jen.Qual("maps", "Keys").Call(jen.Id("named")))).Block(
			jen.Id("groupTags").Op("=").Append(jen.Id("groupTags"), component.Struct(component.AWS("autoscaling", "GroupTagArgs"), component.Fields{
				{Name: "Key", Value: component.Pulumi("String").Call(jen.Id("key"))},
				{Name: "Value", Value: jen.Id("named").Index(jen.Id("key"))},
				{Name: "PropagateAtLaunch", Value: component.Bool(false)},
			})),
		),
		jen.Line(),
	)
}

// launch is how the group makes machines: all alike, or some of spare capacity.
func (m *machine) launch() component.Fields {
	version := component.Pulumi("Sprintf").Call(jen.Lit("%d"), jen.Id("template").Dot("LatestVersion"))
	if m.Group.SpotPercent == 0 {
		return component.Fields{{Name: "LaunchTemplate", Value: component.Struct(component.AWS("autoscaling", "GroupLaunchTemplateArgs"), component.Fields{
			{Name: "Id", Value: jen.Id("template").Dot("ID").Call()},
			{Name: "Version", Value: version},
		})}}
	}
	const policy = "GroupMixedInstancesPolicy"
	return component.Fields{
		{Name: "MixedInstancesPolicy", Value: component.Struct(component.AWS("autoscaling", policy+"Args"), component.Fields{
			{Name: "LaunchTemplate", Value: component.Struct(component.AWS("autoscaling", policy+"LaunchTemplateArgs"), component.Fields{
				{Name: "LaunchTemplateSpecification", Value: component.Struct(
					component.AWS("autoscaling", policy+"LaunchTemplateLaunchTemplateSpecificationArgs"), component.Fields{
						{Name: "LaunchTemplateId", Value: jen.Id("template").Dot("ID").Call()},
						{Name: "Version", Value: version},
					})},
			})},
			{Name: "InstancesDistribution", Value: component.Struct(component.AWS("autoscaling", policy+"InstancesDistributionArgs"), component.Fields{
				{Name: "OnDemandBaseCapacity", Value: component.Int(0)},
				{Name: "OnDemandPercentageAboveBaseCapacity", Value: component.Int(100 - m.Group.SpotPercent)},
				{Name: "SpotAllocationStrategy", Value: component.Str("price-capacity-optimized")},
			})},
		})},
		{Name: "CapacityRebalance", Value: component.Bool(true)},
	}
}

// scale keeps the CPU use near its target and changes the bounds at their times.
func (m *machine) scale() {
	if target := m.Group.TargetCPUPercent; target != nil {
		m.Resource(component.Resource{
			Type: "aws:autoscaling/policy:Policy", Part: "cpu", What: "scaling policy", Source: m.Place("group", "targetCPUPercent"),
			Args: component.Fields{
				{Name: "Name", Value: m.Physical(255, "cpu")},
				{Name: "AutoscalingGroupName", Value: jen.Id("group").Dot("Name")},
				{Name: "PolicyType", Value: component.Str("TargetTrackingScaling")},
				{Name: "TargetTrackingConfiguration", Value: component.Struct(component.AWS("autoscaling", "PolicyTargetTrackingConfigurationArgs"), component.Fields{
					{Name: "TargetValue", Value: component.Float(float64(*target))},
					{Name: "PredefinedMetricSpecification", Value: component.Struct(
						component.AWS("autoscaling", "PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs"),
						component.Fields{{Name: "PredefinedMetricType", Value: component.Str("ASGAverageCPUUtilization")}})},
				})},
			},
		})
	}
	for _, s := range m.Group.Schedules {
		when, ok := recurrence(s.Schedule)
		if !ok {
			m.refuseSchedule(s)
			continue
		}
		m.Resource(component.Resource{
			Type: "aws:autoscaling/schedule:Schedule", Part: "schedule-" + s.Name, What: "schedule " + s.Name, Source: s.Source,
			Args: component.Fields{
				{Name: "AutoscalingGroupName", Value: jen.Id("group").Dot("Name")},
				{Name: "ScheduledActionName", Value: component.Str(s.Name)},
				{Name: "Recurrence", Value: component.Str(when)},
				{Name: "TimeZone", Value: component.Str(s.Timezone)},
				{Name: "MinSize", Value: component.Int(s.MinReplicas)},
				{Name: "MaxSize", Value: component.Int(s.MaxReplicas)},
				{Name: "DesiredCapacity", Value: component.Int(s.MinReplicas)},
			},
		})
	}
}
