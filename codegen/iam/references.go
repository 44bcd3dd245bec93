package iam

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// References are the statements that a component's uses of others need, sorted by the component that is used: first those
// of this stack, then those of others.
func References(b *component.Builder) []Statement {
	type used struct{ stack, component string }
	uses, taken := map[used]ir.Reference{}, map[used][]string{}
	var all []used
	for _, ref := range b.Component().References {
		if ref.Access == "" {
			continue
		}
		key := used{ref.Stack, ref.Component}
		known, again := uses[key]
		if !again {
			all = append(all, key)
			known = ref
		}
		known.Access = wider(known.Access, ref.Access)
		taken[key] = append(taken[key], ref.Output)
		uses[key] = known
	}
	slices.SortFunc(all, func(a, b used) int {
		return cmp.Or(strings.Compare(a.stack, b.stack), strings.Compare(a.component, b.component))
	})
	var list []Statement
	for _, key := range all {
		list = append(list, statements(b, uses[key], taken[key])...)
	}
	return list
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
	target, kind := b.Referred(ref)
	guarded, ok := kind.(component.Guarded)
	if !ok {
		return nil
	}
	var all []Statement
	for _, grant := range guarded.Grants(target, ref.Access) {
		if len(grant.Taking) > 0 && !slices.ContainsFunc(outputs, func(o string) bool { return slices.Contains(grant.Taking, o) }) {
			continue
		}
		s := Statement{Sid: sidOf(ref), Actions: grant.Actions}
		if len(all) > 0 {
			// In front: no service's name begins with a digit, but a component's may end with one.
			s.Sid = strconv.Itoa(len(all)+1) + s.Sid
		}
		for _, c := range grant.Conditions {
			s.Conditions = append(s.Conditions, Condition{c.Operator, c.Key, literals(c.Values)})
		}
		if grant.WithKey {
			key := b.KeyOfReferred(ref)
			if key == nil {
				continue
			}
			s.Resources = []jen.Code{key}
		}
		for _, on := range grant.On {
			arn, _ := b.UseOf(ref, on.Output)
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
