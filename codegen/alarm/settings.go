package alarm

import (
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Settings are what the Observability document says about alarms.
type Settings struct {
	Enabled    bool     `yaml:"enabled"`
	TopicARN   string   `yaml:"topicArn"`
	Emails     []string `yaml:"emails"`
	NotifyOK   bool     `yaml:"notifyOK"`
	Evaluation struct {
		Period     spec.Seconds `yaml:"period"`
		Datapoints int          `yaml:"datapoints"`
		Periods    int          `yaml:"periods"`
	} `yaml:"evaluation"`
	Thresholds Thresholds `yaml:"thresholds"`
}

// Thresholds are the values from which on a metric is bad, by sort of component.
type Thresholds struct {
	Compute struct {
		CPUPercent    float64 `yaml:"cpuPercent"`
		MemoryPercent float64 `yaml:"memoryPercent"`
	} `yaml:"compute"`
	HTTP struct {
		Error5xxPercent  float64 `yaml:"error5xxPercent"`
		LatencyP95Millis int     `yaml:"latencyP95Millis"`
		UnhealthyTargets int     `yaml:"unhealthyTargets"`
	} `yaml:"http"`
	Function struct {
		ErrorPercent    float64 `yaml:"errorPercent"`
		Throttles       int     `yaml:"throttles"`
		DurationPercent float64 `yaml:"durationPercent"`
	} `yaml:"function"`
	Database struct {
		CPUPercent         float64      `yaml:"cpuPercent"`
		FreeStoragePercent float64      `yaml:"freeStoragePercent"`
		ConnectionsPercent float64      `yaml:"connectionsPercent"`
		ReplicaLag         spec.Seconds `yaml:"replicaLag"`
	} `yaml:"database"`
	Table struct {
		ThrottledRequests int `yaml:"throttledRequests"`
		SystemErrors      int `yaml:"systemErrors"`
	} `yaml:"table"`
	Cache struct {
		CPUPercent    float64 `yaml:"cpuPercent"`
		MemoryPercent float64 `yaml:"memoryPercent"`
		Evictions     int     `yaml:"evictions"`
	} `yaml:"cache"`
	Queue struct {
		OldestMessageAge spec.Seconds `yaml:"oldestMessageAge"`
		DeadLetters      int          `yaml:"deadLetters"`
	} `yaml:"queue"`
	Stream struct {
		CPUPercent                float64 `yaml:"cpuPercent"`
		DiskPercent               float64 `yaml:"diskPercent"`
		UnderReplicatedPartitions int     `yaml:"underReplicatedPartitions"`
	} `yaml:"stream"`
	Delivery struct {
		Failures int `yaml:"failures"`
	} `yaml:"delivery"`
}

// SettingsOf are the settings for the components of a service; "" is the stack's own. Without an Observability value,
// as in tests that make stacks by hand, there are no alarms.
func SettingsOf(stack *ir.Stack, service string) (Settings, diag.List) {
	var s Settings
	ds := spec.Decode(stack.ObservabilityOf(service).Get("alarms"), &s)
	return s, ds
}

// OwnTopic tells whether panka makes the stack's alarm topic: some service has alarms and names no topic.
func OwnTopic(stack *ir.Stack) bool {
	services := []string{""}
	for service := range stack.ServiceObservability {
		services = append(services, service)
	}
	for _, service := range services {
		if s, ds := SettingsOf(stack, service); !ds.HasErrors() && s.Enabled && s.TopicARN == "" {
			return true
		}
	}
	return false
}

// For are the settings for a component that is being generated.
func For(b *component.Builder) Settings {
	s, ds := SettingsOf(b.Stack(), b.Component().Service)
	b.Fail(ds...)
	return s
}
