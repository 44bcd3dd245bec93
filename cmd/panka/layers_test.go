package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestLayers holds the direction of imports that docs and reviews rely on: data flows one way, and what is unstable or
// heavy has one door.
func TestLayers(t *testing.T) {
	const module = "github.com/panka-io/panka/"
	bans := []struct {
		from, to, reason string
		except           []string
	}{
		{"schema", "codegen", "the language does not know what is made of it", nil},
		{"compiler", "codegen", "the compiler hands over ir.Stack and no more", nil},
		{"compiler", "runtime", "the compiler needs no cloud", nil},
		{"codegen", "runtime", "code generation needs no cloud", nil},
		{"runtime", "compiler", "the runtime knows the bundle, not the compiler", nil},
		{"runtime", "schema", "the runtime knows the bundle, not the language", nil},
		{"runtime", "codegen", "the runtime knows the bundle and the SDK's types only", []string{"codegen/bundle", "codegen/sdktypes"}},
		{"lockstate", "runtime", "state and locks know neither Pulumi nor AWS components", nil},
		{"lockstate", "codegen", "state and locks know neither Pulumi nor AWS components", nil},
		{"", "cmd", "nothing imports the command line", nil},
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	inside := func(pkg, folder string) bool {
		rest, ok := strings.CutPrefix(pkg, module)
		return ok && (folder == "" || rest == folder || strings.HasPrefix(rest, folder+"/"))
	}
	packages := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(packages) < 10 {
		t.Fatalf("go list found only %d packages", len(packages))
	}
	for _, line := range packages {
		fields := strings.Fields(line)
		pkg, imports := fields[0], fields[1:]
		for _, imported := range imports {
			for _, ban := range bans {
				if inside(pkg, ban.from) && inside(imported, ban.to) && !inside(pkg, "cmd") &&
					!slices.ContainsFunc(ban.except, func(folder string) bool { return inside(imported, folder) }) {
					t.Errorf("%s imports %s: %s", pkg, imported, ban.reason)
				}
			}
			if strings.HasPrefix(imported, "github.com/pulumi/pulumi/pkg/") && pkg != module+"runtime/engine" {
				t.Errorf("%s imports %s: pkg/v3 promises no stable API, only runtime/engine may know it", pkg, imported)
			}
			if strings.HasPrefix(imported, "github.com/pulumi/pulumi-aws/") {
				t.Errorf("%s imports %s: panka generates code for the AWS SDK and must not link it", pkg, imported)
			}
		}
	}
}
