package examples

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/schema"
)

const fewestComponents = 60 // of the example company, both stacks together

// TestCompany compiles both stacks of the example company, as written and in each environment. Nothing is wrong with
// them, and together they show the language: each kind of component, templates, references between services and to
// another stack.
func TestCompany(t *testing.T) {
	for _, environment := range []string{"", "development", "production"} {
		t.Run("environment "+environment, func(t *testing.T) {
			var all []*ir.Component
			for _, stack := range []string{"platform", "shop"} {
				all = append(all, compileCompany(t, stack, environment)...)
			}
			if len(all) < fewestComponents {
				t.Errorf("there are %d components, fewer than %d", len(all), fewestComponents)
			}
			usesTheLanguage(t, all)
			if environment == "" {
				usesAllKinds(t, all)
			}
		})
	}
}

// TestCompanyEnvironments looks at what overlays are to change: a value, one under a template's with, a component that
// is added and one that is removed.
func TestCompanyEnvironments(t *testing.T) {
	development := append(compileCompany(t, "platform", "development"), compileCompany(t, "shop", "development")...)
	production := append(compileCompany(t, "platform", "production"), compileCompany(t, "shop", "production")...)
	for _, c := range []struct {
		environment string
		components  []*ir.Component
		id          string
		there       bool
	}{
		{"development", development, "operations/runner", false},
		{"production", production, "operations/runner", true},
		{"development", development, "operations/probe", false},
		{"production", production, "operations/probe", true},
	} {
		if found := find(c.components, c.id) != nil; found != c.there {
			t.Errorf("%s in %s: %v, want %v", c.id, c.environment, found, c.there)
		}
	}
	for _, c := range []struct {
		components []*ir.Component
		id         string
		path       []string
		want       any
	}{
		{development, "insights/clickstream", []string{"capacity"}, "serverless"},
		{production, "insights/clickstream", []string{"capacity"}, "provisioned"},
		{development, "catalog/database", []string{"instance", "multiAZ"}, false},
		{production, "catalog/database", []string{"instance", "multiAZ"}, true},
		{development, "orders/fulfilment", []string{"scaling", "autoscaling", "maxReplicas"}, 10.0},
		{production, "orders/fulfilment", []string{"scaling", "autoscaling", "maxReplicas"}, 50.0},
		{production, "payments/api", []string{"logging", "retentionDays"}, 365.0},
	} {
		if got := valueAt(find(c.components, c.id), c.path); got != c.want {
			t.Errorf("%s: %v is %v, want %v", c.id, c.path, got, c.want)
		}
	}
}

func compileCompany(t *testing.T, stack, environment string) []*ir.Component {
	t.Helper()
	compiled, diags := compiler.Compile(context.Background(), compiler.Options{
		Root: "company", Stack: stack, Environment: environment,
	})
	if compiled == nil {
		t.Fatalf("stack %s did not compile: %v", stack, diags)
	}
	for _, d := range append(diags, codegen.Check(compiled)...) {
		t.Errorf("%s: %v", stack, d)
	}
	return compiled.Components
}

func usesAllKinds(t *testing.T, components []*ir.Component) {
	t.Helper()
	rules, err := schema.New()
	if err != nil {
		t.Fatal(err)
	}
	kinds := 0
	for _, kind := range rules.Kinds("components.panka.io/v1") {
		kinds++
		if !slices.ContainsFunc(components, func(c *ir.Component) bool { return c.Kind == kind }) {
			t.Errorf("no component is of kind %s", kind)
		}
	}
	if kinds < 23 {
		t.Errorf("there are %d kinds of components, fewer than 23", kinds)
	}
}

func usesTheLanguage(t *testing.T, components []*ir.Component) {
	t.Helper()
	templated, foreign, across := 0, 0, 0
	for _, c := range components {
		if c.Template != nil {
			templated++
		}
		for _, r := range c.References {
			switch {
			case r.Stack != "":
				foreign++
			case !strings.HasPrefix(r.Component, c.Service+"/"):
				across++
			}
		}
	}
	if templated < len(components)/2 {
		t.Errorf("%d of %d components use a template, fewer than half", templated, len(components))
	}
	if foreign == 0 {
		t.Error("nothing uses an output of another stack")
	}
	if across == 0 {
		t.Error("nothing uses an output of another service")
	}
}

func find(components []*ir.Component, id string) *ir.Component {
	i := slices.IndexFunc(components, func(c *ir.Component) bool { return c.ID() == id })
	if i < 0 {
		return nil
	}
	return components[i]
}

// valueAt is the scalar at a path of a component's spec; nil when there is none.
func valueAt(c *ir.Component, path []string) any {
	if c == nil {
		return nil
	}
	v := c.Spec.Get(path...)
	if v == nil {
		return nil
	}
	switch v.Kind {
	case ir.String:
		return v.Text.String()
	case ir.Number:
		return v.Number
	case ir.Bool:
		return v.Bool
	default:
		return nil
	}
}
