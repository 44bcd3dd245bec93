package aws

import (
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	roleType       = "aws:iam/role:Role"
	rolePolicyType = "aws:iam/rolePolicy:RolePolicy"
	attachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
)

const roleNames = `^[0-9A-Za-z_+=,.@-]{1,64}$`

func role() *Kind {
	return &Kind{
		Type: roleType, Label: "IAM Role", Global: true,
		Name: "name", MaxName: 64,
		Conflict: func(name string) error {
			return errorf("EntityAlreadyExists", "Role with name %s already exists.", name)
		},
		Replace: []string{"name", "namePrefix", "path"},
		JSON:    []string{"assumeRolePolicy"},
		Checks: []Check{
			matching("name", roleNames, "up to 64 letters, digits and +=,.@-_"),
			matching("path", `^/([!-~]*/)?$`, "must begin and end with a slash"),
			within("maxSessionDuration", 3600, 43200),
			checkPolicy("assumeRolePolicy"),
		},
		Defaults: func(*Call) store.Values {
			return store.Values{"path": "/", "maxSessionDuration": 3600, "forceDetachPolicies": false, "description": ""}
		},
		Create: func(c *Call) (*Made, error) {
			path := c.In.String("path")
			if path == "" {
				path = "/"
			}
			name := c.In.String("name")
			return &Made{ID: name, Outputs: store.Values{"arn": c.GlobalARN("iam", "role"+path+name),
				"uniqueId": "AROA" + c.Upper("role", 17), "createDate": c.Now.UTC().Format(time.RFC3339)}}, nil
		},
		InUse: func(r, by *store.Resource) error {
			switch by.Type {
			case rolePolicyType:
				return errorf("DeleteConflict", "Cannot delete entity, must delete policies first.")
			case instanceProfileType:
				return errorf("DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.")
			}
			return errorf("DeleteConflict", "Cannot delete entity, must detach all policies first.")
		},
		Usual: Usual{2, 1, 1},
	}
}

func roleMissing(value string) error {
	return errorf("NoSuchEntity", "The role with name %s cannot be found.", value)
}

func rolePolicy() *Kind {
	return &Kind{
		Type: rolePolicyType, Label: "IAM Role Policy", Global: true, Idempotent: true,
		Name: "name", MaxName: 128,
		Replace: []string{"name", "namePrefix", "role"},
		JSON:    []string{"policy"},
		Checks:  []Check{matching("name", `^[0-9A-Za-z_+=,.@-]{1,128}$`, "up to 128 letters, digits and +=,.@-_"), checkPolicy("policy")},
		Refs:    []Ref{{Path: "role", To: roleType, Missing: roleMissing}},
		Create: func(c *Call) (*Made, error) {
			return &Made{ID: c.Find(roleType, c.In.String("role")).ID + ":" + c.In.String("name")}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

func rolePolicyAttachment() *Kind {
	return &Kind{
		Type: attachmentType, Label: "IAM Role Policy Attachment", Global: true, Idempotent: true,
		Replace: []string{"role", "policyArn"},
		Refs: []Ref{
			{Path: "role", To: roleType, Missing: roleMissing},
			{Path: "policyArn", To: policyType, Builtin: awsPolicy, Missing: missing("NoSuchEntity", "Policy %s does not exist or is not attachable.")},
		},
		Create: func(c *Call) (*Made, error) {
			policy := c.In.String("policyArn")
			role := c.Find(roleType, c.In.String("role")).ID
			return &Made{ID: role + "-" + digest(role+"|"+policy, 26)}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

// awsPolicy tells whether an ARN is of one of AWS's own policies.
func awsPolicy(arn string) bool { return strings.HasPrefix(arn, "arn:aws:iam::aws:policy/") }
