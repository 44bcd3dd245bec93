package reference

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/layer"
	"github.com/panka-io/panka/compiler/source"
)

// component parses a spec and makes a component of it; the positions' file is the component's id.
func component(t *testing.T, id, kind, spec string) *ir.Component {
	t.Helper()
	nodes, ds := source.Parse(id, []byte(spec))
	if len(ds) > 0 || len(nodes) > 1 {
		t.Fatalf("%s: %v", id, ds)
	}
	c := &ir.Component{Kind: kind, Spec: &ir.Value{Kind: ir.Map}, Source: diag.Position{File: id, Line: 1, Column: 1}}
	c.Service, c.Name, _ = strings.Cut(id, "/")
	if len(nodes) == 1 {
		c.Spec = layer.FromNode(nodes[0])
	}
	return c
}

func outputs(kind string) []string {
	switch kind {
	case "RDS":
		return []string{"endpoint", "port"}
	case "MicroService":
		return []string{"serviceArn", "url"}
	}
	return nil
}

func TestResolve(t *testing.T) {
	api := component(t, "shop/api", "MicroService", `
dependsOn: [other/queue, database, shop/database]
environment:
  - name: HOST
    valueFrom: {component: database, output: endpoint}
  - name: PORT
    valueFrom: {component: shop/database, output: port, access: write}
`)
	database := component(t, "shop/database", "RDS", "")
	queue := component(t, "other/queue", "RDS", "")
	if ds := Resolve([]*ir.Component{api, database, queue}, outputs, Absent{}); len(ds) > 0 {
		t.Fatalf("Resolve: %v", ds)
	}
	if got := fmt.Sprint(api.DependsOn); got != "[{other/queue shop/api:2:13} {shop/database shop/api:2:26}]" {
		t.Errorf("edges %s", got)
	}
	want := "[{shop/database endpoint read shop/api:5:28} {shop/database port write shop/api:7:28}]"
	if got := fmt.Sprint(api.References); got != want {
		t.Errorf("references %s, want %s", got, want)
	}
	if got := api.Spec.Get("dependsOn").Items[1].Text.String(); got != "shop/database" {
		t.Errorf("the spec still says %q", got)
	}
	if got := api.Spec.Get("environment").Items[0].Get("valueFrom", "component").Text.String(); got != "shop/database" {
		t.Errorf("the spec still says %q", got)
	}
	if len(database.DependsOn)+len(queue.DependsOn) > 0 {
		t.Error("edges out of nothing")
	}
}

func TestRefused(t *testing.T) {
	cases := []struct{ name, spec, want, hint string }{
		{"unknown", "dependsOn: [databse]", "shop/api:1:13: error: there is no component shop/databse in this stack", `did you mean "shop/database"?`},
		{"bare name of another service", "dependsOn: [queue]", "shop/api:1:13: error: there is no component shop/queue in this stack", `did you mean "other/queue"?`},
		{"itself", "dependsOn: [api]", "shop/api:1:13: error: component shop/api refers to itself", ""},
		{"removed", "dependsOn: [gone]", "shop/api:1:13: error: component shop/gone is removed from this environment", ""},
		{"unread", "dependsOn: [broken]", "", ""},
		{"unknown output", "environment: [{valueFrom: {component: database, output: endpont}}]",
			`shop/api:1:57: error: RDS shop/database has no output "endpont"; it has endpoint, port`, `did you mean "endpoint"?`},
		{"no load balancer", "environment: [{valueFrom: {component: web, output: url}}]",
			"shop/api:1:52: error: shop/web has no url, because it has no load balancer",
			"set networking.loadBalancer.enabled: true in the ComponentInfra of shop/web"},
		{"load balancer", "environment: [{valueFrom: {component: front, output: url}}]", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			list := []*ir.Component{
				component(t, "shop/api", "MicroService", c.spec),
				component(t, "shop/database", "RDS", ""),
				component(t, "shop/web", "MicroService", ""),
				component(t, "shop/front", "MicroService", "networking: {loadBalancer: {enabled: true}}"),
				component(t, "other/queue", "RDS", ""),
			}
			ds := Resolve(list, outputs, Absent{
				Removed: map[string]diag.Position{"shop/gone": {File: "o", Line: 1, Column: 1}},
				Unread:  map[string]bool{"shop/broken": true},
			})
			if got := ds.Error(); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if c.hint != "" && !slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.Hint == c.hint }) {
				t.Errorf("hints: %+v, want %s", ds, c.hint)
			}
		})
	}
}
