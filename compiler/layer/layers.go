package layer

import (
	"cmp"
	"slices"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/template"
)

// Layers is a stack with every layer laid; variables are not expanded yet.
type Layers struct {
	// Stack and Environment are the merged specs; never nil. The entries of their variables are verbatim text.
	Stack, Environment *ir.Value
	// VariableKeys gives the place of each declared variable's name.
	VariableKeys map[string]diag.Position
	// EnvironmentKeys gives the place of the name of each variable that the environment sets.
	EnvironmentKeys map[string]diag.Position
	// Tags are the tags of everything in the stack; never nil.
	Tags *ir.Value
	Shared
	// Components are sorted by service and name.
	Components []*Component
	// Templates are the templates of the repository, by name.
	Templates map[string]*template.Template
	// Removed maps the ids of the components that the environment leaves out to the overlay that says so.
	Removed map[string]diag.Position
	// Source is the place of the Stack document; the zero position when there is none.
	Source diag.Position
}

// Component is a component with its layers laid.
type Component struct {
	Service, Name string
	APIVersion    string
	Kind          string
	// Spec is the merged spec and Tags the merged tags and labels of all layers; never nil.
	Spec, Tags *ir.Value
	// Layers are what the component says and what lies below it, lowest first; merged they are Spec.
	Layers []Layer
	// Template is the use of the template that the component stands on; nil without one.
	Template *template.Use
	// Documents are the component's own documents and those that change it, without defaults.
	Documents []*source.Document
	// Source is the place of the component's own document, and NameSource of its name.
	Source, NameSource diag.Position
	// Added is true when only the environment has the component.
	Added bool
}

// Layer is one of the layers that make a component.
type Layer struct {
	// Name says which one it is: stack infra, service infra, template NAME, component, ComponentInfra, environment NAME.
	Name string
	// Value is what it says; nil when it has no spec.
	Value *ir.Value
	// Base is what it said before an overlay, called Over, changed it; nil when none did.
	Base *ir.Value
	Over string
	// Defaults tells that it holds the defaults of the stack or the service, on which other components stand too.
	Defaults bool
}

// ID is <service>/<name>.
func (c *Component) ID() string { return c.Service + "/" + c.Name }

// Lay merges the documents of an index. unread names the components whose own documents could not be read, so that what
// refers to them is not reported as well; templatesUnread tells that the same holds for some template.
func Lay(x *Index, unread map[string]bool, templatesUnread bool) (*Layers, diag.List) {
	ds := x.checkTargets(unread)
	l := &Layers{
		VariableKeys:    map[string]diag.Position{},
		EnvironmentKeys: map[string]diag.Position{},
		Removed:         map[string]diag.Position{},
	}
	stack := x.all(kindStack, "*")
	l.Stack, l.Environment = emptyMap(diag.Position{}), emptyMap(diag.Position{})
	if len(stack) > 0 {
		l.layStack(stack[0])
	}
	if x.Environment != nil {
		l.Environment = orEmpty(Merge(nil, specOf(x.Environment)), x.Environment.Pos)
		keyPlaces(x.Environment, l.EnvironmentKeys)
	}
	shared, problems := layShared(x, l.Source)
	l.Shared = shared
	ds.Add(problems...)
	w := &layering{index: x, unread: unread, stack: x.defaultLayers(""), services: map[string]*serviceLayers{},
		templates: x.templates(), templatesUnread: templatesUnread}
	l.Templates = w.templates
	l.Tags = x.stackTags(stack, w.stack)
	for _, e := range x.all("", "*") {
		w.component(l, e)
	}
	ds.Add(w.ds...)
	slices.SortFunc(l.Components, func(a, b *Component) int { return cmp.Compare(a.ID(), b.ID()) })
	return l, ds
}

func (l *Layers) layStack(e *entry) {
	l.Source = e.main().Pos
	l.Stack = orEmpty(Merge(nil, e.merged(specOf)), l.Source)
	keyPlaces(e.overlay, l.VariableKeys)
	keyPlaces(e.base, l.VariableKeys)
}

// layering is what all components of a stack are laid on.
type layering struct {
	index    *Index
	unread   map[string]bool
	stack    []Layer // the stack's defaults
	services map[string]*serviceLayers

	templates       map[string]*template.Template
	templatesUnread bool
	ds              diag.List
}

// serviceLayers is what a service lays under its components.
type serviceLayers struct {
	defaults []Layer
	tags     *ir.Value
}

func (w *layering) service(name string, stackTags *ir.Value) *serviceLayers {
	if known := w.services[name]; known != nil {
		return known
	}
	s := &serviceLayers{defaults: w.index.defaultLayers(name), tags: stackTags}
	w.services[name] = s
	if e := w.index.get(kindService, "", name); e != nil {
		s.tags = Merge(Merge(s.tags, e.merged(labelsOf)), e.merged(tagsOf))
	}
	for _, d := range s.defaults {
		s.tags = Merge(s.tags, d.Value.Get("tags"))
	}
	return s
}

// lay lays one more layer over the component's spec.
func (c *Component) lay(l Layer) {
	c.Layers = append(c.Layers, l)
	c.Spec = Merge(c.Spec, l.Value)
}

// component adds one to l. It lays, lowest first: stack defaults, service defaults, template, component, ComponentInfra,
// and the overlays of both.
func (w *layering) component(l *Layers, e *entry) {
	x := w.index
	infra := x.get(kindInfra, e.service, e.name)
	if e.overlay != nil && isRemoval(e.overlay) {
		l.Removed[e.service+"/"+e.name] = e.overlay.Pos
		return
	}
	if e.base == nil && (w.unread[e.service+"/"+e.name] || !x.hasService(e.service)) {
		return // what it changes cannot be read, or it is reported as an overlay without target
	}
	own := w.service(e.service, l.Tags)
	doc := e.main()
	c := &Component{Service: e.service, Name: e.name, APIVersion: doc.APIVersion, Kind: doc.Kind,
		Source: doc.Pos, NameSource: namePos(doc), Added: e.base == nil, Tags: own.tags}
	for _, d := range slices.Concat(w.stack, own.defaults) {
		d.Value, d.Base = x.applicable(doc.Kind, d.Value), x.applicable(doc.Kind, d.Base)
		c.lay(d)
	}
	c.Documents = e.layersWith(infra)
	if t, ok := w.template(c); ok {
		c.lay(t)
		c.Tags = Merge(c.Tags, t.Value.Get("tags"))
	}
	for _, d := range c.Documents {
		c.lay(x.layerOf(d))
		c.Tags = Merge(Merge(c.Tags, labelsOf(d)), tagsOf(d))
	}
	c.Spec = standingAt(orEmpty(c.Spec, doc.Pos), doc)
	c.Tags = orEmpty(c.Tags, doc.Pos)
	l.Components = append(l.Components, c)
}
