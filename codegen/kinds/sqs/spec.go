package sqs

import (
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of an SQS, as the schema completes it.
type specification struct {
	QueueName string `yaml:"queueName"`
	FIFO      struct {
		Enabled                   bool   `yaml:"enabled"`
		ContentBasedDeduplication bool   `yaml:"contentBasedDeduplication"`
		DeduplicationScope        string `yaml:"deduplicationScope"`
		ThroughputLimit           string `yaml:"throughputLimit"`
	} `yaml:"fifo"`
	VisibilityTimeout spec.Seconds  `yaml:"visibilityTimeout"`
	Retention         spec.Seconds  `yaml:"retention"`
	Delay             spec.Seconds  `yaml:"delay"`
	ReceiveWait       spec.Seconds  `yaml:"receiveWait"`
	MaxMessageKB      int           `yaml:"maxMessageKB"`
	DeadLetters       deadLetters   `yaml:"deadLetterQueue"`
	RedriveAllow      *redriveAllow `yaml:"redriveAllow"`
	Encryption        *struct {
		KMSKeyARN    ir.Text      `yaml:"kmsKeyArn"`
		DataKeyReuse spec.Seconds `yaml:"dataKeyReuse"`
	} `yaml:"encryption"`
	Policy []iam.Written `yaml:"policy"`
	Alarms struct {
		OldestMessageAge *spec.Seconds `yaml:"oldestMessageAge"`
		VisibleMessages  *int          `yaml:"visibleMessages"`
		DeadLetters      *int          `yaml:"deadLetters"`
	} `yaml:"alarms"`
	DependsOn []string           `yaml:"dependsOn"` // in the graph already
	Tags      map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

type deadLetters struct {
	Enabled         bool         `yaml:"enabled"`
	MaxReceiveCount int          `yaml:"maxReceiveCount"`
	Retention       spec.Seconds `yaml:"retention"`
	Component       string       `yaml:"component"`
}

type redriveAllow struct {
	Permission string        `yaml:"permission"`
	Queues     []string      `yaml:"queues"`
	Source     diag.Position `yaml:"-"`
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}
