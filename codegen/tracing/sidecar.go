package tracing

import (
	"strconv"

	"github.com/panka-io/panka/compiler/ir"
)

// Sidecar is what stands beside a process in a container of its own and hands the process's traces to X-Ray. The two share
// the loopback interface, so no port is opened.
type Sidecar struct {
	Image string
	// CPU is in CPU units, Memory in MiB.
	CPU, Memory int
	// Command is nil for the image's own, which a configuration given as CollectorConfig needs.
	Command []string
	// Actions are what it does with X-Ray, by the process's role. X-Ray has no resources that they could name.
	Actions []string
}

// CollectorConfigVariable is the environment variable by which ADOT's collector takes its configuration, before any file.
const CollectorConfigVariable = "AOT_CONFIG_CONTENT"

// sidecars are by type of tracing. The process of xray asks X-Ray, by way of the daemon, what to sample; ADOT's samples by
// itself.
var sidecars = map[string]Sidecar{
	XRay: {
		// The tag is that of a release: https://github.com/aws/aws-xray-daemon/blob/master/CHANGELOG.md
		Image: "public.ecr.aws/xray/aws-xray-daemon:3.6.6", CPU: 32, Memory: 64,
		Actions: []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"},
	},
	ADOT: {
		// The tag is that of a release: https://github.com/aws-observability/aws-otel-collector/releases
		Image: "public.ecr.aws/aws-observability/aws-otel-collector:v0.48.0", CPU: 64, Memory: 128,
		Command: []string{"--config=/etc/ecs/ecs-xray.yaml"}, // of the image: OTLP in, X-Ray out, no metrics
		Actions: []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"},
	},
}

// Sidecar is the one that the settings need; they must be On.
func (s Settings) Sidecar() Sidecar {
	sidecar := sidecars[s.Type]
	if s.CollectorConfig != "" {
		sidecar.Command = nil
	}
	return sidecar
}

// Variable is an environment variable of a process.
type Variable struct{ Name, Value string }

// Variables tell a component's process where the sidecar is and how to report itself; none if the settings are not On.
func (s Settings) Variables(stack *ir.Stack, c *ir.Component) []Variable {
	switch s.Type {
	case XRay:
		return []Variable{
			{"AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000"},
			{"AWS_XRAY_TRACING_NAME", Name(stack, c)},
		}
	case ADOT:
		return []Variable{
			{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"},
			{"OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"},
			{"OTEL_SERVICE_NAME", Name(stack, c)},
			{"OTEL_TRACES_SAMPLER", "parentbased_traceidratio"},
			{"OTEL_TRACES_SAMPLER_ARG", strconv.FormatFloat(s.Share(), 'f', -1, 64)},
		}
	}
	return nil
}
