package foundation

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// What a node keeps for itself, in CPU units and MiB: for the kubelet, and for the pods of add-ons that run on each node.
const (
	keptCPU    = 512
	keptMemory = 512
)

// usualType is the smallest general-purpose machine with room for any pod of a group's components.
func (k *eks) usualType(g nodeGroup) string {
	cpu, memory := 0, 0
	for _, c := range container.OnKubernetes(k.Stack()) {
		if k.groupOf(c) == g {
			ownCPU, ownMemory := container.Size(c)
			cpu, memory = max(cpu, ownCPU), max(memory, ownMemory)
		}
	}
	return container.MachineType(cpu+keptCPU, memory+keptMemory, g.arm)
}

// checkRoom: Kubernetes would wait for ever for a node with room for a pod that none can hold.
func (k *eks) checkRoom() diag.List {
	var ds diag.List
	for _, c := range container.OnKubernetes(k.Stack()) {
		types := typesFor(k.groupOf(c).arm, k.settings.Nodes.InstanceTypes)
		cpu, memory := container.Size(c)
		if len(types) == 0 || slices.ContainsFunc(types, func(t string) bool { return container.Holds(t, cpu+keptCPU, memory+keptMemory) }) {
			continue
		}
		at := c.Source
		if v := c.Spec.Get("resources"); v != nil && v.Source.IsValid() {
			at = v.Source
		}
		ds.Add(diag.Errorf(k.place("nodes", "instanceTypes"), component.Code,
			"a node of type %s has no room for the %d CPU units and %d MiB of %s beside what it needs itself", strings.Join(types, " or "), cpu, memory, c.ID()).
			WithHint("add a larger type, or leave instanceTypes out").WithRelated(at, "%s is here", c.ID()))
	}
	return ds
}

// groupOf is the group whose nodes run a component's pods.
func (k *eks) groupOf(c *ir.Component) nodeGroup {
	g := nodeGroup{container.Architecture(c) == armImage, k.settings.Nodes.CapacityType == spotNodes}
	switch selected(c, "eks.amazonaws.com/capacityType") {
	case "SPOT":
		g.spot = true
	case "ON_DEMAND":
		g.spot = false
	}
	return g
}
