package container

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// Launch are the arguments by which ECS starts copies of a task: a launch type, or a capacity provider for Spot and for
// machines. The type of the arguments is that of the SDK in pkg whose name begins with prefix.
func (r Runtime) Launch(pkg, prefix string) component.Fields {
	provider := r.capacityProvider()
	if provider == nil {
		return component.Fields{{Name: "LaunchType", Value: component.Str("FARGATE")}}
	}
	typ := prefix + "CapacityProviderStrategy"
	return component.Fields{{Name: "CapacityProviderStrategies", Value: component.List(component.AWS(pkg, typ+"Array"),
		component.Struct(component.AWS(pkg, typ+"Args"), component.Fields{
			{Name: "CapacityProvider", Value: provider},
			{Name: "Weight", Value: component.Int(1)},
		}))}}
}

// capacityProvider is the code of what the copies get their capacity from, nil for Fargate at its usual price. The
// foundation gives the cluster one provider for machines of each sort.
func (r Runtime) capacityProvider() jen.Code {
	switch {
	case r.Platform == EC2 && r.Spot:
		return jen.Id("base").Dot("spotCapacity")
	case r.Platform == EC2:
		return jen.Id("base").Dot("onDemandCapacity")
	case r.Spot:
		return jen.Id("base").Dot("fargateSpotCapacity")
	}
	return nil
}

// Network is where the copies run, in the security group, as the arguments of the SDK's type in pkg whose name begins with prefix.
func (r Runtime) Network(pkg, prefix string, group jen.Code) jen.Code {
	fargate := r.Platform != EC2
	return component.Struct(component.AWS(pkg, prefix+"NetworkConfigurationArgs"), component.Fields{
		{Name: "Subnets", Value: jen.Id("base").Dot("workloadSubnetIDs")},
		{Name: "SecurityGroups", Value: component.StrArray(group)},
		// ECS refuses public addresses for tasks on machines of one's own.
		{Name: "AssignPublicIp", Value: component.If(fargate, jen.Id("base").Dot("assignPublicIP"))},
	})
}
