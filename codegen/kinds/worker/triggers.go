package worker

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// addresses are the environment variables that tell the process where its triggers are. One that the YAML sets too is
// reported: ECS would take either.
func (s specification) addresses(b *component.Builder) []container.EnvVar {
	var all []container.EnvVar
	taken := map[string]string{}
	for _, v := range s.Environment {
		taken[v.Name] = "spec.environment"
	}
	for _, secret := range s.Secrets {
		taken[secret.Variable()] = "spec.secrets"
	}
	for _, t := range s.Triggers {
		for _, v := range t.variables(b) {
			if by := taken[v.Name]; by != "" {
				b.Fail(diag.Errorf(t.Source, component.Code, "the trigger %s sets the environment variable %s, which %s sets too", t.Name, v.Name, by).
					WithHint("give the trigger another envVar, or leave %s out there", v.Name))
			}
			taken[v.Name] = "the trigger " + t.Name
			all = append(all, v)
		}
	}
	return all
}

func (t trigger) variables(b *component.Builder) []container.EnvVar {
	prefix := strings.ToUpper(strings.ReplaceAll(t.Name, "-", "_"))
	name := func(suffix string) string {
		if t.EnvVar != "" {
			return t.EnvVar
		}
		return prefix + suffix
	}
	from := func(name, id, output string) []container.EnvVar {
		return []container.EnvVar{{Name: name, From: b.UseText(id, output, t.Source)}}
	}
	switch {
	case t.Queue != "":
		return from(name("_URL"), t.Queue, "url")
	case t.Stream != "":
		return from(name("_STREAM_ARN"), t.Stream, "streamArn")
	default:
		group := t.Kafka.ConsumerGroup
		if group == "" {
			group = b.Component().Name
		}
		return append(from(name("_BROKERS"), t.Kafka.Component, "bootstrapBrokers"),
			container.EnvVar{Name: prefix + "_TOPIC", Text: ir.Literal(t.Kafka.Topic)},
			container.EnvVar{Name: prefix + "_CONSUMER_GROUP", Text: ir.Literal(group)})
	}
}

// queues are those among the triggers, each once.
func (s specification) queues() []container.Queue {
	var all []container.Queue
	for _, t := range s.Triggers {
		known := slices.ContainsFunc(all, func(q container.Queue) bool { return q.Component == t.Queue })
		if t.Queue != "" && !known {
			all = append(all, container.Queue{Component: t.Queue, Source: t.Source})
		}
	}
	return all
}
