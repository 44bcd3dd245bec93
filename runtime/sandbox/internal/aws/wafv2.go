package aws

import (
	"strings"
)

func webAclAssociation() *Kind {
	return &Kind{
		// Web ACLs are the account's own: an ARN of the region's form is taken to exist.
		Type: "aws:wafv2/webAclAssociation:WebAclAssociation", Label: "WAFv2 Web ACL Association", Idempotent: true,
		Replace: []string{"resourceArn", "webAclArn"},
		Checks:  []Check{matching("webAclArn", `^arn:aws:wafv2:[a-z0-9-]+:\d{12}:(regional|global)/webacl/.+/.+$`, "must be the ARN of a web ACL")},
		Refs: []Ref{
			{Path: "resourceArn", To: loadBalancerType, Owned: true, Builtin: func(v string) bool { return !strings.Contains(v, ":loadbalancer/app/") },
				Missing: missing("WAFUnavailableEntityException", "AWS WAF couldn't retrieve the resource that you requested. Retry your request. (%s)")},
			{Path: "resourceArn", To: restStageType, Owned: true, Builtin: func(v string) bool { return !strings.Contains(v, "/restapis/") },
				Missing: missing("WAFNonexistentItemException", "AWS WAF couldn't perform the operation because your resource doesn't exist: %s")},
		},
		Create: func(c *Call) (*Made, error) {
			acl, target := c.In.String("webAclArn"), c.In.String("resourceArn")
			switch {
			case !strings.HasPrefix(acl, "arn:aws:wafv2:"+c.Region+":") || !strings.Contains(acl, ":regional/"):
				return nil, errorf("WAFInvalidParameterException", "Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: %s", acl)
			case !strings.Contains(target, ":loadbalancer/app/") && !strings.Contains(target, "/restapis/"):
				return nil, errorf("WAFInvalidParameterException", "Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes "+
					"other information separated by colons or slashes., field: RESOURCE_ARN, parameter: %s", target)
			}
			return &Made{ID: acl + "," + target}, nil
		},
		Usual: Usual{5, 5, 5},
	}
}
