package schema

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/parser"
)

//go:embed core/*.cue infra/*.cue kinds/*.cue shared/*.cue
var files embed.FS

// ComponentVersion is the apiVersion of the documents that describe components.
const ComponentVersion = "components.panka.io/v1"

// Schema knows the kinds of documents. It is safe for concurrent use. It remembers the values it has judged, so a
// long-lived process makes a new one now and then.
type Schema struct {
	mu      sync.Mutex
	context *cue.Context
	root    cue.Value
	kinds   []kind
	shapes  map[string]*shape // of whole documents, by kind
	// definitions are the shapes of definitions that others refer to, by path.
	definitions map[string]*shape
	leaves      map[leafKey]bool
	rules       map[ruleKey][]fault
}

// kind is a kind of document; name is unique over all apiVersions.
type kind struct {
	apiVersion string
	name       string
}

// New loads the embedded schema. An error is a bug in panka.
func New() (*Schema, error) { return newFrom(files) }

// newFrom loads a schema that lies in the folders of several file systems.
func newFrom(folders ...fs.FS) (*Schema, error) {
	instance := build.NewContext().NewInstance("schema", nil)
	for _, folder := range folders {
		if err := addFiles(instance, folder); err != nil {
			return nil, err
		}
	}
	if err := instance.Complete(); err != nil {
		return nil, fmt.Errorf("resolve the schema's imports: %w", err)
	}
	context := cuecontext.New()
	root := context.BuildInstance(instance)
	if err := root.Err(); err != nil {
		return nil, fmt.Errorf("compile the schema: %w", err)
	}
	return &Schema{
		context:     context,
		root:        root,
		kinds:       documentKinds(instance.Files),
		shapes:      map[string]*shape{},
		definitions: map[string]*shape{},
		leaves:      map[leafKey]bool{},
		rules:       map[ruleKey][]fault{},
	}, nil
}

func addFiles(instance *build.Instance, folder fs.FS) error {
	paths, err := fs.Glob(folder, "*/*.cue")
	if err != nil {
		return fmt.Errorf("list the schema: %w", err)
	}
	for _, path := range paths {
		content, err := fs.ReadFile(folder, path)
		if err != nil {
			return fmt.Errorf("read the schema: %w", err)
		}
		file, err := parser.ParseFile(path, content, parser.ParseComments)
		if err != nil {
			return fmt.Errorf("parse the schema: %w", err)
		}
		if err := instance.AddSyntax(file); err != nil {
			return fmt.Errorf("add %s to the schema: %w", path, err)
		}
	}
	return nil
}

// documentKinds finds the definitions that have an apiVersion and a kind. It reads the syntax, because evaluating a
// definition costs more than most commands need.
func documentKinds(parsed []*ast.File) []kind {
	var kinds []kind
	for _, file := range parsed {
		for _, decl := range file.Decls {
			field, ok := decl.(*ast.Field)
			if !ok {
				continue
			}
			body, ok := field.Value.(*ast.StructLit)
			if !ok {
				continue
			}
			if k := (kind{literalField(body, "apiVersion"), literalField(body, "kind")}); k.apiVersion != "" && k.name != "" {
				kinds = append(kinds, k)
			}
		}
	}
	slices.SortFunc(kinds, func(a, b kind) int {
		return strings.Compare(a.apiVersion+" "+a.name, b.apiVersion+" "+b.name)
	})
	return kinds
}

func literalField(body *ast.StructLit, name string) string {
	for _, decl := range body.Elts {
		field, ok := decl.(*ast.Field)
		if !ok {
			continue
		}
		label, _, _ := ast.LabelName(field.Label)
		if literal, ok := field.Value.(*ast.BasicLit); ok && label == name {
			return strings.Trim(literal.Value, `"`)
		}
	}
	return ""
}

// APIVersions are the known apiVersions, sorted.
func (s *Schema) APIVersions() []string {
	var versions []string
	for _, k := range s.kinds {
		if !slices.Contains(versions, k.apiVersion) {
			versions = append(versions, k.apiVersion)
		}
	}
	return versions
}

// Kinds are the kinds of documents of an apiVersion, sorted; none if the apiVersion is unknown.
func (s *Schema) Kinds(apiVersion string) []string {
	var names []string
	for _, k := range s.kinds {
		if k.apiVersion == apiVersion {
			names = append(names, k.name)
		}
	}
	return names
}

// Known tells whether documents of that apiVersion and kind exist.
func (s *Schema) Known(apiVersion, kindName string) bool {
	return slices.Contains(s.kinds, kind{apiVersion, kindName})
}

// IsComponent tells whether kind is a kind of component, something that is deployed.
func (s *Schema) IsComponent(kindName string) bool { return s.Known(ComponentVersion, kindName) }

// document gives the shape of documents of a kind, nil for an unknown kind. The caller holds mu.
func (s *Schema) document(kindName string) *shape {
	if known, ok := s.shapes[kindName]; ok {
		return known
	}
	var found *shape
	if slices.ContainsFunc(s.kinds, func(k kind) bool { return k.name == kindName }) {
		found = s.compile(s.definition("#" + kindName))
		if s.IsComponent(kindName) {
			s.addTemplate(found.field("spec").shape)
		}
	}
	s.shapes[kindName] = found
	return found
}

func (s *Schema) definition(name string) cue.Value {
	return s.root.LookupPath(cue.MakePath(cue.Def(name)))
}
