package view

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/observe"
	"github.com/panka-io/panka/runtime/plan"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares what was printed with testdata/<name>.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("read golden (make it with -update): %v", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs:\n--- got\n%s\n--- want\n%s", name, got, want)
	}
}

func stack() *ir.Stack {
	database := &ir.Component{Service: "shop", Name: "database", Kind: "RDS", Wave: 0}
	queue := &ir.Component{Service: "shop", Name: "queue", Kind: "SQS", Wave: 0}
	api := &ir.Component{Service: "shop", Name: "api", Kind: "MicroService", Wave: 1,
		DependsOn: []ir.Edge{{Component: "shop/database"}, {Component: "shop/queue"}}}
	return &ir.Stack{Name: "web", Components: []*ir.Component{api, database, queue},
		Waves: [][]string{{ir.Foundation, "shop/database", "shop/queue"}, {"shop/api"}}}
}

func TestGraph(t *testing.T) {
	for _, format := range GraphFormats() {
		t.Run(format, func(t *testing.T) {
			var b bytes.Buffer
			if err := Graph(&b, stack(), format, Style{}); err != nil {
				t.Fatal(err)
			}
			golden(t, "graph."+format, b.Bytes())
		})
	}
	if err := Graph(&bytes.Buffer{}, stack(), "svg", Style{}); err == nil {
		t.Error("format svg: want an error")
	}
}

func examplePlan() *plan.Plan {
	p := &plan.Plan{Stack: "web", Environment: "production",
		Changes: plan.Counts{Create: 1, Update: 1, Replace: 1, Delete: 1, Same: 7},
		Waves: []plan.Wave{
			{Number: 0, Components: []plan.Component{
				{ID: "foundation", Kind: "Foundation", Same: 4},
				{ID: "shop/database", Kind: "RDS", Changes: []plan.Change{{
					URN: "urn:1", Type: "aws:rds/instance:Instance", Name: "shop-database", Op: plan.Replace, DataLoss: true,
					Properties: []plan.Property{
						{Path: "identifier", Old: `"a"`, New: `"b"`, ForcesReplace: true},
						{Path: "password", Old: "(secret)", New: "(secret)"},
					}}}},
			}},
			{Number: 1, Components: []plan.Component{{ID: "shop/api", Kind: "MicroService", Changes: []plan.Change{
				{URN: "urn:2", Type: "aws:ecs/service:Service", Name: "shop-api", Op: plan.Update, Properties: []plan.Property{
					{Path: "desiredCount", Old: "2", New: "4"}, {Path: "tags.a", New: `"x"`}, {Path: "tags.b", Old: `"y"`}, {Path: "taskDefinition"},
				}},
				{URN: "urn:3", Type: "aws:lb/loadBalancer:LoadBalancer", Name: "shop-api-lb\x1b[2J", Op: plan.Create,
					Properties: []plan.Property{{Path: "name", New: `"hidden"`}}},
			}}}},
			{Number: -1, Components: []plan.Component{{ID: "shop/old", Kind: "SQS", Changes: []plan.Change{
				{URN: "urn:4", Type: "aws:sqs/queue:Queue", Name: "shop-old", Op: plan.Delete}}}}},
		}}
	return p
}

func TestPlan(t *testing.T) {
	var b bytes.Buffer
	Plan(&b, examplePlan(), Style{})
	golden(t, "plan.text", b.Bytes())
	b.Reset()
	Plan(&b, &plan.Plan{Stack: "web", Environment: "production", Changes: plan.Counts{Same: 3}}, Style{})
	golden(t, "plan-empty.text", b.Bytes())
}

func TestPlanJSONHasNoNulls(t *testing.T) {
	p := &plan.Plan{Stack: "web", Environment: "production", Waves: []plan.Wave{{Components: []plan.Component{{ID: "foundation"}}}}}
	var b bytes.Buffer
	if err := PlanJSON(&b, p); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "null") {
		t.Errorf("null in the plan:\n%s", b.String())
	}
	if p.Policy != nil || p.Waves[0].Components[0].Changes != nil {
		t.Error("PlanJSON changed the plan it was given")
	}
}

func TestColor(t *testing.T) {
	var plain, coloured bytes.Buffer
	Plan(&plain, examplePlan(), Style{})
	Plan(&coloured, examplePlan(), Style{Color: true})
	if strings.Contains(plain.String(), "\x1b") {
		t.Error("escape sequence in plain output")
	}
	if !strings.Contains(coloured.String(), "\x1b[31m") {
		t.Error("no colour in coloured output")
	}
}

func exampleDiagnostics() diag.List {
	at := func(line, column int) diag.Position {
		return diag.Position{File: "stacks/web/stack.yaml", Line: line, Column: column}
	}
	return diag.List{
		diag.Errorf(at(3, 2), "unknown-key", "unknown key %q", "postgers").WithHint("did you mean %q?", "postgres").
			WithRelated(at(1, 1), "the document starts here"),
		{Severity: diag.Warning, Code: "old", Message: "line one\nline two", Position: at(1, 1)},
		diag.Errorf(at(99, 1), "gone", "no such line"),
		diag.Errorf(diag.Position{}, "usage", "no place\x1b[31m"),
	}
}

func TestDiagnostics(t *testing.T) {
	root := filepath.Join(t.TempDir(), "REPOSITORY")
	dir := filepath.Join(root, "stacks", "web")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	source := "kind: Stack\nspec:\n\tpostgers: ü\n"
	if err := os.WriteFile(filepath.Join(dir, "stack.yaml"), []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]Diagnostics{
		"plain":       {Root: root, Dir: root},
		"excerpts":    {Root: root, Dir: dir, Excerpts: true},
		"annotations": {Root: root, Dir: dir, Annotations: true, Workspace: root},
		"outside":     {Root: root, Dir: filepath.Dir(root)},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			d.Out = &b
			d.Print(exampleDiagnostics())
			golden(t, "diagnostics-"+name+".text", b.Bytes())
		})
	}
}

func TestSecretLinesAreNotShown(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "v.yaml"), []byte("TOKEN: hunter2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for secret, want := range map[bool]bool{true: false, false: true} {
		d := diag.Errorf(diag.Position{File: "v.yaml", Line: 1, Column: 8}, "invalid-variable", "no")
		d.Secret = secret
		var b bytes.Buffer
		(&Diagnostics{Out: &b, Root: root, Dir: root, Excerpts: true}).Print(diag.List{d})
		if got := strings.Contains(b.String(), "hunter2"); got != want {
			t.Errorf("secret %t: the line is shown: %t\n%s", secret, got, b.String())
		}
	}
}

func TestValidationJSON(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, Validation{OK: true}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `"diagnostics": []`) {
		t.Errorf("want an empty array of diagnostics:\n%s", b.String())
	}
	b.Reset()
	if err := JSON(&b, Validation{Diagnostics: exampleDiagnostics()}); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Diagnostics []struct {
			File   string
			Line   int
			Column int
			Hint   string
		}
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Diagnostics) != 4 || doc.Diagnostics[2].Line != 3 || doc.Diagnostics[2].Column != 2 ||
		doc.Diagnostics[2].Hint != `did you mean "postgres"?` {
		t.Errorf("diagnostics are not as they were: %+v", doc.Diagnostics)
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain ü":     "plain ü",
		"a\nb\tc":     `a\nb\tc`,
		"\x1b[2Jx":    `\u001b[2Jx`,
		"a\u202eb":    `a\u202eb`,
		"bell\x07\r!": `bell\u0007\u000d!`,
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

var started = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func exampleState() *deploy.State {
	return &deploy.State{Serial: 3, Token: 7,
		Resources: []deploy.StateResource{
			{URN: "urn:stack", Type: "pulumi:pulumi:Stack", Name: "web-production"},
			{URN: "urn:1", Type: "aws:rds/instance:Instance", Name: "shop-database", ID: "db-1", Component: "shop/database", Custom: true,
				Source: &bundle.Source{File: "stacks/web/db.yaml", Line: 1, Column: 1}},
			{URN: "urn:2", Type: "aws:ecs/service:Service", Name: "shop-api", ID: "arn:aws:ecs:x", Component: "shop/api", Custom: true},
		},
		Components: []deploy.StateComponent{{ID: "shop/api", Kind: "MicroService", Version: "v1", Wave: 1}, {ID: "shop/database", Kind: "RDS", Wave: 0}},
		Pending:    []string{"creating urn:3"},
	}
}

func TestState(t *testing.T) {
	key := lockstate.Key{Tenant: "default", Stack: "web", Environment: "production"}
	doc := NewStateDocument(key, exampleState())
	var b bytes.Buffer
	PrintState(&b, doc, Style{})
	golden(t, "state.text", b.Bytes())
	b.Reset()
	if err := JSON(&b, doc); err != nil {
		t.Fatal(err)
	}
	golden(t, "state.json", b.Bytes())
	b.Reset()
	PrintList(&b, doc.Resources[1:], Style{})
	golden(t, "list.text", b.Bytes())
}

func TestStatus(t *testing.T) {
	st := Status{Stack: "web", Environment: "production",
		Components: []ComponentStatus{
			{Component: "shop/api", Kind: "MicroService", Wave: 1, Health: observe.Healthy, Version: "v1", Detail: "2/2 tasks running"},
			{Component: "shop/database", Kind: "RDS", Wave: 0, Health: observe.Missing},
		},
		Pending: []string{
			"creating urn:pulumi:production::web::panka:component:MicroService$aws:lb/loadBalancer:LoadBalancer::shop-api-lb", "deleting urn:3",
		},
		Deployment: "20260102t030405z-a1b2c3",
		Last:       &Deployment{ID: "20260102t030405z-a1b2c3", Operation: "apply", StartedAt: started, Seconds: 83.2, Result: deploy.Succeeded, By: "ada"},
	}
	var b bytes.Buffer
	PrintStatus(&b, st, Style{})
	PrintStatus(&b, Status{Stack: "web", Environment: "staging"}, Style{})
	golden(t, "status.text", b.Bytes())
}

func TestLock(t *testing.T) {
	var b bytes.Buffer
	PrintLock(&b, LockDocument{Stack: "web", Environment: "production", Lock: lockstate.Lock{ID: "abc", Token: 4, AcquiredAt: started,
		Owner: lockstate.Owner{Who: "ada", Host: "laptop", PID: 12, Operation: "apply", CI: "https://ci.example/1"}}}, started.Add(125*time.Second), Style{})
	golden(t, "lock.text", b.Bytes())
}
