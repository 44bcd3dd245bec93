// Package template puts values into templates: parts of a component's spec that many components share.
//
// A Template document holds such a part and declares parameters. In the part's strings ${param:NAME} stands for a
// parameter's value; variables stay what they are. A component names the template and gives values:
//
//	template: {name: web, with: {port: 8080}}
//
// A string that is nothing but one parameter becomes the value itself, a number for a number unless only a string can
// stand there, and is left out where the parameter has neither value nor default. The result is a layer below the component, so that the component has the last
// word. Values may hold variables. Everything keeps the place in the template where it stands, and ir.TemplateUse leads
// from there to the component's value.
//
// Check judges a Template on its own, Apply makes the layer of one use, and Use.Check judges the values once variables
// are known. Refused are a template inside a template, parameters that nobody declared, missing values, and values that
// do not fit. Whether the result is sound is the schema's business.
package template

import (
	"regexp"
	"slices"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
)

// Kind is the kind of documents that are templates.
const Kind = "Template"

// Template is a Template document, read.
type Template struct {
	Name string
	// For is the kind of components that can use it.
	For string
	// Body is the part of a spec, with its parameters; never nil.
	Body       *ir.Value
	parameters []*parameter // in document order
	declared   diag.Position
	source     diag.Position
}

// parameter is a declaration of spec.parameters.
type parameter struct {
	name     string
	kind     string // string, number, boolean or enum
	required bool
	fallback *ir.Value // nil without a default
	pattern  *regexp.Regexp
	values   []string // of an enum
	source   diag.Position
}

// Body is the node of a Template document that holds the part of a spec; nil when there is none.
func Body(doc *source.Document) *source.Node { return doc.Root.Get("spec", "component") }

// Read reads a document; value turns nodes into values. What has the wrong form is passed over: the schema refuses it.
func Read(doc *source.Document, value func(*source.Node) *ir.Value) *Template {
	t := &Template{Name: doc.Metadata.Name, source: doc.Pos, declared: doc.Pos,
		Body: &ir.Value{Kind: ir.Map, Source: doc.Pos}}
	if kind := doc.Root.Get("spec", "kind"); kind != nil {
		t.For = kind.Text
	}
	if body := Body(doc); body != nil && body.Kind == source.Map {
		t.Body = value(body)
	}
	list := doc.Root.Get("spec", "parameters")
	if list == nil || list.Kind != source.Map {
		return t
	}
	t.declared = list.Pos
	for _, f := range list.Fields {
		t.parameters = append(t.parameters, readParameter(f, value))
	}
	return t
}

func readParameter(f source.Field, value func(*source.Node) *ir.Value) *parameter {
	p := &parameter{name: f.Key, kind: "string", source: f.KeyPos}
	if n := f.Value.Get("type"); n != nil {
		p.kind = n.Text
	}
	if n := f.Value.Get("required"); n != nil {
		p.required = n.Bool
	}
	if n := f.Value.Get("default"); n != nil && n.Kind != source.Null {
		p.fallback = value(n)
	}
	if n := f.Value.Get("values"); n != nil {
		for _, item := range n.Items {
			p.values = append(p.values, item.Text)
		}
	}
	if n := f.Value.Get("pattern"); n != nil {
		p.pattern, _ = regexp.Compile("^(?:" + n.Text + ")$") // what is none was refused by the schema
	}
	return p
}

// parameter finds a declaration; nil if there is none.
func (t *Template) parameter(name string) *parameter {
	i := slices.IndexFunc(t.parameters, func(p *parameter) bool { return p.name == name })
	if i < 0 {
		return nil
	}
	return t.parameters[i]
}

// names are the declared parameters, in document order.
func (t *Template) names() []string {
	names := make([]string, len(t.parameters))
	for i, p := range t.parameters {
		names[i] = p.name
	}
	return names
}

// Types maps each parameter, written the way it stands among variables (param:NAME), to its type.
func (t *Template) Types() map[string]string {
	types := map[string]string{}
	for _, p := range t.parameters {
		types[prefixed(p.name)] = p.kind
	}
	return types
}

// Place is where the template starts.
func (t *Template) Place() diag.Position { return t.source }
