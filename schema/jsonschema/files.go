package jsonschema

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/schema"
)

// The names of the schemas of any document, and of any document below environments/.
const (
	IndexFile        = "index.json"
	OverlayIndexFile = "overlays.json"
)

// File is a file of a folder of schemas.
type File struct {
	Name string
	Data []byte
}

// Files are the schemas of all kinds and their overlays, and the two indexes. They refer to each other by name, so that
// they work wherever the folder lies.
func Files(s *schema.Schema) ([]File, error) {
	var files []File
	for _, overlay := range []bool{false, true} {
		nodes := map[string]*Node{indexName(overlay): Index(s, overlay)}
		names := []string{indexName(overlay)}
		for _, apiVersion := range s.APIVersions() {
			for _, kind := range s.Kinds(apiVersion) {
				name := FileName(kind, overlay)
				if overlay && !overlaid(kind) {
					continue
				}
				nodes[name] = Document(s, kind, overlay)
				names = append(names, name)
			}
		}
		for _, name := range names {
			data, err := nodes[name].Text()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			files = append(files, File{name, data})
		}
	}
	return files, nil
}

// overlaid tells whether documents below environments/ are overlays for documents of the kind. An Environment lies there
// itself.
func overlaid(kind string) bool { return kind != "Environment" }

// FileName is the name of the file with the schema of a kind.
func FileName(kind string, overlay bool) string {
	if overlay && overlaid(kind) {
		return strings.ToLower(kind) + ".overlay.json"
	}
	return strings.ToLower(kind) + ".json"
}

func indexName(overlay bool) string {
	if overlay {
		return OverlayIndexFile
	}
	return IndexFile
}

// Index is the schema of any document: it goes by the kind, whose own schema judges the rest.
func Index(s *schema.Schema, overlay bool) *Node {
	index := &Node{Schema: Draft, Title: "panka document", Type: []string{"object"},
		Required: []string{"apiVersion", "kind"}}
	versions := &Node{Description: documentWords["apiVersion"]}
	kinds := &Node{Description: documentWords["kind"]}
	for _, apiVersion := range s.APIVersions() {
		versions.Enum = append(versions.Enum, apiVersion)
		group := &Node{}
		for _, kind := range s.Kinds(apiVersion) {
			kinds.Enum = append(kinds.Enum, kind)
			group.Enum = append(group.Enum, kind)
			index.AllOf = append(index.AllOf, &Node{If: having("kind", kind), Then: &Node{Ref: FileName(kind, overlay)}})
		}
		index.AllOf = append(index.AllOf, &Node{If: having("apiVersion", apiVersion),
			Then: &Node{Properties: properties{{"kind", group}}}})
	}
	index.Properties = properties{{"apiVersion", versions}, {"kind", kinds}}
	return index
}

// having is the condition that a document's field has a value.
func having(field, value string) *Node {
	return &Node{Required: []string{field}, Properties: properties{{field, &Node{Const: value}}}}
}
