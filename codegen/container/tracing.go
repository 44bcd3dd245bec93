package container

import (
	"slices"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/tracing"
)

// sidecar is what stands beside the process and hands its traces to X-Ray. Containers of a task share the loopback
// interface, so no port is opened.
type sidecar struct {
	image string
	// cpu is in CPU units, memory in MiB; memory is what is kept free for it, not a limit.
	cpu, memory int
	command     []string
	// actions are what it does with X-Ray.
	actions []string
}

// sidecars are by type of tracing. The process of xray asks X-Ray, by way of the daemon, what to sample; ADOT's samples by
// itself.
var sidecars = map[string]sidecar{
	tracing.XRay: {
		// The tag is that of a release: https://github.com/aws/aws-xray-daemon/blob/master/CHANGELOG.md
		image: "public.ecr.aws/xray/aws-xray-daemon:3.6.6", cpu: 32, memory: 64,
		actions: []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"},
	},
	tracing.ADOT: {
		// The tag is that of a release: https://github.com/aws-observability/aws-otel-collector/releases
		image: "public.ecr.aws/aws-observability/aws-otel-collector:v0.48.0", cpu: 64, memory: 128,
		command: []string{"--config=/etc/ecs/ecs-xray.yaml"}, // of the image: OTLP in, X-Ray out, no metrics
		actions: []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"},
	},
}

// trace finds out how requests are followed and tells the process. What the YAML sets itself stays as it is.
func (t *Task) trace() {
	settings, ds := tracing.Of(t.Stack(), t.Component().Service)
	t.Fail(ds...)
	if t.tracing = settings; !settings.On() {
		return
	}
	name := tracing.Name(t.Stack(), t.Component())
	if settings.Type == tracing.XRay {
		t.tell("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000")
		t.tell("AWS_XRAY_TRACING_NAME", name)
		return
	}
	t.tell("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
	t.tell("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
	t.tell("OTEL_SERVICE_NAME", name)
	t.tell("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
	t.tell("OTEL_TRACES_SAMPLER_ARG", strconv.FormatFloat(settings.Share(), 'f', -1, 64))
}

// tell sets an environment variable unless the YAML does.
func (t *Task) tell(name, value string) {
	if !slices.ContainsFunc(t.Spec.Environment, func(v Variable) bool { return v.Name == name }) &&
		!slices.ContainsFunc(t.Spec.Secrets, func(s Secret) bool { return s.Variable() == name }) {
		t.Variables = append(t.Variables, EnvVar{Name: name, Value: jen.Lit(value)})
	}
}

// sendTraces is what the sidecar may do, by the task's role. X-Ray has no resources that these actions could name.
func (t *Task) sendTraces() []iam.Statement {
	if !t.tracing.On() {
		return nil
	}
	return []iam.Statement{{
		Sid: "Tracing", Actions: sidecars[t.tracing.Type].actions, Resources: []jen.Code{jen.Lit("*")},
	}}
}

// readCollectorConfig is the statement by which ECS may hand the collector its configuration.
func (t *Task) readCollectorConfig() []iam.Statement {
	if t.tracing.CollectorConfig == "" {
		return nil
	}
	return []iam.Statement{{
		Sid: "CollectorConfig", Actions: []string{"ssm:GetParameters"}, Resources: []jen.Code{t.collectorConfig()},
	}}
}

func (t *Task) collectorConfig() jen.Code {
	return t.AccountARN("ssm", "parameter"+t.tracing.CollectorConfig)
}

// tracer is the name of the sidecar.
func (t *Task) tracer() string { return t.Component().Name + "-tracing" }

// tracingContainer is the sidecar's definition. The task goes on if it fails: a service without traces is better than none.
func (t *Task) tracingContainer() jen.Code {
	s := sidecars[t.tracing.Type]
	fields := component.Fields{
		{Name: "name", Value: jen.Lit(t.tracer())},
		{Name: "image", Value: jen.Lit(s.image)},
		{Name: "essential", Value: jen.False()},
		{Name: "cpu", Value: jen.Lit(s.cpu)},
		{Name: "memoryReservation", Value: jen.Lit(s.memory)},
	}
	if t.tracing.CollectorConfig != "" {
		// The collector prefers this variable to any file, so that no command is needed.
		fields = append(fields, component.Field{Name: "secrets", Value: objects([]jen.Code{
			entry(pair("name", jen.Lit("AOT_CONFIG_CONTENT")), pair("valueFrom", t.collectorConfig())),
		})})
	} else {
		fields = append(fields, component.Field{Name: "command", Value: component.If(len(s.command) > 0, component.Strings(s.command...))})
	}
	return component.Element(append(fields,
		component.Field{Name: "environment", Value: objects([]jen.Code{
			entry(pair("name", jen.Lit("AWS_REGION")), pair("value", jen.Lit(t.Stack().Region))),
		})},
		component.Field{Name: "logConfiguration", Value: t.logTo(t.tracer())}))
}
