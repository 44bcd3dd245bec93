package container

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/tracing"
	"github.com/panka-io/panka/compiler/ir"
)

// trace finds out how requests are followed and tells the process.
func (t *Task) trace() {
	t.tracing = TracingOf(t.Builder)
	t.Variables = append(t.Variables, t.Spec.Tracing(t.Builder, t.tracing)...)
}

// TracingOf is how the requests to the component that is being generated are followed.
func TracingOf(b *component.Builder) tracing.Settings {
	settings, ds := tracing.Of(b.Stack(), b.Component().Service)
	b.Fail(ds...)
	return settings
}

// Tracing are the environment variables that tell the process how requests are followed, but for those that the YAML sets
// itself.
func (s Spec) Tracing(b *component.Builder, settings tracing.Settings) []EnvVar {
	var all []EnvVar
	for _, v := range settings.Variables(b.Stack(), b.Component()) {
		if !slices.ContainsFunc(s.Environment, func(own Variable) bool { return own.Name == v.Name }) &&
			!slices.ContainsFunc(s.Secrets, func(own Secret) bool { return own.Variable() == v.Name }) {
			all = append(all, EnvVar{Name: v.Name, Text: ir.Literal(v.Value)})
		}
	}
	return all
}

// sendTraces is what the sidecar may do, by the process's role.
func sendTraces(settings tracing.Settings) []iam.Statement {
	if !settings.On() {
		return nil
	}
	return []iam.Statement{{Sid: "Tracing", Actions: settings.Sidecar().Actions, Resources: []jen.Code{jen.Lit("*")}}}
}

// CollectorConfig is the code of the ARN of the parameter with the collector's configuration.
func CollectorConfig(b *component.Builder, settings tracing.Settings) jen.Code {
	return b.AccountARN("ssm", "parameter"+settings.CollectorConfig)
}

// ReadCollectorConfig is the statement by which whoever starts the collector may hand it its configuration.
func ReadCollectorConfig(b *component.Builder, settings tracing.Settings, actions ...string) []iam.Statement {
	if settings.CollectorConfig == "" {
		return nil
	}
	return []iam.Statement{{Sid: "CollectorConfig", Actions: actions, Resources: []jen.Code{CollectorConfig(b, settings)}}}
}

// tracer is the name of the sidecar.
func (t *Task) tracer() string { return t.Component().Name + "-tracing" }

// tracingContainer is the sidecar's definition. The task goes on if it fails: a service without traces is better than none.
// Its memory is what is kept free for it, not a limit.
func (t *Task) tracingContainer() jen.Code {
	s := t.tracing.Sidecar()
	fields := component.Fields{
		{Name: "name", Value: jen.Lit(t.tracer())},
		{Name: "image", Value: jen.Lit(s.Image)},
		{Name: "essential", Value: jen.False()},
		{Name: "cpu", Value: jen.Lit(s.CPU)},
		{Name: "memoryReservation", Value: jen.Lit(s.Memory)},
	}
	if t.tracing.CollectorConfig != "" {
		fields = append(fields, component.Field{Name: "secrets", Value: objects([]jen.Code{
			entry(pair("name", jen.Lit(tracing.CollectorConfigVariable)), pair("valueFrom", CollectorConfig(t.Builder, t.tracing))),
		})})
	}
	return component.Element(append(fields,
		component.Field{Name: "command", Value: component.If(len(s.Command) > 0, component.Strings(s.Command...))},
		component.Field{Name: "environment", Value: objects([]jen.Code{
			entry(pair("name", jen.Lit("AWS_REGION")), pair("value", jen.Lit(t.Stack().Region))),
		})},
		component.Field{Name: "logConfiguration", Value: t.logTo(t.tracer())}))
}
