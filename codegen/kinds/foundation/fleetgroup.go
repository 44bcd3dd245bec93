package foundation

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// group is a scaling group of machines that are paid for in one way, and the capacity provider by which ECS fills it. Its
// size is ECS's affair. local is the local variable of the provider, part the last part of the names.
func (m *fleet) group(local, part string, spot bool) {
	source := m.Place("cluster", "machines")
	minSize := m.MinSize
	version := component.Pulumi("Sprintf").Call(jen.Lit("%d"), jen.Id("machines").Dot("LatestVersion"))
	template := component.Field{Name: "LaunchTemplate", Value: component.Struct(component.AWS("autoscaling", "GroupLaunchTemplateArgs"), Fields{
		{Name: "Id", Value: id("machines")},
		{Name: "Version", Value: version},
	})}
	if spot {
		minSize, template = 0, m.spare(version)
	}
	m.Resource(component.Resource{
		Var: local + "Machines", Type: "aws:autoscaling/group:Group", Part: part, What: part + " machines", Source: source,
		Args: Fields{
			{Name: "Name", Value: m.Physical(255, part)},
			{Name: "VpcZoneIdentifiers", Value: m.found["workloadSubnetIDs"]},
			template,
			{Name: "MinSize", Value: component.Int(minSize)},
			{Name: "MaxSize", Value: component.Int(m.MaxSize)},
			{Name: "CapacityRebalance", Value: component.If(spot, component.Bool(true))},
			// ECS alone decides which machine goes; when the whole group goes, they do not hold it up.
			{Name: "ProtectFromScaleIn", Value: component.Bool(true)},
			{Name: "ForceDelete", Value: component.Bool(true)},
			{Name: "Tags", Value: jen.Id("groupTags").Call(jen.Lit("foundation-" + part))},
		},
		// The cluster cannot go while machines are in it.
		Options: []jen.Code{dependsOn(jen.Id("cluster")), component.Pulumi("IgnoreChanges").Call(component.Strings("desiredCapacity"))},
	})
	m.Resource(component.Resource{
		Var: local, Type: "aws:ecs/capacityProvider:CapacityProvider", Part: part, What: part + " capacity provider", Source: source,
		Args: Fields{
			{Name: "Name", Value: m.Physical(255, part)},
			{Name: "AutoScalingGroupProvider", Value: component.Struct(component.AWS("ecs", "CapacityProviderAutoScalingGroupProviderArgs"), Fields{
				{Name: "AutoScalingGroupArn", Value: jen.Id(local + "Machines").Dot("Arn")},
				{Name: "ManagedTerminationProtection", Value: component.Str("ENABLED")},
				{Name: "ManagedDraining", Value: component.Str("ENABLED")},
				{Name: "ManagedScaling", Value: component.Struct(component.AWS("ecs", "CapacityProviderAutoScalingGroupProviderManagedScalingArgs"), Fields{
					{Name: "Status", Value: component.Str("ENABLED")},
					{Name: "TargetCapacity", Value: component.Int(m.TargetCapacity)},
				})},
			})},
		},
	})
}

// spare is a template for machines of Spot only.
func (m *fleet) spare(version jen.Code) component.Field {
	return component.Field{Name: "MixedInstancesPolicy", Value: component.Struct(component.AWS("autoscaling", "GroupMixedInstancesPolicyArgs"), Fields{
		{Name: "LaunchTemplate", Value: component.Struct(component.AWS("autoscaling", "GroupMixedInstancesPolicyLaunchTemplateArgs"), Fields{
			{Name: "LaunchTemplateSpecification", Value: component.Struct(
				component.AWS("autoscaling", "GroupMixedInstancesPolicyLaunchTemplateLaunchTemplateSpecificationArgs"), Fields{
					{Name: "LaunchTemplateId", Value: id("machines")},
					{Name: "Version", Value: version},
				})},
		})},
		{Name: "InstancesDistribution", Value: component.Struct(component.AWS("autoscaling", "GroupMixedInstancesPolicyInstancesDistributionArgs"), Fields{
			{Name: "OnDemandPercentageAboveBaseCapacity", Value: component.Int(0)},
			{Name: "SpotAllocationStrategy", Value: component.Str("price-capacity-optimized")},
		})},
	})}
}
