package iam

import (
	"maps"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// Statement is one statement of a policy.
type Statement struct {
	// Sid is a name for it, of letters and digits; "" for none.
	Sid string
	// Deny refuses instead of allowing.
	Deny bool
	// Principal is who the statement is about, for policies of resources; nil in a role's policy.
	Principal *Principal
	Actions   []string
	// NotActions, in place of Actions, are all that the statement is not about.
	NotActions []string
	// Resources are Go strings or outputs; none in a trust policy.
	Resources  []jen.Code
	Conditions []Condition
	// computed are conditions, in place of Conditions, of which also the keys are known only when the program runs.
	computed jen.Code
}

// Principal is who a statement of a resource's policy is about.
type Principal struct {
	// Everyone is the principal *, for statements that refuse or that have conditions.
	Everyone bool
	// Services are AWS services; AWS are accounts, roles and users, as Go strings or outputs.
	Services []string
	AWS      []jen.Code
	// Federated is an identity provider, as a Go string or output.
	Federated jen.Code
}

// Condition is one condition of a statement. Its values are Go strings or outputs.
type Condition struct {
	Operator, Key string
	Values        []jen.Code
}

// Document is the code of a policy document, a pulumi.StringOutput.
func Document(statements ...Statement) *jen.Statement {
	var items []jen.Code
	for _, s := range statements {
		items = append(items, s.code())
	}
	return component.Pulumi("JSONMarshal").Call(component.Object(component.Fields{
		{Name: "Version", Value: jen.Lit("2012-10-17")},
		{Name: "Statement", Value: component.Objects(items...)},
	}))
}

func (s Statement) code() jen.Code {
	effect := "Allow"
	if s.Deny {
		effect = "Deny"
	}
	condition := s.computed
	if condition == nil {
		condition = conditions(s.Conditions)
	}
	return component.Element(component.Fields{
		{Name: "Sid", Value: component.If(s.Sid != "", jen.Lit(s.Sid))},
		{Name: "Effect", Value: jen.Lit(effect)},
		{Name: "Principal", Value: s.Principal.code()},
		{Name: "Action", Value: oneOrMore(literals(s.Actions))},
		{Name: "NotAction", Value: oneOrMore(literals(s.NotActions))},
		{Name: "Resource", Value: oneOrMore(s.Resources)},
		{Name: "Condition", Value: condition},
	})
}

func (p *Principal) code() jen.Code {
	if p == nil {
		return nil
	}
	if p.Everyone {
		return jen.Lit("*")
	}
	return jen.Map(jen.String()).Any().ValuesFunc(func(g *jen.Group) {
		if len(p.AWS) > 0 {
			g.Add(jen.Lit("AWS").Op(":").Add(oneOrMore(p.AWS)))
		}
		if p.Federated != nil {
			g.Add(jen.Lit("Federated").Op(":").Add(p.Federated))
		}
		if len(p.Services) > 0 {
			g.Add(jen.Lit("Service").Op(":").Add(oneOrMore(literals(p.Services))))
		}
	})
}

// conditions groups conditions by operator and key, both sorted.
func conditions(all []Condition) jen.Code {
	if len(all) == 0 {
		return nil
	}
	grouped := map[string]map[string][]jen.Code{}
	for _, c := range all {
		if grouped[c.Operator] == nil {
			grouped[c.Operator] = map[string][]jen.Code{}
		}
		grouped[c.Operator][c.Key] = append(grouped[c.Operator][c.Key], c.Values...)
	}
	var operators component.Fields
	for _, operator := range slices.Sorted(maps.Keys(grouped)) {
		var keys component.Fields
		for _, key := range slices.Sorted(maps.Keys(grouped[operator])) {
			keys = append(keys, component.Field{Name: key, Value: oneOrMore(grouped[operator][key])})
		}
		operators = append(operators, component.Field{Name: operator, Value: component.Object(keys)})
	}
	return component.Object(operators)
}

func literals(texts []string) []jen.Code {
	var items []jen.Code
	for _, t := range texts {
		items = append(items, jen.Lit(t))
	}
	return items
}

// oneOrMore is a single value as it is, several as a list, one a line, and nil for none.
func oneOrMore(items []jen.Code) jen.Code {
	switch len(items) {
	case 0:
		return nil
	case 1:
		return items[0]
	}
	return component.List(jen.Index().Any(), items...)
}
