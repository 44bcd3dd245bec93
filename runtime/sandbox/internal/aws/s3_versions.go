package aws

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// Versioning, and what depends on it: object lock and replication.

const (
	versioningToken  = "BucketVersioningV2"
	replicationToken = "BucketReplicationConfig"
)

// versioned tells whether a bucket keeps versions. Object lock includes that.
func (c *Call) versioned(bucket string) bool {
	if r := c.setting(versioningToken, bucket); r != nil {
		return r.Inputs.Object("versioningConfiguration").String("status") == "Enabled"
	}
	return c.locked(bucket)
}

func (c *Call) locked(bucket string) bool {
	r := c.Find(bucketType, bucket)
	return r != nil && r.Inputs.Bool("objectLockEnabled")
}

func bucketVersioning() *Kind {
	k := bucketSetting(versioningToken, "Versioning", Kind{
		Replace: []string{"expectedBucketOwner"},
		Checks: []Check{
			oneOf("versioningConfiguration.status", "Enabled", "Suspended", "Disabled"),
			oneOf("versioningConfiguration.mfaDelete", "Enabled", "Disabled"),
		},
	}, versioningFits)
	k.Update = func(c *Call, prior *store.Resource) (*Made, error) {
		was, now := prior.Inputs.Object("versioningConfiguration").String("status"), c.In.Object("versioningConfiguration").String("status")
		if now == "Disabled" && was != now {
			return nil, errorf("InvalidArgument", "versioning_configuration.status cannot be updated from '%s' to '%s'", was, now)
		}
		return nil, versioningFits(c)
	}
	return k
}

func versioningFits(c *Call) error {
	bucket := c.In.String("bucket")
	switch on := c.In.Object("versioningConfiguration").String("status") == "Enabled"; {
	case on:
		return nil
	case c.locked(bucket) || c.setting("BucketObjectLockConfigurationV2", bucket) != nil:
		return errorf("InvalidBucketState", "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.")
	case c.setting(replicationToken, bucket) != nil:
		return errorf("InvalidBucketState", "A replication configuration is present on this bucket, so you cannot change the versioning state. "+
			"To change the versioning state, first delete the replication configuration.")
	}
	return nil
}

func bucketObjectLock() *Kind {
	retention := inObject("rule.defaultRetention", oneOf("mode", "GOVERNANCE", "COMPLIANCE"), exactlyOne("days", "years"),
		within("days", 1, 36500), within("years", 1, 100))
	return bucketSetting("BucketObjectLockConfigurationV2", "Object Lock Configuration", Kind{
		Replace:  []string{"expectedBucketOwner", "objectLockEnabled"},
		Checks:   []Check{oneOf("objectLockEnabled", "Enabled"), retention},
		Defaults: func(*Call) store.Values { return store.Values{"objectLockEnabled": "Enabled"} },
	}, func(c *Call) error {
		if !c.versioned(c.In.String("bucket")) {
			return errorf("InvalidBucketState", "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration")
		}
		return nil
	})
}

func bucketReplication() *Kind {
	onOff := func(path string) Check { return oneOf(path, "Enabled", "Disabled") }
	return bucketSetting(replicationToken, "Replication Configuration", Kind{
		Checks: []Check{
			countWithin("rules", 1, 1000),
			eachObject("rules", onOff("status"), onOff("deleteMarkerReplication.status"), onOff("existingObjectReplication.status"),
				onOff("destination.metrics.status"), onOff("destination.replicationTime.status"),
				onOff("sourceSelectionCriteria.sseKmsEncryptedObjects.status"), onOff("sourceSelectionCriteria.replicaModifications.status"),
				among("destination.replicationTime.time.minutes", 15), among("destination.metrics.eventThreshold.minutes", 15),
				oneOf("destination.accessControlTranslation.owner", "Destination"),
				matching("destination.bucket", `^arn:aws[a-z-]*:s3:::.+`, "must be the ARN of a bucket"), atMostLong("id", 255)),
		},
		Refs: []Ref{{Path: "role", To: roleType, Loose: true, Missing: func(string) error {
			return errorf("InvalidRequest", "Invalid role specified in replication configuration.")
		}}},
	}, replicationFits)
}

// replicationFits demands versions on both sides. A destination that the account does not hold is one that was there
// before, or another account's.
func replicationFits(c *Call) error {
	if !c.versioned(c.In.String("bucket")) {
		return errorf("InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration")
	}
	ids, priorities := map[string]bool{}, map[string]bool{}
	for _, rule := range c.In.Objects("rules") {
		if id := rule.String("id"); id != "" && ids[id] {
			return errorf("InvalidArgument", "Rule Id must be unique. Found same Id for more than one rule: %s", id)
		}
		ids[rule.String("id")] = true
		if p := fmt.Sprint(rule["priority"]); rule.Has("filter") {
			if priorities[p] {
				return errorf("InvalidRequest", "Found duplicate priority (%s), priorities must be unique.", p)
			}
			priorities[p] = true
			if !rule.Has("deleteMarkerReplication") {
				return errorf("InvalidRequest", "DeleteMarkerReplication must be specified for this version of Cross Region Replication configuration schema. "+
					"Please refer to S3 Developer Guide for more information.")
			}
		}
		destination := rule.Object("destination")
		name := strings.TrimPrefix(destination.String("bucket"), bucketARN(""))
		if c.Find(bucketType, name) != nil && !c.versioned(name) {
			return errorf("InvalidRequest", "Destination bucket must have versioning enabled.")
		}
		encrypted := rule.Object("sourceSelectionCriteria").Object("sseKmsEncryptedObjects").String("status") == "Enabled"
		if encrypted != destination.Has("encryptionConfiguration") {
			return errorf("InvalidRequest", "SseKmsEncryptedObjects and EncryptionConfiguration must both be specified, or neither.")
		}
	}
	return nil
}
