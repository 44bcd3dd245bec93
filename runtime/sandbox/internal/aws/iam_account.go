package aws

import (
	"fmt"
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	policyType          = "aws:iam/policy:Policy"
	instanceProfileType = "aws:iam/instanceProfile:InstanceProfile"
	openIDType          = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
)

// managedPolicy is a policy of the account's own that roles attach.
func managedPolicy() *Kind {
	return &Kind{
		Type: policyType, Label: "IAM Policy", Global: true,
		Name: "name", MaxName: 128,
		Replace: []string{"name", "namePrefix", "path", "description"},
		JSON:    []string{"policy"},
		Checks: []Check{
			matching("name", `^[0-9A-Za-z_+=,.@-]{1,128}$`, "up to 128 letters, digits and +=,.@-_"),
			matching("path", iamPaths, "must begin and end with a slash"),
			checkPolicy("policy"), checkPolicySize,
		},
		Defaults: func(*Call) store.Values { return store.Values{"path": "/", "description": ""} },
		Conflict: func(name string) error {
			return errorf("EntityAlreadyExists", "A policy called %s already exists. Duplicate names are not allowed.", name)
		},
		Create: func(c *Call) (*Made, error) {
			arn := c.GlobalARN("iam", "policy"+iamPath(c)+c.In.String("name"))
			return &Made{ID: arn, Outputs: store.Values{"arn": arn, "policyId": "ANPA" + c.Upper("policy", 17), "attachmentCount": 0}}, nil
		},
		InUse: func(*store.Resource, *store.Resource) error {
			return errorf("DeleteConflict", "Cannot delete a policy attached to entities.")
		},
		Usual: Usual{1, 1, 1},
	}
}

const iamPaths = `^/([!-~]*/)?$`

func iamPath(c *Call) string {
	if path := c.In.String("path"); path != "" {
		return path
	}
	return "/"
}

// checkPolicySize holds a managed policy to its 6,144 characters, which do not count white space.
func checkPolicySize(in store.Values) []Problem {
	text, _ := at(in, "policy").(string)
	if n := len(strings.Join(strings.Fields(text), "")); n > 6144 {
		return []Problem{{"policy", fmt.Sprintf("LimitExceeded: Cannot exceed quota for PolicySize: 6144 (it has %d characters)", n)}}
	}
	return nil
}

func instanceProfile() *Kind {
	return &Kind{
		Type: instanceProfileType, Label: "IAM Instance Profile", Global: true,
		Name: "name", MaxName: 128,
		Replace: []string{"name", "namePrefix", "path"},
		Checks: []Check{
			matching("name", `^[0-9A-Za-z_+=,.@-]{1,128}$`, "up to 128 letters, digits and +=,.@-_"),
			matching("path", iamPaths, "must begin and end with a slash"),
		},
		Conflict: func(name string) error {
			return errorf("EntityAlreadyExists", "Instance Profile %s already exists.", name)
		},
		Defaults: func(*Call) store.Values { return store.Values{"path": "/"} },
		Refs:     []Ref{{Path: "role", To: roleType, Missing: roleMissing}},
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("name")
			return &Made{ID: name, Outputs: store.Values{"arn": c.GlobalARN("iam", "instance-profile"+iamPath(c)+name),
				"uniqueId": "AIPA" + c.Upper("profile", 17), "createDate": c.Now.UTC().Format(time.RFC3339)}}, nil
		},
		Unwell: func(_ *Call, r *store.Resource) string {
			if !r.Inputs.Has("role") {
				return "the instance profile has no role"
			}
			return ""
		},
		Usual: Usual{2, 1, 1},
	}
}

func openIDProvider() *Kind {
	return &Kind{
		Type: openIDType, Label: "IAM OIDC Provider", Global: true,
		Replace: []string{"url"},
		Checks: []Check{
			matching("url", `^https://`, "must begin with https://"),
			eachString("thumbprintLists", `^[0-9A-Fa-f]{40}$`, "a thumbprint has 40 hexadecimal digits"),
			eachString("clientIdLists", `^.{1,255}$`, "a client ID has up to 255 characters"),
		},
		Conflict: func(string) error {
			return errorf("EntityAlreadyExists", "Provider with url already exists.")
		},
		Defaults: func(*Call) store.Values {
			// AWS fetches the thumbprint of the issuer's certificate authority itself.
			return store.Values{"thumbprintLists": []string{"9e99a48a9960b14926bb7f3b02e22da2b0ab7280"}}
		},
		Create: func(c *Call) (*Made, error) {
			host := strings.TrimPrefix(c.In.String("url"), "https://")
			arn := c.GlobalARN("iam", "oidc-provider/"+host)
			return &Made{ID: arn, Outputs: store.Values{"arn": arn}}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}
