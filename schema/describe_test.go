package schema

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"cuelang.org/go/cue/cuecontext"
)

func TestDescribe(t *testing.T) {
	s := load(t)
	rds := s.Describe("RDS")
	if !rds.Stateful || rds.Partial || !strings.HasPrefix(rds.Doc, "RDS is") {
		t.Errorf("RDS: %+v", rds)
	}
	spec := rds.Field("spec")
	if instance := spec.Field("instance"); !instance.Required || !instance.Supplied || instance.Form != Mapping {
		t.Errorf("instance: %+v", instance)
	}
	if days := spec.Field("backup").Field("retentionDays"); days.Default != int64(7) || !slices.Equal(days.Types, []string{"integer"}) {
		t.Errorf("retentionDays: %+v", days)
	}
	if parameters := spec.Field("parameters"); parameters.Form != Free || parameters.Keys == nil || !parameters.Elem.Deferred || parameters.Max != 100 {
		t.Errorf("parameters: %+v", parameters)
	}
	micro := s.Describe("MicroService").Field("spec")
	if wait := micro.Field("deployment").Field("timeout"); wait.Span == "" || wait.Default != int64(900) {
		t.Errorf("timeout: %+v", wait)
	}
	if ports := micro.Field("ports"); ports.Form != List || !ports.Elem.Named || ports.Field("x") != nil {
		t.Errorf("ports: %+v", ports)
	}
	if outputs := s.DescribeOutputs("RDS"); outputs.Field("port").Types[0] != "integer" {
		t.Errorf("outputs: %+v", outputs)
	}
	if s.Describe("Nothing") != nil || s.DescribeOutputs("Stack") != nil {
		t.Error("what does not exist is described")
	}
	if kind, version, ok := s.KindNamed("microservice"); kind != "MicroService" || version != ComponentVersion || !ok {
		t.Errorf("microservice is %s of %s", kind, version)
	}
	if _, _, ok := s.KindNamed("micro"); ok {
		t.Error("micro is a kind")
	}
}

func TestRuleWords(t *testing.T) {
	s := load(t)
	for kind, want := range map[string][]string{
		"RDS": {`<engine.type> has no version "<engine.version>"`,
			`<engine.type> keeps the user name "<database.username>" for itself`,
			"a user name of <engine.type> has at most 16 characters"},
		"MicroService": {"a load balancer needs a port to send requests to, and spec.ports lists none"},
	} {
		got := s.Describe(kind).Field("spec").Rules
		for _, words := range want {
			if !slices.Contains(got, words) {
				t.Errorf("%s: no rule %q among %q", kind, words, got)
			}
		}
	}
	rules := compileRules(cuecontext.New().CompileString(`
// said in a comment
a: {ok: true, message: "unused"}
b: {in: {x: int, y: {z: int}}, ok: true, message: "\"\(in.x)\" and \(in.y.z): \(in.x+1)"}
c: {in: {x: int}, faults: [for i in [1] {message: "one of them is \(i)"}]}
d: {in: {x: int}, ok: true, message: [if in.x > 1 {"\(in.x) is too much"}, "too little"][0]}
e: {in: {x: string}, ok: true, message: in.x}
`))
	var got []string
	for _, r := range rules {
		got = append(got, r.words()...)
	}
	want := []string{"said in a comment", `"<x>" and <y.z>: …`, "one of them is …", "<x> is too much", "too little",
		"a combination of fields that is not possible"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestConstraint(t *testing.T) {
	context := cuecontext.New()
	for _, c := range []struct{ expr, want string }{
		{`string`, `{"Op":9,"Parts":null,"Value":["string"]}`},
		{`"a"`, `{"Op":3,"Parts":null,"Value":"a"}`},
		{`=~"^a"`, `{"Op":4,"Parts":null,"Value":"^a"}`},
		{`!="a"`, `{"Op":2,"Parts":[{"Op":3,"Parts":null,"Value":"a"}],"Value":null}`},
		{`>1.5`, `{"Op":7,"Parts":null,"Value":1.5}`},
		{`<2`, `{"Op":8,"Parts":null,"Value":2}`},
		{`*5 | (>=1 & <=9)`, `{"Op":1,"Parts":[{"Op":5,"Parts":null,"Value":1},{"Op":6,"Parts":null,"Value":9}],"Value":null}`},
		{`*"a" | "b" | true`, `{"Op":0,"Parts":[{"Op":3,"Parts":null,"Value":"a"},{"Op":3,"Parts":null,"Value":"b"},{"Op":3,"Parts":null,"Value":true}],"Value":null}`},
		{`strings.MaxRunes(3)`, `{"Op":10,"Parts":null,"Value":["string"]}`},
	} {
		v := context.CompileString("import \"strings\"\nx: " + c.expr + "\n#y: strings.MinRunes(0)")
		got := constraint(lookup(v, "x"))
		text, err := json.Marshal(got)
		if err != nil || string(text) != c.want {
			t.Errorf("%s: %s, want %s", c.expr, text, c.want)
		}
		if got.Exact() != !strings.Contains(c.want, `"Op":10`) {
			t.Errorf("%s: exact is %v", c.expr, got.Exact())
		}
	}
}
