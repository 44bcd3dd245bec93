package aws

import (
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// arnParts is an ARN taken apart: arn:partition:service:region:account:resource.
type arnParts struct{ service, region, account, resource string }

// parseARN takes an ARN apart; ok is false for any other text.
func parseARN(text string) (a arnParts, ok bool) {
	p := strings.SplitN(text, ":", 6)
	if len(p) != 6 || p[0] != "arn" || p[2] == "" || p[5] == "" {
		return arnParts{}, false
	}
	return arnParts{service: p[2], region: p[3], account: p[4], resource: p[5]}, true
}

// arnText demands an ARN.
func arnText(path string) Check {
	return matching(path, `^arn:[\w-]+:[\w-]+:[\w-]*:(\d{12}|aws|cloudfront)?:.+$`, "an ARN is arn:partition:service:region:account:resource")
}

// target gives the type and the value to look for of what an ARN names, if it is of a simulated type.
func (a arnParts) target(arn string) (typ, value string) {
	switch {
	case a.service == "sqs":
		return queueType, arn
	case a.service == "sns":
		return topicType, arn
	case a.service == "lambda" && strings.HasPrefix(a.resource, "function:"):
		return functionType, functionOf(arn)
	case a.service == "events" && strings.HasPrefix(a.resource, "event-bus/"):
		return busType, arn
	case a.service == "logs" && strings.HasPrefix(a.resource, "log-group:"):
		return logGroupType, strings.TrimSuffix(arn, ":*")
	case a.service == "ecs" && strings.HasPrefix(a.resource, "cluster/"):
		return clusterType, arn
	}
	return "", ""
}

// gone tells whether an ARN names something of a simulated type that should be in the call's account and region, but
// is not. Of everything else the account cannot tell.
func (c *Call) gone(arn string) bool {
	a, ok := parseARN(arn)
	if !ok || a.account != c.Account || a.region != c.Region {
		return false
	}
	typ, value := a.target(arn)
	if typ == busType && a.resource == "event-bus/default" {
		return false
	}
	return typ != "" && c.Find(typ, value) == nil
}

// other gives the resource of a type, but prior, that fits, or nil.
func (c *Call) other(typ string, prior *store.Resource, fits func(*store.Resource) bool) *store.Resource {
	for _, r := range c.all(typ) {
		if (prior == nil || r.Key != prior.Key) && fits(r) {
			return r
		}
	}
	return nil
}
