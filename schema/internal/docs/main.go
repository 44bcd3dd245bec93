// Command docs writes docs/reference: a page for each kind of document, and their index. It is run by make docs, in the
// root of panka's own repository.
//
// Everything on a page comes from the schema (package schema's descriptions): the comments of the CUE files, what the
// fields must be, their defaults, the rules between them, and the outputs. The example is schema/examples/<kind>.yaml,
// or, for a kind without one, a short sound document of the schema's tests.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/panka-io/panka/schema"
)

func main() {
	if err := write("."); err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

// write writes the pages of the repository at root, and removes those of kinds that are no more.
func write(root string) error {
	pages, err := render(root)
	if err != nil {
		return err
	}
	dir := filepath.Join(root, "docs", "reference")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the folder of the pages: %w", err)
	}
	old, err := ownPages(dir)
	if err != nil {
		return err
	}
	for name := range old {
		if _, ok := pages[name]; !ok {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				return fmt.Errorf("remove a page: %w", err)
			}
		}
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("write a page: %w", err)
		}
	}
	return nil
}

// render gives the pages by their files' names.
func render(root string) (map[string]string, error) {
	s, err := schema.New()
	if err != nil {
		return nil, err
	}
	samples, err := findExamples(s, filepath.Join(root, "schema"))
	if err != nil {
		return nil, err
	}
	pages := map[string]string{"README.md": index(s)}
	var missing []error
	for _, apiVersion := range s.APIVersions() {
		for _, kind := range s.Kinds(apiVersion) {
			example := samples[kind]
			if example == "" {
				missing = append(missing, fmt.Errorf("there is no example of %s: write schema/examples/%s", kind, exampleFile(kind)))
				continue
			}
			p := &page{schema: s, apiVersion: apiVersion, kind: kind, example: example}
			pages[fileName(kind)] = p.text()
		}
	}
	return pages, errors.Join(missing...)
}

// ownPages are the pages in a folder that this command has written, by name.
func ownPages(dir string) (map[string]string, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		return nil, fmt.Errorf("list the pages: %w", err)
	}
	pages := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read a page: %w", err)
		}
		if isOwn(string(text)) {
			pages[filepath.Base(path)] = string(text)
		}
	}
	return pages, nil
}
