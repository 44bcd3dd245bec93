package agreement

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// maxRelays is how many NLBs AWS lets an ALB be behind.
const maxRelays = 2

// relay is an NLB in front of an ALB, with the place that puts it there: one of the stack's, or one that an API of
// protocol REST brings along.
type relay struct {
	name string
	at   diag.Position
}

// checkRelays counts the NLBs in front of each ALB, also of those that a MicroService brings along.
func checkRelays(components []*ir.Component, byID map[string]*ir.Component) diag.List {
	relays := map[string][]relay{}
	add := func(alb string, r relay) {
		if !slices.ContainsFunc(relays[alb], func(other relay) bool { return other.name == r.name }) {
			relays[alb] = append(relays[alb], r)
		}
	}
	for _, c := range components {
		for _, ref := range c.References {
			to := byID[ref.Component]
			switch {
			case to == nil || ref.Stack != "":
			case c.Kind == "ALB" && ref.Mount != nil && to.Kind == "NLB":
				add(c.ID(), relay{to.ID(), ref.Source})
			case c.Kind == "APIGateway" && text(c.Spec.Get("protocol")) == "REST" && ref.Output == "" && (to.Kind == "ALB" || to.Kind == "MicroService"):
				add(to.ID(), relay{c.ID(), ref.Source})
			}
		}
	}
	var found diag.List
	for _, c := range components {
		all := relays[c.ID()]
		if len(all) <= maxRelays {
			continue
		}
		var names []string
		for _, r := range all {
			names = append(names, r.name)
		}
		found.Add(diag.Errorf(all[maxRelays].at, code, "the ALB of %s would be behind %d NLBs (%s), and AWS allows %d", c.ID(), len(all),
			strings.Join(names, ", "), maxRelays).
			WithHint("an API of protocol REST puts one in front of it; use protocol HTTP, or a route to an NLB of the stack").
			WithRelated(c.Source, "%s is defined here", c.ID()))
	}
	return found
}
