package eventbridge

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/runtask"
)

// senderRole is the role with which rules send to other buses.
func (e bus) senderRole() {
	var buses []jen.Code
	for _, t := range e.targets(func(kind component.Kind) bool { return kind.Name() == "EventBridge" }) {
		buses = append(buses, e.UseText(t.Component, "busArn", t.Source))
	}
	if len(buses) == 0 {
		return
	}
	e.role("senderRole", "maySend", "sender", "sending to other buses",
		iam.Statement{Actions: []string{"events:PutEvents"}, Resources: buses})
}

// starterRole is the role with which rules start tasks.
func (e bus) starterRole() {
	var tasks []runtask.Task
	for _, t := range e.targets(isTask) {
		tasks = append(tasks, runtask.Of(e.Builder, t.Component, t.Source))
	}
	if len(tasks) > 0 {
		e.role("starterRole", "mayStart", "starter", "starting tasks", runtask.Statements(e.Builder, tasks...)...)
	}
}

// targets are the first target for each component of certain kinds.
func (e bus) targets(of func(component.Kind) bool) []target {
	var all []target
	for _, r := range e.Rules {
		for _, t := range r.Targets {
			_, kind := e.Target(t.Component)
			known := slices.ContainsFunc(all, func(other target) bool { return other.Component == t.Component })
			if kind != nil && of(kind) && !known {
				all = append(all, t)
			}
		}
	}
	return all
}

// role registers a role of EventBridge, with the local variables of it and of its policy.
func (e bus) role(local, policy, part, purpose string, statements ...iam.Statement) {
	iam.AddRole(e.Builder, iam.Role{
		Var: local, Part: part, What: "role for " + purpose, Trust: iam.TrustServices(principal), Source: e.Place("rules"),
	})
	iam.AddPolicy(e.Builder, iam.Policy{
		Var: policy, Part: part, What: "policy for " + purpose, Role: local, Source: e.Place("rules"), Statements: statements,
	})
}
