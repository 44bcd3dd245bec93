package security

import (
	"cmp"
	"fmt"
	"slices"
)

// Rule is one thing that holds for all resources of its types.
type Rule struct {
	// ID is the catalogue's, such as CKV_AWS_16 or S3.5, or panka/<topic>.
	ID    string
	Title string
	// Source is where the catalogue describes the rule; empty for panka's own.
	Source string
	// Types are the Pulumi types that the rule is about, such as aws:rds/instance:Instance.
	Types []string
	// When limits the rule to some stacks.
	When Condition
	// broken says what is wrong with a resource, and nothing if the rule holds.
	broken func(r Resource, s *Stack) string
}

// Condition says which stacks a rule is about.
type Condition string

// The conditions.
const (
	Always     Condition = ""
	Protected  Condition = "in protected environments"
	OwnKey     Condition = "where the stack has a key of its own"
	OwnNetwork Condition = "where the stack has a network of its own"
)

// Resource is a registered resource.
type Resource struct {
	Type string
	Name string // for people
	// Inputs are the properties as JSON has them: strings, float64, bool, []any and map[string]any.
	Inputs map[string]any
}

// Stack is everything that one stack registers in one environment.
type Stack struct {
	Protected bool
	Resources []Resource
}

// Finding is a rule that does not hold for a resource.
type Finding struct {
	Rule     Rule
	Resource Resource
	Reason   string
}

// String gives the finding in one line.
func (f Finding) String() string {
	return fmt.Sprintf("%s %s %s: %s", f.Rule.ID, f.Resource.Type, f.Resource.Name, f.Reason)
}

// Rules are all rules, sorted by ID.
func Rules() []Rule {
	all := slices.Concat(databaseRules(), cacheRules(), streamRules(), bucketRules(), fileRules(), messageRules(), containerRules(), clusterRules(), podRules(),
		machineRules(), balancerRules(), functionRules(), distributionRules(), networkRules(), keyRules(), identityRules())
	slices.SortFunc(all, func(a, b Rule) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// Check gives every finding in a stack, by rule and resource.
func Check(s *Stack) []Finding {
	var findings []Finding
	for _, rule := range Rules() {
		findings = append(findings, rule.Check(s)...)
	}
	return findings
}

// Check gives the findings of one rule in a stack.
func (rule Rule) Check(s *Stack) []Finding {
	if !s.meets(rule.When) {
		return nil
	}
	var findings []Finding
	for _, r := range s.Resources {
		if !slices.Contains(rule.Types, r.Type) {
			continue
		}
		if reason := rule.broken(r, s); reason != "" {
			findings = append(findings, Finding{rule, r, reason})
		}
	}
	return findings
}

func (s *Stack) meets(c Condition) bool {
	switch c {
	case Protected:
		return s.Protected
	case OwnKey:
		return len(s.of(key)) > 0
	case OwnNetwork:
		return len(s.of(vpc)) > 0
	default:
		return true
	}
}

// of are the resources of a type.
func (s *Stack) of(typ string) []Resource {
	var found []Resource
	for _, r := range s.Resources {
		if r.Type == typ {
			found = append(found, r)
		}
	}
	return found
}

// which are the resources of a type that have a value at a path.
func (s *Stack) which(typ, path string, value any) []Resource {
	return slices.DeleteFunc(s.of(typ), func(r Resource) bool { return !same(r.at(path), value) })
}
