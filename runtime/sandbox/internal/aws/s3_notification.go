package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func bucketNotification() *Kind {
	events := func(list string) Check {
		return eachObject(list, countWithin("events", 1, 100), func(in store.Values) []Problem {
			for i, e := range in.Strings("events") {
				if !strings.HasPrefix(e, "s3:") {
					return []Problem{{fmt.Sprintf("events[%d]", i), fmt.Sprintf("%q is not an event of S3, such as s3:ObjectCreated:*", e)}}
				}
			}
			return nil
		})
	}
	return bucketSetting("BucketNotification", "Notification", Kind{
		Checks:   []Check{events("lambdaFunctions"), events("queues"), events("topics")},
		Defaults: func(*Call) store.Values { return store.Values{"eventbridge": false} },
	}, notificationFits)
}

// notificationFits demands that what is told of events exists and lets S3 tell it, and that each event has one taker.
func notificationFits(c *Call) error {
	var all []store.Values
	for list, arn := range map[string]string{"lambdaFunctions": "lambdaFunctionArn", "queues": "queueArn", "topics": "topicArn"} {
		for _, n := range c.In.Objects(list) {
			if !c.mayNotify(n.String(arn)) {
				return errorf("InvalidArgument", "Unable to validate the following destination configurations")
			}
			all = append(all, n)
		}
	}
	for i, a := range all {
		for _, b := range all[:i] {
			if eventsOverlap(a, b) {
				return errorf("InvalidArgument", "Configurations overlap. Configurations on the same bucket cannot share a common event type.")
			}
		}
	}
	return nil
}

// mayNotify tells whether a queue, topic or function takes S3's events. Those of other accounts do.
func (c *Call) mayNotify(arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[4] != c.Account {
		return len(parts) == 6
	}
	switch parts[2] {
	case "sqs":
		r := c.Find(queueType, arn)
		return r != nil && c.allowsS3("sqs:SendMessage", arn, append([]string{r.Inputs.String("policy")}, c.policiesOf("aws:sqs/queuePolicy:QueuePolicy", "queueUrl", r.ID)...))
	case "sns":
		r := c.Find("aws:sns/topic:Topic", arn)
		return r != nil && c.allowsS3("sns:Publish", arn, append([]string{r.Inputs.String("policy")}, c.policiesOf("aws:sns/topicPolicy:TopicPolicy", "arn", arn)...))
	}
	function := c.Find("aws:lambda/function:Function", arn)
	return function != nil && slices.ContainsFunc(c.all("aws:lambda/permission:Permission"), func(p *store.Resource) bool {
		return identifies(p.Inputs.String("function"), function) && p.Inputs.String("principal") == "s3.amazonaws.com"
	})
}

// policiesOf gives the policies that resources of a type lay on the one that their property names.
func (c *Call) policiesOf(typ, property, value string) []string {
	var out []string
	for _, r := range c.all(typ) {
		if r.Inputs.String(property) == value {
			out = append(out, r.Inputs.String("policy"))
		}
	}
	return out
}

func (c *Call) allowsS3(action, arn string, policies []string) bool {
	for _, text := range policies {
		list, err := parsePolicy(text)
		if err != nil {
			continue
		}
		for _, s := range list {
			known := slices.Contains(s.Principal["Service"], "s3.amazonaws.com") || s.Principal.names([]string{"*"})
			allowed := slices.ContainsFunc(s.Action, func(a string) bool { return Wildcard(strings.ToLower(a), strings.ToLower(action)) })
			if s.Effect == "Allow" && known && allowed && anyMatches(s.Resource, arn) {
				return true
			}
		}
	}
	return false
}

func eventsOverlap(a, b store.Values) bool {
	same := slices.ContainsFunc(a.Strings("events"), func(e string) bool {
		return slices.ContainsFunc(b.Strings("events"), func(f string) bool { return Wildcard(e, f) || Wildcard(f, e) })
	})
	p, q := a.String("filterPrefix"), b.String("filterPrefix")
	s, t := a.String("filterSuffix"), b.String("filterSuffix")
	return same && (strings.HasPrefix(p, q) || strings.HasPrefix(q, p)) && (strings.HasSuffix(s, t) || strings.HasSuffix(t, s))
}
