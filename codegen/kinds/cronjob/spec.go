package cronjob

import (
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/runtask"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of a CronJob, as the schema completes it.
type specification struct {
	container.Spec `yaml:",inline"`
	Schedule       string        `yaml:"schedule"`
	Timezone       string        `yaml:"timezone"`
	Enabled        bool          `yaml:"enabled"`
	Window         *spec.Seconds `yaml:"window"`
	StartAt        string        `yaml:"startAt"`
	EndAt          string        `yaml:"endAt"`
	Copies         int           `yaml:"copies"`
	Retry          struct {
		Attempts int          `yaml:"attempts"`
		MaxAge   spec.Seconds `yaml:"maxAge"`
	} `yaml:"retry"`
	DeadLetters struct {
		RetentionDays int `yaml:"retentionDays"`
	} `yaml:"deadLetters"`
	AlarmOnFailure bool               `yaml:"alarmOnFailure"`
	EKS            kubernetesSettings `yaml:"eks"` // the schema lets only jobs on eks have it
}

// kubernetesSettings are what only Kubernetes offers.
type kubernetesSettings struct {
	Concurrency       string        `yaml:"concurrency"`
	Timeout           *spec.Seconds `yaml:"timeout"`
	BackoffLimit      int           `yaml:"backoffLimit"`
	SuccessfulHistory int           `yaml:"successfulHistory"`
	FailedHistory     int           `yaml:"failedHistory"`
}

// decode reads a spec. The schema gives the settings for Kubernetes their defaults only where the YAML has some.
func decode(c *ir.Component) (specification, diag.List) {
	s := specification{EKS: kubernetesSettings{Concurrency: "forbid", BackoffLimit: 3, SuccessfulHistory: 3, FailedHistory: 1}}
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}

// run is how the task is started.
func (s specification) run() runtask.Run { return runtask.Run{Runtime: s.Runtime, Copies: s.Copies} }
