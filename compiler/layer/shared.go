package layer

import (
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Shared are the merged specs of the documents about what components have in common.
type Shared struct {
	// Network, Security and Observability are those of the stack; never nil.
	Network, Security, Observability *ir.Value
	// ServiceObservability holds, for each service with Observability documents of its own, these laid over the stack's.
	ServiceObservability map[string]*ir.Value
}

// layShared merges the stack's Networking, Security and Observability, and the services' Observability. standing is the
// place of what no document sets.
func layShared(x *Index, standing diag.Position) (Shared, diag.List) {
	var ds diag.List
	s := Shared{ServiceObservability: map[string]*ir.Value{}}
	s.Network = layOfStack(x, kindNetworking, standing)
	s.Security = layOfStack(x, kindSecurity, standing)
	s.Observability = layOfStack(x, kindObservability, standing)
	for _, e := range x.all(kindObservability, "*") {
		if e.base == nil || e.service == "" {
			continue
		}
		below := s.ServiceObservability[e.service]
		if below == nil {
			below = s.Observability
		}
		s.ServiceObservability[e.service] = orEmpty(Merge(below, e.merged(specOf)), e.base.Pos)
	}
	ds.Add(x.onlyOfStack(kindNetworking, "networking-place", "a service cannot have a network of its own",
		"configure the network in the stack's infra folder")...)
	ds.Add(x.onlyOfStack(kindSecurity, "security-place", "a service cannot have a Security of its own",
		"what protects the stack belongs in the stack's infra folder")...)
	return s, ds
}

// layOfStack merges the stack's documents of a kind.
func layOfStack(x *Index, kind string, standing diag.Position) *ir.Value {
	v := emptyMap(standing)
	for _, e := range x.all(kind, "") {
		if e.base != nil { // without one it is reported as an overlay without target
			v = orEmpty(Merge(v, e.merged(specOf)), e.base.Pos)
		}
	}
	return v
}

// onlyOfStack reports the documents of a kind that a service has and only the stack can have.
func (x *Index) onlyOfStack(kind, code, message, hint string) diag.List {
	var ds diag.List
	for _, e := range x.all(kind, "*") {
		if e.base != nil && e.service != "" {
			ds.Add(diag.Errorf(e.base.Pos, code, "%s", message).WithHint("%s", hint))
		}
	}
	return ds
}
