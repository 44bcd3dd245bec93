package pod

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// size is what a container gets: CPU in units of which 1024 are one virtual CPU, memory in MiB.
type size struct{ cpu, memory int }

// CPU is an amount of CPU as Kubernetes writes it, in whole CPUs or thousandths.
func (s size) CPU() string {
	if s.cpu%1024 == 0 {
		return fmt.Sprint(s.cpu / 1024)
	}
	return fmt.Sprintf("%dm", s.cpu*1000/1024)
}

// Memory is an amount of memory as Kubernetes writes it, in the largest unit that fits.
func (s size) Memory() string {
	if s.memory%1024 == 0 {
		return fmt.Sprintf("%dGi", s.memory/1024)
	}
	return fmt.Sprintf("%dMi", s.memory)
}

// resources are what a container with the size gets, no less and no more; disk is in GiB, 0 for what the node has left.
func (s size) resources(disk int) jen.Code {
	amounts := func() jen.Code {
		return quantities(
			component.Field{Name: "cpu", Value: component.Str(s.CPU())},
			component.Field{Name: "memory", Value: component.Str(s.Memory())},
			component.Field{Name: "ephemeral-storage", Value: component.If(disk > 0, component.Str(fmt.Sprintf("%dGi", disk)))})
	}
	return typed("ResourceRequirementsArgs", component.Fields{{Name: "Requests", Value: amounts()}, {Name: "Limits", Value: amounts()}})
}

// own is what the process gets of the pod's size: what the sidecar leaves.
func (p *Pod) own() size {
	s := size{p.Spec.Resources.CPU, p.Spec.Resources.Memory}
	if p.tracing.On() {
		sidecar := p.tracing.Sidecar()
		s.cpu -= sidecar.CPU
		s.memory -= sidecar.Memory
	}
	return s
}
