package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/schema"
)

func exampleFile(kind string) string { return strings.ToLower(kind) + ".yaml" }

// enoughLines is how long a document must be to show something.
const enoughLines = 10

// findExamples gives an example of each kind: the one written for it, else the shortest sound document of the tests that
// shows something.
func findExamples(s *schema.Schema, dir string) (map[string]string, error) {
	found := map[string]string{}
	err := filepath.WalkDir(filepath.Join(dir, "testdata"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".txtar" {
			return err
		}
		archive, err := txtar.ParseFile(path)
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		for _, f := range archive.Files {
			if filepath.Ext(f.Name) == ".yaml" && !strings.HasPrefix(f.Name, "environments/") {
				takeBetter(s, string(f.Data), found)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, apiVersion := range s.APIVersions() {
		for _, kind := range s.Kinds(apiVersion) {
			text, err := os.ReadFile(filepath.Join(dir, "examples", exampleFile(kind)))
			if err == nil {
				found[kind] = string(text)
			} else if !os.IsNotExist(err) {
				return nil, fmt.Errorf("read an example: %w", err)
			}
		}
	}
	return found, nil
}

// takeBetter keeps the sound documents of a file that are better examples than those found before.
func takeBetter(s *schema.Schema, text string, found map[string]string) {
	for _, part := range strings.Split(text, "\n---\n") {
		part = strings.TrimPrefix(strings.TrimRight(part, "\n"), "---\n") + "\n"
		if kind, ok := sound(s, part); ok && better(part, found[kind]) {
			found[kind] = part
		}
	}
}

// better tells whether a is a better example than b: the shorter one, but a longer one where that is too short.
func better(a, b string) bool {
	x, y := strings.Count(a, "\n"), strings.Count(b, "\n")
	if x < enoughLines || y < enoughLines {
		return x > y
	}
	return x < y
}

// sound tells the kind of the one document in a text, and whether it is sound as it stands.
func sound(s *schema.Schema, text string) (kind string, ok bool) {
	roots, diags := source.Parse("example.yaml", []byte(text))
	if len(diags) > 0 || len(roots) != 1 || roots[0].Kind != source.Map {
		return "", false
	}
	doc := document(roots[0])
	return doc.Kind, s.Known(doc.APIVersion, doc.Kind) && len(s.CheckDocument(doc, nil)) == 0
}

// document is a document outside any repository.
func document(root *source.Node) *source.Document {
	text := func(key string) string {
		if n := root.Get(key); n != nil {
			return n.Text
		}
		return ""
	}
	return &source.Document{APIVersion: text("apiVersion"), Kind: text("kind"), Root: root, Pos: root.Pos}
}
