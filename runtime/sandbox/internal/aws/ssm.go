package aws

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const parameterType = "aws:ssm/parameter:Parameter"

// ssmParameter is a parameter that a program makes. Its value is kept with the account's other parameters and secrets,
// so that tasks and getParameter find it there.
func ssmParameter() *Kind {
	return &Kind{
		Type: parameterType, Label: "SSM Parameter",
		Name: "name", MaxName: 1011,
		Replace: []string{"name"},
		ReplaceIf: func(old, now store.Values) []string {
			if old.String("tier") == "Advanced" && now.String("tier") == "Standard" {
				return []string{"tier"}
			}
			return nil
		},
		Checks: []Check{
			matching("name", `^(/[a-zA-Z0-9_.-]+)+$|^[a-zA-Z0-9_.-]+$`, "letters, digits and _.-, in a hierarchy that begins with a slash"),
			parameterReserved, longest("name", 1011), longest("description", 1024),
			oneOf("type", "String", "StringList", "SecureString"), oneOf("tier", "Standard", "Advanced", "Intelligent-Tiering"),
			oneOf("dataType", "text", "aws:ec2:image", "aws:ssm:integration"), exactlyOne("value", "insecureValue"), checkParameterValue,
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"dataType": "text", "tier": "Standard"}
			if c.In.String("type") == "SecureString" {
				out["keyId"] = "alias/aws/ssm"
			}
			return out
		},
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("name")
			if c.Tx.Document().Parameters[name] != nil && !c.In.Bool("overwrite") {
				return nil, errorf("ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
			}
			c.keepParameter(name)
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("ssm", "parameter/"+trimSlash(name)), "version": 1}}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) {
			c.keepParameter(prior.ID)
			return &Made{Outputs: store.Values{"version": prior.Outputs.Int("version") + 1}}, nil
		},
		Delete: func(c *Call, r *store.Resource) error {
			name := r.ID
			c.Tx.Edit(func(d *store.Document) {
				delete(d.Parameters, name)
				delete(d.Secrets, ParameterPrefix+name)
			})
			return nil
		},
		Usual: Usual{1, 1, 1},
	}
}

func parameterReserved(in store.Values) []Problem {
	name := strings.ToLower(strings.TrimPrefix(in.String("name"), "/"))
	if strings.HasPrefix(name, "aws") || strings.HasPrefix(name, "ssm") {
		return []Problem{{"name", `Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive).`}}
	}
	return nil
}

func checkParameterValue(in store.Values) []Problem {
	if in.String("type") == "SecureString" && in.Has("insecureValue") {
		return []Problem{{"insecureValue", "insecureValue cannot be set with type SecureString"}}
	}
	limit := 4096
	if t := in.String("tier"); t == "Advanced" || t == "Intelligent-Tiering" {
		limit = 8192
	}
	value := in.String("value") + in.String("insecureValue")
	if len(value) > limit {
		return []Problem{{"value", fmt.Sprintf("ValidationException: the value has %d bytes, which exceeds the maximum of %d of its tier", len(value), limit)}}
	}
	if value == "" && (in.Known("value") || in.Known("insecureValue")) {
		return []Problem{{"value", "the value cannot be empty"}}
	}
	return nil
}

// keepParameter puts the call's parameter among the account's; a value that the program keeps secret is a secret there.
func (c *Call) keepParameter(name string) {
	p := &store.Parameter{Type: c.In.String("type"), Value: c.In.String("insecureValue")}
	value, now := c.In.String("value"), c.Now.UTC()
	version := digest(name+"|"+value, 32)
	c.Tx.Edit(func(d *store.Document) {
		if d.Parameters == nil {
			d.Parameters = map[string]*store.Parameter{}
		}
		d.Parameters[name] = p
		delete(d.Secrets, ParameterPrefix+name)
		if value != "" {
			d.Secrets[ParameterPrefix+name] = &store.Secret{Value: value, VersionID: version, CreatedAt: now}
		}
	})
}
