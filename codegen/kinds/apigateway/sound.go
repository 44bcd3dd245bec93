package apigateway

import (
	"maps"
	"regexp"
	"slices"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// sound reports what AWS, or the Security document, would refuse.
func (a api) sound() bool {
	var found diag.List
	refuse := func(at diag.Position, hint, format string, args ...any) {
		found.Add(diag.Errorf(at, component.Code, format, args...).WithHint("%s", hint))
	}
	security, here := a.Stack().Security, a.Place("protocol")
	if v := security.Get("tls", "minimumVersion"); v != nil && v.Text.String() == "1.3" {
		refuse(here, "set tls.minimumVersion: \"1.2\" in the Security document",
			"an API cannot be limited to TLS 1.3, which the Security document demands")
	}
	if v := security.Get("ingress", "internetFacing"); v != nil && v.Text.String() == "deny" && !a.private() {
		refuse(a.Place("endpoint"), "use protocol REST with endpoint PRIVATE",
			"%s would be reached from the internet, which the Security document denies", a.ID())
	}
	if security.Get("ingress", "allowedCIDRs") != nil && !a.rest() {
		refuse(here, "use protocol REST", "an API of protocol HTTP cannot be limited to the addresses that the Security document allows")
	}
	if a.private() && a.Domain != nil {
		refuse(a.Place("domain"), "leave domain out", "a private API has no domain of its own here")
	}
	seen := map[string]route{}
	for _, r := range a.Routes {
		shape := r.Method + " " + parameter.ReplaceAllString(r.Path, "{}")
		if other, taken := seen[shape]; taken {
			refuse(r.Source, "take one of them out", "the routes %s and %s differ only in the name of a part of the path", other.Name, r.Name)
		}
		seen[shape] = r
		a.soundRoute(r, refuse)
	}
	a.Fail(found...)
	return !found.HasErrors()
}

// parameter is a part of a path that stands for anything; {x+} for all parts that follow is another thing.
var parameter = regexp.MustCompile(`\{[^}+]*\}`)

func (a api) soundRoute(r route, refuse func(at diag.Position, hint, format string, args ...any)) {
	if len(r.Scopes) > 0 {
		if au := a.authorizer(r); au != nil && au.JWT == nil && au.UserPoolARN == "" {
			refuse(r.Source, "leave scopes out", "the authorizer %s reads no tokens, so that the route %s can have no scopes", au.Name, r.Name)
		}
	}
	if r.Service == "" {
		return
	}
	to, ok := a.backend(r)
	switch {
	case to.component == nil: // reported already
	case ok:
		a.soundName(r, to.tls, refuse)
	case to.nlb:
		refuse(r.Source, "give it a route of protocol TCP or TLS", "%s has no route for TCP", r.Service)
	default:
		refuse(r.Source, "turn networking.loadBalancer of it on, or name an ALB or NLB with a route to it",
			"%s has no load balancer by which the API could reach it", r.Service)
	}
}

func (a api) soundName(r route, tls encryption, refuse func(at diag.Position, hint, format string, args ...any)) {
	switch {
	case tls == always && r.ServerName == "":
		refuse(r.Source, "give the host that its certificate is for as serverName", "%s takes requests by HTTPS, for which the route %s needs a serverName",
			r.Service, r.Name)
	case tls == never && r.ServerName != "":
		refuse(r.Source, "leave serverName out", "%s takes requests without encryption, so that the route %s has no serverName to check", r.Service, r.Name)
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
