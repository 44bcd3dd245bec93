package kindtest

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/codegen/kinds"
	"github.com/panka-io/panka/codegen/kinds/foundation"
)

// Case is one golden of a kind, or of the foundation: kinds/<kind>/testdata/<case>.txtar holds YAML and the code made of
// it.
//
// A file in/<component>.yaml is a component of the service app of the stack shop; in/<path with a slash> stands at that
// place below the stack's folder. The comment names the environment's protection: a line "protected" turns it on.
type Case struct {
	Kind, Name, File string
	Archive          *txtar.Archive
}

// Cases are the goldens of all kinds and of the foundation, by kind, then name; dir is the folder codegen.
func Cases(dir string) ([]Case, error) {
	var cases []Case
	names := []string{foundation.Name}
	for _, kind := range kinds.All() {
		names = append(names, kind.Name())
	}
	for _, kind := range names {
		files, err := filepath.Glob(filepath.Join(dir, "kinds", strings.ToLower(kind), "testdata", "*.txtar"))
		if err != nil {
			return nil, fmt.Errorf("list the goldens of %s: %w", kind, err)
		}
		for _, file := range files {
			a, err := txtar.ParseFile(file)
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", file, err)
			}
			cases = append(cases, Case{kind, strings.TrimSuffix(filepath.Base(file), ".txtar"), file, a})
		}
	}
	return cases, nil
}

// Protected tells whether the case's environment forbids losing data.
func (c Case) Protected() bool { return bytes.Contains(c.Archive.Comment, []byte("protected\n")) }

// Inputs are the case's files by their place below the stack's folder, with the service and its components under the
// name given.
func (c Case) Inputs(service string) map[string]string {
	files := map[string]string{}
	for _, f := range c.Archive.Files {
		name, input := strings.CutPrefix(f.Name, "in/")
		if !input {
			continue
		}
		text := strings.ReplaceAll(string(f.Data), "service: app, stack: shop", "service: "+service+", stack: shop")
		if strings.Contains(name, "/") {
			name = strings.Replace(name, "services/app/", "services/"+service+"/", 1)
		} else {
			name = "services/" + service + "/components/" + strings.TrimSuffix(name, ".yaml") + "/" + name
		}
		files[name] = text
	}
	return files
}
