package pod

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/tracing"
)

// externalSecrets is the API of External Secrets, whose operator makes Secrets of Kubernetes of what AWS keeps.
const externalSecrets = "external-secrets.io/v1"

// refresh is how often a Secret is made anew. A process reads it when it starts.
const refresh = "1h0m0s"

// The parts of a component whose secrets and collector's configuration External Secrets brings.
const (
	secretsPart = "secrets"
	tracingPart = "tracing"
)

// UsesSecrets tells whether External Secrets has something to bring for the pods.
func (p *Pod) UsesSecrets() bool { return len(p.Spec.Secrets) > 0 || p.tracing.CollectorConfig != "" }

// secrets are what brings the process's secrets: a role that may read them, which only External Secrets takes on, and for
// each store what is to be brought from it.
func (p *Pod) secrets() {
	if !p.UsesSecrets() {
		return
	}
	account := Name(p.Component(), secretsPart)
	iam.AddRole(p.Builder, iam.Role{
		Var: "secretsRole", Part: secretsPart, What: "role for secrets", Trust: p.trust(account), Source: p.Place("secrets"),
	})
	policy := iam.AddPolicy(p.Builder, iam.Policy{
		Var: "secretsPolicy", Part: secretsPart, What: "policy for secrets", Role: "secretsRole", Source: p.Place("secrets"),
		Statements: slices.Concat(iam.ReadSecrets(container.SecretRefs(p.Spec.Secrets)),
			container.ReadCollectorConfig(p.Builder, p.tracing, "ssm:GetParameter")),
	})
	p.serviceAccount("secretsAccount", secretsPart, account, "secretsRole")
	if len(p.Spec.Secrets) > 0 {
		var entries []jen.Code
		for _, s := range p.Spec.Secrets {
			entries = append(entries, brought(s.Variable(), component.Pulumi("String").Call(jen.Id("secrets").Index(jen.Lit(s.Ref))), s.Key))
		}
		p.bring("secretStore", "secret", secretsPart, "SecretsManager", account, entries, policy)
	}
	if p.tracing.CollectorConfig != "" {
		entry := brought(tracing.CollectorConfigVariable, component.Str(p.tracing.CollectorConfig), "")
		p.bring("parameterStore", "parameter", tracingPart, "ParameterStore", account, []jen.Code{entry}, policy)
	}
}

// brought is one value of a Secret: what AWS keeps, or what stands under property in its JSON if that is not "".
func brought(key string, remote jen.Code, property string) jen.Code {
	return untyped(component.Fields{
		{Name: "secretKey", Value: component.Str(key)},
		{Name: "remoteRef", Value: untyped(component.Fields{
			{Name: "key", Value: remote}, {Name: "property", Value: component.If(property != "", component.Str(property))},
		})},
	})
}

// bring registers a store, which is a service of AWS and how to get in, and what brings the entries into the Secret that is
// named after the part. Pulumi waits until they are there.
func (p *Pod) bring(store, local, part, service, account string, entries []jen.Code, policy []string) {
	source := p.Place("secrets")
	name := component.Str(Name(p.Component(), part))
	p.object(component.Manifest{
		Var: store, API: externalSecrets, Kind: "SecretStore", Part: part, What: "store of " + part, Name: name, Source: source,
		Fields: component.Fields{{Name: "spec", Value: untyped(component.Fields{{Name: "provider", Value: untyped(component.Fields{
			{Name: "aws", Value: untyped(component.Fields{
				{Name: "service", Value: component.Str(service)},
				{Name: "region", Value: component.Str(p.Stack().Region)},
				{Name: "auth", Value: untyped(component.Fields{{Name: "jwt", Value: untyped(component.Fields{
					{Name: "serviceAccountRef", Value: untyped(component.Fields{{Name: "name", Value: component.Str(account)}})},
				})}})},
			})},
		})}})}},
		Options: []jen.Code{component.DependsOn(append([]string{"secretsAccount"}, policy...)...)},
	})
	p.object(component.Manifest{
		Var: local, API: externalSecrets, Kind: "ExternalSecret", Part: part, What: part + " from AWS", Name: name, Source: source,
		Annotations: component.Fields{{Name: "pulumi.com/waitFor", Value: component.Str("condition=Ready")}},
		Fields: component.Fields{{Name: "spec", Value: untyped(component.Fields{
			{Name: "refreshInterval", Value: component.Str(refresh)},
			{Name: "secretStoreRef", Value: untyped(component.Fields{
				{Name: "kind", Value: component.Str("SecretStore")}, {Name: "name", Value: name},
			})},
			{Name: "target", Value: untyped(component.Fields{
				{Name: "name", Value: name}, {Name: "creationPolicy", Value: component.Str("Owner")},
			})},
			{Name: "data", Value: list(entries...)},
		})}},
		Options: []jen.Code{component.DependsOn(store)},
	})
	p.await(local)
}

// fromSecret is where an environment variable's value is found.
func (p *Pod) fromSecret(part, key string) jen.Code {
	return typed("EnvVarSourceArgs", component.Fields{{Name: "SecretKeyRef", Value: typed("SecretKeySelectorArgs", component.Fields{
		{Name: "Name", Value: component.Str(Name(p.Component(), part))}, {Name: "Key", Value: component.Str(key)},
	})}})
}
