package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/examples"
)

// hostile are texts that would break out of a literal, a comment, a format or a template if they were not quoted, as the
// YAML has them and, where that differs, as they are meant.
var hostile = []struct{ yaml, meant string }{
	{yaml: `"`}, {yaml: "'"}, {yaml: "`"}, {yaml: "\n"}, {yaml: "a\r\nb\n"}, {yaml: "*/"}, {yaml: "/*"}, {yaml: "//"}, {yaml: `\`}, {yaml: `\n`},
	{yaml: "%s %d %!v"}, {yaml: "{{.Secret}}"}, {yaml: "$(reboot)"}, {yaml: "$HOME"}, {yaml: "$"}, {yaml: "$$"}, {yaml: "\u2028\u0085"}, {yaml: "null"},
	{yaml: "  edges  "}, {yaml: "- a: b # c"}, {yaml: "<&>"}, {yaml: "ünï 🚀"}, {yaml: strings.Repeat("long ", 1000)},
	{"$${VERSION}", "${VERSION}"}, {"${VERSION}!", "v1!"}, {"$$${VERSION}", "$${VERSION}"},
	{yaml: `"); os.Exit(1); fmt.Println("`}, {yaml: "*/\nfunc init() { panic(1) }\n/*"}, {yaml: "`+os.Getenv(\"HOME\")+`"},
}

// hostileExample is the example with the texts in environment values, arguments and descriptions.
func hostileExample(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, examples.Seed()); err != nil {
		t.Fatal(err)
	}
	edit := func(name string, pairs ...string) {
		path := filepath.Join(root, filepath.FromSlash(name))
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.NewReplacer(pairs...).Replace(string(data))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var environment, command strings.Builder
	for i, h := range hostile {
		quoted := strconv.QuoteToASCII(h.yaml) // all of its escapes are YAML's too
		environment.WriteString("    - name: H" + strconv.Itoa(i) + "\n      value: " + quoted + "\n")
		command.WriteString("    - " + quoted + "\n")
	}
	description := "  description: " + strconv.QuoteToASCII("evil\"); */ `x` %s ${A}\nfunc init() { panic(1) }") + "\n"
	edit(apiFile, "  environment:\n", "  environment:\n"+environment.String(), "  dependsOn:\n", "  command:\n"+command.String()+"  dependsOn:\n",
		"  name: api\n", "  name: api\n"+description)
	edit(stackFile, `  description: "User-facing platform services"`+"\n", description)
	return root
}

// TestHostileTextArrives deploys texts that look like code. They reach the sandbox's task definition as they are.
func TestHostileTextArrives(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the generated programs")
	}
	root, cache := hostileExample(t), ""
	if dir, err := os.UserCacheDir(); err == nil {
		cache = dir
	}
	var out, errs bytes.Buffer
	code := Run(t.Context(), Process{Args: []string{"apply", "--sandbox", "--yes", "--var", "VERSION=v1"}, In: strings.NewReader(""),
		Out: &out, Err: &errs, Dir: root, Now: time.Now,
		Env: settings.Env{"HOME": t.TempDir(), "XDG_CACHE_HOME": cache, "PANKA_ENVIRONMENT": "development"}}, Panka())
	if code != exitDone {
		t.Fatalf("exit code %d\n%s\n%s", code, out.String(), errs.String())
	}
	container := onlyContainer(t, filepath.Join(root, ".panka", "sandbox", "cloud.json"))
	got := map[string]string{}
	for _, e := range container.Environment {
		got[e.Name] = e.Value
	}
	if len(container.Command) != len(hostile) {
		t.Fatalf("%d arguments, want %d", len(container.Command), len(hostile))
	}
	for i, h := range hostile {
		want := h.yaml
		if h.meant != "" {
			want = h.meant
		}
		if value := got["H"+strconv.Itoa(i)]; value != want {
			t.Errorf("environment: %q arrived as %q", want, value)
		}
		if container.Command[i] != want {
			t.Errorf("argument: %q arrived as %q", want, container.Command[i])
		}
	}
}

type container struct {
	Command     []string
	Environment []struct{ Name, Value string }
}

// onlyContainer reads the container of the account's only task definition.
func onlyContainer(t *testing.T, cloud string) container {
	t.Helper()
	data, err := os.ReadFile(cloud)
	if err != nil {
		t.Fatal(err)
	}
	var account struct {
		Resources map[string]map[string]struct {
			Inputs struct{ ContainerDefinitions json.RawMessage }
		}
	}
	if err := json.Unmarshal(data, &account); err != nil {
		t.Fatal(err)
	}
	for _, definition := range account.Resources["aws:ecs/taskDefinition:TaskDefinition"] {
		raw := definition.Inputs.ContainerDefinitions
		if text := ""; json.Unmarshal(raw, &text) == nil { // a string that holds JSON, as ECS has it
			raw = json.RawMessage(text)
		}
		var containers []container
		if err := json.Unmarshal(raw, &containers); err != nil || len(containers) != 1 {
			t.Fatalf("%v: %s", err, raw)
		}
		return containers[0]
	}
	t.Fatal("there is no task definition")
	return container{}
}
