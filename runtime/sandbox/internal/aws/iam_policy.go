package aws

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// The sandbox reads just enough of policies to tell whether a role may do what its task or function must do: allow
// statements of the role's policies, with wildcards, no conditions. Denials do not occur in panka's programs.

type statement struct {
	Effect    string
	Principal principal
	Action    oneOrMany
	Resource  oneOrMany
	Condition json.RawMessage
}

// principal is who a statement is about: "*", or names by kind, such as AWS or Service.
type principal map[string]oneOrMany

func (p *principal) UnmarshalJSON(data []byte) error {
	var all string
	if json.Unmarshal(data, &all) == nil {
		*p = principal{"AWS": {all}}
		return nil
	}
	return json.Unmarshal(data, (*map[string]oneOrMany)(p))
}

// names tells whether one of the accounts, users or roles is meant.
func (p principal) names(any []string) bool {
	return slices.ContainsFunc(p["AWS"], func(name string) bool { return slices.Contains(any, name) })
}

// includes tells whether an AWS service is meant.
func (p principal) includes(service string) bool {
	return anyMatches(p["Service"], service) || p.names([]string{"*"})
}

type oneOrMany []string

func (l *oneOrMany) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*l = oneOrMany{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(l))
}

func parsePolicy(text string) ([]statement, error) {
	var p struct {
		Version   string
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return nil, errorf("MalformedPolicyDocument", "This policy contains invalid Json")
	}
	var list []statement
	if json.Unmarshal(p.Statement, &list) == nil {
		return list, checkStatements(list)
	}
	var one statement
	if err := json.Unmarshal(p.Statement, &one); err != nil {
		return nil, errorf("MalformedPolicyDocument", "Syntax errors in policy.")
	}
	return []statement{one}, checkStatements([]statement{one})
}

func checkStatements(list []statement) error {
	for _, s := range list {
		if s.Effect != "Allow" && s.Effect != "Deny" {
			return errorf("MalformedPolicyDocument", "Invalid effect: %s", s.Effect)
		}
	}
	if len(list) == 0 {
		return errorf("MalformedPolicyDocument", "Policy statement must contain at least one statement.")
	}
	return nil
}

// checkPolicy is a Check for a property that holds a policy.
func checkPolicy(path string) Check {
	return func(in store.Values) []Problem {
		text, ok := at(in, path).(string)
		if !ok {
			return nil
		}
		if _, err := parsePolicy(text); err != nil {
			return []Problem{{path, err.Error()}}
		}
		return nil
	}
}

func anyMatches(patterns []string, value string) bool {
	for _, p := range patterns {
		if Wildcard(p, value) {
			return true
		}
	}
	return false
}

// Wildcard matches a pattern in which * stands for any text and ? for one character.
func Wildcard(pattern, value string) bool {
	for pattern != "" {
		switch {
		case pattern[0] == '*':
			for i := 0; i <= len(value); i++ {
				if Wildcard(strings.TrimLeft(pattern, "*"), value[i:]) {
					return true
				}
			}
			return false
		case value == "" || (pattern[0] != '?' && pattern[0] != value[0]):
			return false
		}
		pattern, value = pattern[1:], value[1:]
	}
	return value == ""
}
