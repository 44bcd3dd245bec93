// Package eventbridge generates EventBridge: an event bus of the component's own, or the account's default one, with rules
// that pass events on.
//
// Targets are other components, on which the bus depends. The policy of a queue or topic lets a rule send before the rule
// exists, as its name follows from the component; for a function the permission stands here; another bus is reached and a
// task started by a role, which may do nothing else. Rules by the clock stand on the default bus, as no other knows time.
package eventbridge

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// principal is EventBridge, in policies of others.
const principal = "events.amazonaws.com"

// Kind is the generator of EventBridge.
type Kind struct{}

// Name is EventBridge.
func (Kind) Name() string { return "EventBridge" }

// Outputs are the bus's name and ARN.
func (Kind) Outputs(*ir.Component) []component.Output {
	return []component.Output{{Name: "busArn", Type: component.StringOutput}, {Name: "busName", Type: component.StringOutput}}
}

// ARN is the bus's.
func (Kind) ARN(stack *ir.Stack, c *ir.Component) (service, resource string) {
	return "events", "event-bus/" + busName(stack, c)
}

// OwnKey is the key of the YAML.
func (Kind) OwnKey(c *ir.Component) ir.Text {
	if key := c.Spec.Get("bus", "kmsKeyArn"); key != nil {
		return key.Text
	}
	return nil
}

// Sends is what rules send to a queue or topic: events, and those that could not be delivered elsewhere.
func (Kind) Sends(stack *ir.Stack, c *ir.Component, to string) []component.Sending {
	s, ds := decode(c)
	if ds.HasErrors() {
		return nil // Generate reports them
	}
	var all []component.Sending
	for _, r := range s.Rules {
		for _, t := range r.Targets {
			if t.Component == to || t.DeadLetterQueue == to {
				all = append(all, component.Sending{Principal: principal, Service: "events", Resource: ruleResource(stack, c, r)})
				break
			}
		}
	}
	return all
}

// Grants let send events. EventBridge itself uses the bus's key.
func (Kind) Grants(_ *ir.Component, access string) []component.Grant {
	if access == "read" {
		return nil // a bus has nothing to read: it sends
	}
	return []component.Grant{{Actions: []string{"events:PutEvents"}, On: []component.Target{{Output: "busArn"}}}}
}

// defaultBus is the account's own bus.
const defaultBus = "default"

// busName is the default bus's, the one in the YAML or the component's own.
func busName(stack *ir.Stack, c *ir.Component) string {
	if use := c.Spec.Get("bus", "use"); use != nil && use.Text.String() == defaultBus {
		return defaultBus
	}
	if name := c.Spec.Get("bus", "name"); name != nil {
		return name.Text.String()
	}
	return component.PhysicalName(256, stack, c, "")
}

func ruleName(stack *ir.Stack, c *ir.Component, r rule) string {
	return component.PhysicalName(64, stack, c, r.Name)
}

// ruleResource is the resource part of a rule's ARN, which names the bus unless it is the default one.
func ruleResource(stack *ir.Stack, c *ir.Component, r rule) string {
	name := ruleName(stack, c, r)
	if bus := busName(stack, c); bus != defaultBus && r.Schedule == "" {
		return "rule/" + bus + "/" + name
	}
	return "rule/" + name
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	e := bus{Builder: b, specification: s}
	if !e.check() {
		return
	}
	e.main()
	e.policy()
	e.archive()
	e.discover()
	e.senderRole()
	e.starterRole()
	for _, r := range s.Rules {
		e.rule(r)
	}
	e.alarms()
	b.Output("busName", e.name())
	b.Output("busArn", e.arn())
}

// name is the code of the bus's name, and arn that of its ARN.
func (e bus) name() jen.Code {
	if e.isDefault() {
		return component.Str(defaultBus)
	}
	return jen.Id("bus").Dot("Name")
}

func (e bus) arn() jen.Code {
	if e.isDefault() {
		return e.AccountARN("events", "event-bus/"+defaultBus)
	}
	return jen.Id("bus").Dot("Arn")
}

func (e bus) isDefault() bool { return e.Bus.Use == defaultBus }
