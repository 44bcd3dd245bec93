package aws

import (
	"fmt"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const subscriptionFilterType = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"

func ofLogGroup(path string) Ref {
	return Ref{Path: path, To: logGroupType, Owned: true, Missing: func(string) error {
		return errorf("ResourceNotFoundException", "The specified log group does not exist.")
	}}
}

func logMetricFilter() *Kind {
	return &Kind{
		Type: "aws:cloudwatch/logMetricFilter:LogMetricFilter", Label: "CloudWatch Logs Metric Filter", Regional: true, Idempotent: true,
		Name: "name", MaxName: 512,
		Replace: []string{"name", "logGroupName"},
		Checks: []Check{
			matching("name", `^[^:*]{1,512}$`, "up to 512 characters, no colons or asterisks"), longest("pattern", 1024),
			matching("metricTransformation.namespace", `^[^:*$]{1,255}$`, "up to 255 characters, none of :*$"),
			matching("metricTransformation.name", `^[^:*$]{1,255}$`, "up to 255 characters, none of :*$"),
			checkTransformation,
		},
		Refs: []Ref{ofLogGroup("logGroupName")},
		Key: func(id string, outputs store.Values) string {
			return outputs.String("logGroupName") + "|" + id
		},
		Create: func(c *Call) (*Made, error) { return &Made{ID: c.In.String("name")}, nil },
		Usual:  Usual{1, 1, 1},
	}
}

func checkTransformation(in store.Values) []Problem {
	t := in.Object("metricTransformation")
	dimensions := t.Object("dimensions")
	switch {
	case len(dimensions) > 3:
		return []Problem{{"metricTransformation.dimensions", fmt.Sprintf("a metric transformation has at most 3 dimensions, got %d", len(dimensions))}}
	case len(dimensions) > 0 && t.Has("defaultValue"):
		return []Problem{{"metricTransformation.defaultValue", "Invalid metric transformation: dimensions and default value are mutually exclusive properties."}}
	}
	return nil
}

func logSubscriptionFilter() *Kind {
	return &Kind{
		Type: subscriptionFilterType, Label: "CloudWatch Logs Subscription Filter", Regional: true, Idempotent: true,
		Name: "name", MaxName: 512,
		Replace:  []string{"name", "logGroup", "destinationArn"},
		Checks:   []Check{oneOf("distribution", "Random", "ByLogStream"), arnText("destinationArn"), longest("filterPattern", 1024), checkDestination},
		Defaults: func(*Call) store.Values { return store.Values{"distribution": "ByLogStream"} },
		Refs:     []Ref{ofLogGroup("logGroup")},
		Key: func(id string, outputs store.Values) string {
			return outputs.String("logGroup") + "|" + outputs.String("name")
		},
		Create: func(c *Call) (*Made, error) {
			group, name := c.In.String("logGroup"), c.In.String("name")
			n := 0
			for _, r := range c.all(subscriptionFilterType) {
				if r.Inputs.String("logGroup") == group && r.Property("name") != name {
					n++
				}
			}
			if n >= 2 {
				return nil, errorf("LimitExceededException", "Resource limit exceeded.")
			}
			return &Made{ID: "cwlsf-" + c.Digits("filter", 10)}, nil
		},
		Unwell: filterUnwell,
		Steady: func(store.Values) bool { return true },
		Usual:  Usual{2, 2, 1},
	}
}

func checkDestination(in store.Values) []Problem {
	a, ok := parseARN(in.String("destinationArn"))
	switch {
	case !ok:
	case a.service == "lambda" && in.Has("roleArn"):
		return []Problem{{"roleArn", "destinationArn for vendor lambda cannot be used with roleArn"}}
	case (a.service == "kinesis" || a.service == "firehose") && !in.Has("roleArn"):
		return []Problem{{"roleArn", "destinationArn for vendor " + a.service + " must be used with roleArn"}}
	}
	return nil
}

// filterUnwell says why a function does not get the log events. AWS, too, refuses the filter after some retries.
func filterUnwell(c *Call, r *store.Resource) string {
	destination := r.Inputs.String("destinationArn")
	f := c.Find(functionType, functionOf(destination))
	if a, _ := parseARN(destination); a.service != "lambda" {
		return ""
	}
	group := c.Find(logGroupType, r.Inputs.String("logGroup"))
	if f == nil || group == nil || !c.invocable(f, "logs.amazonaws.com", group.Outputs.String("arn")) &&
		!c.invocable(f, "logs."+c.Region+".amazonaws.com", group.Outputs.String("arn")) {
		return "InvalidParameterException: Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function."
	}
	return ""
}
