package container

import (
	"slices"

	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Spec is what the specs of all workloads in containers have in common, to be embedded with yaml:",inline".
type Spec struct {
	Image struct {
		Repository ir.Text `yaml:"repository"`
		Tag        ir.Text `yaml:"tag"`
	} `yaml:"image"`
	Runtime     Runtime    `yaml:"runtime"`
	Environment []Variable `yaml:"environment"`
	Secrets     []Secret   `yaml:"secrets"`
	ConfigFiles []struct {
		Name      string `yaml:"name"`
		Path      string `yaml:"path"`
		MountPath string `yaml:"mountPath"`
		Mode      string `yaml:"mode"`
	} `yaml:"configFiles"` // their contents are the component's ConfigFiles
	Command    []ir.Text `yaml:"command"`
	EntryPoint []ir.Text `yaml:"entryPoint"`
	Policies   []string  `yaml:"policies"`
	Resources  struct {
		CPU    int `yaml:"cpu"`
		Memory int `yaml:"memory"`
	} `yaml:"resources"`
	Logging struct {
		RetentionDays int `yaml:"retentionDays"`
	} `yaml:"logging"`
	DependsOn []string           `yaml:"dependsOn"` // in the graph already
	Tags      map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

// Runtime is what runs the containers.
type Runtime struct {
	Platform               string            `yaml:"platform"`
	Architecture           string            `yaml:"architecture"`
	Spot                   bool              `yaml:"spot"`
	EphemeralStorageGB     *int              `yaml:"ephemeralStorageGB"`
	StopTimeout            *spec.Seconds     `yaml:"stopTimeout"`
	ReadOnlyRootFilesystem bool              `yaml:"readOnlyRootFilesystem"`
	User                   string            `yaml:"user"`
	NodeSelector           map[string]string `yaml:"nodeSelector"`
}

// The platforms.
const (
	Fargate = "fargate" // ECS without machines of one's own
	EC2     = "ecs"     // ECS on EC2 machines
	EKS     = "eks"     // Kubernetes
)

// Deployment is how a new version of a service replaces the old one.
type Deployment struct {
	Strategy string `yaml:"strategy"`
	// MinimumHealthyPercent and MaximumPercent are about rolling; nil for 100 and 200.
	MinimumHealthyPercent *int `yaml:"minimumHealthyPercent"`
	MaximumPercent        *int `yaml:"maximumPercent"`
	// Timeout is how long the copies may take to become healthy.
	Timeout spec.Seconds `yaml:"timeout"`
	// BakeTime and Canary are about strategies that shift requests.
	BakeTime *spec.Seconds `yaml:"bakeTime"`
	Canary   *struct {
		Percent  int          `yaml:"percent"`
		BakeTime spec.Seconds `yaml:"bakeTime"`
	} `yaml:"canary"`
	// Alarms are the names of the component's alarms that undo a rollout: cpu, memory, unhealthy, errors or latency.
	Alarms []string `yaml:"alarms"`
}

// Bounds are how few copies keep running during a rolling deployment, and how many may run, in percent of the replicas.
func (d Deployment) Bounds() (least, most int) {
	least, most = 100, 200
	if d.MinimumHealthyPercent != nil {
		least = *d.MinimumHealthyPercent
	}
	if d.MaximumPercent != nil {
		most = *d.MaximumPercent
	}
	return least, most
}

// Scaling is how many copies of a service run.
type Scaling struct {
	Replicas    int         `yaml:"replicas"`
	Autoscaling Autoscaling `yaml:"autoscaling"`
}

// Autoscaling adds and removes copies. Targets that are nil are not aimed at.
type Autoscaling struct {
	Enabled                  bool              `yaml:"enabled"`
	MinReplicas              int               `yaml:"minReplicas"`
	MaxReplicas              int               `yaml:"maxReplicas"`
	TargetCPUPercent         float64           `yaml:"targetCPUPercent"`
	TargetMemoryPercent      *float64          `yaml:"targetMemoryPercent"`
	TargetRequestsPerReplica *float64          `yaml:"targetRequestsPerReplica"` // in a minute
	TargetMessagesPerReplica *float64          `yaml:"targetMessagesPerReplica"`
	ScaleOutCooldown         *spec.Seconds     `yaml:"scaleOutCooldown"`
	ScaleInCooldown          *spec.Seconds     `yaml:"scaleInCooldown"`
	Schedules                []ScalingSchedule `yaml:"schedules"`
	Source                   diag.Position     `yaml:"-"`
}

// ScalingSchedule changes the bounds of Autoscaling at certain times.
type ScalingSchedule struct {
	Name        string        `yaml:"name"`
	Schedule    string        `yaml:"schedule"`
	Timezone    string        `yaml:"timezone"`
	MinReplicas int           `yaml:"minReplicas"`
	MaxReplicas int           `yaml:"maxReplicas"`
	Source      diag.Position `yaml:"-"`
}

// Port is a port that a container listens on.
type Port struct {
	Name     string        `yaml:"name"`
	Port     int           `yaml:"port"`
	Protocol string        `yaml:"protocol"`
	Source   diag.Position `yaml:"-"`
}

// Variable is an environment variable of a process: a value or the output of another component.
type Variable struct {
	Name      string     `yaml:"name"`
	Value     ir.Text    `yaml:"value"`
	ValueFrom *ValueFrom `yaml:"valueFrom"`
}

// ValueFrom is the output of another component.
type ValueFrom struct {
	Component string        `yaml:"component"`
	Output    string        `yaml:"output"`
	Access    string        `yaml:"access"` // in the component's references already
	Stack     string        `yaml:"stack"`  // that the component is of; "" for this one
	Source    diag.Position `yaml:"-"`
}

// Secret is an environment variable whose value stands in a secret.
type Secret struct {
	Name   string `yaml:"name"`
	Ref    string `yaml:"secretRef"`
	EnvVar string `yaml:"envVar"`
	// Key is what of the secret's JSON the variable gets, "" for the secret as it is. Kinds set it.
	Key    string        `yaml:"-"`
	Source diag.Position `yaml:"-"`
}

// Variable is the environment variable that the secret goes to.
func (s Secret) Variable() string {
	if s.EnvVar != "" {
		return s.EnvVar
	}
	return s.Name
}

// SecretRefs are the secrets' names, each once, sorted.
func SecretRefs(secrets []Secret) []string {
	var refs []string
	for _, s := range secrets {
		refs = append(refs, s.Ref)
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}
