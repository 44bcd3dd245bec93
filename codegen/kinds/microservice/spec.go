package microservice

import (
	"slices"

	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of a MicroService, as the schema completes it.
type specification struct {
	container.Spec `yaml:",inline"`
	Ports          []container.Port     `yaml:"ports"`
	HealthCheck    healthChecks         `yaml:"healthCheck"`
	Deployment     container.Deployment `yaml:"deployment"`
	Scaling        container.Scaling    `yaml:"scaling"`
	Networking     struct {
		LoadBalancer loadBalancer `yaml:"loadBalancer"`
	} `yaml:"networking"`
}

type healthChecks struct {
	Liveness  *probe `yaml:"liveness"`
	Readiness *probe `yaml:"readiness"`
	Startup   *probe `yaml:"startup"`
}

type probe struct {
	HTTP *struct {
		Path string `yaml:"path"`
		Port int    `yaml:"port"`
	} `yaml:"http"`
	TCP *struct {
		Port int `yaml:"port"`
	} `yaml:"tcp"`
	Command     []string      `yaml:"command"`
	Interval    spec.Seconds  `yaml:"interval"`
	Timeout     spec.Seconds  `yaml:"timeout"`
	Retries     int           `yaml:"retries"`
	StartPeriod *spec.Seconds `yaml:"startPeriod"`
}

type loadBalancer struct {
	Enabled        bool          `yaml:"enabled"`
	Scheme         string        `yaml:"scheme"`
	CertificateARN string        `yaml:"certificateArn"`
	IdleTimeout    *spec.Seconds `yaml:"idleTimeout"`
	AllowFrom      []string      `yaml:"allowFrom"`
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}

func (s specification) balanced() bool { return s.Networking.LoadBalancer.Enabled }

func (l loadBalancer) internal() bool { return l.Scheme != "internet-facing" }

// ports are where the load balancer listens, at the last one for requests: with a certificate on 443, and 80 then only
// redirects.
func (l loadBalancer) ports() []int {
	if l.CertificateARN != "" {
		return []int{80, 443}
	}
	return []int{80}
}

// targetPort is the port that the load balancer sends requests to: the first.
func (s specification) targetPort() int { return s.Ports[0].Port }

// probedPort is the port that the load balancer asks for readiness.
func (s specification) probedPort() int {
	switch r := s.HealthCheck.Readiness; {
	case r != nil && r.HTTP != nil:
		return r.HTTP.Port
	case r != nil && r.TCP != nil:
		return r.TCP.Port
	default:
		return s.targetPort()
	}
}

// reachedPorts are the ports that the load balancer connects to.
func (s specification) reachedPorts() []int {
	ports := []int{s.targetPort(), s.probedPort()}
	slices.Sort(ports)
	return slices.Compact(ports)
}
