package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/examples"
)

// The documents of the example that the mistakes are made in.
const (
	stackFile    = "stacks/user-platform/stack.yaml"
	componentDir = "stacks/user-platform/services/notification-service/components/"
	apiFile      = componentDir + "api/microservice.yaml"
	infraFile    = componentDir + "api/infra.yaml"
	againFile    = componentDir + "api/again.yaml"
)

// mistake is one thing that is wrong with the example: a replacement in a document, or further files.
type mistake struct {
	file, old, new string
	files          map[string]string
	want           string // what a line of standard error begins with
}

// mistakes are what a user can get wrong, each with the place where it is to be shown.
var mistakes = map[string]mistake{
	"broken YAML":        {file: apiFile, old: "name: http", new: `name: "http`, want: apiFile + ":18:13: error: not valid YAML: a quoted string is not closed"},
	"unknown key":        {file: apiFile, old: "  runtime:", new: "  runtim:", want: apiFile + `:14:3: error: spec has no field "runtim"`},
	"wrong type":         {file: infraFile, old: "cpu: 256", new: "cpu: lots", want: infraFile + `:11:10: error: spec.resources.cpu must be one of`},
	"missing field":      {file: apiFile, old: "  image:\n    repository: 123456789012.dkr.ecr.us-east-1.amazonaws.com/notification-api\n", new: "  image:\n", want: apiFile + `:11:5: error: spec.image lacks the field "repository"`},
	"port of 99999":      {file: apiFile, old: "port: 8080", new: "port: 99999", want: apiFile + ":19:13: error: spec.ports[0].port must be a whole number from 1 to 65535, not 99999"},
	"unknown component":  {file: apiFile, old: "component: notification-service/database", new: "component: notification-service/databse", want: apiFile + ":24:20: error: there is no component notification-service/databse"},
	"unknown output":     {file: apiFile, old: "output: endpoint", new: "output: endpont", want: apiFile + `:25:17: error: RDS notification-service/database has no output "endpont"`},
	"undeclared":         {file: apiFile, old: "${VERSION}", new: "${VERSON}", want: apiFile + `:12:10: error: variable "VERSON" is not declared`},
	"unset":              {file: stackFile, want: stackFile + `:16:5: error: variable "VERSION" is required and has no value`},
	"twice":              {files: map[string]string{againFile: ""}, want: apiFile + ":1:1: error: component notification-service/api is defined twice"},
	"other folder":       {file: apiFile, old: "name: api", new: "name: apo", want: apiFile + `:5:9: error: metadata.name is "apo", but the file lies in components/api`},
	"unknown kind":       {file: apiFile, old: "kind: MicroService", new: "kind: MicroServce", want: apiFile + `:2:7: error: apiVersion components.panka.io/v1 has no kind "MicroServce"`},
	"unknown apiVersion": {file: apiFile, old: "panka.io/v1", new: "panka.io/v2", want: apiFile + `:1:13: error: there is no apiVersion "components.panka.io/v2"`},
	"name with ../":      {file: apiFile, old: "name: api", new: "name: ../api", want: apiFile + `:5:9: error: metadata.name cannot be "../api"`},
	"2 MiB":              {files: map[string]string{againFile: strings.Repeat("a: b\n", 2<<20/5)}, want: againFile + ":1:1: error: the file is larger than 1 MiB"},
	"alias bomb":         {files: map[string]string{againFile: "a: &a [x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n"}, want: againFile + ":2:8: error: YAML aliases are not allowed"},
	"nested too deep":    {files: map[string]string{againFile: strings.Repeat("[", 50_000)}, want: againFile + ":1:1: error: not valid YAML: mappings and lists nest too deep"},
	"not UTF-8":          {file: apiFile, old: "kind: MicroService", new: "kind: \xff", want: apiFile + ":2:7: error: the file is not UTF-8"},
	"tab":                {file: apiFile, old: "  runtime:", new: "\truntime:", want: apiFile + ":14:1: error: not valid YAML: "},
	"CRLF, and a port":   {file: apiFile, old: "- name: http\n      port: 8080", new: "- name: http\r\n      port: 0", want: apiFile + ":19:13: error: spec.ports[0].port must be"},
	"a circle": {file: apiFile, old: "    - notification-service/database", new: "    - b", want: apiFile + ":39:7: error: these components depend on each other in a circle: notification-service/api → notification-service/b → notification-service/c → notification-service/api",
		files: map[string]string{componentDir + "b/b.yaml": "b needs c", componentDir + "c/c.yaml": "c needs api"}},

	"sandbox.yaml, key":     {file: "sandbox.yaml", old: "secrets:", new: "secret:", want: `sandbox.yaml:2:1: error: unknown key "secret"`},
	"sandbox.yaml, syntax":  {file: "sandbox.yaml", old: "value: only", new: "value: [only", want: "sandbox.yaml:4:12: error: not valid YAML: the list in brackets is not closed"},
	"sandbox.yaml, value":   {files: map[string]string{"sandbox.yaml": "random:\n  rate: 2\n"}, want: "sandbox.yaml:2:9: error: the rate must be between 0 and 1"},
	"sandbox.yaml, nothing": {file: "sandbox.yaml", old: "value: only-for-the-sandbox", new: "value:", want: "sandbox.yaml:4:11: error: a secret needs a value"},
	"panka.yaml, key":       {files: map[string]string{"panka.yaml": "bakend: embedded\n"}, want: `panka.yaml:1:1: error: unknown key "bakend"`},
	"panka.yaml, syntax":    {files: map[string]string{"panka.yaml": "backend: [embedded\n"}, want: "panka.yaml:1:10: error: not valid YAML: the list in brackets is not closed"},
}

// needing is a component that depends on another.
func needing(name, other string) string {
	return "apiVersion: components.panka.io/v1\nkind: MicroService\nmetadata: {name: " + name + "}\nspec:\n" +
		"  image: {repository: a.example/b, tag: v1}\n  dependsOn: [" + other + "]\n"
}

// make puts the mistake into a copy of the example and returns its root.
func (m mistake) make(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, examples.Seed()); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	if m.old != "" {
		before := read(m.file)
		if strings.Count(before, m.old) < 1 {
			t.Fatalf("%s does not hold %q", m.file, m.old)
		}
		write(m.file, strings.Replace(before, m.old, m.new, 1))
	}
	for name, text := range m.files {
		if name == againFile && text == "" {
			text = read(apiFile)
		}
		if one, other, ok := strings.Cut(text, " needs "); ok {
			text = needing(one, other)
		}
		write(name, text)
	}
	return root
}

// TestMistakes makes each mistake and deploys: it is shown at its place, with exit code 2, and nothing is written.
func TestMistakes(t *testing.T) {
	for name, m := range mistakes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := m.make(t)
			var out, errs bytes.Buffer
			run := func(args ...string) int {
				out.Reset()
				errs.Reset()
				return Run(t.Context(), Process{Args: args, In: strings.NewReader(""), Out: &out, Err: &errs, Dir: root, Now: time.Now,
					Env: settings.Env{"HOME": t.TempDir(), "PANKA_ENVIRONMENT": "development"}}, Panka())
			}
			apply := []string{"apply", "--sandbox", "--yes", "--var", "VERSION=v1"}
			if name == "unset" {
				apply = apply[:3]
			}
			if code := run(apply...); code != exitUsage {
				t.Errorf("exit code %d, want %d", code, exitUsage)
			}
			if !strings.Contains("\n"+errs.String(), "\n"+m.want) {
				t.Errorf("standard error\n%s\nwant\n%s", errs.String(), m.want)
			}
			for _, internal := range []string{"cannot unmarshal", "yaml: ", "goroutine", "interface {", "%!"} {
				if strings.Contains(errs.String(), internal) {
					t.Errorf("%q in\n%s", internal, errs.String())
				}
			}
			m.checkJSON(t, run, &out)
			for _, dir := range []string{".panka", "generated"} {
				if hasFolder(filepath.Join(root, dir)) {
					t.Errorf("%s was made", dir)
				}
			}
		})
	}
}

// checkJSON holds the JSON of validate, for what validate looks at, to the same place.
func (m mistake) checkJSON(t *testing.T, run func(...string) int, out *bytes.Buffer) {
	t.Helper()
	if strings.HasPrefix(m.want, "sandbox.yaml") || m.file == stackFile {
		return
	}
	if code := run("validate", "--output", "json"); code != exitUsage {
		t.Errorf("validate ends with %d", code)
	}
	var got struct {
		OK          bool
		Diagnostics []struct {
			File         string
			Line, Column int
		}
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got.OK || len(got.Diagnostics) == 0 {
		t.Fatalf("%v in\n%s", err, out)
	}
	file, _, _ := strings.Cut(m.want, ":")
	for _, d := range got.Diagnostics {
		if d.File == file && d.Line > 0 && d.Column > 0 {
			return
		}
	}
	t.Errorf("nothing in %s:\n%s", file, out)
}
