package codegen_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/kinds"
	"github.com/panka-io/panka/codegen/security"
	"github.com/panka-io/panka/compiler/ir"
)

// resourcesPage says what each kind registers and which rules of security hold for it. It is made of the goldens:
// go test ./codegen -run TestResourcesPage -update, which make docs runs.
const resourcesPage = "../docs/reference/resources.md"

const resourcesIntroduction = `<!-- Written by make docs from the goldens of the kinds. Do not edit. -->

# What is registered in AWS

For each kind of component, the types of AWS resources, and on eks of Kubernetes' objects, that panka registers for it, as the
Pulumi SDKs call them. A type marked **always** is there for the smallest component of the kind; the others come with what the YAML asks for.
What a stack's components share is [at the end](#foundation), and after that are [the rules](#rules): what panka's tests
hold against everything that is registered. A rule holds for what panka does by itself. Where a document asks for
something weaker, such as a public bucket, it gets what it asks for. The load balancer that belongs to a service (its field
networking.loadBalancer) is replaced with what the service's document says of it, and so has no deletion protection.
`

// TestResourcesPage compares docs/reference/resources.md with what the goldens register.
func TestResourcesPage(t *testing.T) {
	want := resourcesText(registered(t))
	if *update {
		if err := os.WriteFile(resourcesPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(resourcesPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not current; run make docs:\n%s", resourcesPage, strings.Join(changedLines(string(got), want), "\n"))
	}
}

// TestRulesAreOfRegisteredTypes: a rule about a type that no kind registers would say nothing.
func TestRulesAreOfRegisteredTypes(t *testing.T) {
	all := registered(t)
	for _, rule := range security.Rules() {
		for _, typ := range rule.Types {
			if !slices.ContainsFunc(slices.Collect(maps.Values(all)), func(types map[string]bool) bool {
				_, ok := types[typ]
				return ok
			}) {
				t.Errorf("%s is about %s, which no kind registers", rule.ID, typ)
			}
		}
	}
}

// registered are the types that the goldens of each kind, and foundations, register, and whether the smallest do.
func registered(t *testing.T) map[string]map[string]bool {
	t.Helper()
	types := map[string]map[string]bool{}
	for _, c := range kindCases(t) {
		b := generated(t, c.compiled(t)).Bundle
		for _, r := range b.Resources {
			kind := b.Component(r.Component).Kind
			if !strings.HasPrefix(r.Type, "aws:") && !strings.HasPrefix(r.Type, "kubernetes:") || kind != c.kind && r.Component != ir.Foundation {
				continue
			}
			if types[kind] == nil {
				types[kind] = map[string]bool{}
			}
			// A stack's foundation depends on what is in it: nothing of it is always there but the settings of MicroService's.
			smallest := c.name() == "minimal" && (kind == c.kind || c.kind == "MicroService")
			types[kind][r.Type] = types[kind][r.Type] || smallest
		}
	}
	return types
}

func resourcesText(types map[string]map[string]bool) string {
	var b strings.Builder
	b.WriteString(resourcesIntroduction)
	var names []string
	for _, kind := range kinds.All() {
		names = append(names, kind.Name())
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(strings.ToLower(a), strings.ToLower(b)) })
	for _, kind := range names {
		fmt.Fprintf(&b, "\n## %s\n\nSee [its fields](%s.md).\n\n", kind, strings.ToLower(kind))
		writeTypes(&b, types[kind])
	}
	b.WriteString("\n## Foundation\n\nWhat the components of a stack share; **always** is what a stack with one MicroService has.\n\n")
	writeTypes(&b, types["Foundation"])
	b.WriteString("\n## Rules\n\nThe IDs are those of Checkov (CKV) and AWS Security Hub, with links, or panka's own.\n\n| rule | what holds | when |\n|---|---|---|\n")
	for _, rule := range security.Rules() {
		id := rule.ID
		if rule.Source != "" {
			id = "[" + id + "](" + rule.Source + ")"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", id, rule.Title, cmp.Or(string(rule.When), "always"))
	}
	b.WriteString("\n[All kinds](README.md)\n")
	return b.String()
}

// writeTypes writes a table of types, those that are always there first.
func writeTypes(b *strings.Builder, types map[string]bool) {
	b.WriteString("| resource | | rules |\n|---|---|---|\n")
	sorted := slices.SortedFunc(maps.Keys(types), func(x, y string) int {
		if types[x] != types[y] {
			return map[bool]int{true: -1, false: 1}[types[x]]
		}
		return cmp.Compare(x, y)
	})
	for _, typ := range sorted {
		var ids []string
		for _, rule := range security.Rules() {
			if slices.Contains(rule.Types, typ) {
				ids = append(ids, rule.ID)
			}
		}
		mark := map[bool]string{true: "**always**", false: ""}[types[typ]]
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", typ, mark, strings.Join(ids, ", "))
	}
}
