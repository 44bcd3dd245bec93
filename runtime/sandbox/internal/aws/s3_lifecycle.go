package aws

import (
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func bucketLifecycle() *Kind {
	classes := oneOf("storageClass", "GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR")
	return bucketSetting("BucketLifecycleConfigurationV2", "Lifecycle Configuration", Kind{
		Replace: []string{"expectedBucketOwner"},
		Checks: []Check{
			countWithin("rules", 1, 1000),
			oneOf("transitionDefaultMinimumObjectSize", "varies_by_storage_class", "all_storage_classes_128K"),
			eachObject("rules", oneOf("status", "Enabled", "Disabled"), atMostLong("id", 255), eachObject("transitions", classes, exactlyOne("days", "date")),
				eachObject("noncurrentVersionTransitions", classes, within("newerNoncurrentVersions", 1, 100)),
				atMostOne("filter", "prefix"), inObject("filter", atMostOne("and", "prefix", "tag", "objectSizeGreaterThan", "objectSizeLessThan")),
				inObject("expiration", exactlyOne("days", "date", "expiredObjectDeleteMarker"), within("days", 1, 2147483647)),
				within("noncurrentVersionExpiration.newerNoncurrentVersions", 1, 100), within("abortIncompleteMultipartUpload.daysAfterInitiation", 1, 2147483647)),
		},
		Defaults: func(*Call) store.Values {
			return store.Values{"transitionDefaultMinimumObjectSize": "all_storage_classes_128K"}
		},
	}, func(c *Call) error {
		ids := map[string]bool{}
		for _, rule := range c.In.Objects("rules") {
			if ids[rule.String("id")] {
				return errorf("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule")
			}
			ids[rule.String("id")] = true
			if err := lifecycleRuleFits(rule); err != nil {
				return err
			}
		}
		return nil
	})
}

// lifecycleRuleFits demands an action, and that objects first move and then expire.
func lifecycleRuleFits(rule store.Values) error {
	transitions := append(rule.Objects("transitions"), rule.Objects("noncurrentVersionTransitions")...)
	if len(transitions) == 0 && !rule.Has("expiration") && !rule.Has("noncurrentVersionExpiration") && !rule.Has("abortIncompleteMultipartUpload") {
		return errorf("InvalidRequest", "At least one action needs to be specified in a rule")
	}
	if rule.Has("abortIncompleteMultipartUpload") && (rule.Object("filter").Has("tag") || len(rule.Object("filter").Object("and").Object("tags")) > 0) {
		return errorf("InvalidRequest", "AbortIncompleteMultipartUpload cannot be specified with Tags.")
	}
	for _, t := range transitions {
		class := t.String("storageClass")
		if class != "STANDARD_IA" && class != "ONEZONE_IA" {
			continue
		}
		for key, action := range map[string]string{"days": "Transition", "noncurrentDays": "NoncurrentVersionTransition"} {
			if n, given := t.Number(key); given && n < 30 {
				return errorf("InvalidArgument", "'Days' in %s action must be greater than or equal to 30 for storageClass '%s'", action, class)
			}
		}
	}
	expires, given := rule.Object("expiration").Number("days")
	for _, t := range rule.Objects("transitions") {
		if after, ok := t.Number("days"); ok && given && expires <= after {
			return errorf("InvalidArgument", "'Days' in the Expiration action for filter must be greater than 'Days' in the Transition action")
		}
	}
	return nil
}
