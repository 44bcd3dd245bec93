package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/kindtest"
	"github.com/panka-io/panka/codegen/security"
)

// estate is a stack in one environment of a repository, with an account of its own in the sandbox.
type estate struct {
	dir                string // of the repository
	stack, environment string
	flags              []string // of commands that compile
}

// newEstate makes a stack, shop, of the goldens of a name, such as minimal, of all kinds, one service for each. Further
// files are by their paths below the repository.
func newEstate(t *testing.T, golden, protection string, further map[string]string) estate {
	t.Helper()
	e := estate{dir: t.TempDir(), stack: "shop", environment: "test"}
	cases, err := kindtest.Cases(filepath.Join("..", "..", "codegen"))
	if err != nil {
		t.Fatal(err)
	}
	header := func(kind, name string) string {
		return "apiVersion: core.panka.io/v1\nkind: " + kind + "\nmetadata: {name: " + name + "}\n"
	}
	files := map[string]string{
		"stacks/shop/stack.yaml": header("Stack", "shop") + "spec: {provider: {name: aws, region: eu-central-1}}\n",
		"stacks/shop/environments/test/environment.yaml": header("Environment", "test") +
			"spec: {protection: {dataLoss: " + protection + "}}\n",
	}
	secrets := map[string]map[string]string{}
	for _, c := range cases {
		if c.Name != golden {
			continue
		}
		name := strings.ToLower(c.Kind)
		files["stacks/shop/services/"+name+"/service.yaml"] = "apiVersion: core.panka.io/v1\nkind: Service\n" +
			"metadata: {name: " + name + ", stack: shop}\nspec: {}\n"
		for path, text := range c.Inputs(name) {
			if !strings.HasPrefix(path, "infra/") { // one stack cannot have the settings of all
				files["stacks/shop/"+path] = ownSecrets(text, name, secrets)
			}
		}
	}
	files["sandbox.yaml"] = account(t, secrets)
	maps.Copy(files, further)
	for path, text := range files {
		e.write(t, path, text)
	}
	return e
}

var secretRE = regexp.MustCompile(`((?:ref|secretRef|certificateSecret): )/shop/(\w[\w/]*)(?:, key: (\w+))?`)

// ownSecrets gives the secrets that a service names a place of their own, as some services name the same one, and notes
// what they hold.
func ownSecrets(text, service string, secrets map[string]map[string]string) string {
	for _, m := range secretRE.FindAllStringSubmatch(text, -1) {
		name := "/" + service + "/" + m[2]
		if secrets[name] == nil {
			secrets[name] = map[string]string{}
		}
		keys := []string{m[3]}
		if m[1] == "certificateSecret: " { // which has all of these
			keys = []string{"certificate", "key", "ca"}
		}
		for _, key := range keys {
			secrets[name][key] = fmt.Sprintf("only-for-the-sandbox-%d", len(secrets[name]))
		}
	}
	return secretRE.ReplaceAllStringFunc(text, func(ref string) string {
		return strings.Replace(ref, "/shop/", "/"+service+"/", 1)
	})
}

// account is what the sandbox's account has before the first deployment.
func account(t *testing.T, secrets map[string]map[string]string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("secrets:\n")
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		value := secrets[name][""]
		if value == "" {
			data, err := json.Marshal(secrets[name])
			if err != nil {
				t.Fatal(err)
			}
			value = string(data)
		}
		fmt.Fprintf(&b, "  %s: {value: '%s'}\n", name, value)
	}
	b.WriteString(`certificates:
  shop.example.com: {arn: "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"}
  api.example.com: {arn: "arn:aws:acm:eu-central-1:123456789012:certificate/abc"}
`)
	return b.String()
}

func (e estate) write(t *testing.T, path, text string) {
	t.Helper()
	target := filepath.Join(e.dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(target, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// replace changes a text that occurs once in a file of the stack.
func (e estate) replace(t *testing.T, path, old, changed string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(e.dir, "stacks", "shop", filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(data), old) != 1 {
		t.Fatalf("%s does not hold %q once:\n%s", path, old, data)
	}
	e.write(t, "stacks/shop/"+path, strings.Replace(string(data), old, changed, 1))
}

// panka runs a command on the stack, which must end well, and gives what it printed.
func (e estate) panka(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("panka", append([]string{"--stack", e.stack, "--environment", e.environment}, args...)...)
	cmd.Dir = e.dir
	cmd.Env = append(os.Environ(), "NO_COLOR=1", "USER=test",
		"XDG_CONFIG_HOME="+filepath.Join(e.dir, "config"), "PANKA_SANDBOX="+filepath.Join(e.dir, "account"))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("panka %s: %v\n%s%s", strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}

// resources are what is in the estate's account, by type and key.
func (e estate) resources(t *testing.T) []security.Resource {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(e.dir, "account", "cloud.json"))
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Resources map[string]map[string]struct {
			Inputs map[string]any `json:"inputs"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	var all []security.Resource
	for _, typ := range slices.Sorted(maps.Keys(document.Resources)) {
		for _, key := range slices.Sorted(maps.Keys(document.Resources[typ])) {
			all = append(all, security.Resource{Type: typ, Name: key, Inputs: document.Resources[typ][key].Inputs})
		}
	}
	return all
}
