package sandbox

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfigErrors(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"unknown key":          {"secret: {}", `sandbox.yaml:1:1: error: unknown key "secret", expected one of secrets, parameters`},
		"unknown nested key":   {"faults:\n  - error: x\n    op: create", `sandbox.yaml:3:5: error: unknown key "op"`},
		"wrong type":           {"faults: {a: b}", "sandbox.yaml:1:9: error: expected a list"},
		"scalar for mapping":   {"latency: fast", "sandbox.yaml:1:10: error: expected a mapping"},
		"text for number":      {"random: {rate: often}", `sandbox.yaml:1:16: error: expected a number, got "often"`},
		"negative count":       {"faults: [{error: x, times: -1}]", `expected a whole number, 0 or more, got "-1"`},
		"rate":                 {"random: {rate: 2}", "sandbox.yaml:1:16: error: the rate must be between 0 and 1"},
		"profile":              {"latency: {profile: gcp}", `sandbox.yaml:1:20: error: unknown profile "gcp"`},
		"operation":            {"faults: [{operation: replace, error: x}]", `sandbox.yaml:1:22: error: unknown operation "replace"`},
		"fault without error":  {"faults:\n  - {operation: create}", "sandbox.yaml:2:5: error: a fault needs the text of its error"},
		"key twice":            {"secrets:\n  a: {value: x}\n  a: {value: y}", `sandbox.yaml:3:3: error: "a" is given twice`},
		"alias":                {"secrets: &a {}\nparameters: *a", "anchors and aliases are not allowed"},
		"two documents":        {"{}\n---\n{}", "only one document is allowed"},
		"syntax":               {"secrets: {a: {}}\nx: [", "sandbox.yaml:2:1: error: not valid YAML: "},
		"not UTF-8":            {"secrets: {a: \"\xe4\"}", "sandbox.yaml:1:1: error: not valid YAML: "},
		"not a rate":           {"random: {rate: .nan}", "sandbox.yaml:1:16: error: the rate must be between 0 and 1"},
		"not a scale":          {"latency: {scale: .nan}", "sandbox.yaml:1:18: error: the scale must be between 0 and"},
		"endless":              {"latency: {scale: .inf}", "the scale must be between 0 and"},
		"too large a count":    {"faults: [{error: x, times: 9223372036854775808}]", `expected a whole number, 0 or more, got "9223372036854775808"`},
		"secret without value": {"secrets:\n  /a:\n", "sandbox.yaml:2:6: error: a secret needs a value"},
		"parameter, no value":  {"parameters: {/a: {type: String}}", "sandbox.yaml:1:18: error: a parameter needs a value"},
		"too large":            {strings.Repeat("# a comment\n", 100_000), "sandbox.yaml:1:1: error: the sandbox's configuration cannot be read: it is larger than 1 MiB"},
		"zone":                 {"zones: {a.example: {}}", "a zone needs its id"},
		"certificate":          {"certificates: {a.example: {}}", "a certificate needs its arn"},
		"parameter type":       {"parameters: {/a: {type: Text, value: x}}", `unknown type "Text"`},
		"network":              {"vpcs: {old: {cidr: 10.0.0.0/16}}", "a network needs a region and a cidr"},
		"subnet":               {"vpcs: {old: {region: us-east-1, cidr: 10.0.0.0/16, subnets: {a: {cidr: 10.0.0.0/24, zone: eu-west-1a}}}}", "a zone of the network's region"},
		"several, all of them": {"a: 1\nb: 2", `unknown key "b"`},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "sandbox.yaml")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(t.TempDir(), "account")
			_, err := Open(dir, path)
			wantError(t, err, c.want)
			if err := new(ConfigError); !errors.As(CheckConfig(path), &err) || len(err.Problems) == 0 {
				t.Error("CheckConfig does not say so")
			}
			if _, err := os.Stat(dir); err == nil {
				t.Error("an account was made all the same")
			}
		})
	}
	_, err := Open(t.TempDir(), "does-not-exist.yaml")
	wantError(t, err, "does-not-exist.yaml:1:1: error: the sandbox's configuration cannot be read: no such file")
	wantError(t, CheckConfig(os.DevNull), "it is not a regular file")
}

// TestSeeding: the account gets what sandbox.yaml lists and keeps what it no longer lists.
func TestSeeding(t *testing.T) {
	dir := t.TempDir()
	openWorld(t, dir, `
secrets: {/a: {value: first}, /kept: {value: kept}}
parameters: {/p: {value: plain}, /s: {type: SecureString, value: hidden}}
certificates: {shop.example: {arn: "arn:aws:acm:us-east-1:123456789012:certificate/1"}}
vpcs:
  company: {region: eu-west-1, cidr: 10.1.0.0/16, default: true, tags: {Name: company}, subnets: {a: {cidr: 10.1.0.0/24, zone: eu-west-1a}}}
`)
	w := openWorld(t, dir, "secrets: {/a: {value: second}}\n")
	get := func(token, key string, in props) string {
		t.Helper()
		out, err := w.invoke(token, in)
		if err != nil {
			t.Fatal(err)
		}
		return unwrap(out[toKey(key)]).StringValue()
	}
	for _, c := range []struct {
		token, key string
		in         props
		want       string
	}{
		{"aws:secretsmanager/getSecretVersion:getSecretVersion", "secretString", props{"secretId": "/a"}, "second"},
		{"aws:secretsmanager/getSecretVersion:getSecretVersion", "secretString", props{"secretId": "/kept"}, "kept"},
		{"aws:ssm/getParameter:getParameter", "value", props{"name": "/p"}, "plain"},
		{"aws:ssm/getParameter:getParameter", "value", props{"name": "/s"}, "hidden"},
	} {
		if got := get(c.token, c.key, c.in); got != c.want {
			t.Errorf("%s %v gives %q, want %q", c.token, c.in, got, c.want)
		}
	}
	w.p = w.account.Provider("eu-west-1")
	if got := get("aws:ec2/getVpc:getVpc", "cidrBlock", props{"default": true}); got != "10.1.0.0/16" {
		t.Errorf("the default network is %s", got)
	}
	if got := get("aws:ec2/getVpc:getVpc", "cidrBlock", props{"tags": props{"Name": "company"}}); got != "10.1.0.0/16" {
		t.Errorf("the network found by tag is %s", got)
	}
	if n := strings.Count(w.file(), "hidden"); n != 1 {
		t.Errorf("the secure parameter's value is in the file %d times", n)
	}
	before, _ := os.Stat(filepath.Join(dir, FileName))
	w = openWorld(t, dir, "secrets: {/a: {value: second}}\n")
	after, _ := os.Stat(filepath.Join(dir, FileName))
	if !os.SameFile(before, after) {
		t.Error("opening wrote the account although nothing changed")
	}
}
