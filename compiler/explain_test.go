package compiler_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/panka-io/panka/compiler"
)

// TestExplain explains the component that each case of testdata/explain names.
func TestExplain(t *testing.T) {
	goldens(t, "testdata/explain/*.txtar", func(t *testing.T, root, comment string) string {
		_, rest, _ := strings.Cut(comment, "\ncomponent ")
		id, _, _ := strings.Cut(rest, "\n")
		e, ds := compiler.Explain(context.Background(), options(t, root, comment))
		if e == nil {
			t.Fatal(ds)
		}
		x := e.Component(id)
		if x == nil {
			t.Fatalf("there is no component %q", id)
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%s %s %s\n", x.APIVersion, x.Kind, asJSON(plain(x.Spec)))
		for _, o := range x.Values {
			describeOrigin(&b, o)
		}
		return b.String()
	})
}

func describeOrigin(b *strings.Builder, o compiler.Origin) {
	value := "removed"
	if o.Value != nil {
		value = asJSON(plain(o.Value))
	}
	fmt.Fprintf(b, "%s = %s\n", o.Path, value)
	for _, s := range o.Said {
		said := "nothing"
		if s.Value != nil {
			said = asJSON(plain(s.Value))
		}
		fmt.Fprintf(b, "  %s: %s %s\n", s.Layer, said, s.Source)
		for _, given := range s.Given {
			fmt.Fprintf(b, "    given %s\n", given)
		}
		for _, v := range s.Variables {
			fmt.Fprintf(b, "    %s set %t %q by %q %s\n", v.Name, v.Set, v.Value, v.Layer, v.Source)
		}
	}
}

// TestExplainNobody asks for a component that is not there, and for one of a stack that does not compile.
func TestExplainNobody(t *testing.T) {
	root := repository(t, "seed_production.txtar", inOrder)
	o := compiler.Options{Root: root, Stack: "user-platform", Environment: "production"}
	e, ds := compiler.Explain(context.Background(), o)
	if e == nil || e.Component("notification-service/nobody") != nil {
		t.Errorf("somebody was found, or %v", ds)
	}
	o.Stack = "nowhere"
	if e, ds := compiler.Explain(context.Background(), o); e != nil || !ds.HasErrors() {
		t.Errorf("%v was explained, with %v", e, ds)
	}
}

// TestExplainHidesSensitive looks for the value of a sensitive variable everywhere.
func TestExplainHidesSensitive(t *testing.T) {
	const secret = "hunter2-hunter2"
	root := repository(t, "explain/everything.txtar", inOrder)
	e, ds := compiler.Explain(context.Background(), compiler.Options{Root: root, Stack: "shop", Environment: "production",
		Variables: map[string]string{"VERSION": "v1", "TOKEN": secret}})
	if e == nil {
		t.Fatal(ds)
	}
	x := e.Component("web/api")
	x.Component = nil // only what is shown counts
	shown, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(shown), secret) || !strings.Contains(string(shown), compiler.Masked) {
		t.Errorf("the secret is not masked in %s", shown)
	}
}
