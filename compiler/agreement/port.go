package agreement

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/suggest"
)

// portRules are about what load balancers and APIs send requests to.
var portRules = []rule{
	{"ALB", "routes.*.component", func(w wire) diag.List { return target(w, "port", "tcp") }},
	{"NLB", "routes.*.component", balancedConnections},
	{"APIGateway", "routes.*.service", func(w wire) diag.List { return target(w, "", "tcp") }},
}

// balancedConnections judges a route of an NLB. Its protocol decides that of the port.
func balancedConnections(w wire) diag.List {
	protocol := w.entry.Get("protocol")
	if w.to.Kind == "ALB" && protocol != nil && text(protocol) != "TCP" {
		return diag.List{refuse(protocol, "an NLB passes connections on to an ALB by protocol TCP only, not %s", text(protocol)).
			WithHint("set protocol: TCP").
			WithRelated(w.to.Source, "%s is defined here", w.to.ID())}
	}
	wanted := map[string]string{"TCP": "tcp", "TLS": "tcp", "UDP": "udp"}
	return target(w, "targetPort", wanted[text(protocol)])
}

// target judges a route to a component: it must listen on a port of the name that the route's field called by gives, or
// on any if it gives none, and of the protocol; "" is either.
func target(w wire, by, protocol string) diag.List {
	name := w.entry.Get(by)
	if w.to.Kind != "MicroService" && w.to.Kind != "EC2Instance" {
		return unnamedPorts(w, name)
	}
	ports := w.to.Spec.Get("ports")
	if ports == nil || len(ports.Items) == 0 {
		return diag.List{refuse(w.name, "%s listens on no port, so that nothing can be sent to it", w.to.ID()).
			WithHint("list its ports in spec.ports").WithRelated(w.to.Source, "%s is defined here", w.to.ID())}
	}
	port := ports.Items[0]
	if name != nil {
		i := slices.IndexFunc(ports.Items, func(p *ir.Value) bool { return text(p.Get("name")) == text(name) })
		if i < 0 {
			return unknownPort(w, name, ports)
		}
		port = ports.Items[i]
	}
	offered := port.Get("protocol")
	if protocol == "" || offered == nil || text(offered) == protocol {
		return nil
	}
	at := name
	if at == nil {
		at = w.name
	}
	return diag.List{refuse(at, "the port %s of %s is %s, and this route sends to %s ports", text(port.Get("name")), w.to.ID(),
		text(offered), protocol).
		WithHint("choose a %s port", protocol).
		WithRelated(offered.Source, "its protocol is given here")}
}

// unnamedPorts refuses the name of a port of what has none.
func unnamedPorts(w wire, name *ir.Value) diag.List {
	if name == nil {
		return nil
	}
	return diag.List{refuse(name, "the ports of kind %s have no names", w.to.Kind).
		WithHint("leave the port out").WithRelated(w.to.Source, "%s is defined here", w.to.ID())}
}

func unknownPort(w wire, name, ports *ir.Value) diag.List {
	var known []string
	for _, p := range ports.Items {
		known = append(known, text(p.Get("name")))
	}
	return diag.List{refuse(name, "%s has no port %q; it has %s", w.to.ID(), text(name), strings.Join(known, ", ")).
		WithHint("%s", suggest.Hint(text(name), known)).
		WithRelated(ports.Source, "%s lists its ports here", w.to.ID())}
}
