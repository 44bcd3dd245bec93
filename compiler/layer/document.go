package layer

import (
	"slices"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
)

// specOf is a document's spec: nil when it has none, null when it says so. Declarations and values of variables are
// read verbatim.
func specOf(doc *source.Document) *ir.Value {
	spec := doc.Root.Get("spec")
	if spec == nil {
		return nil
	}
	v := FromNode(spec)
	if doc.Kind == kindStack || doc.Kind == kindEnvironment {
		for i, f := range v.Fields {
			if f.Name == "variables" {
				v.Fields[i].Value = Verbatim(spec.Get("variables"))
			}
		}
	}
	return v
}

// labelsOf is a document's metadata.labels, or nil.
func labelsOf(doc *source.Document) *ir.Value {
	labels := doc.Root.Get("metadata", "labels")
	if labels == nil || labels.Kind != source.Map {
		return nil
	}
	return FromNode(labels)
}

// tagsOf is a document's spec.tags, or nil.
func tagsOf(doc *source.Document) *ir.Value {
	tags := doc.Root.Get("spec", "tags")
	if tags == nil {
		return nil
	}
	return FromNode(tags)
}

// merged lays what the overlay says over what the base says. A null of the base stays, to remove what lies below.
func (e *entry) merged(part func(*source.Document) *ir.Value) *ir.Value {
	switch {
	case e.base == nil:
		return nil // reported as an overlay without target
	case e.overlay == nil:
		return part(e.base)
	}
	return Merge(part(e.base), part(e.overlay))
}

// layersWith lists a component's documents, lowest first. An overlay of another kind is reported elsewhere and left
// out, and spec: null in the overlay of a ComponentInfra drops that ComponentInfra.
func (e *entry) layersWith(infra *entry) []*source.Document {
	docs := []*source.Document{e.base, nil, e.overlay, nil}
	if e.base != nil && e.overlay != nil && e.base.Kind != e.overlay.Kind {
		docs[2] = nil
	}
	if infra != nil && (infra.overlay == nil || !isRemoval(infra.overlay)) {
		docs[1], docs[3] = infra.base, infra.overlay
	}
	return slices.DeleteFunc(docs, func(d *source.Document) bool { return d == nil })
}

// defaultLayers are the merged InfraDefaults of a service, or of the stack when service is "", lowest first.
func (x *Index) defaultLayers(service string) []Layer {
	name := "service infra"
	if service == "" {
		name = "stack infra"
	}
	var layers []Layer
	for _, e := range x.all(kindDefaults, service) {
		v := e.merged(specOf)
		if v == nil {
			continue
		}
		l := Layer{Name: name, Value: v, Defaults: true}
		if e.overlay != nil {
			l.Base, l.Over = specOf(e.base), x.environmentName()
		}
		layers = append(layers, l)
	}
	return layers
}

// environmentName is what the environment's overlays are called.
func (x *Index) environmentName() string { return "environment " + x.environment }

// layerOf is one document of a component as a layer. The field template is a layer of its own.
func (x *Index) layerOf(doc *source.Document) Layer {
	l := Layer{Name: "component", Value: specOf(doc)}
	switch {
	case doc.Scope.Environment != "":
		l.Name = x.environmentName()
	case doc.Kind == kindInfra:
		l.Name = kindInfra
	}
	if v := l.Value; doc.Kind != kindInfra && v.Get(fieldTemplate) != nil {
		rest := *v
		rest.Fields = slices.DeleteFunc(slices.Clone(v.Fields), func(f ir.Field) bool { return f.Name == fieldTemplate })
		l.Value = &rest
	}
	return l
}

// applicable is the part of defaults that a component of the kind can have.
func (x *Index) applicable(kind string, defaults *ir.Value) *ir.Value {
	if defaults == nil || defaults.Kind != ir.Map {
		return nil
	}
	v := *defaults
	v.Fields = slices.DeleteFunc(slices.Clone(v.Fields), func(f ir.Field) bool { return !x.rules.Applies(kind, f.Name) })
	return &v
}

// stackTags merges the tags of everything in the stack: the stack's labels and tags, its defaults' tags, then the
// environment's labels and tags.
func (x *Index) stackTags(stack []*entry, defaults []Layer) *ir.Value {
	var tags *ir.Value
	for _, e := range stack[:min(1, len(stack))] {
		tags = Merge(Merge(tags, e.merged(labelsOf)), e.merged(tagsOf))
	}
	for _, d := range defaults {
		tags = Merge(tags, d.Value.Get("tags"))
	}
	if x.Environment != nil {
		tags = Merge(Merge(tags, labelsOf(x.Environment)), tagsOf(x.Environment))
	}
	return orEmpty(tags, diag.Position{})
}

// keyPlaces records where the keys of spec.variables stand.
func keyPlaces(doc *source.Document, places map[string]diag.Position) {
	if doc == nil {
		return
	}
	if variables := doc.Root.Get("spec", "variables"); variables != nil {
		for _, f := range variables.Fields {
			places[f.Key] = f.KeyPos
		}
	}
}

func emptyMap(pos diag.Position) *ir.Value { return &ir.Value{Kind: ir.Map, Source: pos} }

// orEmpty is v, or an empty map at pos when v is nil or no map at all, which the schema has refused.
func orEmpty(v *ir.Value, pos diag.Position) *ir.Value {
	if v == nil || v.Kind != ir.Map {
		return emptyMap(pos)
	}
	return v
}

// standingAt gives a merged spec the place of the spec in the document that defines the thing: what is missing is
// missing there, not in the last layer that happened to say something.
func standingAt(v *ir.Value, doc *source.Document) *ir.Value {
	moved := *v
	moved.Source = doc.Pos
	if spec := doc.Root.Get("spec"); spec != nil {
		moved.Source = spec.Pos
	}
	return &moved
}
