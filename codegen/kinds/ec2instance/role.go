package ec2instance

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/iam"
)

// secrets finds the ARNs of the secrets that the machine may read.
func (m *machine) secrets() {
	refs := container.SecretRefs(m.Secrets)
	if len(refs) == 0 {
		return
	}
	for _, s := range m.Secrets {
		m.Secret(s.Ref, s.Source)
	}
	args := []jen.Code{jen.Id("ctx")}
	for _, ref := range refs {
		args = append(args, jen.Lit(ref))
	}
	m.LookUpSecrets()
	m.Statement(
		jen.List(jen.Id("secrets"), jen.Err()).Op(":=").Id("secretARNs").Call(args...),
		m.Check("secrets"), jen.Line(),
	)
}

// role is what the machine may do, and the instance profile by which it gets it.
func (m *machine) role() {
	managed := m.Policies
	if m.SessionManager {
		managed = append([]string{m.AWSPolicy("AmazonSSMManagedInstanceCore")}, managed...)
	}
	m.waitFor = append(m.waitFor, iam.AddRole(m.Builder, iam.Role{
		Var: "role", Part: "machine", What: "role", Trust: iam.TrustPlain("ec2.amazonaws.com"), Managed: managed,
	})...)
	m.waitFor = append(m.waitFor, iam.AddPolicy(m.Builder, iam.Policy{
		Var: "grants", Part: "references", What: "policy for what it uses", Role: "role",
		Statements: append(iam.References(m.Builder), iam.ReadSecrets(container.SecretRefs(m.Secrets))...),
	})...)
	m.Resource(component.Resource{
		Var: "profile", Type: "aws:iam/instanceProfile:InstanceProfile", Part: "machine", What: "instance profile",
		Args: component.Fields{
			{Name: "Name", Value: m.Physical(128, "machine")},
			{Name: "Role", Value: jen.Id("role").Dot("Name")},
		},
	})
}
