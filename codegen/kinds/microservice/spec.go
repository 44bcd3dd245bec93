package microservice

import (
	"slices"

	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of a MicroService, as the schema completes it.
type specification struct {
	Image struct {
		Repository ir.Text `yaml:"repository"`
		Tag        ir.Text `yaml:"tag"`
	} `yaml:"image"`
	Runtime struct {
		Platform string `yaml:"platform"`
	} `yaml:"runtime"`
	Ports       []port     `yaml:"ports"`
	Environment []variable `yaml:"environment"`
	Secrets     []secret   `yaml:"secrets"`
	ConfigFiles []struct {
		Name      string `yaml:"name"`
		Path      string `yaml:"path"`
		MountPath string `yaml:"mountPath"`
		Mode      string `yaml:"mode"`
	} `yaml:"configFiles"` // refused before a generator is asked
	HealthCheck healthChecks `yaml:"healthCheck"`
	Command     []ir.Text    `yaml:"command"`
	EntryPoint  []ir.Text    `yaml:"entryPoint"`
	DependsOn   []string     `yaml:"dependsOn"` // in the graph already
	Deployment  struct {
		Strategy              string       `yaml:"strategy"`
		MinimumHealthyPercent int          `yaml:"minimumHealthyPercent"`
		MaximumPercent        int          `yaml:"maximumPercent"`
		Timeout               spec.Seconds `yaml:"timeout"`
	} `yaml:"deployment"`
	Resources struct {
		CPU    int `yaml:"cpu"`
		Memory int `yaml:"memory"`
	} `yaml:"resources"`
	Scaling struct {
		Replicas    int `yaml:"replicas"`
		Autoscaling struct {
			Enabled          bool    `yaml:"enabled"`
			MinReplicas      int     `yaml:"minReplicas"`
			MaxReplicas      int     `yaml:"maxReplicas"`
			TargetCPUPercent float64 `yaml:"targetCPUPercent"`
		} `yaml:"autoscaling"`
	} `yaml:"scaling"`
	Networking struct {
		LoadBalancer loadBalancer `yaml:"loadBalancer"`
	} `yaml:"networking"`
	Logging struct {
		RetentionDays int `yaml:"retentionDays"`
	} `yaml:"logging"`
	Tags map[string]ir.Text `yaml:"tags"` // laid on by the builder
}

type port struct {
	Name     string        `yaml:"name"`
	Port     int           `yaml:"port"`
	Protocol string        `yaml:"protocol"`
	Source   diag.Position `yaml:"-"`
}

type variable struct {
	Name      string     `yaml:"name"`
	Value     ir.Text    `yaml:"value"`
	ValueFrom *valueFrom `yaml:"valueFrom"`
}

type valueFrom struct {
	Component string        `yaml:"component"`
	Output    string        `yaml:"output"`
	Access    string        `yaml:"access"` // for kinds that IAM guards
	Stack     string        `yaml:"stack"`  // of another stack: refused before a generator is asked
	Source    diag.Position `yaml:"-"`
}

type secret struct {
	Name   string        `yaml:"name"`
	Ref    string        `yaml:"secretRef"`
	EnvVar string        `yaml:"envVar"`
	Source diag.Position `yaml:"-"`
}

// variable is the environment variable that the secret goes to.
func (s secret) variable() string {
	if s.EnvVar != "" {
		return s.EnvVar
	}
	return s.Name
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

// ports are where the load balancer listens: with a certificate on 443 too, and 80 then only redirects.
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

// secretRefs are the secrets' names, each once, sorted.
func (s specification) secretRefs() []string {
	var refs []string
	for _, secret := range s.Secrets {
		refs = append(refs, secret.Ref)
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}
