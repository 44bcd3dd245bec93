package codegen_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/kinds"
	"github.com/panka-io/panka/compiler/ir"
)

// TestGrants shows, for each kind that guards what it holds, the policy of a component that uses one with each level of
// access: the components of the kind in its goldens, with every output taken. The goldens are iam/testdata/<kind>.txt.
func TestGrants(t *testing.T) {
	used := map[string]bool{}
	for _, kind := range kinds.All() {
		if _, ok := kind.(component.Guarded); !ok {
			continue
		}
		file := filepath.Join("iam", "testdata", strings.ToLower(kind.Name())+".txt")
		used[file] = true
		t.Run(kind.Name(), func(t *testing.T) {
			var got strings.Builder
			for _, c := range kindCases(t) {
				if c.kind == kind.Name() {
					writePolicies(&got, c.name(), c.compiled(t), kind)
				}
			}
			compareText(t, file, got.String())
		})
	}
	files, err := filepath.Glob(filepath.Join("iam", "testdata", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !used[file] {
			t.Errorf("%s belongs to no kind", file)
		}
	}
}

func writePolicies(w *strings.Builder, name string, stack *ir.Stack, kind component.Kind) {
	for _, c := range stack.Components {
		if c.Kind != kind.Name() {
			continue
		}
		for _, access := range []string{"read", "write", "readwrite"} {
			user := &ir.Component{Service: "app", Name: "user", Kind: "MicroService", Wave: c.Wave + 1, Spec: &ir.Value{Kind: ir.Map}}
			for _, output := range kind.Outputs(c) {
				user.References = append(user.References, ir.Reference{Component: c.ID(), Output: output.Name, Access: access})
			}
			statements := iam.References(userOf(stack, user))
			if len(statements) == 0 {
				fmt.Fprintf(w, "%s: %s %s\nnothing\n\n", name, access, c.ID())
				continue
			}
			code := jen.Var().Id("policy").Op("=").Add(iam.Document(statements...))
			fmt.Fprintf(w, "%s: %s %s\n%#v\n\n", name, access, c.ID(), code)
		}
	}
}

// userOf is the builder of a component that is not in its stack.
func userOf(stack *ir.Stack, user *ir.Component) *component.Builder {
	all := kinds.All()
	return component.New(component.Context{
		Stack: stack,
		Kind: func(name string) component.Kind {
			if i := slices.IndexFunc(all, func(k component.Kind) bool { return k.Name() == name }); i >= 0 {
				return all[i]
			}
			return nil
		},
		Component: func(id string) *ir.Component {
			if i := slices.IndexFunc(stack.Components, func(c *ir.Component) bool { return c.ID() == id }); i >= 0 {
				return stack.Components[i]
			}
			return nil
		},
		Users: func(string) []component.User { return nil },
	}, user, all[0])
}

func compareText(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is not what is granted now; run go test ./codegen -run TestGrants -update and look at the difference:\n%s",
			file, strings.Join(changedLines(string(want), got), "\n"))
	}
}
