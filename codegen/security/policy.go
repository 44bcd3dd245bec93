package security

import (
	"slices"
	"strings"
)

// statement is one of a policy.
type statement map[string]any

// statements are those of the policy at a path.
func (r Resource) statements(path string) []statement {
	var all []statement
	for _, s := range r.list(path + ".Statement") {
		if s, ok := s.(map[string]any); ok {
			all = append(all, s)
		}
	}
	return all
}

func (s statement) allows() bool { return s["Effect"] == "Allow" }

func (s statement) texts(field string) []string {
	var all []string
	for _, v := range asList(s[field]) {
		all = append(all, asText(v))
	}
	return all
}

// principals are those of a kind, such as AWS or Service. Anybody is "*" of the kind AWS.
func (s statement) principals(kind string) []string {
	if s["Principal"] == "*" {
		if kind == "AWS" {
			return []string{"*"}
		}
		return nil
	}
	var all []string
	for _, v := range asList(valueAt(s["Principal"], []string{kind})) {
		all = append(all, asText(v))
	}
	return all
}

// everyone tells whether a statement is for any principal of any account.
func (s statement) everyone() bool {
	return slices.Contains(s.principals("AWS"), "*") || s["NotPrincipal"] != nil
}

// limited tells whether a condition ties a statement to an account or a resource.
func (s statement) limited() bool {
	conditions, _ := s["Condition"].(map[string]any)
	for operator, keys := range conditions {
		if strings.HasPrefix(operator, "StringNot") || strings.HasPrefix(operator, "ArnNot") {
			continue
		}
		for _, name := range []string{"aws:SourceArn", "aws:SourceAccount", "aws:PrincipalOrgID", "aws:PrincipalAccount", "kms:EncryptionContext:aws:logs:arn"} {
			if valueAt(keys, []string{name}) != nil {
				return true
			}
		}
	}
	return false
}

// eachAllowed is a check of the statements that allow something, in the policy at any of the paths.
func eachAllowed(check func(statement) string, paths ...string) func(Resource, *Stack) string {
	return func(r Resource, _ *Stack) string {
		for _, path := range paths {
			for _, s := range r.statements(path) {
				if !s.allows() {
					continue
				}
				if reason := check(s); reason != "" {
					return "statement " + asText(s["Sid"]) + " " + reason
				}
			}
		}
		return ""
	}
}

// noneForEveryone is a check that a resource's policy allows nothing to everybody.
var noneForEveryone = eachAllowed(func(s statement) string {
	if s.everyone() && !s.limited() {
		return "is for everybody"
	}
	return ""
}, "policy")

// deniesPlainRequests is a check that the policy at a path denies everybody what comes without TLS.
func deniesPlainRequests(path string) func(Resource, *Stack) string {
	return func(r Resource, _ *Stack) string {
		for _, s := range r.statements(path) {
			if s["Effect"] == "Deny" && s.everyone() && same(valueAt(s["Condition"], []string{"Bool", "aws:SecureTransport"}), "false") {
				return ""
			}
		}
		return "its policy denies no request without TLS"
	}
}
