package jsonschema

import (
	"slices"

	"github.com/panka-io/panka/schema"
)

// Draft is the dialect of JSON Schema that is written.
const Draft = "https://json-schema.org/draft/2020-12/schema"

// writer makes the schema of one document.
type writer struct {
	overlay   bool // the document lies below environments/
	component bool // the document belongs to a component
}

// Document is the schema of documents of a kind, or of overlays for them; nil for an unknown kind.
func Document(s *schema.Schema, kind string, overlay bool) *Node {
	d := s.Describe(kind)
	if d == nil {
		return nil
	}
	w := &writer{overlay: overlay && overlaid(kind), component: s.IsComponent(kind) || kind == "ComponentInfra"}
	n := w.mapping(d, d.Partial || w.overlay, "")
	n.Schema, n.Title, n.Description = Draft, kind, d.Doc
	if w.overlay {
		n.Title = kind + " overlay"
	}
	n.Required = []string{"apiVersion", "kind", "metadata"}
	if spec := d.Field("spec"); spec.Required && !d.Partial && !w.overlay {
		n.Required = append(n.Required, "spec")
	}
	return n
}

// value is the schema of what d describes. nullable tells that null may stand there too, which removes what a lower
// layer set; partial that other layers may add to it.
func (w *writer) value(d *schema.Description, nullable, partial bool, path string) *Node {
	var n *Node
	switch d.Form {
	case schema.Mapping:
		n = w.mapping(d, partial, path)
	case schema.Free:
		n = &Node{Type: []string{"object"}, MaxProperties: d.Max, AdditionalProperties: w.value(d.Elem, true, partial, path+".*")}
		if d.Keys != nil {
			n.PropertyNames = constrained(d.Keys.Constraint)
		}
	case schema.List:
		n = &Node{Type: []string{"array"}, MaxItems: d.Max, Items: w.value(d.Elem, false, partial, path+"[]")}
	case schema.Anything:
		return &Node{Description: describe(d)}
	default:
		n = scalar(d, nullable && !d.Identity)
		nullable = false
	}
	if nullable {
		n.Type = append(n.Type, "null")
	}
	n.Description = describe(d)
	return n
}

func (w *writer) mapping(d *schema.Description, partial bool, path string) *Node {
	n := &Node{Type: []string{"object"}, AdditionalProperties: false}
	for i := range d.Fields {
		f := &d.Fields[i]
		at := join(path, f.Name)
		required := w.required(f, partial, path) || partial && d.Named && f.Name == "name"
		if required {
			n.Required = append(n.Required, f.Name)
		}
		n.Properties = append(n.Properties, property{f.Name, w.field(f, required, partial, at)})
	}
	return n
}

func (w *writer) field(f *schema.Field, required, partial bool, at string) *Node {
	switch {
	case f.Refuse != "":
		return &Node{Description: f.Refuse, Not: &Node{}}
	case at == "apiVersion" || at == "kind":
		return &Node{Description: documentWords[at], Const: f.Default}
	}
	n := w.value(f.Description, !required && at != "metadata", partial || f.Supplied, at)
	if n.Description == "" {
		n.Description = documentWords[at]
	}
	return n
}

// documentWords describe the fields that every document has.
var documentWords = map[string]string{
	"apiVersion": "The group that the kind belongs to, and its version.",
	"kind":       "What the document describes.",
	"metadata":   "Who the document is about.",
	"spec":       "What is wanted of it.",
}

// required tells whether a field must be there. The folder can say the rest of a document's identity, but not its name,
// nor which service's component an overlay is for.
func (w *writer) required(f *schema.Field, partial bool, path string) bool {
	if f.Identity {
		return f.Name == "name" || f.Name == "service" && w.overlay && w.component
	}
	return f.Required && !partial && !f.Supplied && !(path == "" && f.Name == "metadata")
}

// scalar is the schema of a scalar: what is asked of it, or a string with variables.
func scalar(d *schema.Description, nullable bool) *Node {
	value := constrained(d.Constraint)
	if value.Const == nil && value.Enum == nil {
		value.Type = slices.Clone(d.Types)
	}
	other := &Node{Type: []string{"string"}, Pattern: variableAlone}
	text := slices.Contains(d.Types, "string")
	if text {
		other.Pattern = variableInside
	}
	free := text && !limited(value)
	if nullable {
		other.Type = append(other.Type, "null")
	}
	n := &Node{AnyOf: []*Node{value}, Default: d.Default}
	switch {
	case d.Identity:
		n = value
	case free:
		n = value
		if nullable {
			n.Type = append(n.Type, "null")
		}
		n.Default = d.Default
	default:
		if d.Span != "" {
			n.AnyOf = append(n.AnyOf, &Node{Type: []string{"string"}, Pattern: ecmaPattern(d.Span)})
		}
		n.AnyOf = append(n.AnyOf, other)
	}
	return n
}

// What may stand for a scalar beside its value.
const (
	variableAlone  = `^\$\{[^}]*\}$`
	variableInside = `\$\{`
)

// describe is what an editor shows of a value.
func describe(d *schema.Description) string {
	if d.Form != schema.Scalar && d.Form != schema.Anything || d.Expect == "" || len(d.Choices) > 1 {
		return d.Doc
	}
	if d.Doc == "" {
		return "Must be " + d.Expect + "."
	}
	return d.Doc + "\n\nMust be " + d.Expect + "."
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
