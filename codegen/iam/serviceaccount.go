package iam

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// ServiceAccount is an identity of pods in the stack's EKS cluster.
type ServiceAccount struct{ Namespace, Name string }

// Subject is what the cluster's tokens call the service account.
func (a ServiceAccount) Subject() string {
	return "system:serviceaccount:" + a.Namespace + ":" + a.Name
}

// TrustServiceAccount is a policy that lets the pods of one service account take a role, by the tokens that the stack's EKS
// cluster gives them for AWS. The cluster's issuer of tokens stands in the names of what is compared.
func TrustServiceAccount(a ServiceAccount) *jen.Statement {
	texts := func() *jen.Statement { return jen.Map(jen.String()).String() }
	conditions := jen.Id("base").Dot("issuer").Dot("ApplyT").Call(
		jen.Func().Params(jen.Id("issuer").String()).Map(jen.String()).Add(texts()).Block(
			jen.Return(component.Map(jen.Map(jen.String()).Add(texts()), component.Fields{
				{Name: "StringEquals", Value: jen.Values(
					jen.Id("issuer").Op("+").Lit(":aud").Op(":").Lit("sts.amazonaws.com"),
					jen.Id("issuer").Op("+").Lit(":sub").Op(":").Lit(a.Subject()),
				)},
			}))))
	return Document(Statement{
		Actions: []string{"sts:AssumeRoleWithWebIdentity"}, Principal: &Principal{Federated: jen.Id("base").Dot("issuerARN")},
		computed: conditions,
	})
}
