// Package tracing reads what the Observability documents say of following requests, and tells under which names processes
// report themselves.
//
// X-Ray keeps sampling rules for whole accounts and regions, of which there can be few (25, unless AWS raises that). So
// components do not have one each: those with the same settings are a group, which the foundation makes one rule for.
package tracing

import (
	"maps"
	"slices"

	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// The types of tracing. None is "" too, for stacks without an Observability value.
const (
	None = "none"
	XRay = "xray"
	ADOT = "adot"
)

// Settings are how the requests to a service's components are followed.
type Settings struct {
	Type string `yaml:"type"`
	// SamplePercent is the share of requests that are followed, from 0 to 100.
	SamplePercent float64 `yaml:"samplePercent"`
	// CollectorConfig is the name of the SSM parameter with the configuration of ADOT's collector; "" for the image's own.
	CollectorConfig string        `yaml:"collectorConfigParameter"`
	Source          diag.Position `yaml:"-"`
}

// Of are the settings for the components of a service; "" is the stack's own.
func Of(stack *ir.Stack, service string) (Settings, diag.List) {
	var s Settings
	ds := spec.Decode(stack.ObservabilityOf(service).Get("tracing"), &s)
	return s, ds
}

// On tells whether requests are followed at all.
func (s Settings) On() bool { return s.Type != "" && s.Type != None }

// Share is SamplePercent as a number from 0 to 1.
func (s Settings) Share() float64 { return s.SamplePercent / 100 }

// Group are components whose requests X-Ray samples by one rule.
type Group struct {
	// Service is the service with settings of its own; "" for the stack's.
	Service  string
	Settings Settings
	// RuleName is the rule's name, of at most the 32 characters that X-Ray takes. ServiceName matches the names of all
	// components of the group and of no other group, in at most 64 characters.
	RuleName, ServiceName string
}

// Groups are the groups that X-Ray samples: the stack's first, if it has one, then those of services, sorted.
func Groups(stack *ir.Stack) ([]Group, diag.List) {
	services := append([]string{""}, slices.Sorted(maps.Keys(stack.ServiceObservability))...)
	var all []Group
	var found diag.List
	for _, service := range services {
		s, ds := Of(stack, service)
		found.Add(ds...)
		if s.Type != XRay || groupOf(stack, service) != service {
			continue
		}
		all = append(all, Group{
			Service: service, Settings: s, RuleName: names.Physical(32, stack.Name, stack.Environment, service),
			ServiceName: prefix(stack, service) + "/*",
		})
	}
	return all, found
}

// Name is the name under which a component's process reports itself: at most 190 of the 200 characters that X-Ray takes.
func Name(stack *ir.Stack, c *ir.Component) string {
	return prefix(stack, groupOf(stack, c.Service)) + "/" + c.Service + "/" + c.Name
}

// groupOf is the service that a service's group is named after: itself, or "" if it is sampled as the stack is.
func groupOf(stack *ir.Stack, service string) string {
	own, _ := Of(stack, service) // mistakes are reported by Groups
	common, _ := Of(stack, "")
	if own.Type == common.Type && own.SamplePercent == common.SamplePercent {
		return ""
	}
	return service
}

func prefix(stack *ir.Stack, service string) string {
	return names.Physical(62, stack.Name, stack.Environment, service)
}
