package compiler_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/variable"
)

var update = flag.Bool("update", false, "rewrite the want sections of testdata/*.txtar")

// TestGolden compiles the repositories in testdata. A case's comment says what it shows and holds options, one a line:
// stack, environment, var NAME=VALUE, origin NAME BY [FILE], require. Its section want is what came of it: the diagnostics with their hints and
// related places and, without errors, the stack.
func TestGolden(t *testing.T) {
	goldens(t, "testdata/*.txtar", func(t *testing.T, root, comment string) string {
		stack, ds := compiler.Compile(context.Background(), options(t, root, comment))
		return describe(t, stack, ds)
	})
}

// goldens makes the repository of each case and compares what result says with the section want.
func goldens(t *testing.T, pattern string, result func(t *testing.T, root, comment string) string) {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { golden(t, file, result) })
	}
}

func golden(t *testing.T, file string, result func(t *testing.T, root, comment string) string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	want := -1
	for i, f := range archive.Files {
		if f.Name == "want" {
			want = i
			continue
		}
		write(t, root, f.Name, f.Data)
	}
	got := result(t, root, string(archive.Comment))
	if *update {
		if want < 0 {
			archive.Files = append(archive.Files, txtar.File{Name: "want"})
			want = len(archive.Files) - 1
		}
		archive.Files[want].Data = []byte(got)
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want < 0 {
		t.Fatal("the case has no section want")
	}
	if string(archive.Files[want].Data) != got {
		t.Errorf("got\n%s\nwant\n%s", got, archive.Files[want].Data)
	}
}

func write(t testing.TB, root, name string, content []byte) {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func options(t *testing.T, root, comment string) compiler.Options {
	o := compiler.Options{Root: root, Stack: "shop", Variables: map[string]string{}, Origins: map[string]variable.Origin{}}
	for line := range strings.Lines(comment) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case key == "" || strings.HasPrefix(key, "#") || key == "component":
		case key == "stack":
			o.Stack = value
		case key == "environment":
			o.Environment = value
		case key == "require":
			o.RequireVariables = true
		case key == "var":
			name, v, _ := strings.Cut(value, "=")
			o.Variables[name] = v
		case key == "origin":
			words := strings.Fields(value)
			from := variable.Origin{By: words[1]}
			if len(words) > 2 {
				from.Value = diag.Position{File: words[2], Line: 1, Column: 1}
			}
			o.Origins[words[0]] = from
		default:
			t.Fatalf("no such option: %s", line)
		}
	}
	return o
}

// describe writes what a compilation gave as text.
func describe(t *testing.T, stack *ir.Stack, ds diag.List) string {
	t.Helper()
	var b strings.Builder
	for _, d := range ds.Sorted() {
		fmt.Fprintf(&b, "%s [%s]\n", d.Error(), d.Code)
		for _, r := range d.Related {
			fmt.Fprintf(&b, "  %s: %s\n", r.Position, r.Message)
		}
		if d.Hint != "" {
			fmt.Fprintf(&b, "  hint: %s\n", d.Hint)
		}
	}
	if (stack == nil) != ds.HasErrors() {
		t.Errorf("stack %v, but errors %v", stack, ds)
	}
	if stack == nil {
		return b.String()
	}
	fmt.Fprintf(&b, "stack %s environment %q region %s protected %t\n", stack.Name, stack.Environment, stack.Region, stack.Protected)
	fmt.Fprintf(&b, "tags %s\n", asJSON(stack.Tags))
	fmt.Fprintf(&b, "network %s\n", asJSON(plain(stack.Network)))
	setByDocuments(&b, "security", stack.Security, stack.Source)
	setByDocuments(&b, "observability", stack.Observability, stack.Source)
	for _, service := range slices.Sorted(maps.Keys(stack.ServiceObservability)) {
		setByDocuments(&b, "observability of "+service, stack.ServiceObservability[service], stack.Source)
	}
	for _, v := range stack.Variables {
		fmt.Fprintf(&b, "variable %s %s required %t sensitive %t set %t %q %s\n",
			v.Name, v.Type, v.Required, v.Sensitive, v.Set, v.Value, v.Source)
	}
	fmt.Fprintf(&b, "waves %v\n", stack.Waves)
	for _, c := range stack.Components {
		describeComponent(&b, c)
	}
	return b.String()
}

func describeComponent(b *strings.Builder, c *ir.Component) {
	fmt.Fprintf(b, "\n%s %s wave %d at %s\n  tags %s\n", c.Kind, c.ID(), c.Wave, c.Source, asJSON(c.Tags))
	for _, e := range c.DependsOn {
		fmt.Fprintf(b, "  depends on %s at %s\n", e.Component, e.Source)
	}
	for _, r := range c.References {
		fmt.Fprintf(b, "  uses %s", r.Component)
		for _, part := range []struct{ before, text, after string }{{".", r.Output, ""}, {" of stack ", r.Stack, ""}, {" (", r.Access, ")"}} {
			if part.text != "" {
				fmt.Fprint(b, part.before, part.text, part.after)
			}
		}
		if r.Mount != nil {
			fmt.Fprintf(b, " mounted at %s", r.Mount.Get("path").Text)
		}
		fmt.Fprintf(b, " at %s\n", r.Source)
	}
	for _, f := range c.ConfigFiles {
		fmt.Fprintf(b, "  file %s %s at %s mode %s %q by %s\n", f.Name, f.Path, f.MountPath, f.Mode, f.Content, f.Source)
	}
	if c.Import != nil {
		fmt.Fprintf(b, "  imports %s at %s\n", c.Import.ID, c.Import.Source)
	}
	leaves(b, "spec", c.Spec)
	if c.AWS != nil {
		leaves(b, "aws", c.AWS)
	}
}

// setByDocuments writes a shared spec if any document says something about it; what nobody wrote stands at the stack.
func setByDocuments(b *strings.Builder, name string, v *ir.Value, standing diag.Position) {
	if v.Source != standing {
		fmt.Fprintf(b, "%s\n", name)
		leaves(b, "spec", v)
	}
}

// leaves writes each scalar with its path and place, the folder of the stack left out.
func leaves(b *strings.Builder, path string, v *ir.Value) {
	switch v.Kind {
	case ir.List:
		for i, item := range v.Items {
			leaves(b, fmt.Sprintf("%s[%d]", path, i), item)
		}
	case ir.Map:
		for _, f := range v.Fields {
			leaves(b, path+"."+f.Name, f.Value)
		}
	default:
		place := v.Source.String()
		if parts := strings.SplitN(place, "/", 3); len(parts) == 3 {
			place = parts[2]
		}
		fmt.Fprintf(b, "  %s = %s  %s\n", path, asJSON(plain(v)), place)
	}
}

func plain(v *ir.Value) any {
	switch v.Kind {
	case ir.Bool:
		return v.Bool
	case ir.Number:
		return v.Number
	case ir.String:
		return v.Text.String()
	case ir.List:
		items := make([]any, len(v.Items))
		for i, item := range v.Items {
			items[i] = plain(item)
		}
		return items
	case ir.Map:
		fields := map[string]any{}
		for _, f := range v.Fields {
			fields[f.Name] = plain(f.Value)
		}
		return fields
	}
	return nil
}

func asJSON(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}
