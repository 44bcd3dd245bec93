package worker

import (
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/pod"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of a Worker, as the schema completes it.
type specification struct {
	container.Spec `yaml:",inline"`
	Triggers       []trigger `yaml:"triggers"`
	HealthCheck    struct {
		Liveness *probe `yaml:"liveness"`
		Startup  *probe `yaml:"startup"` // for eks
	} `yaml:"healthCheck"`
	Deployment container.Deployment `yaml:"deployment"`
	Scaling    container.Scaling    `yaml:"scaling"`
}

// trigger is something that the worker consumes.
type trigger struct {
	Name   string `yaml:"name"`
	Queue  string `yaml:"queue"`
	Stream string `yaml:"stream"`
	Kafka  *struct {
		Component     string `yaml:"component"`
		Topic         string `yaml:"topic"`
		ConsumerGroup string `yaml:"consumerGroup"`
	} `yaml:"kafka"`
	EnvVar string        `yaml:"envVar"`
	Source diag.Position `yaml:"-"`
}

type probe struct {
	Command     []string      `yaml:"command"`
	Interval    spec.Seconds  `yaml:"interval"`
	Timeout     spec.Seconds  `yaml:"timeout"`
	Retries     int           `yaml:"retries"`
	StartPeriod *spec.Seconds `yaml:"startPeriod"`
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}

// health is what ECS asks inside the container; nil for nothing.
func (s specification) health() *container.Health {
	p := s.HealthCheck.Liveness
	if p == nil {
		return nil
	}
	h := &container.Health{
		Command: container.Command(p.Command), Interval: int(p.Interval), Timeout: int(p.Timeout), Retries: p.Retries,
	}
	if p.StartPeriod != nil {
		h.StartPeriod = int(*p.StartPeriod)
	}
	return h
}

// probes are what the kubelet asks.
func (s specification) probes() pod.Probes {
	probes := pod.Probes{Startup: s.HealthCheck.Startup.ofPod(), Liveness: s.HealthCheck.Liveness.ofPod()}
	if p := s.HealthCheck.Startup; p != nil && p.StartPeriod != nil {
		probes.Startup.Grace(int(*p.StartPeriod))
	}
	if p := s.HealthCheck.Liveness; p != nil && p.StartPeriod != nil {
		probes.Liveness.Delay = int(*p.StartPeriod)
	}
	return probes
}

func (p *probe) ofPod() *pod.Probe {
	if p == nil {
		return nil
	}
	return &pod.Probe{Command: pod.Command(p.Command), Interval: int(p.Interval), Timeout: int(p.Timeout), Failures: p.Retries}
}
