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
			if c.undelivered("s3.amazonaws.com", "arn:aws:s3:::"+c.In.String("bucket"), n.String(arn)) != "" {
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

func eventsOverlap(a, b store.Values) bool {
	same := slices.ContainsFunc(a.Strings("events"), func(e string) bool {
		return slices.ContainsFunc(b.Strings("events"), func(f string) bool { return Wildcard(e, f) || Wildcard(f, e) })
	})
	p, q := a.String("filterPrefix"), b.String("filterPrefix")
	s, t := a.String("filterSuffix"), b.String("filterSuffix")
	return same && (strings.HasPrefix(p, q) || strings.HasPrefix(q, p)) && (strings.HasSuffix(s, t) || strings.HasSuffix(t, s))
}
