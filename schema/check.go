package schema

import (
	"strings"

	"cuelang.org/go/cue"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/suggest"
)

// VariableTypes are the types of the declared variables by name: string, number, boolean or enum.
type VariableTypes map[string]string

// CheckDocument checks one document as it was written: apiVersion and kind, keys, types, values, and the rules between
// fields that stand in it. A string with variables is accepted wherever its value could be right by the types of the
// variables; CheckMerged judges the value.
//
// Overlays (documents below environments/<env>/ other than the Environment), ComponentInfra and InfraDefaults may hold
// any subset of their kind's fields, and so may components that use a template. Other documents must hold the required
// ones, except that a component may leave to ComponentInfra and InfraDefaults what they can supply. null is accepted where a field is not required: it removes what a lower layer set.
//
// Codes: unknown-api-version, unknown-kind, unknown-key, wrong-type, invalid-value, missing-field, duplicate-name,
// too-many, unsupported, invalid-combination.
func (s *Schema) CheckDocument(doc *source.Document, variables VariableTypes) diag.List {
	if !s.Known(doc.APIVersion, doc.Kind) {
		return diag.List{s.unknownKind(doc)}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	shape := s.document(doc.Kind)
	overlay := doc.Scope.Environment != "" && doc.Kind != "Environment"
	c := &check{schema: s, root: shape, variables: variables, partial: overlay || shape.partial}
	if s.IsComponent(doc.Kind) {
		c.supplied = s.supplied()
		c.partial = c.partial || usesTemplate(doc)
	}
	c.value(shape, fromNode(doc.Root), "", c.partial)
	return c.diags
}

// CheckMerged checks the merged spec of a component, or of another kind such as Networking: everything that
// CheckDocument checks, and that required fields are there. Positions are the values' Sources; a missing field is
// reported at the innermost mapping that should hold it. Text that still holds variables is accepted where a string can
// stand.
func (s *Schema) CheckMerged(apiVersion, kind string, spec *ir.Value) diag.List {
	if !s.Known(apiVersion, kind) {
		return diag.List{diag.Errorf(spec.Source, "unknown-kind", "there is no kind %q of documents with apiVersion %q", kind, apiVersion)}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &check{schema: s, root: s.document(kind), merged: true}
	c.value(s.document(kind).field("spec").shape, fromValue(spec), "spec", false)
	return c.diags
}

// supplied are the fields of a component's spec that ComponentInfra and InfraDefaults can supply.
func (s *Schema) supplied() map[string]bool {
	names := map[string]bool{}
	for _, kind := range []string{"ComponentInfra", "InfraDefaults"} {
		for _, name := range s.document(kind).field("spec").shape.fieldNames() {
			names[name] = true
		}
	}
	return names
}

// check is one walk over one document.
type check struct {
	schema    *Schema
	root      *shape // of the document
	diags     diag.List
	variables VariableTypes
	partial   bool            // the document is a layer
	merged    bool            // the document is the sum of all layers
	supplied  map[string]bool // fields of spec that other layers may supply
}

func (c *check) report(pos diag.Position, code, hint, format string, args ...any) {
	c.diags.Add(diag.Errorf(pos, code, format, args...).WithHint("%s", hint))
}

// value checks d, which is not null, and what is in it. partial tells that other layers may add to it.
func (c *check) value(sh *shape, d *datum, path string, partial bool) {
	switch {
	case sh.identity, (sh.fragment || sh.raw) && d.kind == source.Map:
	case sh.form == patternForm:
		c.pattern(sh, d, path)
	case d.open != closed:
		c.open(sh, d, path)
	case sh.form == structForm && d.kind == source.Map:
		c.structure(sh, d, path, partial)
	case sh.form == mapForm && d.kind == source.Map:
		c.mapping(sh, d, path, partial)
	case sh.form == listForm && d.kind == source.List:
		c.list(sh, d, path, partial)
	case sh.form == leafForm:
		c.leaf(sh, d, path)
	default:
		c.wrongType(sh, d, path)
	}
}

// open checks a string whose value depends on variables.
func (c *check) open(sh *shape, d *datum, path string) {
	text := sh.types&cue.StringKind != 0
	switch declared := c.variables[strings.TrimSuffix(strings.TrimPrefix(d.text, "${"), "}")]; {
	case sh.form != leafForm, !text && d.open == openText:
		c.wrongType(sh, d, path)
	case text || d.open != openAll:
	case sh.seconds && declared != "boolean": // a span such as 15m is a string
	case declared == "string", declared == "enum", declared == "number" && sh.types&cue.NumberKind == 0,
		declared == "boolean" && sh.types&cue.BoolKind == 0:
		c.report(d.pos, "wrong-type", "", "%s must be %s, and the variable in %s is of type %s", path, sh.wanted(), d.text, declared)
	}
}

func (c *check) wrongType(sh *shape, d *datum, path string) {
	c.report(d.pos, "wrong-type", typeHint(sh, d), "%s must be %s, not %s", path, sh.wanted(), found(d))
}

func (c *check) leaf(sh *shape, d *datum, path string) {
	switch d = inSeconds(sh, d); {
	case !sh.ofType(d):
		c.wrongType(sh, d, path)
	case !c.schema.accepts(sh, d):
		hint := ""
		switch d.kind {
		case source.String:
			hint = suggest.Hint(d.text, sh.choices())
		case source.Number:
			hint = numberHint(sh, d)
		}
		c.report(d.pos, "invalid-value", hint, "%s must be %s, not %s", path, sh.wanted(), found(d))
	}
}

func (c *check) structure(sh *shape, d *datum, path string, partial bool) {
	before := len(c.diags)
	for _, f := range d.fields {
		field := sh.field(f.name)
		switch {
		case field == nil:
			c.report(f.pos, "unknown-key", keyHint(c.root, sh, path, &f), "%s has no field %q", holder(path), f.name)
		case field.shape.refuse != "":
			c.report(f.pos, "unsupported", "", "%s: %s", join(path, f.name), field.shape.refuse)
		case f.value.absent():
			if c.requires(field, path, partial) {
				c.report(f.pos, "missing-field", "", "%s is empty", join(path, f.name))
			}
		default:
			c.value(field.shape, f.value, join(path, f.name), partial || c.isSupplied(path, f.name))
		}
	}
	for _, field := range sh.fields {
		if c.requires(&field, path, partial) && !has(d, field.name) {
			c.report(d.pos, "missing-field", "", "%s lacks the field %q", holder(path), field.name)
		}
	}
	c.applyRules(sh, d, partial, len(c.diags) == before)
}

// requires tells whether a field must stand in this document. The parts of the identity are package source's.
func (c *check) requires(field *shapeField, path string, partial bool) bool {
	return field.required && !partial && !field.shape.identity && !c.isSupplied(path, field.name)
}

func (c *check) isSupplied(path, name string) bool { return path == "spec" && c.supplied[name] }

func (c *check) mapping(sh *shape, d *datum, path string, partial bool) {
	c.count(sh, len(d.fields), d, path)
	for _, f := range d.fields {
		key := &datum{kind: source.String, text: f.name, pos: f.pos}
		if sh.keys != nil && !c.schema.accepts(sh.keys, key) {
			c.report(f.pos, "invalid-value", "", "the key %s in %s must be %s", found(key), path, sh.keys.wanted())
		}
		if !f.value.absent() {
			c.value(sh.elem, f.value, join(path, f.name), partial)
		}
	}
}

func has(d *datum, name string) bool {
	for i := range d.fields {
		if d.fields[i].name == name {
			return true
		}
	}
	return false
}

// holder names the mapping at path.
func holder(path string) string {
	if path == "" {
		return "the document"
	}
	return path
}
