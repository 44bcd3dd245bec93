package container

import (
	"fmt"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
)

// maxTargetGroups is how many target groups ECS lets a service be in.
const maxTargetGroups = 5

// Service is an ECS service: it keeps copies of a task running and replaces them when the task changes. If the new
// version does not become healthy, ECS goes back to the last one by itself.
type Service struct {
	*Task
	Deployment Deployment
	Scaling    Scaling
	// Targets are the target groups that the copies are in.
	Targets []balance.Membership
	// Queues are the components of kind SQS whose messages autoscaling counts.
	Queues []Queue
	// Grace is how long a new copy may fail the load balancer's health checks; 0 for not at all.
	Grace spec.Seconds
}

// Queue is a queue that a service works on.
type Queue struct {
	Component string
	Source    diag.Position
}

// Run registers the service as the local variable service, with its autoscaling and alarms. The task must have been
// prepared and defined.
func (s *Service) Run() {
	if len(s.Targets) > maxTargetGroups {
		s.Fail(diag.Errorf(s.Targets[maxTargetGroups].Source, component.Code,
			"%s would be the target of %d routes, and ECS allows %d", s.ID(), len(s.Targets), maxTargetGroups).
			WithHint("join routes that differ in their conditions only"))
		return
	}
	if s.Deployment.Shifts() {
		s.shiftedService()
	} else {
		s.service()
	}
	if s.Scaling.Autoscaling.Enabled {
		s.autoscale()
	}
	s.alarms()
}

// service is the service itself. Its name is fixed: the cluster is the stack's own.
func (s *Service) service() {
	least, most := s.Deployment.Bounds()
	args := component.Fields{
		{Name: "Name", Value: component.Str(s.name())},
		{Name: "Cluster", Value: jen.Id("base").Dot("clusterARN")},
		{Name: "TaskDefinition", Value: jen.Id("task").Dot("Arn")},
	}
	args = append(args, s.Spec.Runtime.Launch("ecs", "Service")...)
	args = append(args, component.Fields{
		{Name: "OrderedPlacementStrategies", Value: component.If(s.Spec.Runtime.Platform == EC2, placement())},
		{Name: "DesiredCount", Value: component.Int(s.Scaling.Replicas)},
		{Name: "DeploymentMinimumHealthyPercent", Value: component.Int(least)},
		{Name: "DeploymentMaximumPercent", Value: component.Int(most)},
		{Name: "DeploymentCircuitBreaker", Value: component.Struct(component.AWS("ecs", "ServiceDeploymentCircuitBreakerArgs"),
			component.Fields{
				{Name: "Enable", Value: component.Bool(true)},
				{Name: "Rollback", Value: component.Bool(true)},
			})},
		{Name: "Alarms", Value: s.watched()},
		{Name: "NetworkConfiguration", Value: s.Spec.Runtime.Network("ecs", "Service", network.ID("securityGroup"))},
		{Name: "LoadBalancers", Value: s.targets()},
		{Name: "HealthCheckGracePeriodSeconds", Value: component.If(len(s.Targets) > 0 && s.Grace > 0, component.Int(int(s.Grace)))},
		{Name: "PropagateTags", Value: component.Str("SERVICE")},
		{Name: "WaitForSteadyState", Value: component.Bool(true)},
	}...)
	s.Resource(component.Resource{
		Var: "service", Type: "aws:ecs/service:Service", What: "service", Source: s.Component().Source, Args: args, Options: s.options(),
	})
}

// placements are on which machines ECS puts copies: in all zones alike, and there on the fullest that has room, so that
// machines become empty and can go when there are fewer copies.
var placements = [...]struct{ how, field string }{{"spread", "attribute:ecs.availability-zone"}, {"binpack", "memory"}}

func placement() jen.Code {
	var strategies []jen.Code
	for _, p := range placements {
		strategies = append(strategies, component.Struct(component.AWS("ecs", "ServiceOrderedPlacementStrategyArgs"), component.Fields{
			{Name: "Type", Value: component.Str(p.how)}, {Name: "Field", Value: component.Str(p.field)},
		}))
	}
	return component.List(component.AWS("ecs", "ServiceOrderedPlacementStrategyArray"), strategies...)
}

func (s *Service) name() string { return ServiceName(s.Component()) }

// ServiceARN is the code of the ARN of the service that Run registers with such deployments.
func ServiceARN(d Deployment) jen.Code {
	if d.Shifts() {
		return jen.Id("serviceARN")
	}
	return network.ID("service")
}

// nameCode is the code of the service's name, which exists once the service does.
func (s *Service) nameCode() jen.Code {
	if s.Deployment.Shifts() {
		return jen.Id("serviceName")
	}
	return jen.Id("service").Dot("Name")
}

// namesService tells whether anything but the service itself needs its name.
func (s *Service) namesService() bool {
	return s.Scaling.Autoscaling.Enabled || alarm.For(s.Builder).Enabled
}

func (s *Service) targets() jen.Code {
	if len(s.Targets) == 0 {
		return nil
	}
	var items []jen.Code
	for _, t := range s.Targets {
		items = append(items, component.Struct(component.AWS("ecs", "ServiceLoadBalancerArgs"), component.Fields{
			{Name: "TargetGroupArn", Value: jen.Id(t.Group).Dot("Arn")},
			{Name: "ContainerName", Value: component.Str(s.Component().Name)},
			{Name: "ContainerPort", Value: component.Int(t.Port)},
		}))
	}
	return component.List(component.AWS("ecs", "ServiceLoadBalancerArray"), items...)
}

// options make the service wait for grants and network paths, without which its containers could not start, and leave
// the number of copies to autoscaling once it is on.
func (s *Service) options() []jen.Code {
	options := []jen.Code{s.DependsOnAll()}
	if s.Scaling.Autoscaling.Enabled && !s.Deployment.Shifts() {
		options = append(options, component.Pulumi("IgnoreChanges").Call(component.Strings("desiredCount")))
	}
	if timeout := s.Deployment.limit(); timeout > 0 {
		length := jen.Lit(fmt.Sprintf("%ds", int(timeout)))
		options = append(options, component.Pulumi("Timeouts").Call(jen.Op("&").Add(component.Pulumi("CustomTimeouts")).Values(
			jen.Id("Create").Op(":").Add(length), jen.Id("Update").Op(":").Add(length))))
	}
	return options
}

// DependsOnAll is the option that makes what starts the task wait for what the task needs.
func (t *Task) DependsOnAll() jen.Code {
	waitFor := slices.Clone(t.WaitFor)
	slices.Sort(waitFor)
	return component.Pulumi("DependsOn").Call(jen.Index().Add(component.Pulumi("Resource")).ValuesFunc(func(g *jen.Group) {
		for _, local := range slices.Compact(waitFor) {
			g.Id(local)
		}
	}))
}
