package container

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// Launch are the arguments by which ECS starts copies of a task: a launch type, or a capacity provider for Spot and for
// machines. The type of the arguments is that of the SDK in pkg whose name begins with prefix.
func (r Runtime) Launch(pkg, prefix string) component.Fields {
	provider := jen.Id("base").Dot("fargateSpotCapacity")
	switch {
	case r.Platform == EC2 && r.Spot:
		// The foundation gives the cluster one capacity provider for machines of each sort.
		provider = jen.Id("base").Dot("spotCapacity")
	case r.Platform == EC2:
		provider = jen.Id("base").Dot("onDemandCapacity")
	case !r.Spot:
		return component.Fields{{Name: "LaunchType", Value: component.Str("FARGATE")}}
	}
	typ := prefix + "CapacityProviderStrategy"
	return component.Fields{{Name: "CapacityProviderStrategies", Value: component.List(component.AWS(pkg, typ+"Array"),
		component.Struct(component.AWS(pkg, typ+"Args"), component.Fields{
			{Name: "CapacityProvider", Value: provider},
			{Name: "Weight", Value: component.Int(1)},
		}))}}
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

// Runnable tells whether there is a way to run the task as the YAML wants; if not, that is reported at its place.
func Runnable(b *component.Builder, s Spec) bool {
	if s.Runtime.Platform == EKS {
		b.Fail(component.NotDeployable(b.Place("runtime", "platform"), "platform eks"))
		return false
	}
	checkFiles(b, s.Runtime.User)
	return true
}
