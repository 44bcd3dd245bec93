package settings

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// repository makes a repository with files, by slash-separated path, and returns its root.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestFindRoot(t *testing.T) {
	root := repository(t, map[string]string{"stacks/web/services/shop/service.yaml": ""})
	for _, dir := range []string{root, filepath.Join(root, "stacks"), filepath.Join(root, "stacks", "web", "services", "shop")} {
		if got, err := FindRoot(dir); err != nil || got != root {
			t.Errorf("FindRoot(%s) = %s, %v; want %s", dir, got, err, root)
		}
	}
	if _, err := FindRoot(t.TempDir()); !errors.Is(err, ErrNoRepository) {
		t.Errorf("outside a repository: %v, want ErrNoRepository", err)
	}
}

func TestStackOf(t *testing.T) {
	root := repository(t, map[string]string{"stacks/web/services/shop/service.yaml": "", "docs/x": ""})
	for dir, want := range map[string]string{
		"": "", "docs": "", "stacks": "", "stacks/web": "web", "stacks/web/services/shop": "web", "nowhere": "",
	} {
		if got := StackOf(root, filepath.Join(root, dir)); got != want {
			t.Errorf("StackOf(%q) = %q, want %q", dir, got, want)
		}
	}
}

func TestOutline(t *testing.T) {
	root := repository(t, map[string]string{
		"stacks/web/stack.yaml":                                  "spec:\n  variables: {VERSION: {type: string}, B: null}\n  environments: [staging, production, ../x]\n",
		"stacks/web/environments/production/environment.yaml":    "",
		"stacks/web/environments/development/environment.yaml":   "",
		"stacks/web/environments/Not-A-Name/environment.yaml":    "",
		"stacks/web/environments/without-document/readme.md":     "",
		"stacks/broken/stack.yaml":                               "spec: [",
		"stacks/broken/environments/production/environment.yaml": "",
		"stacks/no-stack/readme.md":                              "",
	})
	stacks, err := Stacks(root)
	if err != nil || !reflect.DeepEqual(stacks, []string{"broken", "web"}) {
		t.Errorf("Stacks = %v, %v", stacks, err)
	}
	web, err := ReadOutline(root, "web")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"development", "production", "staging"}; !reflect.DeepEqual(web.Environments, want) {
		t.Errorf("environments %v, want %v", web.Environments, want)
	}
	if !web.Variables["VERSION"] || !web.Variables["B"] || len(web.Variables) != 2 {
		t.Errorf("variables %v", web.Variables)
	}
	broken, err := ReadOutline(root, "broken")
	if err != nil || !reflect.DeepEqual(broken.Environments, []string{"production"}) {
		t.Errorf("outline of a broken stack: %v, %v", broken, err)
	}
}

func TestLoadLayers(t *testing.T) {
	root := repository(t, map[string]string{"stacks/x": "", "panka.yaml": "backend: s3://repository/p\ntenant: one\ngenerated: checked-in\nversions: {panka: 1.2.3}\n"})
	home := repository(t, map[string]string{"panka/config.yaml": "backend: s3://user/p\nprofile: work\n"})
	env := Env{"XDG_CONFIG_HOME": home, "PANKA_TENANT": "two"}
	got, found := Load(root, root, env, Flags{})
	if len(found) > 0 {
		t.Fatal(found)
	}
	want := Settings{Root: root, Backend: "s3://user/p", Tenant: "two", CheckedIn: true, Profile: "work", MinPanka: "1.2.3",
		SandboxDir: filepath.Join(root, ".panka", "sandbox")}
	if got != want {
		t.Errorf("settings\n%+v\nwant\n%+v", got, want)
	}
	env["PANKA_BACKEND"] = Embedded
	if got, _ = Load(root, root, env, Flags{}); got.Backend != Embedded {
		t.Errorf("backend %s: the environment must win", got.Backend)
	}
}

func TestSandbox(t *testing.T) {
	root := repository(t, map[string]string{"stacks/x": "", "sandbox.yaml": ""})
	dir := filepath.Join(root, "stacks")
	off, _ := Load(root, dir, Env{}, Flags{})
	on, _ := Load(root, dir, Env{}, Flags{Sandbox: true})
	elsewhere, _ := Load(root, dir, Env{"PANKA_SANDBOX": "mine", "PANKA_SANDBOX_CONFIG": "c.yaml"}, Flags{})
	if off.Sandbox || !on.Sandbox || !elsewhere.Sandbox {
		t.Error("--sandbox and PANKA_SANDBOX must turn the sandbox on, and nothing else")
	}
	if on.SandboxConfig != filepath.Join(root, "sandbox.yaml") || elsewhere.SandboxConfig != filepath.Join(dir, "c.yaml") {
		t.Errorf("configuration %q and %q", on.SandboxConfig, elsewhere.SandboxConfig)
	}
	if elsewhere.SandboxDir != filepath.Join(dir, "mine") {
		t.Errorf("PANKA_SANDBOX is relative to the working directory, got %s", elsewhere.SandboxDir)
	}
	if off.StateDir() == on.StateDir() || on.StateDir() == elsewhere.StateDir() {
		t.Error("a real account and each sandbox need a state of their own")
	}
}

func TestFilesAreReadStrictly(t *testing.T) {
	for text, want := range map[string]string{
		"bakend: x\n":                `panka.yaml:1:1: error: unknown key "bakend"`,
		"zzz: x\n":                   `panka.yaml:1:1: error: unknown key "zzz"`,
		"backend: [x]\n":             "panka.yaml:1:10: error: backend must be a string",
		"backend: 7\n":               "panka.yaml:1:10: error: backend must be a string",
		"backend:\n":                 "panka.yaml:1:9: error: backend must be a string",
		"backend: ftp://x\n":         `panka.yaml:1:10: error: backend "ftp://x" is neither "embedded" nor an S3 address`,
		"tenant: A\n":                `panka.yaml:1:9: error: tenant name "A" is not valid`,
		"tenant: a\ntenant: b\n":     `panka.yaml:2:1: error: the key "tenant" stands twice in this mapping`,
		"generated: no\n":            `panka.yaml:1:12: error: generated is "no"`,
		"versions: {panka: new}\n":   `panka.yaml:1:19: error: versions.panka is "new"`,
		"versions: {pnka: 1.2.3}\n":  `panka.yaml:1:12: error: unknown key "pnka"`,
		"versions: 1.2.3\n":          "panka.yaml:1:11: error: versions must be a mapping",
		"- a\n":                      "panka.yaml:1:1: error: the file must be a mapping",
		"a: [\nb\n":                  "panka.yaml:2:1: error: not valid YAML",
		"backend: embedded\n---\nx:": "panka.yaml:3:1: error: only one document may stand here",
		"backend: &a embedded\n":     "panka.yaml:1:10: error: YAML anchors are not allowed",
		"backend: embedded\n x: [\n": "panka.yaml:2:3: error: not valid YAML: ",
		"tenant: \"\xe4\"\n":         "panka.yaml:1:10: error: the file is not UTF-8",
	} {
		root := repository(t, map[string]string{"stacks/x": "", "panka.yaml": text})
		_, found := Load(root, root, Env{}, Flags{})
		if len(found) == 0 || !strings.HasPrefix(found.Error(), want) {
			t.Errorf("%q:\n%s\nwant\n%s", text, found.Error(), want)
		}
	}
	for _, text := range []string{"", "# nothing\n", "---\n"} {
		root := repository(t, map[string]string{"stacks/x": "", "panka.yaml": text})
		if _, found := Load(root, root, Env{}, Flags{}); len(found) > 0 {
			t.Errorf("%q: %v, want nothing", text, found)
		}
	}
}

// TestBlame: what is wrong with a value is said of the place that the value comes from.
func TestBlame(t *testing.T) {
	root := repository(t, map[string]string{"stacks/x": "", "panka.yaml": "backend: embedded\ntenant: one\n"})
	home := repository(t, map[string]string{"panka/config.yaml": "tenant: Not-A-Name\nbackend: nowhere\n"})
	_, found := Load(root, root, Env{"XDG_CONFIG_HOME": home}, Flags{})
	if len(found) != 2 || found[0].Line != 1 || found[1].Line != 2 || found[0].File != filepath.Join(home, "panka", "config.yaml") {
		t.Errorf("want both at their places in the user's file, got %+v", found)
	}
	_, found = Load(root, root, Env{"PANKA_TENANT": "../x", "PANKA_BACKEND": "nowhere"}, Flags{})
	if len(found) != 2 || found[0].IsValid() || found[1].IsValid() {
		t.Fatalf("want two without a place in a file, got %+v", found)
	}
	if found[0].Hint != "correct PANKA_TENANT" || !strings.HasPrefix(found[1].Hint, "correct PANKA_BACKEND: write s3://") {
		t.Errorf("hints %q and %q", found[0].Hint, found[1].Hint)
	}
}

func TestRenderIsReadBack(t *testing.T) {
	for _, backend := range []string{Embedded, "s3://bucket/a b?region=x&lockTable=y#z: {"} {
		root := repository(t, map[string]string{"stacks/x": "", "panka.yaml": Render(backend)})
		got, _ := Load(root, root, Env{}, Flags{})
		if got.Backend != backend {
			t.Errorf("wrote %q, read %q", backend, got.Backend)
		}
	}
}

func TestSaveProfileKeepsTheRest(t *testing.T) {
	home := repository(t, map[string]string{"panka/config.yaml": "# mine\ntenant: one\nprofile: old\n"})
	env := Env{"XDG_CONFIG_HOME": home}
	if err := SaveProfile(env, "new"); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(UserFile(env))
	if err != nil {
		t.Fatal(err)
	}
	if want := "# mine\ntenant: one\nprofile: new\n"; string(data) != want {
		t.Errorf("wrote %q, want %q", data, want)
	}
	fresh := Env{"HOME": t.TempDir()}
	if err := SaveProfile(fresh, "work"); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(UserFile(fresh))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
	if err := SaveProfile(Env{}, "work"); err == nil {
		t.Error("without a home: want an error")
	}
}

func TestParseEnv(t *testing.T) {
	got := ParseEnv([]string{"A=1", "B=x=y", "C=", "=C:=C:\\x", "broken"})
	want := Env{"A": "1", "B": "x=y", "C": "", "=C:": "C:\\x"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCheckName(t *testing.T) {
	for _, good := range []string{"a", "web-1", "a" + strings.Repeat("b", 62)} {
		if err := CheckName("stack", good); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"", "A", "1a", "-a", "a/b", "..", "a.b", "a\n", "a" + strings.Repeat("b", 63)} {
		if CheckName("stack", bad) == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
