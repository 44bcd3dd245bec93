package eventbridge

import (
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of an EventBridge, as the schema completes it.
type specification struct {
	Bus struct {
		Use       string  `yaml:"use"`
		Name      string  `yaml:"name"`
		KMSKeyARN ir.Text `yaml:"kmsKeyArn"`
	} `yaml:"bus"`
	Rules   []rule `yaml:"rules"`
	Archive *struct {
		RetentionDays int       `yaml:"retentionDays"`
		Pattern       *ir.Value `yaml:"pattern"`
	} `yaml:"archive"`
	SchemaDiscovery struct {
		Enabled bool `yaml:"enabled"`
	} `yaml:"schemaDiscovery"`
	Policy    []iam.Written      `yaml:"policy"`
	DependsOn []string           `yaml:"dependsOn"` // in the graph already
	Tags      map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

// rule says which events, or when, and where to.
type rule struct {
	Name        string        `yaml:"name"`
	Description string        `yaml:"description"`
	Enabled     bool          `yaml:"enabled"`
	Pattern     *ir.Value     `yaml:"pattern"`
	Schedule    string        `yaml:"schedule"`
	Targets     []target      `yaml:"targets"`
	Source      diag.Position `yaml:"-"`
}

// target gets the events of a rule: a component or an ARN.
type target struct {
	Name             string  `yaml:"name"`
	Component        string  `yaml:"component"`
	ARN              ir.Text `yaml:"arn"`
	RoleARN          ir.Text `yaml:"roleArn"`
	Input            ir.Text `yaml:"input"`
	InputPath        string  `yaml:"inputPath"`
	InputTransformer *struct {
		Paths    map[string]string `yaml:"paths"`
		Template string            `yaml:"template"`
	} `yaml:"inputTransformer"`
	MessageGroupID string `yaml:"messageGroupId"`
	Retry          struct {
		Attempts int          `yaml:"attempts"`
		MaxAge   spec.Seconds `yaml:"maxAge"`
	} `yaml:"retry"`
	DeadLetterQueue string        `yaml:"deadLetterQueue"`
	Source          diag.Position `yaml:"-"`
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}
