package source

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/suggest"
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
		id.diags.Add(diag.Errorf(placeOf(root, "metadata"), "missing-field", `the document lacks the field "metadata"`).
			WithHint("%s", missingHint(root, "metadata")))
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
			id.diags.Add(diag.Errorf(placeOf(n, key), "missing-field", "%s the field %q", lacks(path), key).
				WithHint("%s", missingHint(n, key)))
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
			WithHint("a name is %s%s", NameRule, otherCase(value)))
		return ""
	}
	return value
}

// otherCase suggests what is a name but for its case.
func otherCase(value string) string {
	if lower := strings.ToLower(value); ValidName(lower) {
		return `; did you mean "` + lower + `"?`
	}
	return ""
}

// headKeys are the keys of a document and its metadata, which are meant for nothing else.
var headKeys = []string{"apiVersion", "kind", "metadata", "spec", "name", "service", "stack", "description", "labels"}

// missingHint says how to write a part of a document's head, or which key was perhaps meant for it.
func missingHint(n *Node, key string) string {
	var keys []string
	for _, f := range n.Fields {
		if !slices.Contains(headKeys, f.Key) {
			keys = append(keys, f.Key)
		}
	}
	if near, ok := suggest.Nearest(key, keys); ok && n.Get(key) == nil {
		return `write "` + key + `" for "` + near + `"`
	}
	switch key {
	case "apiVersion":
		return "begin it with " + key + ": " + componentsGroup + "v1, or that of its kind"
	case "kind":
		return "say what it describes, such as kind: MicroService"
	case "metadata":
		return "name it with metadata: {name: …}"
	case "name":
		return "write name: and the name"
	}
	return ""
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
