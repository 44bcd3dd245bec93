package schema

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/schema/internal/spectest"
)

const (
	fewestWrong       = 150 // wrong documents in all
	fewestWrongOfKind = 5
	minimalLines      = 15 // a minimal document of a component has fewer
)

// internals are what only CUE, Go or a mistake of ours would write.
var internals = regexp.MustCompile(`#[A-Za-z]|_\|_|cannot use value|incomplete|conflicting values|empty disjunction|` +
	`mismatched types|not allowed|reference not found|undefined field|out of bound|invalid value|` +
	`(regexp|strings|list|cue)\.[A-Z]|<nil>|%!|map\[|&\{`)

// TestCorpus counts the wrong documents of the goldens, whose diagnostics TestGolden holds to the letter. Each kind has
// some, each diagnostic has a place and speaks of the language, also those of the documents taken as merged ones, and each
// kind of component has a sound document that is short.
func TestCorpus(t *testing.T) {
	s := load(t)
	total, wrong, short := 0, map[string]int{}, map[string]bool{}
	for _, c := range corpus(t) {
		for _, doc := range c.documents {
			diags := s.CheckDocument(doc, c.variables)
			speaksPlainly(t, diags)
			if node := doc.Root.Get("spec"); node != nil && node.Kind == source.Map && s.Known(doc.APIVersion, doc.Kind) {
				speaksPlainly(t, s.CheckMerged(doc.APIVersion, doc.Kind, spectest.Value(node)))
			}
			switch {
			case len(diags) > 0:
				total++
				wrong[doc.Kind]++
			case doc.Scope.Environment == "" && c.lines[doc.Pos.File] < minimalLines:
				short[doc.Kind] = true
			}
		}
	}
	t.Logf("%d wrong documents", total)
	if total < fewestWrong {
		t.Errorf("there are %d wrong documents, fewer than %d", total, fewestWrong)
	}
	for _, version := range s.APIVersions() {
		for _, kind := range s.Kinds(version) {
			if wrong[kind] < fewestWrongOfKind {
				t.Errorf("there are %d wrong documents of kind %s, fewer than %d", wrong[kind], kind, fewestWrongOfKind)
			}
			if s.IsComponent(kind) && !short[kind] {
				t.Errorf("there is no sound document of kind %s with fewer than %d lines", kind, minimalLines)
			}
		}
	}
}

func speaksPlainly(t *testing.T, diags diag.List) {
	t.Helper()
	for _, d := range diags {
		if !d.IsValid() || d.Line < 1 || d.Column < 1 || d.File == "" {
			t.Errorf("no place: %s", d.Error())
		}
		if d.Code == "" || d.Code == "internal" {
			t.Errorf("code %q: %s", d.Code, d.Error())
		}
		if word := internals.FindString(d.Message + "\n" + d.Hint); word != "" {
			t.Errorf("%q shows internals: %s (%s)", word, d.Error(), d.Hint)
		}
	}
}

// corpusCase is what one golden holds.
type corpusCase struct {
	sound     bool // nothing in it is meant to be wrong
	documents []*source.Document
	variables VariableTypes
	lines     map[string]int // of each file
}

// corpus reads the goldens.
func corpus(t *testing.T) []corpusCase {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var cases []corpusCase
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		c := corpusCase{
			sound:     strings.HasPrefix(filepath.Base(path), "sound_"),
			variables: declared(string(archive.Comment)),
			lines:     map[string]int{},
		}
		root := t.TempDir()
		for _, f := range archive.Files {
			if f.Name != "want" {
				write(t, filepath.Join(root, placeOf(f.Name)), string(f.Data))
				c.lines[placeOf(f.Name)] = strings.Count(string(f.Data), "\n")
			}
		}
		var problems diag.List
		c.documents, problems = loadAll(t, root)
		speaksPlainly(t, problems)
		cases = append(cases, c)
	}
	return cases
}
