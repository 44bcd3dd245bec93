package aws

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const queueType = "aws:sqs/queue:Queue"

func queue() *Kind {
	return &Kind{
		Type: queueType, Label: "SQS Queue",
		Name: "name", MaxName: 80,
		Conflict: func(string) error {
			return errorf("QueueAlreadyExists", "A queue already exists with the same name and a different value for attribute(s)")
		},
		Replace: []string{"name", "namePrefix", "fifoQueue"},
		JSON:    []string{"policy", "redrivePolicy", "redriveAllowPolicy"},
		Checks: []Check{
			matching("name", `^[0-9A-Za-z_-]{1,80}$|^[0-9A-Za-z_-]{1,75}\.fifo$`, "up to 80 letters, digits, hyphens and underscores"),
			within("delaySeconds", 0, 900), within("maxMessageSize", 1024, 1048576), within("messageRetentionSeconds", 60, 1209600),
			within("receiveWaitTimeSeconds", 0, 20), within("visibilityTimeoutSeconds", 0, 43200),
			oneOf("deduplicationScope", "messageGroup", "queue"), oneOf("fifoThroughputLimit", "perQueue", "perMessageGroupId"),
			jsonText("redrivePolicy"), jsonText("policy"), checkFifo,
		},
		Defaults: func(*Call) store.Values {
			return store.Values{"delaySeconds": 0, "maxMessageSize": 262144, "messageRetentionSeconds": 345600, "receiveWaitTimeSeconds": 0,
				"visibilityTimeoutSeconds": 30, "fifoQueue": false, "sqsManagedSseEnabled": true, "kmsDataKeyReusePeriodSeconds": 300}
		},
		Create: func(c *Call) (*Made, error) {
			if err := queueRedrives(c); err != nil {
				return nil, err
			}
			name := c.In.String("name")
			url := fmt.Sprintf("https://sqs.%s.amazonaws.com/%s/%s", c.Region, c.Account, name)
			return &Made{ID: url, Outputs: store.Values{"url": url, "arn": c.ARN("sqs", name)}}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, queueRedrives(c) },
		Usual:  Usual{25, 25, 60},
	}
}

func checkFifo(in store.Values) []Problem {
	name, ok := at(in, "name").(string)
	if ok && in.Bool("fifoQueue") != strings.HasSuffix(name, ".fifo") {
		return []Problem{{"name", "the name of a FIFO queue, and of no other, ends with .fifo"}}
	}
	return nil
}

// queueRedrives checks the redrive policies that are the queue's own properties.
func queueRedrives(c *Call) error {
	if text := c.In.String("redrivePolicy"); text != "" {
		if err := redriveFits(c, nil, text); err != nil {
			return err
		}
	}
	if text := c.In.String("redriveAllowPolicy"); text != "" {
		return allowFits(c, nil, text)
	}
	return nil
}
