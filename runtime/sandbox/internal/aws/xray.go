package aws

import "github.com/panka-io/panka/runtime/sandbox/internal/store"

const samplingRuleType = "aws:xray/samplingRule:SamplingRule"

// maxSamplingRules is how many rules of its own a region of an account can have.
const maxSamplingRules = 25

func samplingRule() *Kind {
	return &Kind{
		Type: samplingRuleType, Label: "X-Ray Sampling Rule", Regional: true,
		Name: "ruleName", MaxName: 32,
		Conflict: func(name string) error {
			return errorf("InvalidRequestException", "A sampling rule with the name %s exists already.", name)
		},
		Replace: []string{"ruleName"},
		Checks: []Check{
			longest("ruleName", 32), longest("serviceName", 64), longest("serviceType", 64), longest("host", 64),
			longest("httpMethod", 10), longest("urlPath", 128), longest("resourceArn", 500),
			within("fixedRate", 0, 1), within("priority", 1, 9999), within("reservoirSize", 0, 1e9), within("version", 1, 1),
		},
		Create: func(c *Call) (*Made, error) {
			if len(c.all(samplingRuleType)) >= maxSamplingRules {
				return nil, errorf("RuleLimitExceededException", "You have reached the maximum number of sampling rules.")
			}
			name := c.In.String("ruleName")
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("xray", "sampling-rule/"+name)}}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}
