package container

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// ECS can start all copies of a new version beside those of the old one and then shift the requests, by the weights of a
// load balancer's rule. The SDK's service has no arguments for that. CloudFormation's resource type AWS::ECS::Service has,
// and AWS's Cloud Control API makes a resource of any such type from a JSON text, waits until the service is steady, and
// fails if ECS went back to the version before.

// The strategies of deployments.
const (
	Rolling   = "rolling"
	BlueGreen = "blueGreen"
	Canary    = "canary"
)

// Strategies as AWS::ECS::Service calls those that shift requests.
var shifts = map[string]string{BlueGreen: "BLUE_GREEN", Canary: "CANARY"}

// Times in seconds: defaultBake is how long old copies stay once all requests are shifted, as ECS does it by default;
// drain is what is left to do after that, for which Cloud Control waits too.
const (
	defaultBake = 15 * 60
	drain       = 10 * 60
)

// shiftSuffix tells the names of services that shift requests from those of rolling ones. It has a character that no
// component's name has.
const shiftSuffix = "_shift"

// Shifts tells whether the requests are shifted from the copies of the old version to those of the new one.
func (d Deployment) Shifts() bool { return shifts[d.Strategy] != "" }

// bake is how long old copies stay once all requests are shifted.
func (d Deployment) bake() spec.Seconds {
	if d.BakeTime != nil {
		return *d.BakeTime
	}
	return defaultBake
}

// share is what a canary gets, and how long only that.
func (d Deployment) share() (percent int, length spec.Seconds) {
	switch {
	case d.Strategy != Canary:
		return 0, 0
	case d.Canary != nil:
		return d.Canary.Percent, d.Canary.BakeTime
	default:
		return 5, 10 * 60
	}
}

// limit is how long a deployment may take.
func (d Deployment) limit() spec.Seconds {
	if !d.Shifts() {
		return d.Timeout
	}
	_, canary := d.share()
	return d.Timeout + canary + d.bake() + drain
}

// Shiftable tells whether the requests of a component can be shifted; if not, that is reported at its place. Reached
// tells whether any load balancer sends to it.
func Shiftable(b *component.Builder, d Deployment, reached bool) bool {
	if !d.Shifts() {
		return true
	}
	at, c := b.Place("deployment", "strategy"), b.Component()
	if !reached {
		b.Fail(diag.Errorf(at, component.Code, "no load balancer sends requests to %s that %s could shift", b.ID(), d.Strategy).
			WithHint("set networking.loadBalancer.enabled, name it in a route of an ALB, or set strategy: rolling"))
	}
	if c.Import != nil {
		b.Fail(diag.Errorf(c.Import.Source, component.Code, "a service cannot be taken over with strategy %s: AWS gives it another identity", d.Strategy).
			WithHint("import it with strategy: rolling, and change that afterwards"))
	}
	return reached && c.Import == nil
}

// shiftedService is the service itself. It has a name of its own: a change of the strategy makes it while the rolling
// service still runs. What forces a replacement, a change of the launch type, first removes the old one: two of the same
// name cannot be, and two that turn one rule must not.
func (s *Service) shiftedService() {
	s.WaitFor = append(s.WaitFor, iam.AddRole(s.Builder, iam.Role{
		// ECS does not send the account that it acts for when it takes such a role.
		Var: "trafficRole", Part: "traffic", What: "traffic role", Trust: iam.TrustPlain("ecs.amazonaws.com"),
		Managed: []string{s.AWSPolicy("AmazonECSInfrastructureRolePolicyForLoadBalancers")}, Source: s.Place("deployment", "strategy"),
	})...)
	s.tagList()
	s.Statement(jen.Id("desired").Op(":=").Add(component.Pulumi("JSONMarshal")).Call(component.Object(s.desired())), jen.Line())
	s.Resource(component.Resource{
		Var: "service", Type: "aws:cloudcontrol/resource:Resource", What: "service", Source: s.Component().Source,
		Args: component.Fields{
			{Name: "TypeName", Value: component.Str("AWS::ECS::Service")},
			{Name: "DesiredState", Value: jen.Id("desired")},
		},
		Options: append(s.options(), component.Pulumi("DeleteBeforeReplace").Call(jen.True())),
	})
	s.identity()
}

// tagList writes the local variable serviceTags: the usual tags in CloudFormation's form.
func (s *Service) tagList() {
	c := s.Component()
	s.Statement(
		jen.Id("named").Op(":=").Id("tags").Call(jen.Lit(c.Service+"-"+c.Name)),
		jen.Id("serviceTags").Op(":=").Index().Map(jen.String()).Any().Values(),
		jen.For(jen.List(jen.Id("_"), jen.Id("key")).Op(":=").Range().Qual("slices", "Sorted").Call(jen.Qual("maps", "Keys").Call(jen.Id("named")))).Block(
			jen.Id("serviceTags").Op("=").Append(jen.Id("serviceTags"), jen.Map(jen.String()).Any().Values(
				pair("Key", jen.Id("key")), pair("Value", jen.Id("named").Index(jen.Id("key"))))),
		),
		jen.Line(),
	)
}

// desired is the service as AWS::ECS::Service takes it.
func (s *Service) desired() component.Fields {
	fields := component.Fields{
		{Name: "ServiceName", Value: jen.Lit(s.name())},
		{Name: "Cluster", Value: jen.Id("base").Dot("clusterARN")},
		{Name: "TaskDefinition", Value: jen.Id("task").Dot("Arn")},
	}
	if provider := s.Spec.Runtime.capacityProvider(); provider != nil {
		fields = append(fields, component.Field{Name: "CapacityProviderStrategy",
			Value: component.Objects(entry(pair("CapacityProvider", provider), pair("Weight", jen.Lit(1))))})
	} else {
		fields = append(fields, component.Field{Name: "LaunchType", Value: jen.Lit("FARGATE")})
	}
	return append(fields, component.Fields{
		{Name: "PlacementStrategies", Value: component.If(s.Spec.Runtime.Platform == EC2, placed())},
		{Name: "DesiredCount", Value: jen.Lit(s.Scaling.Replicas)},
		{Name: "DeploymentConfiguration", Value: component.Object(s.rollout())},
		{Name: "NetworkConfiguration", Value: component.Object(component.Fields{
			{Name: "AwsvpcConfiguration", Value: component.Object(component.Fields{
				{Name: "Subnets", Value: jen.Id("base").Dot("workloadSubnetIDs")},
				{Name: "SecurityGroups", Value: jen.Index().Any().Values(network.ID("securityGroup"))},
				{Name: "AssignPublicIp", Value: component.If(s.Spec.Runtime.Platform != EC2, publicAddresses())},
			})},
		})},
		{Name: "LoadBalancers", Value: objects(s.balancers())},
		{Name: "HealthCheckGracePeriodSeconds", Value: component.If(s.Grace > 0, jen.Lit(int(s.Grace)))},
		{Name: "PropagateTags", Value: jen.Lit("SERVICE")},
		{Name: "Tags", Value: jen.Id("serviceTags")},
	}...)
}

// placed is placement as CloudFormation says it.
func placed() jen.Code {
	var strategies []jen.Code
	for _, p := range placements {
		strategies = append(strategies, entry(pair("Type", jen.Lit(p.how)), pair("Field", jen.Lit(p.field))))
	}
	return component.Objects(strategies...)
}

// publicAddresses are as CloudFormation says whether copies have addresses that the internet reaches.
func publicAddresses() jen.Code {
	return jen.Id("base").Dot("assignPublicIP").Dot("ApplyT").Call(jen.Func().Params(jen.Id("assign").Bool()).String().Block(
		jen.If(jen.Id("assign")).Block(jen.Return(jen.Lit("ENABLED"))),
		jen.Return(jen.Lit("DISABLED")),
	))
}

// rollout is how a new version replaces the old one.
func (s *Service) rollout() component.Fields {
	d := s.Deployment
	fields := component.Fields{
		{Name: "Strategy", Value: jen.Lit(shifts[d.Strategy])},
		{Name: "BakeTimeInMinutes", Value: jen.Lit(int(d.bake()) / 60)},
	}
	if percent, length := d.share(); percent > 0 {
		fields = append(fields, component.Field{Name: "CanaryConfiguration", Value: component.Object(component.Fields{
			{Name: "CanaryPercent", Value: jen.Lit(percent)},
			{Name: "CanaryBakeTimeInMinutes", Value: jen.Lit(int(length) / 60)},
		})})
	}
	fields = append(fields, component.Field{Name: "DeploymentCircuitBreaker", Value: component.Object(component.Fields{
		{Name: "Enable", Value: jen.True()},
		{Name: "Rollback", Value: jen.True()},
	})})
	if names := s.watchedNames(); len(names) > 0 {
		fields = append(fields, component.Field{Name: "Alarms", Value: component.Object(component.Fields{
			{Name: "AlarmNames", Value: component.Strings(names...)},
			{Name: "Enable", Value: jen.True()},
			{Name: "Rollback", Value: jen.True()},
		})})
	}
	return fields
}

// balancers are the pairs of target groups that the copies of two versions are in.
func (s *Service) balancers() []jen.Code {
	var items []jen.Code
	for _, t := range s.Targets {
		items = append(items, component.Element(component.Fields{
			{Name: "ContainerName", Value: jen.Lit(s.Component().Name)},
			{Name: "ContainerPort", Value: jen.Lit(t.Port)},
			{Name: "TargetGroupArn", Value: jen.Id(t.Group).Dot("Arn")},
			{Name: "AdvancedConfiguration", Value: component.Object(component.Fields{
				{Name: "AlternateTargetGroupArn", Value: jen.Id(t.Alternate).Dot("Arn")},
				{Name: "ProductionListenerRule", Value: jen.Id(t.Rule).Dot("Arn")},
				{Name: "RoleArn", Value: jen.Id("trafficRole").Dot("Arn")},
			})},
		}))
	}
	return items
}

// identity writes the local variables serviceARN and serviceName, which the ID of the resource begins with: it is the ARN
// and the cluster, with a bar between them.
func (s *Service) identity() {
	s.Statement(
		jen.Id("serviceARN").Op(":=").Id("service").Dot("ID").Call().Dot("ApplyT").Call(
			jen.Func().Params(jen.Id("id").Add(component.Pulumi("ID"))).String().Block(
				jen.List(jen.Id("arn"), jen.Id("_"), jen.Id("_")).Op(":=").Qual("strings", "Cut").Call(jen.String().Call(jen.Id("id")), jen.Lit("|")),
				jen.Return(jen.Id("arn")),
			)).Assert(component.Pulumi("StringOutput")), jen.Line())
	if s.namesService() {
		s.Statement(jen.Id("serviceName").Op(":=").Id("serviceARN").Dot("ApplyT").Call(jen.Qual("path", "Base")).
			Assert(component.Pulumi("StringOutput")), jen.Line())
	}
}

// ShiftsRequests tells whether a component is a service whose deployments shift requests.
func ShiftsRequests(c *ir.Component) bool { return shifts[textAt(c, "deployment", "strategy")] != "" }
