package alb

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// routes are those that the load balancer answers itself, on each listener that has the routes. The others are with the
// components that they lead to.
func (l loadBalancer) routes() {
	numbers, ds := balance.Priorities(l.Routes)
	if ds.HasErrors() {
		l.Fail(ds...)
		return
	}
	for i, route := range l.Routes {
		var action component.Fields
		switch {
		case route.Redirect != nil:
			action = balance.RedirectAction(*route.Redirect)
		case route.Response != nil:
			action = balance.ResponseAction(l.Builder, *route.Response)
		default:
			continue
		}
		for _, listener := range balance.Listeners(l.Component()) {
			part := "route-" + route.Name
			if listener.Output == balance.HTTPListener {
				part += "-http"
			}
			balance.AddRule(l.Builder, balance.Rule{
				Part: part, Listener: jen.Id(locals[listener.Output]).Dot("Arn"), Route: route, Priority: numbers[i], Action: action,
			})
		}
	}
}

// join puts the load balancer behind those for connections whose routes name it. They pass on to its first port; whether
// it is well they can only ask by HTTP, where any answer will do, as the default response may be an error.
func (l loadBalancer) join() {
	l.checkRoutes()
	port := l.ports()[0]
	health := balance.Default()
	health.Protocol, health.Path, health.Statuses = "HTTP", "/", "200-499"
	if l.HTTPS != nil {
		health.Protocol = "HTTPS"
	}
	if l.DefaultResponse.Status >= 500 {
		health.Statuses = "200-599"
	}
	for _, r := range balance.Register(l.Builder, balance.Target{
		Type: balance.Balancer, Group: group, Ports: []balance.Port{{Port: port, Protocol: "tcp"}}, Health: health,
	}) {
		// AWS takes a load balancer as a target only once it listens on the group's port.
		l.Resource(component.Resource{
			Type: "aws:lb/targetGroupAttachment:TargetGroupAttachment", Part: "behind-" + r.Group, What: "place behind " + r.Balancer,
			Source: r.Source,
			Args: component.Fields{
				{Name: "TargetGroupArn", Value: jen.Id(r.Group).Dot("Arn")},
				{Name: "TargetId", Value: jen.Id("loadBalancer").Dot("Arn")},
			},
			Options: []jen.Code{component.DependsOn(append(r.WaitFor, "listener")...)},
		})
	}
}

// checkRoutes refuses what an NLB cannot do before an ALB.
func (l loadBalancer) checkRoutes() {
	for _, ref := range balance.Registered(l.Component()) {
		for _, name := range []string{"sticky", "proxyProtocol"} {
			if v := ref.Mount.Get(name); v != nil && v.Bool {
				l.Fail(diag.Errorf(v.Source, component.Code, "%s cannot be set for a route to an ALB", name).WithHint("leave %s out", name))
			}
		}
		if v := ref.Mount.Get("preserveClientIp"); v != nil && !v.Bool {
			l.Fail(diag.Errorf(v.Source, component.Code, "an ALB always sees the client's address").WithHint("leave preserveClientIp out"))
		}
		if v := ref.Mount.Get("healthCheck", "protocol"); v != nil && v.Text.String() == "TCP" {
			l.Fail(diag.Errorf(v.Source, component.Code, "whether an ALB is well can be asked by HTTP or HTTPS only, not by TCP"))
		}
	}
}
