package container

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// watched are the alarms that undo a rollout. They are named and not referred to: the alarms measure the service and so
// are made after it, and ECS looks at them by name. That of too few copies is not among them, as a rollout may have
// fewer.
func (s *Service) watched() jen.Code {
	names := s.watchedNames()
	if len(names) == 0 {
		return nil
	}
	var texts []jen.Code
	for _, name := range names {
		texts = append(texts, component.Str(name))
	}
	return component.Struct(component.AWS("ecs", "ServiceAlarmsArgs"), component.Fields{
		{Name: "AlarmNames", Value: component.List(component.Pulumi("StringArray"), texts...)},
		{Name: "Enable", Value: component.Bool(true)},
		{Name: "Rollback", Value: component.Bool(true)},
	})
}

// watchedNames are their names in AWS.
func (s *Service) watchedNames() []string {
	if len(s.Deployment.Alarms) == 0 {
		return nil
	}
	source := s.Place("deployment", "alarms")
	if !alarm.For(s.Builder).Enabled {
		s.Fail(diag.Errorf(source, component.Code, "no rollout of %s can be undone by an alarm: it has none", s.ID()).
			WithHint("turn alarms on in the Observability document, or leave deployment.alarms out"))
		return nil
	}
	var names []string
	for _, name := range slices.Compact(slices.Sorted(slices.Values(s.Deployment.Alarms))) {
		parts := s.alarmParts(name)
		if len(parts) == 0 {
			s.Fail(diag.Errorf(source, component.Code, "%s has no alarm %s, as no load balancer sends it requests that would count", s.ID(), name).
				WithHint("give it a load balancer, or watch cpu and memory only"))
		}
		for _, part := range parts {
			names = append(names, alarm.Name(s.Builder, part))
		}
	}
	return names
}

// alarmParts are the parts of the alarms that go by a name: one of the service, or one of each load balancer.
func (s *Service) alarmParts(name string) []string {
	if name == "cpu" || name == "memory" {
		return []string{name}
	}
	var parts []string
	for _, t := range s.Targets {
		if t.Application || name == "unhealthy" {
			parts = append(parts, t.AlarmPart(name))
		}
	}
	return parts
}
