package lambda

import (
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of a Lambda, as the schema completes it.
type specification struct {
	Code               code                 `yaml:"code"`
	Runtime            string               `yaml:"runtime"`
	Handler            ir.Text              `yaml:"handler"`
	Architecture       string               `yaml:"architecture"`
	MemoryMB           int                  `yaml:"memoryMB"`
	Timeout            spec.Seconds         `yaml:"timeout"`
	EphemeralStorageMB int                  `yaml:"ephemeralStorageMB"`
	Environment        []container.Variable `yaml:"environment"`
	Secrets            []container.Secret   `yaml:"secrets"`
	Triggers           []trigger            `yaml:"triggers"`
	FunctionURL        *functionURL         `yaml:"functionUrl"`
	Concurrency        struct {
		Reserved    *int `yaml:"reserved"`
		Provisioned *int `yaml:"provisioned"`
	} `yaml:"concurrency"`
	Alias struct {
		Enabled bool   `yaml:"enabled"`
		Name    string `yaml:"name"`
	} `yaml:"alias"`
	SnapStart bool `yaml:"snapStart"`
	Async     struct {
		Retries   int          `yaml:"retries"`
		MaxAge    spec.Seconds `yaml:"maxAge"`
		OnFailure string       `yaml:"onFailure"`
		OnSuccess string       `yaml:"onSuccess"`
	} `yaml:"async"`
	Layers   []string `yaml:"layers"`
	VPC      *bool    `yaml:"vpc"`
	Tracing  bool     `yaml:"tracing"`
	Policies []string `yaml:"policies"`
	Logging  struct {
		RetentionDays int `yaml:"retentionDays"`
	} `yaml:"logging"`
	DependsOn []string           `yaml:"dependsOn"` // in the graph already
	Tags      map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

// code is where the code is: one of the three.
type code struct {
	Image *struct {
		Repository       ir.Text   `yaml:"repository"`
		Tag              ir.Text   `yaml:"tag"`
		Command          []ir.Text `yaml:"command"`
		EntryPoint       []ir.Text `yaml:"entryPoint"`
		WorkingDirectory string    `yaml:"workingDirectory"`
	} `yaml:"image"`
	Zip string `yaml:"zip"` // read by the compiler
	S3  *struct {
		Component string  `yaml:"component"`
		Key       ir.Text `yaml:"key"`
		Version   ir.Text `yaml:"version"`
	} `yaml:"s3"`
}

type functionURL struct {
	Authorization string `yaml:"authorization"`
	InvokeMode    string `yaml:"invokeMode"`
	CORS          *struct {
		AllowOrigins     []string      `yaml:"allowOrigins"`
		AllowMethods     []string      `yaml:"allowMethods"`
		AllowHeaders     []string      `yaml:"allowHeaders"`
		ExposeHeaders    []string      `yaml:"exposeHeaders"`
		AllowCredentials bool          `yaml:"allowCredentials"`
		MaxAge           *spec.Seconds `yaml:"maxAge"`
	} `yaml:"cors"`
}

// trigger is what calls the function: one of queue, stream, kafka, topic and schedule.
type trigger struct {
	Name     string         `yaml:"name"`
	Enabled  bool           `yaml:"enabled"`
	Queue    *queueTrigger  `yaml:"queue"`
	Stream   *streamTrigger `yaml:"stream"`
	Kafka    *kafkaTrigger  `yaml:"kafka"`
	Topic    string         `yaml:"topic"`
	Schedule *struct {
		Expression string  `yaml:"expression"`
		Timezone   string  `yaml:"timezone"`
		Input      ir.Text `yaml:"input"`
	} `yaml:"schedule"`
	Filters []string      `yaml:"filters"`
	Source  diag.Position `yaml:"-"`
}

type batch struct {
	Size   int          `yaml:"batchSize"`
	Window spec.Seconds `yaml:"batchWindow"`
}

type queueTrigger struct {
	Component      string `yaml:"component"`
	batch          `yaml:",inline"`
	MaxConcurrency *int `yaml:"maxConcurrency"`
	ReportFailures bool `yaml:"reportFailures"`
}

type streamTrigger struct {
	Component        string `yaml:"component"`
	StartingPosition string `yaml:"startingPosition"`
	batch            `yaml:",inline"`
	Parallelization  int           `yaml:"parallelization"`
	Retries          *int          `yaml:"retries"`
	MaxAge           *spec.Seconds `yaml:"maxAge"`
	BisectOnError    bool          `yaml:"bisectOnError"`
	ReportFailures   bool          `yaml:"reportFailures"`
	OnFailure        string        `yaml:"onFailure"`
}

type kafkaTrigger struct {
	Component        string `yaml:"component"`
	Topic            string `yaml:"topic"`
	ConsumerGroup    string `yaml:"consumerGroup"`
	StartingPosition string `yaml:"startingPosition"`
	batch            `yaml:",inline"`
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}
