package aws

import (
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const publicAccessToken = "BucketPublicAccessBlock"

func bucketPublicAccess() *Kind {
	return bucketSetting(publicAccessToken, "Public Access Block", Kind{
		Defaults: func(*Call) store.Values {
			return store.Values{"blockPublicAcls": false, "blockPublicPolicy": false, "ignorePublicAcls": false, "restrictPublicBuckets": false}
		},
	}, nil)
}

func bucketPolicy() *Kind {
	return bucketSetting("BucketPolicy", "Policy", Kind{
		JSON:   []string{"policy"},
		Checks: []Check{checkPolicy("policy")},
	}, func(c *Call) error {
		list, err := parsePolicy(c.In.String("policy"))
		if err != nil {
			return errorf("MalformedPolicy", "This policy contains invalid Json")
		}
		name := c.In.String("bucket")
		arn := bucketARN(name)
		for _, s := range list {
			if len(s.Principal) == 0 {
				return errorf("MalformedPolicy", "Missing required field Principal")
			}
			for _, r := range s.Resource {
				if r != arn && !strings.HasPrefix(r, arn+"/") && !Wildcard(r, arn+"/*") {
					return errorf("MalformedPolicy", "Policy has invalid resource")
				}
			}
			if s.public() && c.blocksPublicPolicies(name) {
				return errorf("AccessDenied", `User: %s is not authorized to perform: s3:PutBucketPolicy on resource: "%s" because public policies `+
					`are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`, c.GlobalARN("iam", "user/sandbox"), arn)
			}
		}
		return nil
	})
}

// public tells whether a statement lets everybody in.
func (s *statement) public() bool {
	return s.Effect == "Allow" && s.Principal.names([]string{"*"}) && len(s.Condition) == 0
}

// blocksPublicPolicies: AWS makes buckets with all public access blocked.
func (c *Call) blocksPublicPolicies(bucket string) bool {
	r := c.setting(publicAccessToken, bucket)
	return r == nil || r.Inputs.Bool("blockPublicPolicy")
}
