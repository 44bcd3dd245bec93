package balance

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// A deployment that shifts requests has two target groups, one for each of two versions, and a rule that ECS turns from
// the one to the other. This rule is not the one that a rolling deployment has, and is tried just before it, so that a
// change of the strategy makes the one beside the other: whichever is there sends requests to the first group, where a
// rolling service has its copies.

// alternate is the second target group beside g.
func (g Group) alternate() Group {
	g.Var, g.Part = g.Var+"Alternate", g.Part+"-alternate"
	return g
}

// AddAlternate registers a second target group beside g, like it, and gives the local variable that holds it.
func AddAlternate(b *component.Builder, g Group) string {
	g = g.alternate()
	AddGroup(b, g)
	return g.Var
}

// Shifted makes a rule one that ECS turns between two target groups, which begins with all requests in the first. Later
// weights are ECS's: to set them back would send the requests to where no copies are.
func (r Rule) Shifted(first, second string) Rule {
	weighted := func(group string, weight int) jen.Code {
		return component.Struct(component.AWS("lb", "ListenerRuleActionForwardTargetGroupArgs"), component.Fields{
			{Name: "Arn", Value: jen.Id(group).Dot("Arn")},
			{Name: "Weight", Value: component.Int(weight)},
		})
	}
	r.Action = component.Fields{
		{Name: "Type", Value: component.Str("forward")},
		{Name: "Forward", Value: component.Struct(component.AWS("lb", "ListenerRuleActionForwardArgs"), component.Fields{
			{Name: "TargetGroups", Value: component.List(component.AWS("lb", "ListenerRuleActionForwardTargetGroupArray"),
				weighted(first, 100), weighted(second, 0))},
		})},
	}
	r.Options = []jen.Code{component.Pulumi("IgnoreChanges").Call(component.Strings("actions"))}
	return r
}

// shifted makes the second group of a route's and the rule that ECS turns.
func (r registrar) shifted(balancer *ir.Component, ref ir.Reference, g Group, rule Rule, routes []ALBRoute, numbers []int) (alternate, local string) {
	var listeners []Listener
	for _, listener := range Listeners(balancer) {
		if g.Version == "" || listener.Encrypted {
			listeners = append(listeners, listener)
		}
	}
	if len(listeners) > 1 {
		r.Fail(diag.Errorf(ref.Source, component.Code,
			"requests to %s come by two listeners of %s, and with strategy %s ECS turns those of one", r.ID(), balancer.ID(), r.target.Strategy).
			WithHint("leave out http.action: forward, so that requests without encryption are redirected"))
		return "", ""
	}
	number := rule.Priority - 1
	if i := slices.Index(numbers, number); number == 0 || i >= 0 {
		at := diag.Errorf(rule.Route.Source, component.Code,
			"the route %s has priority %d, and with strategy %s of %s needs the number before it too", rule.Route.Name, rule.Priority, r.target.Strategy, r.ID()).
			WithHint("leave numbers free between the priorities of routes")
		if i >= 0 {
			at = at.WithRelated(routes[i].Source, "this route has it")
		}
		r.Fail(at)
	}
	alternate = AddAlternate(r.Builder, g)
	rule.Var, rule.Part, rule.Priority = g.Var+"Shift", g.Part+"-shift", number
	rule.Listener, _ = r.Use(balancer.ID(), listeners[0].Output, ref.Source)
	AddRule(r.Builder, rule.Shifted(g.Var, alternate))
	return alternate, rule.Var
}
