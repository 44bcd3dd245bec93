package pod

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/ir"
)

// maxLabel is how many characters Kubernetes takes as a label, and as the name of what gets an entry in the DNS.
const maxLabel = 63

// Namespace is the namespace of a component's objects.
func Namespace(c *ir.Component) string { return c.Service }

// Name is the name of a component's object: of its main one, or of a part.
func Name(c *ir.Component, part string) string {
	if part == "" {
		return c.Name
	}
	return c.Name + "." + part
}

// Selector are the labels by which a component's pods are found in its namespace. They never change, as a Deployment's
// cannot.
func Selector(c *ir.Component) component.Fields {
	return component.Fields{{Name: "app.kubernetes.io/name", Value: component.Str(c.Name)}}
}

// trust lets the component's service account of that name take a role.
func (p *Pod) trust(account string) *jen.Statement {
	base := jen.Id("base")
	return iam.TrustServiceAccount(base.Clone().Dot("issuerARN"), base.Clone().Dot("issuer"), Namespace(p.Component()), account)
}

// object registers an object of the component in its namespace.
func (p *Pod) object(m component.Manifest) {
	m.Namespace = component.Str(Namespace(p.Component()))
	if m.Name == nil {
		m.Name = component.Str(Name(p.Component(), m.Part))
	}
	p.Manifest(m)
}

// await makes what runs the pods wait for local variables.
func (p *Pod) await(locals ...string) {
	p.WaitFor = append(p.WaitFor, locals...)
}

// DependsOnAll is the option that makes what runs the pods wait for what they need without its referring to it.
func (p *Pod) DependsOnAll() jen.Code {
	all := slices.Clone(p.WaitFor)
	slices.Sort(all)
	return component.DependsOn(slices.Compact(all)...)
}

// label is a name of at most 63 letters, digits and dashes for a part of the component, which can be none of a component.
func label(c *ir.Component, part string) string { return names.Physical(maxLabel, c.Name, part) }
