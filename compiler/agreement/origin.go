package agreement

import "github.com/panka-io/panka/compiler/diag"

// originRules are about what a distribution fetches from.
var originRules = []rule{
	{"CloudFront", "origins.*.component", reached},
}

// reached judges a distribution and a component that it fetches from over the internet.
func reached(w wire) diag.List {
	if balanced := w.to.Spec.Get("networking", "loadBalancer", "enabled"); w.to.Kind == "MicroService" && !on(balanced) {
		return nil // it has no address, which is reported where references are resolved
	}
	var found diag.List
	at := map[string][]string{"MicroService": {"networking", "loadBalancer"}, "ALB": {}}[w.to.Kind]
	scheme := w.to.Spec.Get(append(at, "scheme")...)
	if at != nil && text(scheme) == "internal" {
		found.Add(refuse(w.name, "%s is internal, where a distribution cannot reach it", w.to.ID()).
			WithHint("set scheme: internet-facing in %s", w.to.ID()).
			WithRelated(place(w.to, append(at, "scheme")...), "%s is made internal here", w.to.ID()))
	}
	protocol := w.entry.Get("protocol")
	plain := w.to.Kind == "MicroService" && w.to.Spec.Get("networking", "loadBalancer", "certificateArn") == nil
	switch {
	case plain && text(protocol) != "http-only":
		found.Add(refuse(w.name, "the load balancer of %s has no certificate, so that it answers HTTP only", w.to.ID()).
			WithHint("set protocol: http-only here, or networking.loadBalancer.certificateArn in %s", w.to.ID()).
			WithRelated(place(w.to, "networking", "loadBalancer"), "its load balancer"))
	case (w.to.Kind == "Lambda" || w.to.Kind == "APIGateway") && protocol != nil && text(protocol) != "https-only":
		found.Add(refuse(protocol, "%s answers HTTPS only", w.to.ID()).WithHint("leave protocol out").
			WithRelated(w.to.Source, "%s is defined here", w.to.ID()))
	}
	return found
}
