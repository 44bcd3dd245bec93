package jsonschema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	validator "github.com/santhosh-tekuri/jsonschema/v5"
	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/schema"
)

// visible are the mistakes that a JSON Schema can see.
var visible = []string{"unknown-key", "missing-field", "unsupported", "too-many"}

// TestCorpus judges all documents of the schema's own tests and of the seed example by both: a sound document must pass,
// one with a mistake that a JSON Schema can see must not.
func TestCorpus(t *testing.T) {
	s := load(t)
	judge := newJudge(t, s)
	sound, wrong := 0, 0
	for _, doc := range corpus(t) {
		if !s.Known(doc.APIVersion, doc.Kind) {
			continue
		}
		found := s.CheckDocument(doc, nil)
		err := judge.document(t, indexName(isOverlay(doc)), doc)
		switch {
		case len(found) == 0:
			sound++
			if err != nil {
				t.Errorf("%s: panka accepts it, its JSON Schema does not: %#v", doc.Pos, err)
			}
		case seen(found, doc, s.Describe(doc.Kind)):
			wrong++
			if err == nil {
				t.Errorf("%s: the JSON Schema accepts what panka refuses:\n%v", doc.Pos, found)
			}
		}
	}
	if sound < 15 || wrong < 5 {
		t.Errorf("only %d sound and %d wrong documents were found", sound, wrong)
	}
}

// seen tells whether a JSON Schema can see one of the mistakes.
func seen(found diag.List, doc *source.Document, d *schema.Description) bool {
	if !slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return slices.Contains(visible, d.Code) }) {
		return false
	}
	unseen := map[diag.Position]bool{}
	opaque(doc.Root, d, unseen)
	return slices.ContainsFunc(found, func(d diag.Diagnostic) bool {
		return slices.Contains(visible, d.Code) && !unseen[d.Position]
	})
}

// TestMutants changes each value of each sound document in many ways and judges what comes out by both.
func TestMutants(t *testing.T) {
	s := load(t)
	judge := newJudge(t, s)
	count := map[bool]int{}
	perKind := map[string]int{}
	for _, doc := range corpus(t) {
		overlay := isOverlay(doc)
		key := fmt.Sprint(doc.Kind, overlay)
		if !s.Known(doc.APIVersion, doc.Kind) || len(s.CheckDocument(doc, nil)) > 0 || perKind[key] == 2 {
			continue
		}
		perKind[key]++
		document := s.Describe(doc.Kind)
		for _, m := range mutants(doc.Root) {
			if m.ofIdentity() {
				continue
			}
			undo := m.apply()
			found := s.CheckDocument(doc, nil)
			err := judge.document(t, FileName(doc.Kind, overlay), doc)
			count[err == nil]++
			if len(found) == 0 && err != nil {
				t.Errorf("%s: panka accepts %s, its JSON Schema does not: %#v", doc.Pos, m.what, err)
			}
			if err == nil && (seen(found, doc, document) || m.exact(document) && refused(found)) {
				t.Errorf("%s: the JSON Schema accepts %s, which panka refuses: %v", doc.Pos, m.what, found)
			}
			undo()
		}
	}
	if count[true] < 200 || count[false] < 1000 {
		t.Errorf("%d mutants were accepted and %d refused; there should be more", count[true], count[false])
	}
}

func refused(found diag.List) bool {
	return slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Code == "wrong-type" || d.Code == "invalid-value" })
}

func load(t testing.TB) *schema.Schema {
	t.Helper()
	s, err := schema.New()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// corpus are the documents of all archives in the schema's testdata, of the seed example and of the reference.
func corpus(t *testing.T) []*source.Document {
	t.Helper()
	documents, _, found := source.Load(t.Context(), filepath.Join("..", "..", "examples", "seed-example"), "user-platform")
	if found.HasErrors() {
		t.Fatal(found)
	}
	documents = append(documents, examples(t)...)
	err := filepath.WalkDir(filepath.Join("..", "testdata"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".txtar" {
			return err
		}
		archive, err := txtar.ParseFile(path)
		if err != nil {
			return err
		}
		root := t.TempDir()
		for _, f := range archive.Files {
			if filepath.Ext(f.Name) != ".yaml" {
				continue
			}
			file := filepath.Join(root, "stacks", "shop", filepath.FromSlash(f.Name))
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(file, f.Data, 0o644); err != nil {
				return err
			}
		}
		more, _, _ := source.Load(t.Context(), root, "shop")
		for _, doc := range more {
			doc.Pos.File = filepath.Base(path) + ":" + doc.Pos.File
		}
		documents = append(documents, more...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return documents
}

// examples are the documents on the pages of the reference.
func examples(t *testing.T) []*source.Document {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "examples", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var documents []*source.Document
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		roots, found := source.Parse(filepath.Base(path), text)
		if len(found) > 0 || len(roots) != 1 {
			t.Fatalf("%s: %v", path, found)
		}
		documents = append(documents, &source.Document{APIVersion: roots[0].Get("apiVersion").Text,
			Kind: roots[0].Get("kind").Text, Root: roots[0], Pos: roots[0].Pos})
	}
	return documents
}

func isOverlay(doc *source.Document) bool {
	return doc.Scope.Environment != "" && doc.Kind != "Environment"
}

// judge validates documents against the written files.
type judge struct {
	files map[string]*validator.Schema
}

func newJudge(t *testing.T, s *schema.Schema) *judge {
	t.Helper()
	files, err := Files(s)
	if err != nil {
		t.Fatal(err)
	}
	compiler := validator.NewCompiler()
	compiler.LoadURL = func(url string) (io.ReadCloser, error) { return nil, fmt.Errorf("%s is not there", url) }
	for _, f := range files {
		if err := compiler.AddResource("file:///schemas/"+f.Name, bytes.NewReader(f.Data)); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
	}
	j := &judge{files: map[string]*validator.Schema{}}
	for _, f := range files {
		if j.files[f.Name], err = compiler.Compile("file:///schemas/" + f.Name); err != nil {
			t.Fatalf("%#v", err)
		}
	}
	return j
}

func (j *judge) document(t *testing.T, file string, doc *source.Document) error {
	t.Helper()
	text, err := json.Marshal(plain(doc.Root))
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return j.files[file].Validate(value)
}

// plain is a document as JSON has it.
func plain(n *source.Node) any {
	switch n.Kind {
	case source.Bool:
		return n.Bool
	case source.Number:
		return n.Number
	case source.String:
		return n.Text
	case source.List:
		list := []any{}
		for _, item := range n.Items {
			list = append(list, plain(item))
		}
		return list
	case source.Map:
		m := map[string]any{}
		for _, f := range n.Fields {
			m[f.Key] = plain(f.Value)
		}
		return m
	default:
		return nil
	}
}
