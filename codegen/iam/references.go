package iam

import (
	"slices"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// References are the statements that a component's uses of others need, sorted by the component that is used.
func References(b *component.Builder) []Statement {
	uses, taken := map[string]ir.Reference{}, map[string][]string{}
	var ids []string
	for _, ref := range b.Component().References {
		if ref.Stack != "" || ref.Access == "" {
			continue
		}
		known, again := uses[ref.Component]
		if !again {
			ids = append(ids, ref.Component)
			known = ref
		}
		known.Access = wider(known.Access, ref.Access)
		taken[ref.Component] = append(taken[ref.Component], ref.Output)
		uses[ref.Component] = known
	}
	slices.Sort(ids)
	var all []Statement
	for _, id := range ids {
		all = append(all, statements(b, uses[id], taken[id])...)
	}
	return all
}

// wider joins two levels of access.
func wider(a, b string) string {
	if a == b {
		return a
	}
	return "readwrite"
}

// statements are those for one component, of which the outputs are taken.
func statements(b *component.Builder, ref ir.Reference, outputs []string) []Statement {
	target, kind := b.Target(ref.Component)
	guarded, ok := kind.(component.Guarded)
	if !ok {
		return nil
	}
	var all []Statement
	for _, grant := range guarded.Grants(target, ref.Access) {
		if len(grant.Taking) > 0 && !slices.ContainsFunc(outputs, func(o string) bool { return slices.Contains(grant.Taking, o) }) {
			continue
		}
		s := Statement{Sid: sid(ref.Component), Actions: grant.Actions}
		if len(all) > 0 {
			s.Sid += strconv.Itoa(len(all) + 1)
		}
		for _, c := range grant.Conditions {
			s.Conditions = append(s.Conditions, Condition{c.Operator, c.Key, literals(c.Values)})
		}
		if grant.WithKey {
			key := b.KeyOf(target)
			if key == nil {
				continue
			}
			s.Resources = []jen.Code{key}
		}
		for _, on := range grant.On {
			arn, _ := b.Use(ref.Component, on.Output, ref.Source)
			if on.Suffix != "" {
				arn = component.Pulumi("Sprintf").Call(jen.Lit("%s%s"), arn, jen.Lit(on.Suffix))
			}
			s.Resources = append(s.Resources, arn)
		}
		all = append(all, s)
	}
	return all
}

// ReadSecrets is the statement that lets a role read secrets, by the names under which the local variable secrets holds
// their ARNs.
func ReadSecrets(refs []string) []Statement {
	if len(refs) == 0 {
		return nil
	}
	s := Statement{Actions: []string{"secretsmanager:GetSecretValue"}}
	for _, ref := range refs {
		s.Resources = append(s.Resources, jen.Id("secrets").Index(jen.Lit(ref)))
	}
	return []Statement{s}
}
