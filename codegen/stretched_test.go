package codegen_test

import (
	"strings"

	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/compiler/ir"
)

// stretched is a copy of the stack in which every name has 63 characters, some of them awkward for AWS. Kubernetes takes no
// name that ends in a dash, which is refused where a component runs in it.
func stretched(original *ir.Stack) *ir.Stack {
	end := "-"
	if len(container.OnKubernetes(original)) > 0 {
		end = "x"
	}
	long := func(name string) string {
		if name == "" {
			return ""
		}
		return (name + "--" + strings.Repeat("x", 63))[:62] + end
	}
	longID := func(id string) string {
		service, name, ok := strings.Cut(id, "/")
		if !ok {
			return id
		}
		return long(service) + "/" + long(name)
	}
	ids := map[string]bool{}
	for _, c := range original.Components {
		ids[c.ID()] = true
	}
	stack := *original
	stack.Name, stack.Environment = long(stack.Name), long(stack.Environment)
	stack.Components, stack.Waves = nil, nil
	for _, c := range original.Components {
		n := *c
		n.Service, n.Name = long(c.Service), long(c.Name)
		n.Spec = renamed(c.Spec, func(s string) string {
			if ids[s] {
				return longID(s)
			}
			return s
		})
		n.DependsOn, n.References = nil, nil
		for _, e := range c.DependsOn {
			n.DependsOn = append(n.DependsOn, ir.Edge{Component: longID(e.Component), Source: e.Source})
		}
		for _, r := range c.References {
			r.Component = longID(r.Component)
			n.References = append(n.References, r)
		}
		stack.Components = append(stack.Components, &n)
	}
	for _, wave := range original.Waves {
		var ids []string
		for _, id := range wave {
			ids = append(ids, longID(id))
		}
		stack.Waves = append(stack.Waves, ids)
	}
	return &stack
}
