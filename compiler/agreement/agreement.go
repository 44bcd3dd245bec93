// Package agreement checks what must hold between two components that are each sound by themselves.
//
// A topic may name a queue, and both may be what their kinds allow; yet AWS refuses to deliver from a standard topic to a
// FIFO queue. Such rules stand here, each as an entry of a table: the kind and the field that names the other component,
// and what to judge of the two (fifo.go, queue.go, port.go, bucket.go, origin.go). Rules about all volumes that are mounted
// into one component are in mount.go, the one about the users of all MemoryDB clusters is in memoryuser.go, the one about
// the NLBs in front of an ALB in relay.go.
//
// What holds within one component the schema says, and whether the named component exists and is of the right kind is
// said by package reference; here, what is not known is passed over. Every finding is an "incompatible-components"
// error at a place of the component that uses the other one, or of the volume, with the place of the other side related.
package agreement

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// code is that of every finding.
const code = "incompatible-components"

// Check checks the components of a stack against each other. Their references have been resolved, and their specs have
// passed the schema and have its defaults.
func Check(components []*ir.Component) diag.List {
	byID := make(map[string]*ir.Component, len(components))
	for _, c := range components {
		byID[c.ID()] = c
	}
	var found diag.List
	for _, c := range components {
		for _, r := range rules {
			if r.kind == c.Kind {
				found.Add(r.check(c, byID)...)
			}
		}
		found.Add(checkMounts(c, byID)...)
	}
	found.Add(checkMemoryUsers(components)...)
	found.Add(checkRelays(components, byID)...)
	return found
}

// rule is what must hold between a component of a kind and those that one of its fields names.
type rule struct {
	kind  string
	field string // below spec, with * for the items of a list, such as routes.*.component
	judge func(w wire) diag.List
}

// rules are all of them, by the kind that names the other component.
var rules = slices.Concat(fifoRules, queueRules, portRules, bucketRules, originRules)

// wire is one use of a component by another.
type wire struct {
	from, to *ir.Component
	// name is where from names to, and entry the mapping or list that it stands in.
	entry, name *ir.Value
}

func (r rule) check(c *ir.Component, byID map[string]*ir.Component) diag.List {
	var found diag.List
	c.Spec.Each(strings.Split(r.field, "."), func(entry, name *ir.Value) {
		if to := byID[text(name)]; to != nil && to != c {
			found.Add(r.judge(wire{from: c, to: to, entry: entry, name: name})...)
		}
	})
	c.Template.Cite(found)
	return found
}

// refuse is a finding at the place of a value.
func refuse(at *ir.Value, format string, args ...any) diag.Diagnostic {
	return diag.Errorf(at.Source, code, format, args...)
}

// text is a value's text; "" for what is no text or has variables.
func text(v *ir.Value) string {
	if v == nil || v.Kind != ir.String {
		return ""
	}
	s, _ := v.Text.Static()
	return s
}

// on tells whether a value is true.
func on(v *ir.Value) bool { return v != nil && v.Bool }

// off tells whether a value is false.
func off(v *ir.Value) bool { return v != nil && v.Kind == ir.Bool && !v.Bool }
