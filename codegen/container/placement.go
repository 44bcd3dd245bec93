package container

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/ir"
)

// OnMachines are the components of a stack whose containers the cluster's own machines run, sorted by ID. Those that keep data on a
// volume of a machine bring machines of their own.
func OnMachines(stack *ir.Stack) []*ir.Component {
	var all []*ir.Component
	for _, c := range stack.Components {
		if textAt(c, "runtime", "platform") == EC2 && textAt(c, "storage", "type") != "ebs" {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b *ir.Component) int { return strings.Compare(a.ID(), b.ID()) })
	return all
}

// OnKubernetes are the components of a stack that run in its EKS cluster, sorted by ID.
func OnKubernetes(stack *ir.Stack) []*ir.Component {
	var all []*ir.Component
	for _, c := range stack.Components {
		if RunsOnKubernetes(c) {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b *ir.Component) int { return strings.Compare(a.ID(), b.ID()) })
	return all
}

// RunsOnKubernetes tells whether a component runs in the stack's EKS cluster.
func RunsOnKubernetes(c *ir.Component) bool { return textAt(c, "runtime", "platform") == EKS }

// OnFargateSpot tells whether a component of the stack wants spare capacity of Fargate.
func OnFargateSpot(stack *ir.Stack) bool {
	return slices.ContainsFunc(stack.Components, func(c *ir.Component) bool {
		spot := c.Spec.Get("runtime", "spot")
		return spot != nil && spot.Bool && textAt(c, "runtime", "platform") == Fargate
	})
}

// Platform is what runs a component's containers, as the YAML writes it.
func Platform(c *ir.Component) string { return textAt(c, "runtime", "platform") }

// Architecture is that of a component's images, as the YAML writes it.
func Architecture(c *ir.Component) string {
	if own := textAt(c, "runtime", "architecture"); own != "" {
		return own
	}
	return "x86_64"
}

// Size is what one copy of a component's container gets: CPU units and MiB of memory.
func Size(c *ir.Component) (cpu, memory int) {
	number := func(field string) int {
		if v := c.Spec.Get("resources", field); v != nil && v.Kind == ir.Number {
			return int(v.Number)
		}
		return 0
	}
	return number("cpu"), number("memory")
}

func textAt(c *ir.Component, path ...string) string {
	if v := c.Spec.Get(path...); v != nil && v.Kind == ir.String {
		return v.Text.String()
	}
	return ""
}
