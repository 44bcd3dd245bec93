package compiler

import (
	"context"

	"github.com/panka-io/panka/compiler/agreement"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/graph"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/layer"
	"github.com/panka-io/panka/compiler/reference"
	"github.com/panka-io/panka/compiler/source"
)

// layLayers indexes the documents of known kinds and merges them.
func (c *compilation) layLayers() {
	var known []*source.Document
	for _, doc := range c.documents {
		if c.known(doc) {
			known = append(known, doc)
		}
	}
	index, problems := layer.NewIndex(known, c.Environment, c.rules)
	c.report(problems...)
	c.index = index
	c.layers, problems = layer.Lay(index, c.unread, c.templatesUnread)
	c.report(problems...)
	file := "stacks/" + c.Stack + "/stack.yaml"
	if !c.layers.Source.IsValid() && !c.flawed[file] {
		c.report(diag.Errorf(diag.Position{}, "missing-stack", "stack %q has no document of kind Stack", c.Stack).
			WithHint("it belongs in %s", file))
	}
}

// resolveReferences connects the components with each other and with those of other stacks.
func (c *compilation) resolveReferences(ctx context.Context) {
	for _, k := range c.components {
		c.stack.Components = append(c.stack.Components, k.result)
	}
	others := &neighbours{ctx: ctx, of: c, known: map[string]*neighbour{}}
	c.report(reference.Resolve(c.connectable(), c.rules, others.find)...)
	c.stack.Foreign = others.used(c.stack.Components)
}

// checkAgreement compares components that use each other, as far as they are sound themselves.
func (c *compilation) checkAgreement() {
	var sound []*ir.Component
	for _, k := range c.components {
		if k.sound {
			sound = append(sound, k.result)
		}
	}
	c.report(agreement.Check(sound)...)
}

// connectable is the stack as references see it.
func (c *compilation) connectable() reference.Stack {
	s := reference.Stack{Name: c.Stack, Absent: reference.Absent{Removed: c.layers.Removed, Unread: c.unread}}
	for _, k := range c.components {
		s.Components = append(s.Components, k.result)
	}
	return s
}

// placeInWaves orders the components.
func (c *compilation) placeInWaves() {
	waves, problems := graph.Waves(c.stack.Components)
	c.report(problems...)
	c.stack.Waves = waves
}
