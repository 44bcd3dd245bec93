package iam

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// TrustServiceAccount is a policy that lets one service account of a Kubernetes cluster take a role, and nobody else: the
// cluster's issuer says who the bearer of a token is (IAM roles for service accounts). issuerARN is the code of the ARN of
// the issuer's OpenID Connect provider in IAM, issuer that of its address without https://. namespace and name are names
// that Kubernetes takes.
func TrustServiceAccount(issuerARN, issuer jen.Code, namespace, name string) *jen.Statement {
	// The issuer stands in keys, which the maps of Document cannot compute. None of the values needs escaping in JSON.
	return component.Pulumi("Sprintf").Call(
		jen.Lit(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":"%s"},`+
			`"Condition":{"StringEquals":{"%s:aud":"sts.amazonaws.com","%s:sub":"%s"}}}]}`),
		issuerARN, issuer, issuer, jen.Lit("system:serviceaccount:"+namespace+":"+name))
}
