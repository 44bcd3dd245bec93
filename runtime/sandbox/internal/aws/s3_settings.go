package aws

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func bucketOwnership() *Kind {
	return bucketSetting("BucketOwnershipControls", "Ownership Controls", Kind{
		Checks: []Check{oneOf("rule.objectOwnership", "BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter")},
	}, nil)
}

func bucketEncryption() *Kind {
	return bucketSetting("BucketServerSideEncryptionConfigurationV2", "Server Side Encryption Configuration", Kind{
		Replace: []string{"expectedBucketOwner"},
		Checks: []Check{countWithin("rules", 1, 1), eachObject("rules",
			oneOf("applyServerSideEncryptionByDefault.sseAlgorithm", "AES256", "aws:kms", "aws:kms:dsse"))},
		Refs: []Ref{keyRef("rules[].applyServerSideEncryptionByDefault.kmsMasterKeyId")},
	}, func(c *Call) error {
		for _, rule := range c.In.Objects("rules") {
			byDefault := rule.Object("applyServerSideEncryptionByDefault")
			if byDefault.String("sseAlgorithm") == "AES256" && byDefault.Has("kmsMasterKeyId") {
				return errorf("InvalidArgument", "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse")
			}
		}
		return nil
	})
}

func bucketCORS() *Kind {
	return bucketSetting("BucketCorsConfigurationV2", "CORS Configuration", Kind{
		Replace: []string{"expectedBucketOwner"},
		Sets:    []string{"corsRules"},
		Checks: []Check{countWithin("corsRules", 1, 100), eachObject("corsRules", exactlyOne("allowedMethods"), exactlyOne("allowedOrigins"),
			eachOf("allowedMethods", "GET", "PUT", "HEAD", "POST", "DELETE"), atMostLong("id", 255))},
	}, func(c *Call) error {
		for _, rule := range c.In.Objects("corsRules") {
			for _, origin := range rule.Strings("allowedOrigins") {
				if strings.Count(origin, "*") > 1 {
					return errorf("InvalidRequest", `AllowedOrigin "%s" can not have more than one wildcard.`, origin)
				}
			}
		}
		return nil
	})
}

func bucketWebsite() *Kind {
	return bucketSetting("BucketWebsiteConfigurationV2", "Website Configuration", Kind{
		Replace: []string{"expectedBucketOwner"},
		JSON:    []string{"routingRuleDetails"},
		Checks: []Check{
			exactlyOne("indexDocument", "redirectAllRequestsTo"), atMostOne("redirectAllRequestsTo", "errorDocument"),
			atMostOne("routingRules", "routingRuleDetails"), atMostOne("redirectAllRequestsTo", "routingRules"), jsonText("routingRuleDetails"),
			oneOf("redirectAllRequestsTo.protocol", "http", "https"),
			matching("indexDocument.suffix", `^[^/]+$`, "must not be empty or hold a slash"),
		},
		Create: func(c *Call) (*Made, error) {
			// The older regions put a hyphen between service and region.
			domain := "s3-website." + c.Region + ".amazonaws.com"
			if slices.Contains([]string{"us-east-1", "us-west-1", "us-west-2", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "eu-west-1", "sa-east-1"}, c.Region) {
				domain = "s3-website-" + c.Region + ".amazonaws.com"
			}
			return &Made{ID: settingID(c.In), Outputs: store.Values{"websiteDomain": domain, "websiteEndpoint": c.In.String("bucket") + "." + domain}}, nil
		},
	}, nil)
}

func bucketLogging() *Kind {
	return bucketSetting("BucketLoggingV2", "Logging", Kind{
		Replace: []string{"expectedBucketOwner"},
		Sets:    []string{"targetGrants"},
		Checks: []Check{
			inObject("targetObjectKeyFormat", exactlyOne("partitionedPrefix", "simplePrefix"), oneOf("partitionedPrefix.partitionDateSource", "EventTime", "DeliveryTime")),
			eachObject("targetGrants", oneOf("permission", "FULL_CONTROL", "READ", "WRITE"), oneOf("grantee.type", "CanonicalUser", "AmazonCustomerByEmail", "Group")),
		},
	}, func(c *Call) error {
		// A target that the account does not hold is one that was there before.
		target := c.Find(bucketType, c.In.String("targetBucket"))
		if target != nil && target.Outputs.String("region") != c.Region {
			return errorf("CrossLocationLoggingProhibitted", "Cross S3 location logging not allowed.")
		}
		return nil
	})
}

func bucketAcceleration() *Kind {
	return bucketSetting("BucketAccelerateConfigurationV2", "Accelerate Configuration", Kind{
		Replace: []string{"expectedBucketOwner"},
		Checks:  []Check{oneOf("status", "Enabled", "Suspended")},
	}, func(c *Call) error {
		if strings.Contains(c.In.String("bucket"), ".") {
			return errorf("InvalidRequest", "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names")
		}
		return nil
	})
}

func bucketTiering() *Kind {
	return namedSetting("BucketIntelligentTieringConfiguration", "Intelligent-Tiering Configuration", Kind{
		Sets: []string{"tierings"},
		Checks: []Check{
			oneOf("status", "Enabled", "Disabled"), countWithin("tierings", 1, 2),
			eachObject("tierings", oneOf("accessTier", "ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"), within("days", 90, 730)),
		},
		Defaults: func(*Call) store.Values { return store.Values{"status": "Enabled"} },
	}, func(c *Call) error {
		for _, t := range c.In.Objects("tierings") {
			if t.String("accessTier") == "DEEP_ARCHIVE_ACCESS" && t.Int("days") < 180 {
				return errorf("InvalidArgument", "'Days' for DEEP_ARCHIVE_ACCESS must be at least 180")
			}
		}
		return nil
	})
}

func bucketMetric() *Kind {
	return namedSetting("BucketMetric", "Metric", Kind{}, nil)
}

// namedSetting is a setting of which a bucket may have several.
func namedSetting(token, label string, k Kind, fits func(*Call) error) *Kind {
	k.Name, k.MaxName, k.Replace = "name", 64, []string{"name"}
	k.Checks = append(k.Checks, atMostLong("name", 64))
	k.Create = func(c *Call) (*Made, error) { return &Made{ID: c.In.String("bucket") + ":" + c.In.String("name")}, nil }
	return bucketSetting(token, label, k, fits)
}
