package container

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
)

// Launch are the arguments by which ECS starts copies of the task: a launch type, or a capacity provider for Spot and for
// machines. The type of the arguments is that of the SDK in pkg whose name begins with prefix.
func (t *Task) Launch(pkg, prefix string) component.Fields {
	provider := t.capacityProvider()
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
func (t *Task) capacityProvider() jen.Code {
	switch spot := t.Spec.Runtime.Spot; {
	case t.Spec.Runtime.Platform == EC2 && spot:
		return jen.Id("base").Dot("spotCapacity")
	case t.Spec.Runtime.Platform == EC2:
		return jen.Id("base").Dot("onDemandCapacity")
	case spot:
		return jen.Id("base").Dot("fargateSpotCapacity")
	}
	return nil
}

// Network is where the copies run, as the arguments of the SDK's type in pkg whose name begins with prefix.
func (t *Task) Network(pkg, prefix string) jen.Code {
	fargate := t.Spec.Runtime.Platform != EC2
	return component.Struct(component.AWS(pkg, prefix+"NetworkConfigurationArgs"), component.Fields{
		{Name: "Subnets", Value: jen.Id("base").Dot("workloadSubnetIDs")},
		{Name: "SecurityGroups", Value: component.StrArray(network.ID("securityGroup"))},
		// ECS refuses public addresses for tasks on machines of one's own.
		{Name: "AssignPublicIp", Value: component.If(fargate, jen.Id("base").Dot("assignPublicIP"))},
	})
}
