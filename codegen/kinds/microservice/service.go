package microservice

import (
	"fmt"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// ecsService is the service itself. Its name is fixed: the cluster is the stack's own.
func (m *service) ecsService() {
	args := component.Fields{
		{Name: "Name", Value: m.name()},
		{Name: "Cluster", Value: jen.Id("base").Dot("clusterARN")},
		{Name: "TaskDefinition", Value: jen.Id("task").Dot("Arn")},
	}
	args = append(args, m.task.Launch()...)
	args = append(args, component.Fields{
		{Name: "DesiredCount", Value: component.Int(m.Scaling.Replicas)},
		{Name: "DeploymentMinimumHealthyPercent", Value: component.Int(m.Deployment.MinimumHealthyPercent)},
		{Name: "DeploymentMaximumPercent", Value: component.Int(m.Deployment.MaximumPercent)},
		{Name: "DeploymentCircuitBreaker", Value: component.Struct(component.AWS("ecs", "ServiceDeploymentCircuitBreakerArgs"),
			component.Fields{
				{Name: "Enable", Value: component.Bool(true)},
				{Name: "Rollback", Value: component.Bool(true)},
			})},
		{Name: "NetworkConfiguration", Value: component.Struct(component.AWS("ecs", "ServiceNetworkConfigurationArgs"), m.task.Network())},
		{Name: "LoadBalancers", Value: m.targets()},
		{Name: "HealthCheckGracePeriodSeconds", Value: component.If(m.balanced() && m.grace() > 0, component.Int(int(m.grace())))},
		{Name: "PropagateTags", Value: component.Str("SERVICE")},
		{Name: "WaitForSteadyState", Value: component.Bool(true)},
	}...)
	m.Resource(component.Resource{
		Var: "service", Type: "aws:ecs/service:Service", What: "service", Source: m.Component().Source, Args: args, Options: m.options(),
	})
}

func (m *service) name() jen.Code {
	return component.Str(m.Component().Service + "-" + m.Component().Name) // at most 127 of 255 characters
}

func (m *service) targets() jen.Code {
	if !m.balanced() {
		return nil
	}
	return component.List(component.AWS("ecs", "ServiceLoadBalancerArray"),
		component.Struct(component.AWS("ecs", "ServiceLoadBalancerArgs"), component.Fields{
			{Name: "TargetGroupArn", Value: jen.Id("targets").Dot("Arn")},
			{Name: "ContainerName", Value: component.Str(m.Component().Name)},
			{Name: "ContainerPort", Value: component.Int(m.targetPort())},
		}))
}

// options make the service wait for grants and network paths, without which its containers could not start, and leave
// the number of copies to autoscaling once it is on.
func (m *service) options() []jen.Code {
	waitFor := slices.Clone(m.task.WaitFor)
	slices.Sort(waitFor)
	options := []jen.Code{
		component.Pulumi("DependsOn").Call(jen.Index().Add(component.Pulumi("Resource")).ValuesFunc(func(g *jen.Group) {
			for _, local := range waitFor {
				g.Id(local)
			}
		})),
	}
	if m.Scaling.Autoscaling.Enabled {
		options = append(options, component.Pulumi("IgnoreChanges").Call(component.Strings("desiredCount")))
	}
	if timeout := m.Deployment.Timeout; timeout > 0 {
		length := jen.Lit(fmt.Sprintf("%ds", int(timeout)))
		options = append(options, component.Pulumi("Timeouts").Call(jen.Op("&").Add(component.Pulumi("CustomTimeouts")).Values(
			jen.Id("Create").Op(":").Add(length), jen.Id("Update").Op(":").Add(length))))
	}
	return options
}

// autoscale keeps the average CPU use near the target.
func (m *service) autoscale() {
	a, source := m.Scaling.Autoscaling, m.Place("scaling", "autoscaling")
	m.Resource(component.Resource{
		Var: "scaling", Type: "aws:appautoscaling/target:Target", Part: "scaling", What: "scaling target", Source: source,
		Args: component.Fields{
			{Name: "ServiceNamespace", Value: component.Str("ecs")},
			{Name: "ScalableDimension", Value: component.Str("ecs:service:DesiredCount")},
			{Name: "ResourceId", Value: component.Pulumi("Sprintf").Call(jen.Lit("service/%s/%s"),
				jen.Id("base").Dot("clusterName"), jen.Id("service").Dot("Name"))},
			{Name: "MinCapacity", Value: component.Int(a.MinReplicas)},
			{Name: "MaxCapacity", Value: component.Int(a.MaxReplicas)},
		},
	})
	metric := component.AWS("appautoscaling", "PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs")
	m.Resource(component.Resource{
		Type: "aws:appautoscaling/policy:Policy", Part: "cpu", What: "scaling policy", Source: source,
		Args: component.Fields{
			{Name: "Name", Value: m.Physical(255, "cpu")},
			{Name: "PolicyType", Value: component.Str("TargetTrackingScaling")},
			{Name: "ServiceNamespace", Value: jen.Id("scaling").Dot("ServiceNamespace")},
			{Name: "ScalableDimension", Value: jen.Id("scaling").Dot("ScalableDimension")},
			{Name: "ResourceId", Value: jen.Id("scaling").Dot("ResourceId")},
			{Name: "TargetTrackingScalingPolicyConfiguration", Value: component.Struct(
				component.AWS("appautoscaling", "PolicyTargetTrackingScalingPolicyConfigurationArgs"), component.Fields{
					{Name: "TargetValue", Value: component.Float(a.TargetCPUPercent)},
					{Name: "PredefinedMetricSpecification", Value: component.Struct(metric, component.Fields{
						{Name: "PredefinedMetricType", Value: component.Str("ECSServiceAverageCPUUtilization")},
					})},
				})},
		},
	})
}
