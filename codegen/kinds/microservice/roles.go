package microservice

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// lookUpSecrets finds the ARNs of the secrets, which also tells early if one does not exist.
func (m *service) lookUpSecrets() {
	refs := m.secretRefs()
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

// roles are the role that the process has, without any grant of its own, and the role by which ECS starts it.
func (m *service) roles() {
	m.Statement(jen.Id("trust").Op(":=").Add(policy(component.Element(component.Fields{
		{Name: "Effect", Value: jen.Lit("Allow")},
		{Name: "Action", Value: jen.Lit("sts:AssumeRole")},
		{Name: "Principal", Value: jen.Map(jen.String()).Any().Values(jen.Lit("Service").Op(":").Lit("ecs-tasks.amazonaws.com"))},
	}))), jen.Line())
	m.role("taskRole", "task", "task role")
	m.role("executionRole", "execution", "execution role")
	m.Resource(component.Resource{
		Var: "executionPolicy", Type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", Part: "execution",
		What: "execution role's policy",
		Args: component.Fields{
			{Name: "Role", Value: jen.Id("executionRole").Dot("Name")},
			{Name: "PolicyArn", Value: component.Str("arn:" + partition(m.Stack().Region) +
				":iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy")},
		},
	})
	m.waitFor = append(m.waitFor, "executionPolicy")
	m.secretsPolicy()
}

func (m *service) role(local, part, what string) {
	m.Resource(component.Resource{
		Var: local, Type: "aws:iam/role:Role", Part: part, What: what,
		Args: component.Fields{
			{Name: "Name", Value: m.Physical(64, part)},
			{Name: "AssumeRolePolicy", Value: jen.Id("trust")},
		},
	})
}

// secretsPolicy lets ECS read exactly the secrets that the YAML names.
func (m *service) secretsPolicy() {
	if len(m.Secrets) == 0 {
		return
	}
	var arns []jen.Code
	for _, ref := range m.secretRefs() {
		arns = append(arns, jen.Id("secrets").Index(jen.Lit(ref)))
	}
	m.Resource(component.Resource{
		Var: "secretsPolicy", Type: "aws:iam/rolePolicy:RolePolicy", Part: "secrets", What: "policy for secrets",
		Source: m.Place("secrets"),
		Args: component.Fields{
			{Name: "Name", Value: component.Str("secrets")},
			{Name: "Role", Value: jen.Id("executionRole").Dot("Name")},
			{Name: "Policy", Value: policy(component.Element(component.Fields{
				{Name: "Effect", Value: jen.Lit("Allow")},
				{Name: "Action", Value: jen.Lit("secretsmanager:GetSecretValue")},
				{Name: "Resource", Value: jen.Index().String().Values(arns...)},
			}))},
		},
	})
	m.waitFor = append(m.waitFor, "secretsPolicy")
}

// policy is an IAM policy document.
func policy(statements ...jen.Code) *jen.Statement {
	return component.Pulumi("JSONMarshal").Call(component.Object(component.Fields{
		{Name: "Version", Value: jen.Lit("2012-10-17")},
		{Name: "Statement", Value: component.Objects(statements...)},
	}))
}

// partition is the part of AWS that a region belongs to, as ARNs name it.
func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	default:
		return "aws"
	}
}
