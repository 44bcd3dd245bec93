package aws

import (
	"encoding/json"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const queuePolicyType = "aws:sqs/queuePolicy:QueuePolicy"

// queueAttribute is a type that sets one JSON attribute of a queue that is there already; name is the type's in camel
// case, property the attribute's.
func queueAttribute(name, label, property string, fits func(c *Call, queue *store.Resource, text string) error, checks ...Check) *Kind {
	return &Kind{
		Type: "aws:sqs/" + name + ":" + strings.ToUpper(name[:1]) + name[1:], Label: label, Idempotent: true,
		Replace: []string{"queueUrl"},
		JSON:    []string{property},
		Checks:  append(checks, jsonText(property)),
		Refs: []Ref{{Path: "queueUrl", To: queueType, Owned: true,
			Missing: func(string) error {
				return errorf("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
			}}},
		Create: func(c *Call) (*Made, error) {
			url := c.In.String("queueUrl")
			return &Made{ID: url}, fits(c, c.Find(queueType, url), c.In.String(property))
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) {
			return nil, fits(c, c.Find(queueType, c.In.String("queueUrl")), c.In.String(property))
		},
		Usual: Usual{25, 25, 25},
	}
}

func queuePolicy() *Kind {
	anything := func(*Call, *store.Resource, string) error { return nil }
	return queueAttribute("queuePolicy", "SQS Queue Policy", "policy", anything, checkPolicy("policy"))
}

func redrivePolicy() *Kind {
	return queueAttribute("redrivePolicy", "SQS Queue Redrive Policy", "redrivePolicy", redriveFits)
}

func redriveAllowPolicy() *Kind {
	return queueAttribute("redriveAllowPolicy", "SQS Queue Redrive Allow Policy", "redriveAllowPolicy", allowFits)
}

// redriveFits demands a dead-letter queue of the same type and a number of receives. queue may be nil for one that is
// being made by the call.
func redriveFits(c *Call, queue *store.Resource, text string) error {
	refused := func(reason string) error {
		return errorf("InvalidParameterValue", "Value %s for parameter RedrivePolicy is invalid. Reason: %s", text, reason)
	}
	var p struct {
		DeadLetterTargetArn string      `json:"deadLetterTargetArn"`
		MaxReceiveCount     json.Number `json:"maxReceiveCount"`
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return refused("Redrive policy is not a valid JSON map.")
	}
	count, err := p.MaxReceiveCount.Int64()
	switch fifo := strings.HasSuffix(p.DeadLetterTargetArn, ".fifo"); {
	case p.DeadLetterTargetArn == "":
		return refused("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
	case p.MaxReceiveCount == "":
		return refused("Redrive policy does not contain mandatory attribute: maxReceiveCount.")
	case err != nil || count < 1 || count > 1000:
		return refused("Invalid value for maxReceiveCount: " + p.MaxReceiveCount.String() + ", valid values are from 1 to 1000 both inclusive.")
	case c.gone(p.DeadLetterTargetArn):
		return refused("Dead letter target does not exist.")
	case queue != nil && fifo != strings.HasSuffix(queue.ID, ".fifo"), queue == nil && fifo != c.In.Bool("fifoQueue"):
		return refused("Dead-letter queue must be same type of queue as the source.")
	}
	return nil
}

// deadLetterExists demands that the dead-letter queue of a subscription's redrive policy exists.
func deadLetterExists(c *Call, text string) error {
	var p struct {
		DeadLetterTargetArn string `json:"deadLetterTargetArn"`
	}
	if json.Unmarshal([]byte(text), &p) != nil || p.DeadLetterTargetArn == "" || c.gone(p.DeadLetterTargetArn) {
		return errorf("InvalidParameter", "Invalid parameter: RedrivePolicy: deadLetterTargetArn is invalid: %s", text)
	}
	return nil
}

func allowFits(_ *Call, _ *store.Resource, text string) error {
	var p struct {
		RedrivePermission string   `json:"redrivePermission"`
		SourceQueueArns   []string `json:"sourceQueueArns"`
	}
	bad := json.Unmarshal([]byte(text), &p) != nil
	switch p.RedrivePermission {
	case "allowAll", "denyAll":
		bad = bad || len(p.SourceQueueArns) > 0
	case "byQueue":
		bad = bad || len(p.SourceQueueArns) == 0 || len(p.SourceQueueArns) > 10
	default:
		bad = true
	}
	if bad {
		return errorf("InvalidParameterValue", "Value %s for parameter RedriveAllowPolicy is invalid. Reason: Amazon SQS can't create the "+
			"redrive allow policy, as it's in an unsupported format.", text)
	}
	return nil
}
