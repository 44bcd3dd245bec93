package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/kinds"
	"github.com/panka-io/panka/codegen/kindtest"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/schema"
)

// longestMinimum is how many lines of YAML the smallest component of a kind may have, with what it needs.
const longestMinimum = 15

// TestEveryKindHasASmallForm: each kind of the language has a generator and a smallest golden.
func TestEveryKindHasASmallForm(t *testing.T) {
	language, err := schema.New()
	if err != nil {
		t.Fatal(err)
	}
	cases, err := kindtest.Cases(filepath.Join("..", "..", "codegen"))
	if err != nil {
		t.Fatal(err)
	}
	names := language.Kinds("components.panka.io/v1")
	if len(names) < 23 {
		t.Errorf("the language has %d kinds, fewer than 23", len(names))
	}
	for _, name := range names {
		if !slices.ContainsFunc(kinds.All(), kindNamed(name)) {
			t.Errorf("%s has no generator", name)
		}
		i := slices.IndexFunc(cases, func(c kindtest.Case) bool { return c.Kind == name && c.Name == "minimal" })
		if i < 0 {
			t.Errorf("%s has no golden called minimal", name)
			continue
		}
		for path, text := range cases[i].Inputs("app") {
			if filepath.Ext(path) != ".yaml" {
				continue
			}
			if lines := strings.Count(text, "\n"); lines >= longestMinimum {
				t.Errorf("the smallest %s has %d lines in %s, want fewer than %d", name, lines, path, longestMinimum)
			}
		}
	}
}

// TestEveryKindLives takes a stack with every kind through its life: deployed, unchanged, changed in place and by a
// replacement, destroyed.
func TestEveryKindLives(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the generated programs")
	}
	e := newEstate(t, "minimal", "allow", nil)
	created := e.apply(t)
	if created["create"] < 100 || len(created) != 1 {
		t.Errorf("the first apply: %v", created)
	}
	b := e.bundle(t)
	wantEveryKind(t, b)

	if again := e.apply(t); len(again) > 0 {
		t.Errorf("the second apply: %v", again)
	}

	e.replace(t, "services/lambda/components/resize/resize.yaml", "handler: index.handler", "handler: index.other")
	e.replace(t, "services/sqs/components/orders/orders.yaml", "spec: {}", "spec: {visibilityTimeout: 2m}")
	if changed := e.apply(t); changed["update"] < 2 || changed["delete"]+changed["create"] > 0 {
		t.Errorf("the apply of changes in place: %v", changed)
	}
	e.replace(t, "services/dynamodb/components/orders/orders.yaml", "attributes: [{name: id, type: S}]\n  hashKey: id",
		"attributes: [{name: number, type: S}]\n  hashKey: number")
	if changed := e.apply(t); changed["replace"] != 1 || changed["delete"] > 0 {
		t.Errorf("the apply of another key: %v", changed)
	}
	if again := e.apply(t); len(again) > 0 {
		t.Errorf("the last apply: %v", again)
	}

	wantOrder(t, b, e.run(t, "destroy"))
	if left := e.resources(t); len(left) > 0 {
		t.Errorf("%d resources are left, the first is %s %s", len(left), left[0].Type, left[0].Name)
	}
}

func kindNamed(name string) func(component.Kind) bool {
	return func(k component.Kind) bool { return k.Name() == name }
}

// event is a line of what panka prints as JSON.
type event struct {
	Event, Status, Component, Op string
	Changes                      map[string]int
}

// run is panka with its output as events. A run whose result is missing has failed.
func (e estate) run(t *testing.T, operation string) []event {
	t.Helper()
	var events []event
	args := append([]string{operation, "--sandbox", "--yes", "--output", "json"}, e.flags...)
	if operation == "destroy" {
		args = args[:len(args)-len(e.flags)]
	}
	for line := range strings.Lines(e.panka(t, args...)) {
		var one event
		if json.Unmarshal([]byte(line), &one) == nil {
			events = append(events, one)
		}
	}
	if len(events) == 0 || events[len(events)-1].Event != "result" {
		t.Fatalf("%s gave no result: %v", operation, events)
	}
	return events
}

// apply gives how many resources were changed, by what was done with them.
func (e estate) apply(t *testing.T) map[string]int {
	t.Helper()
	events := e.run(t, "apply")
	changes := events[len(events)-1].Changes
	maps.DeleteFunc(changes, func(what string, n int) bool { return n == 0 || what == "same" })
	return changes
}

// wantEveryKind: each kind has a component that registered something in AWS.
func wantEveryKind(t *testing.T, b *bundle.Bundle) {
	t.Helper()
	for _, kind := range kinds.All() {
		i := slices.IndexFunc(b.Components, func(c bundle.Component) bool { return c.Kind == kind.Name() })
		if i < 0 || !slices.ContainsFunc(b.Resources, func(r bundle.Resource) bool {
			return r.Component == b.Components[i].ID && strings.HasPrefix(r.Type, "aws:")
		}) {
			t.Errorf("no component of kind %s made anything", kind.Name())
		}
	}
}

// bundle describes what is generated of the estate.
func (e estate) bundle(t *testing.T) *bundle.Bundle {
	t.Helper()
	e.panka(t, "compile")
	data, err := os.ReadFile(filepath.Join(e.dir, "generated", "shop", "test", bundle.FileName))
	if err != nil {
		t.Fatal(err)
	}
	b, err := bundle.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// wantOrder: before anything of a component is deleted, everything of those that depend on it is gone.
func wantOrder(t *testing.T, b *bundle.Bundle, events []event) {
	t.Helper()
	first, last := map[string]int{}, map[string]int{}
	for i, e := range events {
		if e.Event != "resource" || e.Op != "delete" {
			continue
		}
		if _, seen := first[e.Component]; !seen && e.Status == "started" {
			first[e.Component] = i
		}
		if e.Status == "done" {
			last[e.Component] = i
		}
	}
	compared := 0
	for _, c := range b.Components {
		if last[c.ID] == 0 {
			t.Errorf("nothing of %s was deleted", c.ID)
		}
		for _, needed := range c.DependsOn {
			if needed == ir.Foundation {
				continue // its dashboard names the components, and so goes before them
			}
			compared++
			if first[needed] < last[c.ID] {
				t.Errorf("%s was begun to be deleted before %s, which needs it, was gone", needed, c.ID)
			}
		}
	}
	if compared == 0 {
		t.Error("no component depends on another")
	}
}
