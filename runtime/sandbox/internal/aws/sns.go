package aws

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	topicType        = "aws:sns/topic:Topic"
	topicPolicyType  = "aws:sns/topicPolicy:TopicPolicy"
	subscriptionType = "aws:sns/topicSubscription:TopicSubscription"
)

func topic() *Kind {
	return &Kind{
		Type: topicType, Label: "SNS Topic",
		Name: "name", MaxName: 256,
		Conflict: func(string) error {
			return errorf("InvalidParameter", "Invalid parameter: Tags Reason: Topic already exists with different tags")
		},
		Replace: []string{"name", "namePrefix", "fifoTopic"},
		JSON:    []string{"policy", "deliveryPolicy", "archivePolicy"},
		Checks: []Check{
			matching("name", `^[0-9A-Za-z_-]{1,256}$|^[0-9A-Za-z_-]{1,251}\.fifo$`, "up to 256 letters, digits, hyphens and underscores"),
			longest("displayName", 100),
			oneOf("tracingConfig", "Active", "PassThrough"), oneOf("fifoThroughputScope", "Topic", "MessageGroup"), within("signatureVersion", 1, 2),
			within("applicationSuccessFeedbackSampleRate", 0, 100), within("httpSuccessFeedbackSampleRate", 0, 100),
			within("lambdaSuccessFeedbackSampleRate", 0, 100), within("sqsSuccessFeedbackSampleRate", 0, 100), within("firehoseSuccessFeedbackSampleRate", 0, 100),
			jsonText("deliveryPolicy"), jsonText("archivePolicy"), checkPolicy("policy"), checkFifoTopic,
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"displayName": "", "fifoTopic": false, "contentBasedDeduplication": false, "signatureVersion": 1,
				"tracingConfig": "PassThrough"}
			if name := c.In.String("name"); name != "" {
				out["policy"] = ownersPolicy(c, c.ARN("sns", name))
			}
			return out
		},
		Create: func(c *Call) (*Made, error) {
			arn := c.ARN("sns", c.In.String("name"))
			return &Made{ID: arn, Outputs: store.Values{"arn": arn, "owner": c.Account, "beginningArchiveTime": ""}}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

// ownersPolicy is what SNS gives a topic without a policy: its account may use it.
func ownersPolicy(c *Call, arn string) string {
	return fmt.Sprintf(`{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow",`+
		`"Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission",`+
		`"SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":%q,`+
		`"Condition":{"StringEquals":{"AWS:SourceOwner":%q}}}]}`, arn, c.Account)
}

func checkFifoTopic(in store.Values) []Problem {
	var out []Problem
	if name, ok := at(in, "name").(string); ok && in.Bool("fifoTopic") != strings.HasSuffix(name, ".fifo") {
		out = append(out, Problem{"name", "the name of a FIFO topic, and of no other, ends with .fifo"})
	}
	if in.Bool("fifoTopic") || (in.Has("fifoTopic") && !in.Known("fifoTopic")) {
		return out
	}
	for _, p := range []string{"contentBasedDeduplication", "archivePolicy", "fifoThroughputScope"} {
		if in.Has(p) && in[p] != false {
			out = append(out, Problem{p, p + " can only be set for FIFO topics"})
		}
	}
	return out
}

var topicMissing = func(string) error { return errorf("NotFound", "Topic does not exist") }

func topicPolicy() *Kind {
	return &Kind{
		Type: topicPolicyType, Label: "SNS Topic Policy", Idempotent: true,
		Replace: []string{"arn"},
		JSON:    []string{"policy"},
		Checks:  []Check{arnText("arn"), checkPolicy("policy")},
		Refs:    []Ref{{Path: "arn", To: topicType, Owned: true, Missing: topicMissing}},
		Create: func(c *Call) (*Made, error) {
			return &Made{ID: c.In.String("arn"), Outputs: store.Values{"owner": c.Account}}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

func topicSubscription() *Kind {
	return &Kind{
		Type: subscriptionType, Label: "SNS Topic Subscription", Random: true,
		Replace: []string{"topic", "protocol", "endpoint"},
		JSON:    []string{"deliveryPolicy", "filterPolicy", "redrivePolicy", "replayPolicy"},
		Checks: []Check{
			oneOf("protocol", "application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"),
			oneOf("filterPolicyScope", "MessageAttributes", "MessageBody"), together("filterPolicyScope", "filterPolicy"),
			jsonText("filterPolicy"), jsonText("redrivePolicy"), jsonText("deliveryPolicy"), checkEndpoint,
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"rawMessageDelivery": false, "confirmationTimeoutInMinutes": 1, "endpointAutoConfirms": false}
			if c.In.Has("filterPolicy") {
				out["filterPolicyScope"] = "MessageAttributes"
			}
			return out
		},
		Refs: []Ref{{Path: "topic", To: topicType, Owned: true, Missing: topicMissing}},
		Create: func(c *Call) (*Made, error) {
			if err := subscriptionFits(c, nil); err != nil {
				return nil, err
			}
			arn := c.In.String("topic") + ":" + c.UUID("subscription")
			protocol := c.In.String("protocol")
			pending := strings.HasPrefix(protocol, "email") || (strings.HasPrefix(protocol, "http") && !c.In.Bool("endpointAutoConfirms"))
			return &Made{ID: arn, Outputs: store.Values{"arn": arn, "ownerId": c.Account, "pendingConfirmation": pending,
				"confirmationWasAuthenticated": !pending}}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) { return nil, subscriptionFits(c, prior) },
		Unwell: func(c *Call, r *store.Resource) string {
			if p := r.Inputs.String("protocol"); p != "sqs" && p != "lambda" {
				return ""
			}
			return c.undelivered("sns.amazonaws.com", r.Inputs.String("topic"), r.Inputs.String("endpoint"))
		},
		Detail: func(_ *Call, r *store.Resource) string {
			if r.Outputs.Bool("pendingConfirmation") {
				return "pending confirmation by " + r.Inputs.String("endpoint")
			}
			return ""
		},
		Usual: Usual{1, 1, 1},
	}
}

func checkEndpoint(in store.Values) []Problem {
	form := map[string][2]string{"email": {`@`, "an e-mail address"}, "email-json": {`@`, "an e-mail address"}, "sms": {`^\+?[0-9-]+$`, "a phone number"},
		"http": {`^http://`, "a URL that begins with http://"}, "https": {`^https://`, "a URL that begins with https://"},
		"sqs": {`^arn:[\w-]+:sqs:`, "the ARN of a queue"}, "lambda": {`^arn:[\w-]+:lambda:`, "the ARN of a function"},
		"firehose": {`^arn:[\w-]+:firehose:`, "the ARN of a delivery stream"}}
	protocol := in.String("protocol")
	var out []Problem
	if f, ok := form[protocol]; ok {
		out = matching("endpoint", f[0], "the endpoint of "+protocol+" is "+f[1])(in)
	}
	if protocol == "firehose" && !in.Has("subscriptionRoleArn") {
		out = append(out, Problem{"subscriptionRoleArn", "subscriptionRoleArn must be given with the protocol firehose"})
	}
	return out
}

// subscriptionFits demands that the endpoint may be subscribed to the topic, and is not yet.
func subscriptionFits(c *Call, prior *store.Resource) error {
	topic, endpoint, protocol := c.In.String("topic"), c.In.String("endpoint"), c.In.String("protocol")
	if protocol == "sqs" && strings.HasSuffix(endpoint, ".fifo") && !strings.HasSuffix(topic, ".fifo") {
		return errorf("InvalidParameter", "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics")
	}
	if strings.HasSuffix(topic, ".fifo") && protocol != "sqs" {
		return errorf("InvalidParameter", "Invalid parameter: Invalid protocol type: %s", protocol)
	}
	same := func(r *store.Resource) bool {
		return r.Inputs.String("topic") == topic && r.Inputs.String("endpoint") == endpoint && r.Inputs.String("protocol") == protocol
	}
	if c.other(subscriptionType, prior, same) != nil {
		return errorf("InvalidParameter", "Invalid parameter: Attributes Reason: Subscription already exists with different attributes")
	}
	if text := c.In.String("redrivePolicy"); text != "" {
		return deadLetterExists(c, text)
	}
	return nil
}
