package source

import (
	"github.com/panka-io/panka/compiler/diag"
)

// identify makes a Document of a parsed YAML document, or reports why it has no identity and returns nil.
func identify(root *Node, scope Scope) (*Document, diag.List) {
	if root.Kind != Map {
		return nil, diag.List{diag.Errorf(root.Pos, "wrong-type", "a document must be a mapping, not a %s", root.Kind).
			WithHint("begin it with apiVersion and kind; files of the application itself belong in a configs/ folder")}
	}
	id := &identity{document: &Document{Root: root, Scope: scope, Pos: root.Pos}}
	d := id.document
	d.APIVersion, _ = id.text(root, "", "apiVersion", true)
	d.Kind, _ = id.text(root, "", "kind", true)
	usable := d.APIVersion != "" && d.Kind != ""
	metadata := root.Get("metadata")
	switch {
	case metadata == nil || metadata.Kind == Null:
		id.report(placeOf(root, "metadata"), "missing-field", `the document lacks the field "metadata"`)
	case metadata.Kind != Map:
		id.report(metadata.Pos, "wrong-type", "metadata must be a mapping, not a %s", metadata.Kind)
	default:
		d.Metadata.Name = id.name(metadata, "name", true)
		d.Metadata.Service = id.name(metadata, "service", false)
		d.Metadata.Stack = id.name(metadata, "stack", false)
	}
	if usable {
		id.place()
	}
	if !usable || d.Metadata.Name == "" {
		return nil, id.diags
	}
	return d, id.diags
}

// identity reads the parts of a document that say what it is.
type identity struct {
	document *Document
	diags    diag.List
}

func (id *identity) report(pos diag.Position, code, format string, args ...any) {
	id.diags.Add(diag.Errorf(pos, code, format, args...))
}

// text reads a string field; found tells whether it is there and not empty.
func (id *identity) text(n *Node, path, key string, required bool) (value string, found bool) {
	field := n.Get(key)
	if field == nil || field.Kind == Null || field.Kind == String && field.Text == "" {
		if required || field != nil {
			id.report(placeOf(n, key), "missing-field", "%s the field %q", lacks(path), key)
		}
		return "", false
	}
	if field.Kind != String {
		d := diag.Errorf(field.Pos, "wrong-type", "%s must be a string, not a %s", path+key, field.Kind)
		if field.Kind == Number || field.Kind == Bool {
			d.Hint = "put it in quotes"
		}
		id.diags.Add(d)
		return "", false
	}
	return field.Text, true
}

// name reads a string field that must be a name. A field that is not one counts as missing, having been reported.
func (id *identity) name(metadata *Node, key string, required bool) string {
	value, found := id.text(metadata, "metadata.", key, required)
	if found && !ValidName(value) {
		id.diags.Add(diag.Errorf(metadata.Get(key).Pos, "invalid-name", "metadata.%s cannot be %q", key, value).
			WithHint("a name is %s", NameRule))
		return ""
	}
	return value
}

func lacks(path string) string {
	if path == "" {
		return "the document lacks"
	}
	return "metadata lacks"
}

// placeOf is where to point for a missing value: the key that has none, else the mapping.
func placeOf(n *Node, key string) diag.Position {
	for _, field := range n.Fields {
		if field.Key == key {
			return field.KeyPos
		}
	}
	return n.Pos
}
