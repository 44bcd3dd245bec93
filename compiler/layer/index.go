package layer

import (
	"cmp"
	"slices"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/suggest"
)

// The kinds of documents that layers are made of, beside the component kinds.
const (
	kindStack         = "Stack"
	kindEnvironment   = "Environment"
	kindService       = "Service"
	kindDefaults      = "InfraDefaults"
	kindInfra         = "ComponentInfra"
	kindNetworking    = "Networking"
	kindSecurity      = "Security"
	kindObservability = "Observability"
)

// Rules is what layers must know of the schema.
type Rules interface {
	// IsComponent tells whether documents of the kind are components.
	IsComponent(kind string) bool
	// Applies tells whether the spec of a component kind has the top-level key.
	Applies(kind, key string) bool
	// TextOnly tells whether nothing but a string can stand at a path of documents of the kind. "*" stands for any item
	// of a list.
	TextOnly(kind string, path ...string) bool
}

// identity names what a document is about. Components share one space of names whatever their kind, so kind is
// empty for them.
type identity struct{ kind, service, name string }

// entry is a thing with the document that defines it and the one that changes it in the environment; either may be nil.
type entry struct {
	identity
	base, overlay *source.Document
}

// main is the document that defines the thing.
func (e *entry) main() *source.Document {
	if e.base != nil {
		return e.base
	}
	return e.overlay
}

// Index is the documents in effect in one environment, by what they are about.
type Index struct {
	environment string
	rules       Rules
	entries     map[identity]*entry
	order       []*entry            // by place of the main document
	kinds       map[string][]*entry // order, by kind
	// Environment is the Environment document, or nil when the environment has none.
	Environment *source.Document
}

// NewIndex sorts documents by what they are about, leaving out those of other environments. It reports things that are
// defined twice ("duplicate-component", "duplicate-document"), both places named. An empty environment means the base
// without overlays.
func NewIndex(docs []*source.Document, environment string, rules Rules) (*Index, diag.List) {
	x := &Index{environment: environment, rules: rules, entries: map[identity]*entry{}, kinds: map[string][]*entry{}}
	docs = slices.Clone(docs)
	slices.SortStableFunc(docs, func(a, b *source.Document) int { return a.Pos.Compare(b.Pos) })
	var ds diag.List
	for _, doc := range docs {
		if doc.Scope.Environment == "" || doc.Scope.Environment == environment {
			ds.Add(x.add(doc)...)
		}
	}
	for _, e := range x.entries {
		x.order = append(x.order, e)
	}
	slices.SortFunc(x.order, func(a, b *entry) int {
		return a.main().Pos.Compare(b.main().Pos)
	})
	for _, e := range x.order {
		x.kinds[e.kind] = append(x.kinds[e.kind], e)
	}
	return x, ds
}

func (x *Index) add(doc *source.Document) diag.List {
	overlay := doc.Scope.Environment != ""
	if doc.Kind == kindEnvironment {
		return x.addEnvironment(doc)
	}
	id := x.identify(doc)
	e := x.entries[id]
	if e == nil {
		e = &entry{identity: id}
		x.entries[id] = e
	}
	slot := &e.base
	if overlay {
		slot = &e.overlay
	}
	if *slot != nil {
		return diag.List{duplicate(id, doc, *slot)}
	}
	*slot = doc
	return nil
}

func (x *Index) addEnvironment(doc *source.Document) diag.List {
	switch {
	case doc.Scope.Environment == "":
		return diag.List{diag.Errorf(doc.Pos, "environment-place",
			"an Environment document belongs in environments/%s/", doc.Metadata.Name)}
	case x.Environment != nil:
		return diag.List{duplicate(identity{kind: kindEnvironment, name: doc.Metadata.Name}, doc, x.Environment)}
	}
	x.Environment = doc
	return nil
}

// identify takes the service from the folder where the document lies in one: metadata that disagree are reported when
// the document is read, and then the folder is what other documents mean.
func (x *Index) identify(doc *source.Document) identity {
	id := identity{kind: doc.Kind, service: cmp.Or(doc.Scope.Service, doc.Metadata.Service), name: doc.Metadata.Name}
	switch {
	case x.rules.IsComponent(doc.Kind):
		id.kind = ""
	case doc.Kind == kindService || doc.Kind == kindStack:
		id.service = ""
	}
	return id
}

func duplicate(id identity, second, first *source.Document) diag.Diagnostic {
	if id.kind == "" {
		return diag.Errorf(second.Pos, "duplicate-component", "component %s/%s is defined twice; the first is at %s",
			id.service, id.name, first.Pos).WithRelated(first.Pos, "first defined here")
	}
	return diag.Errorf(second.Pos, "duplicate-document", "%s %q is defined twice; the first is at %s",
		id.kind, id.name, first.Pos).WithRelated(first.Pos, "first defined here")
}

// get returns the entry of an identity, or nil.
func (x *Index) get(kind, service, name string) *entry {
	return x.entries[identity{kind, service, name}]
}

// all lists the entries of a kind ("" for components) in a service, in the order of their documents; of every service
// when service is "*".
func (x *Index) all(kind, service string) []*entry {
	var list []*entry
	for _, e := range x.kinds[kind] {
		if service == "*" || e.service == service {
			list = append(list, e)
		}
	}
	return list
}

// hasService tells whether the base knows the service.
func (x *Index) hasService(name string) bool { return slices.Contains(x.serviceNames(), name) }

// serviceNames are the services of the base, sorted.
func (x *Index) serviceNames() []string {
	var names []string
	for _, e := range x.order {
		if e.base == nil {
			continue
		}
		if e.kind == kindService {
			names = append(names, e.name)
		} else if e.kind == "" {
			names = append(names, e.service)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// checkTargets reports documents that are about nothing: an overlay of what the base lacks ("overlay-target") and a
// ComponentInfra without its component ("infra-target"). unread names components whose own files could not be read.
func (x *Index) checkTargets(unread map[string]bool) diag.List {
	var ds diag.List
	for _, e := range x.order {
		switch {
		case e.kind == kindInfra:
			ds.Add(x.checkInfra(e, unread)...)
		case e.overlay != nil && isRemoval(e.overlay) && (e.kind == kindStack || e.kind == kindService):
			ds.Add(diag.Errorf(namePos(e.overlay), "overlay-target", "a %s cannot be removed from an environment", e.kind).
				WithHint("remove its components with spec: null"))
		case e.base != nil && e.overlay != nil && e.base.Kind != e.overlay.Kind:
			ds.Add(diag.Errorf(namePos(e.overlay), "overlay-target", "this overlay is of kind %s, but component %s/%s is of kind %s",
				e.overlay.Kind, e.service, e.name, e.base.Kind).WithRelated(e.base.Pos, "defined here"))
		case e.base != nil:
		case e.kind != "":
			d := diag.Errorf(namePos(e.overlay), "overlay-target", "there is no %s %q for this overlay to change", e.kind, e.name)
			ds.Add(d.WithHint("%s", suggest.Hint(e.name, x.names(e.kind, e.service))))
		case unread[e.service+"/"+e.name]:
		case isRemoval(e.overlay):
			d := diag.Errorf(namePos(e.overlay), "overlay-target", "there is no component %s/%s to remove", e.service, e.name)
			ds.Add(d.WithHint("%s", suggest.Hint(e.name, x.names("", e.service))))
		case !x.hasService(e.service):
			d := diag.Errorf(namePos(e.overlay), "overlay-target", "there is no service %q for component %q", e.service, e.name)
			ds.Add(d.WithHint("%s", suggest.Hint(e.service, x.serviceNames())))
		}
	}
	return ds
}

func (x *Index) checkInfra(e *entry, unread map[string]bool) diag.List {
	if x.get("", e.service, e.name) != nil || unread[e.service+"/"+e.name] {
		return nil
	}
	code := "infra-target"
	if e.base == nil {
		code = "overlay-target"
	}
	d := diag.Errorf(namePos(e.main()), code, "there is no component %s/%s for this ComponentInfra", e.service, e.name)
	return diag.List{d.WithHint("%s", suggest.Hint(e.name, x.names("", e.service)))}
}

// NearestComponent suggests a component of the base for a name in a service that an overlay was perhaps meant for.
func (x *Index) NearestComponent(service, name string) string {
	return suggest.Hint(name, x.names("", service))
}

// names are the names that the base has of a kind in a service.
func (x *Index) names(kind, service string) []string {
	var names []string
	for _, e := range x.all(kind, service) {
		if e.base != nil {
			names = append(names, e.name)
		}
	}
	return names
}

// namePos is where a document gives its name, or else where it starts.
func namePos(doc *source.Document) diag.Position {
	if n := doc.Root.Get("metadata", "name"); n != nil {
		return n.Pos
	}
	return doc.Pos
}

// isRemoval tells whether an overlay says spec: null.
func isRemoval(doc *source.Document) bool {
	spec := doc.Root.Get("spec")
	return spec != nil && spec.Kind == source.Null
}
