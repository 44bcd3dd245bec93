package schema

import (
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cuelang.org/go/cue"

	"github.com/panka-io/panka/compiler/diag"
)

// TestEveryKindKeepsTheContract walks every kind's shape: each field is described, each constraint has words, each
// default is accepted, each rule can be asked.
func TestEveryKindKeepsTheContract(t *testing.T) {
	s := load(t)
	for _, k := range s.kinds {
		sh := s.document(k.name)
		if sh.field("metadata") == nil || sh.field("spec") == nil {
			t.Errorf("%s has no metadata or spec", k.name)
			continue
		}
		if sh.doc == "" {
			t.Errorf("%s is not described", k.name)
		}
		keepsContract(t, s, sh.field("metadata").shape, k.name+".metadata")
		keepsContract(t, s, sh.field("spec").shape, k.name+".spec")
		if s.IsComponent(k.name) {
			if len(s.Outputs(k.name)) == 0 {
				t.Errorf("%s has no outputs", k.name)
			}
			keepsContract(t, s, s.shapes[k.name+"Outputs"], k.name+"Outputs")
			wiresToKinds(t, s, k.name)
		}
	}
}

func keepsContract(t *testing.T, s *Schema, sh *shape, path string) {
	t.Helper()
	if err := sh.value.Err(); err != nil {
		t.Errorf("%s: %v", path, err)
	}
	switch sh.form {
	case leafForm:
		if d, ok := sh.defaultScalar(); ok && !s.accepts(sh, d) {
			t.Errorf("%s does not accept its default %q", path, d.text)
		}
		if constrained(s, sh) && sh.expected() == "" {
			t.Errorf("%s does not say what it expects", path)
		}
	case structForm:
		for _, r := range slices.Concat(sh.rules, sh.protected) {
			if r.severity != diag.Error && r.severity != diag.Warning {
				t.Errorf("%s: the rule %s has the severity %q", path, r.value.Path(), r.severity)
			}
			for _, input := range r.inputs {
				if at := sh.at(pathOf(input.path)); at == nil || at.form != leafForm && at.form != listForm {
					t.Errorf("%s: the rule %s looks at %s, which is no scalar and no list", path, r.value.Path(), input.path)
				}
			}
			if r.blame != "" && sh.at(pathOf(r.blame)) == nil {
				t.Errorf("%s: the rule %s blames %s, which does not exist", path, r.value.Path(), r.blame)
			}
		}
		for _, f := range sh.fields {
			if f.shape.doc == "" {
				t.Errorf("%s.%s is not described", path, f.name)
			}
			keepsContract(t, s, f.shape, path+"."+f.name)
		}
	case patternForm:
		if sh.pattern != patternFields && sh.pattern != patternMatchers {
			t.Errorf("%s is a pattern of unknown form %q", path, sh.pattern)
		}
	default:
		keepsContract(t, s, sh.elem, path+"[]")
	}
}

// wiresToKinds finds mistakes in what a kind says about components that it names, of access and of its outputs.
func wiresToKinds(t *testing.T, s *Schema, kindName string) {
	t.Helper()
	levels := []string{"read", "write", "readwrite"}
	for _, level := range s.AccessLevels(kindName) {
		if !slices.Contains(levels, level) {
			t.Errorf("%s: there is no access %q", kindName, level)
		}
	}
	for _, f := range s.ComponentFields(kindName) {
		path := strings.Join(f.Path, ".")
		if at := s.document(kindName).at(append([]string{"spec"}, f.Path...)); at == nil || at.types != cue.StringKind {
			t.Errorf("%s: %s names a component and is no string", kindName, path)
		}
		if f.Access != "" && !slices.Contains(levels, f.Access) {
			t.Errorf("%s: %s: there is no access %q", kindName, path, f.Access)
		}
		if f.Behind != "" && (f.Edge != Forward || !slices.Contains(f.Kinds, f.Behind)) {
			t.Errorf("%s: %s: nothing can be behind a %s", kindName, path, f.Behind)
		}
		knowsNeed := f.Needs == ""
		for _, target := range f.Kinds {
			knowsNeed = knowsNeed || slices.Contains(s.Outputs(target), f.Needs)
			if !s.IsComponent(target) {
				t.Errorf("%s: %s: there is no kind %q", kindName, path, target)
			}
		}
		if !knowsNeed {
			t.Errorf("%s: %s: none of the kinds has an output %q", kindName, path, f.Needs)
		}
	}
	for _, output := range s.Outputs(kindName) {
		condition := s.OutputCondition(kindName, output)
		if _, err := regexp.Compile(condition.Unlike); err != nil {
			t.Errorf("%s: the condition of the output %s: %v", kindName, output, err)
		}
		at := condition.Field
		if s.document(kindName).at(append([]string{"spec"}, at...)) == nil {
			t.Errorf("%s: the output %s depends on spec.%s, which does not exist", kindName, output, strings.Join(at, "."))
		}
		if s.outputs(kindName).field(output).optional != (len(at) > 0) {
			t.Errorf("%s: the output %s is optional and has no @when, or the other way round", kindName, output)
		}
	}
}

// constrained tells whether a leaf refuses some odd value of a type that it has.
func constrained(s *Schema, sh *shape) bool {
	for _, odd := range []any{"", " \t✂", -1, 1 << 40, 0.5} {
		v := s.context.Encode(odd)
		if v.Kind()&sh.types != 0 && sh.value.Unify(v).Validate(cue.Concrete(true)) != nil {
			return true
		}
	}
	return false
}

// TestPatternsCompile finds regular expressions that RE2 refuses; CUE would refuse every value instead.
func TestPatternsCompile(t *testing.T) {
	quoted := regexp.MustCompile(`[=!]~("(?:[^"\\]|\\.)*")`)
	paths, err := fs.Glob(files, "*/*.cue")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, path := range paths {
		content, err := files.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllStringSubmatch(string(content), -1) {
			pattern, err := strconv.Unquote(m[1])
			if err != nil {
				t.Errorf("%s: %s: %v", path, m[1], err)
				continue
			}
			if _, err := regexp.Compile(pattern); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			count++
		}
	}
	if count < 15 {
		t.Errorf("only %d patterns were found", count)
	}
}

func TestQueries(t *testing.T) {
	s := load(t)
	for _, c := range []struct{ what, got, want string }{
		{"versions", strings.Join(s.APIVersions(), " "), "components.panka.io/v1 core.panka.io/v1 infra.panka.io/v1"},
		{"core", strings.Join(s.Kinds("core.panka.io/v1"), " "), "Environment Service Stack Template"},
		{"infra", strings.Join(s.Kinds("infra.panka.io/v1"), " "), "ComponentInfra InfraDefaults Networking Observability Security"},
		{"nothing", strings.Join(s.Kinds("v2"), " "), ""},
		{"outputs of RDS", strings.Join(s.Outputs("RDS"), " "), "endpoint address port arn databaseName securityGroupId"},
		{"outputs of MicroService", strings.Join(s.Outputs("MicroService"), " "),
			"url serviceArn taskDefinitionArn securityGroupId targetGroupArn logGroupName"},
		{"outputs of Stack", strings.Join(s.Outputs("Stack"), " "), ""},
		{"fields", strings.Join(s.FieldNames("MicroService", "spec", "image"), " "), "repository tag"},
		{"fields of items", strings.Join(s.FieldNames("MicroService", "spec", "ports", "0"), " "), "name port protocol"},
		{"fields of nothing", strings.Join(s.FieldNames("MicroService", "spec", "image", "tag", "x"), " "), ""},
		{"fields of nobody", strings.Join(s.FieldNames("Nobody", "spec"), " "), ""},
		{"doc", s.Doc("RDS", "spec", "backup", "retentionDays"), "How many days to keep them; 0 turns backups off."},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	for _, c := range []struct {
		what      string
		got, want bool
	}{
		{"RDS is stateful", s.Stateful("RDS"), true},
		{"MicroService is not", s.Stateful("MicroService"), false},
		{"nobody is not", s.Stateful("Nobody"), false},
		{"resources to MicroService", s.Applies("MicroService", "resources"), true},
		{"resources to RDS", s.Applies("RDS", "resources"), false},
		{"backup to RDS", s.Applies("RDS", "backup"), true},
		{"anything to nobody", s.Applies("Nobody", "tags"), false},
		{"RDS is known", s.Known(ComponentVersion, "RDS"), true},
		{"RDS elsewhere is not", s.Known("core.panka.io/v1", "RDS"), false},
		{"ComponentInfra is no component", s.IsComponent("ComponentInfra"), false},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v", c.what, c.got)
		}
	}
}

// TestEachComponentKindHasAFile holds kinds/<kind>.cue and the known kinds of components together.
func TestEachComponentKindHasAFile(t *testing.T) {
	paths, err := fs.Glob(files, "kinds/*.cue")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no kinds: %v", err)
	}
	var want []string
	for _, kind := range load(t).Kinds(ComponentVersion) {
		want = append(want, "kinds/"+strings.ToLower(kind)+".cue")
	}
	slices.Sort(want)
	if !slices.Equal(paths, want) {
		t.Errorf("files %v for kinds %v", paths, want)
	}
}

func TestTextOnly(t *testing.T) {
	s := load(t)
	for path, want := range map[string]bool{
		"spec.image.tag": true, "spec.environment.*.value": true, "spec.command.*": true, "spec.tags.any": true,
		"spec.runtime.platform": true, "spec.scaling.replicas": false, "spec.deployment.timeout": false,
		"spec.networking.loadBalancer.enabled": false, "spec.environment": false, "spec.nothing": false,
	} {
		if got := s.TextOnly("MicroService", strings.Split(path, ".")...); got != want {
			t.Errorf("%s: %t", path, got)
		}
	}
	if s.TextOnly("Nobody", "spec") {
		t.Error("a kind that does not exist has a place for text")
	}
}

func TestDeferred(t *testing.T) {
	s := load(t)
	var deferred []string
	for _, path := range []string{
		"spec.image.tag", "spec.image.repository", "spec.environment.0.value", "spec.environment.0.name", "spec.command.3",
		"spec.entryPoint.*", "spec.tags.any", "metadata.labels.any", "spec.runtime.platform", "spec.secrets.0.secretRef",
		"spec.healthCheck.readiness.http.path", "spec.command", "spec.dependsOn.0",
	} {
		if s.Deferred("MicroService", strings.Split(path, ".")...) {
			deferred = append(deferred, path)
		}
	}
	want := []string{"spec.image.tag", "spec.image.repository", "spec.environment.0.value", "spec.command.3",
		"spec.entryPoint.*", "spec.tags.any", "metadata.labels.any"}
	if !slices.Equal(deferred, want) {
		t.Errorf("deferred: %v", deferred)
	}
	if !s.Deferred("RDS", "spec", "parameters", "max_connections") || s.Deferred("RDS", "spec", "engine", "version") {
		t.Error("the wrong fields of RDS are deferred")
	}
}
