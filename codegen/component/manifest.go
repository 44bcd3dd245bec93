package component

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/diag"
)

const (
	metaGroup = "meta/v1"
	// customGroup is the package for objects of kinds that Kubernetes itself does not have.
	customGroup = "apiextensions"
)

// Manifest is one Kubernetes object to register.
type Manifest struct {
	// Var is the local variable that holds it, empty if the code needs none.
	Var string
	// API and Kind are what the object's manifest calls apiVersion, written as Pulumi's tokens have it (core/v1 rather than
	// v1), and kind. A kind of another API than those the SDK has a package for is a custom resource.
	API, Kind string
	// Part is the last part of the name that Pulumi knows the object by, empty for the component's main resource.
	Part string
	// What the object is called in an error.
	What string
	// Name and Namespace are the object's own; Namespace is nil for those of the whole cluster.
	Name, Namespace jen.Code
	// Labels and Annotations are beside those that all objects get.
	Labels, Annotations Fields
	// Fields are the object's others, mostly Spec. Those of a custom resource are named as its manifest has them.
	Fields Fields
	// Options are further resource options beside the parent and the cluster.
	Options []jen.Code
	// Source is the place in the YAML that most causes the object; the component's document if not valid.
	Source diag.Position
	// Stateful is true if losing the object loses data.
	Stateful bool
}

// Manifest registers a Kubernetes object in the stack's cluster: it writes the code and records the resource for the
// bundle. Its labels and an annotation tell whose it is.
func (b *Builder) Manifest(o Manifest) {
	name := names.Part(b.comp.Service, b.comp.Name, o.Part)
	token := "kubernetes:" + o.API + ":" + o.Kind
	b.record(token, name, o.Source, o.Stateful)
	b.labelled = true
	options := o.Options
	if o.Part == "" {
		b.main = true
		options = b.adopted(options)
	}
	args := []jen.Code{jen.Id("ctx"), jen.Lit(name), jen.Op("&").Add(o.args(o.metadata(name))), jen.Id("parent"), jen.Id("inCluster")}
	for _, option := range options {
		args = append(args, jen.Line().Add(option))
	}
	result := jen.List(jen.Id("_"), jen.Err()).Op("=")
	if o.Var != "" {
		result = jen.List(jen.Id(o.Var), jen.Err()).Op(":=")
	}
	b.Statement(result.Add(o.constructor().Call(args...)), b.Check(o.What), jen.Line())
}

// custom tells whether the SDK has no package for the object's API.
func (o Manifest) custom() bool { return groups[o.API] == "" }

func (o Manifest) constructor() *jen.Statement {
	if o.custom() {
		return Kubernetes(customGroup, "NewCustomResource")
	}
	return Kubernetes(o.API, "New"+o.Kind)
}

func (o Manifest) args(metadata jen.Code) jen.Code {
	if !o.custom() {
		return Struct(Kubernetes(o.API, o.Kind+"Args"), append(Fields{{"Metadata", metadata}}, o.Fields...))
	}
	return Struct(Kubernetes(customGroup, "CustomResourceArgs"), Fields{
		{"ApiVersion", Str(strings.TrimPrefix(o.API, "core/"))},
		{"Kind", Str(o.Kind)},
		{"Metadata", metadata},
		{"OtherFields", Map(Kubernetes("", "UntypedArgs"), o.Fields)},
	})
}

// metadata names the object and tells whose it is. What Pulumi calls it can be longer than a label may be.
func (o Manifest) metadata(name string) jen.Code {
	annotations := append(Fields{{"panka.io/resource", Str(name)}}, o.Annotations...)
	own := jen.Nil()
	if len(o.Labels) > 0 {
		own = Map(Pulumi("StringMap"), o.Labels).Statement
	}
	return jen.Op("&").Add(Struct(Kubernetes(metaGroup, "ObjectMetaArgs"), Fields{
		{"Name", o.Name},
		{"Namespace", o.Namespace},
		{"Labels", jen.Id("labels").Call(own)},
		{"Annotations", Map(Pulumi("StringMap"), annotations)},
	}))
}

// OpenCluster declares what Manifest's code uses: labels, the component's, and inCluster, where objects go once it can take
// pods. Only the foundation, which makes the cluster, needs to say it.
func OpenCluster(service, name string) jen.Code {
	return jen.Add(
		jen.Id("labels").Op(":=").Id("labeller").Call(jen.Lit(service), jen.Lit(name)), jen.Line(),
		jen.Id("inCluster").Op(":=").Add(Pulumi("Composite")).Call(Pulumi("Provider").Call(jen.Id("base").Dot("kubernetes")),
			Pulumi("DependsOn").Call(jen.Id("base").Dot("clusterReady"))),
	)
}

// adopted are an object's options with those of import; raw properties of AWS it has none.
func (b *Builder) adopted(options []jen.Code) []jen.Code {
	if v := b.comp.AWS; v != nil {
		b.Fail(diag.Errorf(v.Source, "unsupported",
			"aws cannot be used with %s: on platform eks its main resource is a Kubernetes object", b.ID()))
	}
	return b.importing(options)
}
