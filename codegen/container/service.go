package container

import (
	"fmt"
	"slices"

	"github.com/dave/jennifer/jen"

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
	Targets []TargetGroup
	// Queues are the components of kind SQS whose messages autoscaling counts.
	Queues []Queue
	// Grace is how long a new copy may fail the load balancer's health checks; 0 for not at all.
	Grace spec.Seconds
}

// TargetGroup is a target group that a service's copies are in.
type TargetGroup struct {
	// Group is the local variable that holds it.
	Group string
	// Port is the container's port that gets the traffic.
	Port int
	// LoadBalancer is the code of the last part of the load balancer's ARN, as CloudWatch names it; of an NLB if not
	// Application.
	LoadBalancer jen.Code
	Application  bool
	// Own tells that the load balancer is the component's own, so that its errors are the component's.
	Own bool
	// Part tells the load balancer's alarms apart; "" for its own.
	Part   string
	Source diag.Position
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
	s.service()
	if s.Scaling.Autoscaling.Enabled {
		s.autoscale()
	}
	s.alarms()
}

// service is the service itself. Its name is fixed: the cluster is the stack's own.
func (s *Service) service() {
	args := component.Fields{
		{Name: "Name", Value: component.Str(s.name())},
		{Name: "Cluster", Value: jen.Id("base").Dot("clusterARN")},
		{Name: "TaskDefinition", Value: jen.Id("task").Dot("Arn")},
	}
	args = append(args, s.Spec.Runtime.Launch("ecs", "Service")...)
	args = append(args, component.Fields{
		{Name: "DesiredCount", Value: component.Int(s.Scaling.Replicas)},
		{Name: "DeploymentMinimumHealthyPercent", Value: component.Int(s.Deployment.MinimumHealthyPercent)},
		{Name: "DeploymentMaximumPercent", Value: component.Int(s.Deployment.MaximumPercent)},
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

func (s *Service) name() string { return ServiceName(s.Component()) }

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
	if s.Scaling.Autoscaling.Enabled {
		options = append(options, component.Pulumi("IgnoreChanges").Call(component.Strings("desiredCount")))
	}
	if timeout := s.Deployment.Timeout; timeout > 0 {
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
