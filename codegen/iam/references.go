package iam

import (
	"cmp"
	"reflect"
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
	uses := map[used]*use{}
	var all []used
	for _, ref := range b.Component().References {
		if ref.Access == "" {
			continue
		}
		key := used{ref.Stack, ref.Component}
		if uses[key] == nil {
			all = append(all, key)
			uses[key] = &use{ref: ref}
		}
		uses[key].add(b, ref)
	}
	slices.SortFunc(all, func(a, b used) int {
		return cmp.Or(strings.Compare(a.stack, b.stack), strings.Compare(a.component, b.component))
	})
	var list []Statement
	for _, key := range all {
		list = append(list, uses[key].statements(b)...)
	}
	return list
}

// use is all that a component uses another one for.
type use struct {
	// ref is the first reference; its outputs and access say nothing of the others.
	ref ir.Reference
	// access is what all references that are no mounts ask for together, "" without any; outputs are what they take.
	access  string
	outputs []string
	// mounted are the grants of the mounts.
	mounted []component.Grant
}

func (u *use) add(b *component.Builder, ref ir.Reference) {
	target, kind := b.Referred(ref)
	if m, ok := kind.(component.Mountable); ok && ref.Mount != nil {
		for _, grant := range m.MountGrants(target, ref.Mount) {
			if !slices.ContainsFunc(u.mounted, func(g component.Grant) bool { return reflect.DeepEqual(g, grant) }) {
				u.mounted = append(u.mounted, grant)
			}
		}
		return
	}
	u.access = wider(u.access, ref.Access)
	u.outputs = append(u.outputs, ref.Output)
}

// wider joins two levels of access, of which the first may be none.
func wider(a, b string) string {
	if a == b || a == "" {
		return b
	}
	return "readwrite"
}

// statements are those for the component that is used, of which the outputs are taken.
func (u *use) statements(b *component.Builder) []Statement {
	target, kind := b.Referred(u.ref)
	guarded, ok := kind.(component.Guarded)
	if !ok {
		return nil
	}
	grants := u.mounted
	if u.access != "" {
		grants = append(guarded.Grants(target, u.access), grants...)
	}
	var all []Statement
	for _, grant := range grants {
		if len(grant.Taking) > 0 && !slices.ContainsFunc(u.outputs, func(o string) bool { return slices.Contains(grant.Taking, o) }) {
			continue
		}
		s := Statement{Sid: sidOf(u.ref), Actions: grant.Actions}
		if len(all) > 0 {
			// In front: no service's name begins with a digit, but a component's may end with one.
			s.Sid = strconv.Itoa(len(all)+1) + s.Sid
		}
		for _, c := range grant.Conditions {
			s.Conditions = append(s.Conditions, Condition{c.Operator, c.Key, u.values(b, c)})
		}
		if grant.WithKey {
			key := b.KeyOfReferred(u.ref)
			if key == nil {
				continue
			}
			s.Resources = []jen.Code{key}
		}
		for _, on := range grant.On {
			arn, _ := b.UseOf(u.ref, on.Output)
			if on.Suffix != "" {
				arn = component.Pulumi("Sprintf").Call(jen.Lit("%s%s"), arn, jen.Lit(on.Suffix))
			}
			s.Resources = append(s.Resources, arn)
		}
		all = append(all, s)
	}
	return all
}

// values are those of a condition.
func (u *use) values(b *component.Builder, c component.Condition) []jen.Code {
	if c.Output == "" {
		return literals(c.Values)
	}
	value, _ := b.UseOf(u.ref, c.Output)
	return []jen.Code{value}
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
