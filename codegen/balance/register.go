package balance

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Target is a component that load balancers send to.
type Target struct {
	Type TargetType
	// Group is the local variable of the security group that guards it; "" for a function.
	Group string
	// Ports are those that it listens on; a route that names none takes the first.
	Ports []Port
	// Health is how it is asked, unless a route says otherwise.
	Health Health
	// Strategy is that of deployments that shift requests from one target group to another; "" if they do not.
	Strategy string
}

// Port is a port that a target listens on. Protocol is tcp or udp.
type Port struct {
	Name     string
	Port     int
	Protocol string
}

// Registration is the target group that a route sends to, for the component's own part: to put itself into the group.
type Registration struct {
	// Group is the local variable of the target group.
	Group string
	// Alternate and Rule are the local variables of a second group and of the rule that ECS turns between the two; "" where
	// deployments do not shift requests.
	Alternate, Rule string
	// Port is where the group sends to; 0 for a function.
	Port int
	// Application tells that an ALB sends, not an NLB.
	Application bool
	// Part is the last part of the group's name, for what belongs to it: the load balancer's and the route's names.
	Part string
	// Balancer is the load balancer's ID.
	Balancer string
	// WaitFor are the local variables of what must exist before targets can be registered and reached.
	WaitFor []string
	// Source is the component's name in the route.
	Source diag.Position
}

// Suffix is the code of the last part of the load balancer's ARN, by which CloudWatch and autoscaling name it.
func (r Registration) Suffix(b *component.Builder) jen.Code {
	arn, _ := b.Use(r.Balancer, "arn", r.Source)
	return jen.Add(arn).Dot("ApplyT").Call(jen.Func().Params(jen.Id("arn").String()).String().Block(
		jen.List(jen.Id("_"), jen.Id("suffix"), jen.Id("_")).Op(":=").Qual("strings", "Cut").Call(jen.Id("arn"), jen.Lit(":loadbalancer/")),
		jen.Return(jen.Id("suffix")),
	)).Assert(component.Pulumi("StringOutput"))
}

// Registered are the references of a component that are routes of load balancers to it.
func Registered(c *ir.Component) []ir.Reference {
	var routes []ir.Reference
	for _, ref := range c.References {
		if component.IsRoute(ref) {
			routes = append(routes, ref)
		}
	}
	return routes
}

// registrar registers one component.
type registrar struct {
	*component.Builder
	target Target
	// opened are the rules of security groups that exist already, by their parts.
	opened map[string][]string
}

// Register makes what the routes to the component need, see the package's comment.
func Register(b *component.Builder, target Target) []Registration {
	r := registrar{Builder: b, target: target, opened: map[string][]string{}}
	var all []Registration
	for _, ref := range Registered(b.Component()) {
		balancer, _ := b.Target(ref.Component)
		if balancer == nil {
			b.Internal(ref.Source, "%s has a route from %s, which does not exist", b.ID(), ref.Component)
			continue
		}
		var made Registration
		var ok bool
		switch balancer.Kind {
		case alb:
			made, ok = r.requests(balancer, ref)
		case nlb:
			made, ok = r.connections(balancer, ref)
		default:
			b.Internal(ref.Source, "%s has a route from %s of kind %s", b.ID(), ref.Component, balancer.Kind)
		}
		if !ok {
			continue
		}
		made.Balancer, made.Source = balancer.ID(), ref.Source
		slices.Sort(made.WaitFor)
		made.WaitFor = slices.Compact(made.WaitFor)
		all = append(all, made)
	}
	return all
}

// requests registers with an ALB.
func (r registrar) requests(balancer *ir.Component, ref ir.Reference) (Registration, bool) {
	var route ALBRoute
	ds := spec.Decode(ref.Mount, &route)
	ds.Add(r.checkRequests(balancer, route)...)
	routes, problems := ALBRoutes(balancer)
	ds.Add(problems...)
	numbers, problems := Priorities(routes)
	ds.Add(problems...)
	i := slices.IndexFunc(routes, func(other ALBRoute) bool { return other.Name == route.Name })
	port, found := r.port(route.Port, ref.Source)
	ds.Add(found...)
	if ds.HasErrors() || i < 0 {
		r.Fail(ds...)
		return Registration{}, false
	}
	local, part := r.names(balancer, route.Name)
	made := Registration{Group: local, Part: part, Port: port.Port, Application: true}
	g := Group{
		Var: local, Part: part, Type: r.target.Type, Protocol: "HTTP", Port: port.Port, Settings: r.requestSettings(route),
		Salt: append(ReplacedBy(r.Builder, balancer), balancer.ID()), Source: route.Source,
	}
	if r.target.Type == Function {
		g.Protocol, g.Port, g.Health = "", 0, route.HealthCheck.function()
	} else {
		health := r.target.Health.overridden(route.HealthCheck).ByRequest()
		if route.ProtocolVersion != "HTTP1" {
			g.Version = route.ProtocolVersion
		}
		if g.Version == "GRPC" {
			health.Path, health.Statuses = grpcHealth(route.HealthCheck)
		}
		g.Health = health.Code()
		made.WaitFor = r.open(balancer, ref, "tcp", port.Port, health.Port)
	}
	AddGroup(r.Builder, g)
	if r.target.Strategy != "" {
		rule := Rule{Route: route, Priority: numbers[i]}
		made.Alternate, made.Rule = r.shifted(balancer, ref, g, rule, routes, numbers)
		made.WaitFor = append(made.WaitFor, made.Rule)
		return made, made.Rule != ""
	}
	for _, listener := range Listeners(balancer) {
		if g.Version != "" && !listener.Encrypted {
			continue // HTTP/2 is for encrypted connections only
		}
		rule := Rule{Var: local + "Rule", Part: part, Route: route, Priority: numbers[i], Action: component.Fields{
			{Name: "Type", Value: component.Str("forward")},
			{Name: "TargetGroupArn", Value: jen.Id(local).Dot("Arn")},
		}}
		if listener.Output == HTTPListener {
			rule.Var, rule.Part = local+"PlainRule", part+"-http"
		}
		rule.Listener, _ = r.Use(balancer.ID(), listener.Output, ref.Source)
		AddRule(r.Builder, rule)
		made.WaitFor = append(made.WaitFor, rule.Var)
	}
	return made, true
}

// grpcHealth is what a gRPC server is asked: by default for a method that none has, which it answers with 12 if it is well.
func grpcHealth(given *routeHealth) (path, codes string) {
	if given == nil || given.Path == "" {
		return "/AWS.ALB/healthcheck", "12"
	}
	return given.Path, "0"
}

// checkRequests refuses what AWS does not do.
func (r registrar) checkRequests(balancer *ir.Component, route ALBRoute) diag.List {
	var found diag.List
	refuse := func(at diag.Position, format string, args ...any) {
		found.Add(diag.Errorf(at, component.Code, format, args...))
	}
	if h := route.HealthCheck; h != nil && h.Protocol == "TCP" {
		refuse(h.Source, "an ALB asks by HTTP or HTTPS whether a target is well, not by TCP")
	}
	if h := route.HealthCheck; h != nil && h.Statuses != "" && route.ProtocolVersion == "GRPC" {
		refuse(h.Source, "the health check of a gRPC route has no statuses of HTTP; leave statuses out")
	}
	if route.ProtocolVersion != "HTTP1" && balancer.Spec.Get("https") == nil {
		refuse(route.Source, "the route %s needs an encrypted listener for %s; give %s a certificate in https", route.Name,
			route.ProtocolVersion, balancer.ID())
	}
	if r.target.Type != Function {
		return found
	}
	if route.ProtocolVersion != "HTTP1" {
		refuse(route.Source, "a function takes requests from an ALB with protocolVersion HTTP1 only")
	}
	if route.SlowStart != nil || route.Stickiness != nil || route.Algorithm != "round_robin" {
		refuse(route.Source, "the route %s leads to a function, which has no copies for slowStart, stickiness and algorithm to choose from",
			route.Name)
	}
	return found
}

// requestSettings are the arguments of a target group that say how an ALB spreads requests.
func (r registrar) requestSettings(route ALBRoute) component.Fields {
	if r.target.Type == Function {
		return nil
	}
	fields := component.Fields{
		{Name: "DeregistrationDelay", Value: component.Int(int(route.DeregistrationDelay))},
		{Name: "LoadBalancingAlgorithmType", Value: component.If(route.Algorithm != "round_robin", component.Str(route.Algorithm))},
	}
	if route.SlowStart != nil {
		fields = append(fields, component.Field{Name: "SlowStart", Value: component.Int(int(*route.SlowStart))})
	}
	if route.Stickiness != nil {
		fields = append(fields, component.Field{Name: "Stickiness", Value: stickiness(component.Fields{
			{Name: "Type", Value: component.Str("lb_cookie")},
			{Name: "CookieDuration", Value: component.Int(int(*route.Stickiness))},
		})})
	}
	return fields
}

func stickiness(fields component.Fields) jen.Code {
	return component.Struct(component.AWS("lb", "TargetGroupStickinessArgs"), fields)
}

// names are the local variable and the last part of the name of a route's target group.
func (r registrar) names(balancer *ir.Component, route string) (local, part string) {
	return "targets" + names.Exported(balancer.Service, balancer.Name, route), names.Resource(balancer.Service, balancer.Name, route)
}

// port is the one that a route names, the first if it names none.
func (r registrar) port(name string, at diag.Position) (Port, diag.List) {
	if r.target.Type == Function {
		return Port{}, nil
	}
	for _, p := range r.target.Ports {
		if name == "" || p.Name == name {
			return p, nil
		}
	}
	return Port{}, diag.List{diag.Errorf(at, component.Code, "%s has no port to send this route to", r.ID())}
}
