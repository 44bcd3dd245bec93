package component

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/diag"
)

// Release is a Helm chart that is installed in the stack's cluster.
type Release struct {
	// Var is the local variable that holds it, Part the last part of its name for Pulumi, What what errors call it.
	Var, Part, What string
	// Name is the release's own, Namespace where it is, which is made if it does not exist.
	Name, Namespace string
	// Chart, Version and Repository say what is installed: the chart's name, its exact version and the address it is at.
	Chart, Version, Repository string
	// Values are those that differ from the chart's own, each a pulumi.Input.
	Values Fields
	// Options are further resource options beside the parent and the cluster.
	Options []jen.Code
	// Source is the place in the YAML that most causes it; the component's document if not valid.
	Source diag.Position
}

const releaseType = "kubernetes:helm.sh/v3:Release"

// Release registers a chart. A release that cannot be installed is taken back as a whole.
//
// The resource is registered by its type's name: the SDK's package for it takes minutes to compile.
func (b *Builder) Release(r Release) {
	name := names.Part(b.comp.Service, b.comp.Name, r.Part)
	b.record(releaseType, name, r.Source, false)
	b.labelled = true
	properties := Map(Pulumi("Map"), Fields{
		{"name", Str(r.Name)},
		{"chart", Str(r.Chart)},
		{"version", Str(r.Version)},
		{"repositoryOpts", Map(Pulumi("Map"), Fields{{"repo", Str(r.Repository)}})},
		{"namespace", Str(r.Namespace)},
		{"createNamespace", Bool(true)},
		{"atomic", Bool(true)},
		{"timeout", Int(releaseTimeout)},
		{"values", Map(Pulumi("Map"), r.Values)},
	})
	args := []jen.Code{jen.Lit(releaseType), jen.Lit(name), properties, jen.Id(r.Var), jen.Id("parent"), jen.Id("inCluster")}
	for _, option := range r.Options {
		args = append(args, jen.Line().Add(option))
	}
	b.Statement(
		jen.Id(r.Var).Op(":=").Op("&").Struct(Pulumi("CustomResourceState")).Values(),
		jen.Err().Op("=").Id("ctx").Dot("RegisterResource").Call(args...), b.Check(r.What), jen.Line(),
	)
}

// releaseTimeout is how many seconds a chart's workloads may take to become ready.
const releaseTimeout = 600
