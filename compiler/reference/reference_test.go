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
	"github.com/panka-io/panka/schema"
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

// references writes the references of a component, in braces: stack, component, output, access, how it is mounted and place.
func references(c *ir.Component) string {
	var all []string
	for _, r := range c.References {
		mounted := ""
		if r.Mount != nil {
			mounted = " at " + r.Mount.Get("path").Text.String()
		}
		all = append(all, fmt.Sprintf("{%s %s %s %s%s %s}", r.Stack, r.Component, r.Output, r.Access, mounted, r.Source))
	}
	return fmt.Sprint(all)
}

// rules are those of four kinds: a service, a database, a queue of which the service can be a consumer, and a disk that
// can be mounted into the service.
type rules struct{}

func (rules) Outputs(kind string) []string {
	return map[string][]string{
		"RDS": {"endpoint", "port"}, "MicroService": {"serviceArn", "url"}, "Queue": {"url", "deadLetterUrl"},
		"Disk": {"id", "path", "points", "label"},
	}[kind]
}

func (rules) OutputCondition(kind, output string) schema.Condition {
	return map[string]schema.Condition{
		"MicroService.url":    {Field: []string{"networking", "loadBalancer", "enabled"}},
		"Queue.deadLetterUrl": {Field: []string{"deadLetter"}},
		"Disk.id":             {Field: []string{"array"}, Without: true},
		"Disk.path":           {Field: []string{"remote"}, Without: true},
		"Disk.points":         {Field: []string{"points"}},
		"Disk.label":          {Field: []string{"type"}, Unlike: "^raw"},
	}[kind+"."+output]
}

func (rules) AccessLevels(kind string) []string {
	if kind == "Queue" {
		return []string{"write", "readwrite"}
	}
	return nil
}

func (rules) ComponentFields(kind string) []schema.ComponentField {
	switch kind {
	case "Disk":
		return []schema.ComponentField{
			{Path: []string{"mounts", "*", "component"}, Kinds: []string{"MicroService"}, Access: "readwrite", Edge: schema.Reverse},
			{Path: []string{"neighbours", "*"}, Kinds: []string{"Disk"}, Edge: schema.NoEdge},
		}
	case "MicroService":
	default:
		return nil
	}
	return []schema.ComponentField{
		{Path: []string{"triggers", "*", "queue"}, Kinds: []string{"Queue"}, Access: "read"},
		{Path: []string{"mounts", "*"}, Kinds: []string{"RDS", "Queue"}},
		{Path: []string{"peer"}},
		{Path: []string{"disks", "*"}, Kinds: []string{"Disk", "Queue"}, Behind: "Disk"},
		{Path: []string{"letters"}, Kinds: []string{"Queue", "RDS"}, Needs: "deadLetterUrl"},
	}
}

// resolve resolves the references of a stack without others.
func resolve(list []*ir.Component, absent Absent) diag.List {
	none := func(name string, pos diag.Position) (Stack, diag.List, bool) {
		return Stack{}, diag.List{diag.Errorf(pos, "unknown-stack", "there is no stack %s", name)}, false
	}
	return Resolve(Stack{Name: "web", Components: list, Absent: absent}, rules{}, none)
}

func TestResolve(t *testing.T) {
	api := component(t, "shop/api", "MicroService", `
dependsOn: [other/queue, database, shop/database]
environment:
  - name: HOST
    valueFrom: {component: database, output: endpoint}
  - name: PORT
    valueFrom: {component: shop/database, output: port}
`)
	database := component(t, "shop/database", "RDS", "")
	queue := component(t, "other/queue", "RDS", "")
	if ds := resolve([]*ir.Component{api, database, queue}, Absent{}); len(ds) > 0 {
		t.Fatalf("Resolve: %v", ds)
	}
	if got := fmt.Sprint(api.DependsOn); got != "[{other/queue shop/api:2:13} {shop/database shop/api:2:26}]" {
		t.Errorf("edges %s", got)
	}
	want := "[{ shop/database endpoint  shop/api:5:28} { shop/database port  shop/api:7:28}]"
	if got := references(api); got != want {
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
			"shop/api:1:52: error: shop/web has no url, because its networking.loadBalancer.enabled is false",
			"set networking.loadBalancer.enabled: true in shop/web or its ComponentInfra"},
		{"no dead letters", "environment: [{valueFrom: {component: jobs, output: deadLetterUrl}}]",
			"shop/api:1:53: error: shop/jobs has no deadLetterUrl, because its deadLetter is not set",
			"set deadLetter in shop/jobs or its ComponentInfra"},
		{"set and should not be", "environment: [{valueFrom: {component: disks, output: id}}]",
			"shop/api:1:54: error: shop/disks has no id, because its array is set",
			"leave out array in shop/disks or its ComponentInfra"},
		{"true and should not be", "environment: [{valueFrom: {component: disks, output: path}}]",
			"shop/api:1:54: error: shop/disks has no path, because its remote is true",
			"set remote: false in shop/disks or its ComponentInfra"},
		{"empty and should not be", "environment: [{valueFrom: {component: disks, output: points}}]",
			"shop/api:1:54: error: shop/disks has no points, because its points is empty",
			"fill points in shop/disks or its ComponentInfra"},
		{"of the wrong value", "environment: [{valueFrom: {component: disks, output: label}}]",
			"shop/api:1:54: error: shop/disks has no label, because its type is raw1",
			"choose another type in shop/disks or its ComponentInfra"},
		{"not set and need not be", "environment: [{valueFrom: {component: disk, output: id}}, {valueFrom: {component: disk, output: path}}]", "", ""},
		{"dead letters", "environment: [{valueFrom: {component: slow, output: deadLetterUrl}}]", "", ""},
		{"access to what IAM does not guard", "environment: [{valueFrom: {component: database, output: port, access: read}}]",
			"shop/api:1:71: error: RDS shop/database has no levels of access, because IAM does not guard it",
			"leave access out; the reference by itself opens the way to it"},
		{"access that the kind does not give", "environment: [{valueFrom: {component: jobs, output: url, access: read}}]",
			`shop/api:1:66: error: Queue shop/jobs gives no access "read"; it gives write, readwrite`, ""},
		{"access and output", "environment: [{valueFrom: {component: database, output: x, access: read}}]",
			"shop/api:1:57: error: RDS shop/database has no output \"x\"; it has endpoint, port\n" +
				"shop/api:1:68: error: RDS shop/database has no levels of access, because IAM does not guard it", ""},
		{"wired to nothing", "triggers: [{queue: jbos}]",
			"shop/api:1:20: error: there is no component shop/jbos in this stack", `did you mean "shop/jobs"?`},
		{"wired to another kind", "triggers: [{queue: jobs}, {queue: database}]",
			"shop/api:1:35: error: spec.triggers[].queue must name a component of kind Queue, and shop/database is of kind RDS", ""},
		{"wired to one of two kinds", "mounts: {a: database, b: jobs, c: web}",
			"shop/api:1:35: error: spec.mounts[] must name a component of kind RDS or Queue, and shop/web is of kind MicroService", ""},
		{"wired to itself", "peer: shop/api", "shop/api:1:7: error: component shop/api refers to itself", ""},
		{"wired to what lacks an output", "letters: jobs",
			"shop/api:1:10: error: shop/jobs has no deadLetterUrl, because its deadLetter is not set",
			"set deadLetter in shop/jobs or its ComponentInfra"},
		{"wired to what has the output", "letters: slow", "", ""},
		{"wired to a kind that does not know the output", "letters: database", "", ""},
		{"wired to something else", `peer: "arn:aws:sqs:eu-west-1:123456789012:jobs"`, "", ""},
		{"wired to a path", "peer: /a/b", "", ""},
		{"another stack that does not exist", "environment: [{valueFrom: {stack: base, component: a/b, output: x}}]",
			"shop/api:1:35: error: there is no stack base", ""},
		{"its own stack", "environment: [{valueFrom: {stack: web, component: shop/web, output: serviceArn}}]",
			`shop/api:1:35: error: "web" is this stack itself`, "leave stack out"},
		{"load balancer", "environment: [{valueFrom: {component: front, output: url}}]", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			list := []*ir.Component{
				component(t, "shop/api", "MicroService", c.spec),
				component(t, "shop/database", "RDS", ""),
				component(t, "shop/web", "MicroService", "networking: {loadBalancer: {enabled: false}}"),
				component(t, "shop/jobs", "Queue", ""),
				component(t, "shop/disks", "Disk", "{array: {size: 2}, remote: true, points: [], type: raw1}"),
				component(t, "shop/disk", "Disk", "{remote: false}"),
				component(t, "shop/slow", "Queue", "deadLetter: {}"),
				component(t, "shop/front", "MicroService", "networking: {loadBalancer: {enabled: true}}"),
				component(t, "other/queue", "RDS", ""),
			}
			ds := resolve(list, Absent{
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

// Fields that wire to components make references and edges like valueFrom, and their names become ids.
func TestWiring(t *testing.T) {
	api := component(t, "shop/api", "MicroService", `
triggers:
  - {queue: jobs}
  - {queue: "${NAME}"}
mounts: {a: shop/jobs}
environment:
  - valueFrom: {component: jobs, output: url, access: readwrite}
  - valueFrom: {component: jobs, output: url}
`)
	if ds := resolve([]*ir.Component{api, component(t, "shop/jobs", "Queue", "")}, Absent{}); len(ds) > 0 {
		t.Fatalf("Resolve: %v", ds)
	}
	want := "[{ shop/jobs  read shop/api:3:13} { shop/jobs   shop/api:5:13} " +
		"{ shop/jobs url readwrite shop/api:7:28} { shop/jobs url write shop/api:8:28}]"
	if got := references(api); got != want {
		t.Errorf("references\n%s, want\n%s", got, want)
	}
	if got := fmt.Sprint(api.DependsOn); got != "[{shop/jobs shop/api:3:13}]" {
		t.Errorf("edges %s", got)
	}
	if got := api.Spec.Get("triggers").Items[0].Get("queue").Text.String(); got != "shop/jobs" {
		t.Errorf("the spec still says %q", got)
	}
}

// A disk's mounts make references and edges of the components that they name, and fields without an edge make neither.
func TestMounts(t *testing.T) {
	api := component(t, "shop/api", "MicroService", "dependsOn: [first]")
	first := component(t, "shop/first", "Disk", `
mounts:
  - {component: api, path: /a}
  - {component: shop/api, path: /b, readOnly: true}
  - {component: jobs, path: /c}
neighbours: [second]
`)
	second := component(t, "shop/second", "Disk", `
mounts: [{component: api, path: /d, readOnly: false}, {component: apy, path: /e}, {path: /f}]
neighbours: [shop/first, api, second]
`)
	ds := resolve([]*ir.Component{first, api, second, component(t, "shop/jobs", "Queue", "")}, Absent{})
	want := `shop/first:5:17: error: spec.mounts[].component must name a component of kind MicroService, and shop/jobs is of kind Queue
shop/second:2:67: error: there is no component shop/apy in this stack
shop/second:3:26: error: spec.neighbours[] must name a component of kind Disk, and shop/api is of kind MicroService
shop/second:3:31: error: component shop/second refers to itself`
	if got := ds.Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	want = "[{ shop/first  readwrite at /a shop/first:3:17} { shop/first  read at /b shop/first:4:17} " +
		"{ shop/second  readwrite at /d shop/second:2:22}]"
	if got := references(api); got != want {
		t.Errorf("references\n%s, want\n%s", got, want)
	}
	if got := fmt.Sprint(api.DependsOn); got != "[{shop/first shop/api:1:13} {shop/second shop/second:2:22}]" {
		t.Errorf("edges %s", got)
	}
	if len(first.References)+len(first.DependsOn)+len(second.References)+len(second.DependsOn) > 0 {
		t.Errorf("the disks use something: %s %s", references(first), references(second))
	}
	for _, disk := range []*ir.Component{first, second} {
		if got := disk.Spec.Get("mounts").Items[0].Get("component").Text.String(); got != "shop/api" {
			t.Errorf("the spec still says %q", got)
		}
	}
	// A second resolution finds the same.
	resolve([]*ir.Component{first, api, second}, Absent{})
	if got := references(api); got != want {
		t.Errorf("the second time references\n%s, want\n%s", got, want)
	}
}

// Who names a disk as something that others stand behind depends on these too, and takes nothing of them.
func TestBehind(t *testing.T) {
	web := component(t, "shop/web", "MicroService", "disks: [data, jobs]")
	list := []*ir.Component{
		web, component(t, "shop/data", "Disk", "mounts: [{component: one, path: /a}, {component: two, path: /b}]"),
		component(t, "shop/other", "Disk", "mounts: [{component: three, path: /a}]"), component(t, "shop/jobs", "Queue", ""),
		component(t, "shop/one", "MicroService", ""), component(t, "shop/two", "MicroService", ""), component(t, "shop/three", "MicroService", ""),
	}
	if ds := resolve(list, Absent{}); len(ds) > 0 {
		t.Fatal(ds)
	}
	want := "[{shop/data shop/web:1:9} {shop/jobs shop/web:1:15} {shop/one shop/web:1:9} {shop/two shop/web:1:9}]"
	if got := fmt.Sprint(web.DependsOn); got != want {
		t.Errorf("edges %s, want %s", got, want)
	}
	if got := references(web); got != "[{ shop/data   shop/web:1:9} { shop/jobs   shop/web:1:15}]" {
		t.Errorf("references %s", got)
	}
}

func TestForeign(t *testing.T) {
	api := component(t, "shop/api", "MicroService", `
environment:
  - valueFrom: {stack: base, component: data/main, output: endpoint}
  - valueFrom: {stack: base, component: data/jobs, output: url}
  - valueFrom: {stack: base, component: data/mian, output: endpoint}
  - valueFrom: {stack: base, component: main, output: endpoint}
  - valueFrom: {stack: base, component: data/main, output: endpont}
  - valueFrom: {stack: base, component: data/gone, output: endpoint}
  - valueFrom: {stack: base, component: data/broken, output: endpoint}
`)
	base := Stack{Name: "base", Components: []*ir.Component{component(t, "data/main", "RDS", ""), component(t, "data/jobs", "Queue", "")},
		Absent: Absent{Removed: map[string]diag.Position{"data/gone": {File: "o", Line: 1, Column: 1}}, Unread: map[string]bool{"data/broken": true}}}
	ds := Resolve(Stack{Name: "web", Components: []*ir.Component{api}}, rules{}, repository(base))
	want := `shop/api:5:41: error: there is no component data/mian in stack base
shop/api:6:41: error: a component of another stack is written <service>/<component>
shop/api:7:60: error: RDS data/main has no output "endpont"; it has endpoint, port
shop/api:8:41: error: component data/gone is removed from this environment`
	if got := ds.Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, d := range ds {
		if d.Hint != `did you mean "data/main"?` && d.Code == "unknown-component" && len(d.Related) == 0 {
			t.Errorf("%v: the hint is %q", d, d.Hint)
		}
	}
	if got := references(api); got != "[{base data/main endpoint  shop/api:3:41} {base data/jobs url write shop/api:4:41}]" {
		t.Errorf("references %s", got)
	}
	if len(api.DependsOn) > 0 {
		t.Errorf("edges to another stack: %v", api.DependsOn)
	}
}

// repository finds the given stacks.
func repository(stacks ...Stack) Foreign {
	return func(name string, pos diag.Position) (Stack, diag.List, bool) {
		for _, s := range stacks {
			if s.Name == name {
				return s, nil, true
			}
		}
		return Stack{}, diag.List{diag.Errorf(pos, "unknown-stack", "there is no stack %s", name)}, false
	}
}

// taking is a stack with one component, which takes an output of a component of each of the others.
func taking(t *testing.T, name string, others ...string) Stack {
	spec := "environment:\n"
	for _, other := range others {
		spec += fmt.Sprintf("  - valueFrom: {stack: %s, component: s/%s, output: port}\n", other, other)
	}
	if len(others) == 0 {
		spec = ""
	}
	return Stack{Name: name, Components: []*ir.Component{component(t, "s/"+name, "RDS", spec)}}
}

func TestStacksInACircle(t *testing.T) {
	a := taking(t, "a", "b", "c", "nowhere")
	ds := Resolve(a, rules{}, repository(a, taking(t, "b", "d", "e"), taking(t, "c"), taking(t, "d", "e", "d"), taking(t, "e", "b", "a")))
	want := "s/a:2:24: error: these stacks take outputs of each other in a circle: a → b → e → a\n" +
		"s/a:4:24: error: there is no stack nowhere"
	if got := ds.Error(); got != want {
		t.Fatalf("got\n%s\nwant\n%s", got, want)
	}
	var places []string
	for _, r := range ds.Sorted()[0].Related {
		places = append(places, r.Position.String()+" "+r.Message)
	}
	if got, want := strings.Join(places, "; "), "s/a:2:24 s/a of stack a takes an output of stack b here; "+
		"s/b:3:24 s/b of stack b takes an output of stack e here; s/e:3:24 s/e of stack e takes an output of stack a here"; got != want {
		t.Errorf("related\n%s, want\n%s", got, want)
	}
	// A circle elsewhere is not this stack's.
	b := taking(t, "b", "d")
	if ds := Resolve(taking(t, "a", "b"), rules{}, repository(b, taking(t, "d", "b"))); len(ds) > 0 {
		t.Errorf("got %v", ds)
	}
}
