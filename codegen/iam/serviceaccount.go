package iam

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// TrustServiceAccount is a policy that lets one service account of a Kubernetes cluster take a role, and nobody else: the
// cluster's issuer says who the bearer of a token is (IAM roles for service accounts). issuerARN is the code of the ARN of
// the issuer's OpenID Connect provider in IAM, issuer that of its address without https://, an output. namespace and name
// are names that Kubernetes takes.
func TrustServiceAccount(issuerARN, issuer jen.Code, namespace, name string) *jen.Statement {
	texts := func() *jen.Statement { return jen.Map(jen.String()).String() }
	// The issuer stands in keys, which only a function of it can give.
	conditions := jen.Add(issuer).Dot("ApplyT").Call(
		jen.Func().Params(jen.Id("issuer").String()).Map(jen.String()).Add(texts()).Block(
			jen.Return(component.Map(jen.Map(jen.String()).Add(texts()), component.Fields{
				{Name: "StringEquals", Value: jen.Values(
					jen.Id("issuer").Op("+").Lit(":aud").Op(":").Lit("sts.amazonaws.com"),
					jen.Id("issuer").Op("+").Lit(":sub").Op(":").Lit("system:serviceaccount:"+namespace+":"+name),
				)},
			}))))
	return Document(Statement{
		Actions: []string{"sts:AssumeRoleWithWebIdentity"}, Principal: &Principal{Federated: issuerARN}, computed: conditions,
	})
}
