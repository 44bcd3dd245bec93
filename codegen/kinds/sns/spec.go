package sns

import (
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of an SNS, as the schema completes it.
type specification struct {
	TopicName   string  `yaml:"topicName"`
	DisplayName ir.Text `yaml:"displayName"`
	FIFO        struct {
		Enabled                   bool   `yaml:"enabled"`
		ContentBasedDeduplication bool   `yaml:"contentBasedDeduplication"`
		ThroughputScope           string `yaml:"throughputScope"`
		ArchiveDays               *int   `yaml:"archiveDays"`
	} `yaml:"fifo"`
	Subscriptions    []subscription `yaml:"subscriptions"`
	KMSKeyARN        ir.Text        `yaml:"kmsKeyArn"`
	SignatureVersion int            `yaml:"signatureVersion"`
	Tracing          string         `yaml:"tracing"`
	DeliveryLogging  *struct {
		Protocols            []string `yaml:"protocols"`
		SuccessSamplePercent int      `yaml:"successSamplePercent"`
	} `yaml:"deliveryLogging"`
	Policy    []iam.Written      `yaml:"policy"`
	DependsOn []string           `yaml:"dependsOn"` // in the graph already
	Tags      map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

// subscription is one that gets a topic's messages.
type subscription struct {
	Name     string  `yaml:"name"`
	Queue    string  `yaml:"queue"`
	Function string  `yaml:"function"`
	HTTPS    ir.Text `yaml:"https"`
	Email    ir.Text `yaml:"email"`
	SMS      ir.Text `yaml:"sms"`
	Firehose *struct {
		StreamARN string `yaml:"streamArn"`
		RoleARN   string `yaml:"roleArn"`
	} `yaml:"firehose"`
	FilterPolicy       *ir.Value `yaml:"filterPolicy"`
	FilterPolicyScope  string    `yaml:"filterPolicyScope"`
	RawMessageDelivery bool      `yaml:"rawMessageDelivery"`
	DeadLetterQueue    string    `yaml:"deadLetterQueue"`
	Retry              *struct {
		Attempts int          `yaml:"attempts"`
		MinDelay spec.Seconds `yaml:"minDelay"`
		MaxDelay spec.Seconds `yaml:"maxDelay"`
	} `yaml:"retry"`
	Source diag.Position `yaml:"-"`
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}
