package iam

import (
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Role is a role of a component.
type Role struct {
	// Var is the local variable that holds it, Part the last part of its name, What what errors call it.
	Var, Part, What string
	// Trust is who may take the role, a policy document; see TrustServices.
	Trust jen.Code
	// Managed are the ARNs of policies that it gets.
	Managed []string
	// Source is the place in the YAML that most causes the role; the component's document if not valid.
	Source diag.Position
}

// AddRole registers a role and what attaches its managed policies. It gives the local variables of the attachments,
// which what uses the role must wait for. The Security document sets the role's path and its permissions boundary.
func AddRole(b *component.Builder, r Role) (waitFor []string) {
	security := b.Stack().Security.Get("iam")
	b.Resource(component.Resource{
		Var: r.Var, Type: "aws:iam/role:Role", Part: r.Part, What: r.What, Source: r.Source,
		Args: component.Fields{
			{Name: "Name", Value: b.Physical(64, r.Part)},
			{Name: "Path", Value: optional(security.Get("rolePath"), "/")},
			{Name: "AssumeRolePolicy", Value: r.Trust},
			{Name: "PermissionsBoundary", Value: optional(security.Get("permissionsBoundaryArn"), "")},
		},
	})
	for i, arn := range r.Managed {
		local, part := r.Var+"Policy", r.Part
		if i > 0 {
			local, part = local+strconv.Itoa(i+1), part+"-"+strconv.Itoa(i+1)
		}
		b.Resource(component.Resource{
			Var: local, Type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", Part: part, What: r.What + "'s policy", Source: r.Source,
			Args: component.Fields{
				{Name: "Role", Value: jen.Id(r.Var).Dot("Name")},
				{Name: "PolicyArn", Value: component.Str(arn)},
			},
		})
		waitFor = append(waitFor, local)
	}
	return waitFor
}

// optional is a text from a merged document, nil if it is missing or AWS's own default.
func optional(v *ir.Value, fallback string) jen.Code {
	if v == nil || v.Kind != ir.String || v.Text.String() == fallback {
		return nil
	}
	return component.Str(v.Text.String())
}

// TrustServices is a policy that lets AWS services take a role, on behalf of this account only: without that condition,
// another account could have the service take the role for it (the confused deputy, as AWS's IAM guide calls it).
// Services that do not send aws:SourceAccount when they take a role, EC2 among them, go without, see TrustPlain.
func TrustServices(services ...string) *jen.Statement {
	return Document(Statement{
		Actions: []string{"sts:AssumeRole"}, Principal: &Principal{Services: services},
		Conditions: []Condition{{"StringEquals", "aws:SourceAccount", []jen.Code{jen.Id("base").Dot("accountID")}}},
	})
}

// TrustPlain is TrustServices without the condition.
func TrustPlain(services ...string) *jen.Statement {
	return Document(Statement{Actions: []string{"sts:AssumeRole"}, Principal: &Principal{Services: services}})
}

// Policy is what a role may do.
type Policy struct {
	// Var is the local variable that holds it, Part the last part of its name, What what errors call it.
	Var, Part, What string
	// Role is the local variable of the role.
	Role       string
	Statements []Statement
	Source     diag.Position
}

// AddPolicy registers a policy of a role. It gives the local variable, or nothing if there are no statements, and then
// registers none.
func AddPolicy(b *component.Builder, p Policy) (waitFor []string) {
	if len(p.Statements) == 0 {
		return nil
	}
	b.Resource(component.Resource{
		Var: p.Var, Type: "aws:iam/rolePolicy:RolePolicy", Part: p.Part, What: p.What, Source: p.Source,
		Args: component.Fields{
			{Name: "Name", Value: component.Str(p.Part)},
			{Name: "Role", Value: jen.Id(p.Role).Dot("Name")},
			{Name: "Policy", Value: Document(p.Statements...)},
		},
	})
	return []string{p.Var}
}

// sidOf is the name of the statement for a reference. Those of other stacks begin with a lower-case letter, as none of this
// stack does.
func sidOf(ref ir.Reference) string {
	if ref.Stack == "" {
		return sid(ref.Component)
	}
	return "stack" + sid(ref.Stack+"/"+ref.Component)
}

// sid is a statement's name after a component: letters and digits only.
func sid(id string) string {
	var s strings.Builder
	upper := true
	for _, r := range id {
		switch {
		case r == '/' || r == '-':
			upper = true
		case upper:
			s.WriteString(strings.ToUpper(string(r)))
			upper = false
		default:
			s.WriteRune(r)
		}
	}
	return s.String()
}
