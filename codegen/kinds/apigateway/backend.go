package apigateway

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// backend is a listener inside the VPC by which an API reaches a service.
type backend struct {
	// component is the service.
	component *ir.Component
	// nlb tells that the service is an NLB, whose route the listener is. Otherwise it is the listener of an ALB.
	nlb      bool
	route    balance.NLBRoute
	listener balance.Listener
	port     int
	tls      encryption
}

// encryption is whether a service takes requests by HTTPS.
type encryption int

const (
	never encryption = iota
	always
	unknown // an NLB passes on what it gets, and what is behind it decides
)

// backend finds what a route to a service leads to; ok is false if nothing of the service takes requests.
func (a api) backend(r route) (found backend, ok bool) {
	target, kind := a.Target(r.Service)
	if target == nil {
		return backend{}, false
	}
	found.component = target
	if fronted, is := kind.(balance.Fronted); is {
		found.listener, ok = fronted.Front(target)
		found.port = found.listener.Port
		if found.listener.Encrypted {
			found.tls = always
		}
		return found, ok
	}
	found.nlb = true
	found.route, ok = entrance(target)
	found.port = found.route.Port
	found.tls = a.behind(found.route)
	return found, ok
}

// entrance is the route of an NLB by which an API reaches what is behind.
func entrance(c *ir.Component) (balance.NLBRoute, bool) {
	routes, _ := balance.NLBRoutes(c)
	for _, r := range routes {
		if r.Protocol == "TCP" || r.Protocol == "TLS" {
			return r, true
		}
	}
	return balance.NLBRoute{}, false
}

// behind is what a route of an NLB takes: TLS that it ends itself, or else what the component behind it takes.
func (a api) behind(r balance.NLBRoute) encryption {
	if r.Protocol == "TLS" {
		return always
	}
	target, kind := a.Target(r.Component)
	if target == nil || target.Kind != "ALB" {
		return unknown
	}
	if listener, ok := kind.(balance.Fronted).Front(target); ok && listener.Encrypted {
		return always
	}
	return never
}

// listenerARN is the code of the ARN of the backend's listener. That of an NLB comes from the component behind it.
func (a api) listenerARN(to backend, r route) jen.Code {
	owner, output := r.Service, to.listener.Output
	if to.nlb {
		owner, output = to.route.Component, balance.ListenerOutput(to.component.Service, to.component.Name, to.route.Name)
	}
	arn, _ := a.Use(owner, output, r.Source)
	return arn
}

// serverName is the argument by which an API of protocol HTTP asks by HTTPS and says which host's certificate it expects.
func serverName(r route) jen.Code {
	if r.ServerName == "" {
		return nil
	}
	return component.Struct(component.AWS("apigatewayv2", "IntegrationTlsConfigArgs"),
		component.Fields{{Name: "ServerNameToVerify", Value: component.Str(r.ServerName)}})
}
