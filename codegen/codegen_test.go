package codegen_test

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

func TestEqualStacksGiveEqualBytes(t *testing.T) {
	for _, c := range goldenCases() {
		first, again := generated(t, c.compiled(t)), generated(t, c.compiled(t))
		if !maps.EqualFunc(first.Files, again.Files, bytes.Equal) {
			t.Errorf("%s: two runs give different files", c.name)
		}
		shuffled := *c.compiled(t)
		shuffled.Components = slices.Clone(shuffled.Components)
		rand.Shuffle(len(shuffled.Components), func(i, j int) {
			shuffled.Components[i], shuffled.Components[j] = shuffled.Components[j], shuffled.Components[i]
		})
		if !maps.EqualFunc(first.Files, generated(t, &shuffled).Files, bytes.Equal) {
			t.Errorf("%s: the order of components shows", c.name)
		}
	}
}

// set replaces the number at a path of a component's spec, in a copy of the stack.
func set(stack *ir.Stack, id string, number float64, at ...string) *ir.Stack {
	changed := *stack
	changed.Components = slices.Clone(stack.Components)
	for i, c := range changed.Components {
		if c.ID() == id {
			n := *c
			n.Spec = renamed(c.Spec, func(s string) string { return s })
			n.Spec.Get(at...).Number = number
			changed.Components[i] = &n
		}
	}
	return &changed
}

func TestOneLineOfYAMLChangesOneLineOfCode(t *testing.T) {
	stack := goldenCases()[0].compiled(t)
	before := generated(t, stack)
	after := generated(t, set(stack, "notification-service/api", 12, "scaling", "autoscaling", "maxReplicas"))
	var changed []string
	for name := range before.Files {
		if name != bundle.FileName {
			changed = append(changed, changedLines(string(before.Files[name]), string(after.Files[name]))...)
		}
	}
	want := []string{
		"-\t\tMaxCapacity:       pulumi.Int(10),",
		"+\t\tMaxCapacity:       pulumi.Int(12),",
	}
	if !slices.Equal(changed, want) {
		t.Errorf("changed:\n%s\nwant:\n%s", strings.Join(changed, "\n"), strings.Join(want, "\n"))
	}
}

// TestMovedComponentKeepsItsCode moves both components of the example up by a wave, as a new dependency would.
func TestMovedComponentKeepsItsCode(t *testing.T) {
	stack := goldenCases()[0].compiled(t)
	before := generated(t, stack)
	moved := *stack
	moved.Components = nil
	for _, c := range stack.Components {
		n := *c
		n.Wave++
		moved.Components = append(moved.Components, &n)
	}
	moved.Waves = [][]string{{ir.Foundation}, {"notification-service/database"}, {"notification-service/api"}}
	after := generated(t, &moved)
	for _, pair := range [][2]string{
		{"wave-0/notification_service_database.go", "wave-1/notification_service_database.go"},
		{"wave-1/notification_service_api.go", "wave-2/notification_service_api.go"},
	} {
		if b, a := before.Files[pair[0]], after.Files[pair[1]]; len(a) == 0 || !bytes.Equal(a, b) {
			t.Errorf("%s is not %s:\n%s", pair[1], pair[0], strings.Join(changedLines(string(b), string(a)), "\n"))
		}
	}
	urns := func(b *bundle.Bundle) []string {
		var all []string
		for _, r := range b.Resources {
			all = append(all, r.URN)
		}
		return all
	}
	if !slices.Equal(urns(before.Bundle), urns(after.Bundle)) {
		t.Errorf("URNs change with the wave: %q, %q", urns(before.Bundle), urns(after.Bundle))
	}
}

func TestVariablesAndSecretsAreInTheBundle(t *testing.T) {
	b := generated(t, goldenCases()[2].compiled(t)).Bundle
	var variables, secrets []string
	for _, v := range b.Variables {
		if v.Sensitive {
			v.Name += " (sensitive)"
		}
		variables = append(variables, v.Name)
	}
	for _, s := range b.Secrets {
		if s.Source.Line == 0 {
			t.Errorf("the secret %s has no place", s.Ref)
		}
		secrets = append(secrets, s.Component+" "+s.Ref)
	}
	if want := []string{"LICENCE (sensitive)", "LOG_LEVEL", "VERSION"}; !slices.Equal(variables, want) {
		t.Errorf("variables are %q, want %q", variables, want)
	}
	if want := []string{
		"orders/api /shop/orders/database",
		"orders/api arn:aws:secretsmanager:eu-central-1:123456789012:secret:signing-AbCdEf",
		"orders/database /shop/orders/database",
		"web/cache /shop/web/cache",
	}; !slices.Equal(secrets, want) {
		t.Errorf("secrets are %q, want %q", secrets, want)
	}
}

// renamedComponent is the stack with one component under another ID.
func renamedComponent(stack *ir.Stack, id, service, name string) *ir.Stack {
	changed := *stack
	changed.Components = slices.Clone(stack.Components)
	for i, c := range changed.Components {
		if c.ID() == id {
			n := *c
			n.Service, n.Name = service, name
			changed.Components[i] = &n
		}
	}
	return &changed
}

func TestNameClashIsRefused(t *testing.T) {
	stack := goldenCases()[2].compiled(t)
	stack = renamedComponent(stack, "web/test", "a-b", "c")
	stack = renamedComponent(stack, "web/site", "a", "b-c")
	p, ds := generatedAndChecked(t, stack)
	if p != nil || len(ds) != 1 || ds[0].Code != "name-clash" || !ds[0].IsValid() || len(ds[0].Related) != 1 ||
		!strings.Contains(ds[0].Message, "a/b-c") || !strings.Contains(ds[0].Message, "a-b/c") {
		t.Errorf("got %v", ds)
	}
}

func TestRefused(t *testing.T) {
	base := goldenCases()[2].compiled(t)
	text := func(s string) *ir.Value {
		return &ir.Value{Kind: ir.String, Text: ir.Literal(s), Source: diag.Position{File: "x.yaml", Line: 7, Column: 3}}
	}
	with := func(id string, value *ir.Value, at ...string) *ir.Stack {
		stack := set(base, id, 0, at...)
		for _, c := range stack.Components {
			if c.ID() == id {
				*c.Spec.Get(at...) = *value
			}
		}
		return stack
	}
	variable := &ir.Value{Kind: ir.String, Text: ir.Text{{Variable: "VERSION"}}, Source: text("").Source}
	unknown := *base
	unknown.Components = append(slices.Clone(base.Components), &ir.Component{
		Service: "web", Name: "x", Kind: "Mainframe", Spec: &ir.Value{Kind: ir.Map}, Source: text("").Source})
	cases := []struct {
		name  string
		stack *ir.Stack
		want  string
	}{
		{"wrong type", with("orders/api", text("many"), "resources", "cpu"), "spec.resources.cpu must be a whole number"},
		{"variable that shapes", with("orders/database", variable, "engine", "type"), "spec.engine.type shapes what is generated"},
		{"list for a mapping", with("orders/database", text("x"), "database"), "spec.database must be a mapping"},
		{"unknown kind", &unknown, "kind Mainframe cannot be deployed by this version yet"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, ds := generatedAndChecked(t, c.stack)
			if p != nil || !ds.HasErrors() || !strings.Contains(ds[0].Message, c.want) || ds[0].Line != 7 {
				t.Errorf("got %v, want %q on line 7", ds, c.want)
			}
		})
	}
}
