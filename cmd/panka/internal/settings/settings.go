// Package settings finds the deployment repository and works out how panka should behave in it, from (lowest first)
// panka.yaml at the repository's root, the user's own configuration file, PANKA_* environment variables and flags.
//
// Settings files are read strictly: an unknown key, a wrong type or a duplicate is a diagnostic with its place. The
// package looks at names and paths only; it compiles nothing and opens no backend.
package settings

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
)

// Embedded is the backend that keeps state in files in the repository.
const Embedded = "embedded"

// FileName is the name of the settings file at the repository's root.
const FileName = "panka.yaml"

// Env is a process environment. The zero value is an empty one.
type Env map[string]string

// ParseEnv makes an Env of NAME=value strings, as os.Environ gives them.
func ParseEnv(environ []string) Env {
	env := make(Env, len(environ))
	for _, kv := range environ {
		for i := 1; i < len(kv); i++ { // names on Windows may begin with '='
			if kv[i] == '=' {
				env[kv[:i]] = kv[i+1:]
				break
			}
		}
	}
	return env
}

// Settings are the settings in effect.
type Settings struct {
	Root    string // of the repository, absolute
	Backend string // Embedded or an s3:// URL
	Tenant  string // "default" where there are no tenants
	// CheckedIn is true when the generated projects are kept in the repository and must be the ones that run.
	CheckedIn bool
	Profile   string // AWS profile, from the user's own configuration; may be empty
	MinPanka  string // least version of panka that may be used here; may be empty
	// Sandbox is true when a simulated account is to be used; SandboxDir is where it is kept, absolute, and
	// SandboxConfig its configuration file, "" if there is none.
	Sandbox       bool
	SandboxDir    string
	SandboxConfig string
}

// Flags are the settings that command-line flags may change.
type Flags struct {
	Sandbox bool
}

// Load works out the settings for the repository at root. The working directory dir is what relative paths in the
// environment are relative to.
func Load(root, dir string, env Env, flags Flags) (Settings, diag.List) {
	s := Settings{Root: root, Backend: Embedded, Tenant: "default"}
	var found diag.List
	repository, ds := readFile(filepath.Join(root, FileName), FileName, repositoryKeys)
	found.Add(ds...)
	s.take(repository)
	var user file
	if path := UserFile(env); path != "" {
		user, ds = readFile(path, path, userKeys)
		found.Add(ds...)
		s.take(user)
	}
	s.take(file{Backend: env["PANKA_BACKEND"], Tenant: env["PANKA_TENANT"]})
	found.Add(s.check(env, user, repository)...)
	s.findSandbox(dir, env, flags)
	return s, found
}

// check refuses a backend and a tenant that cannot be, and points at where the one in effect is named: the environment,
// or the files, highest first.
func (s *Settings) check(env Env, files ...file) diag.List {
	var found diag.List
	if err := CheckName("tenant", s.Tenant); err != nil {
		found.Add(blame(diag.Errorf(diag.Position{}, "invalid-name", "%v", err), s.Tenant, "PANKA_TENANT", env, files,
			func(f file) (string, diag.Position) { return f.Tenant, f.tenantPos }))
	}
	for _, d := range CheckBackend(s.Backend) {
		found.Add(blame(d, s.Backend, "PANKA_BACKEND", env, files,
			func(f file) (string, diag.Position) { return f.Backend, f.backendPos }))
	}
	return found
}

// blame gives a finding about a value the place that the value comes from.
func blame(d diag.Diagnostic, value, variable string, env Env, files []file, in func(file) (string, diag.Position)) diag.Diagnostic {
	if env[variable] == value {
		d.Hint = strings.TrimSuffix("correct "+variable+": "+d.Hint, ": ")
		return d
	}
	for _, f := range files {
		if named, at := in(f); named == value {
			d.Position = at
			break
		}
	}
	return d
}

// take lays the values that f sets over s.
func (s *Settings) take(f file) {
	for _, v := range []struct{ to, from *string }{
		{&s.Backend, &f.Backend}, {&s.Tenant, &f.Tenant}, {&s.Profile, &f.Profile}, {&s.MinPanka, &f.MinPanka},
	} {
		if *v.from != "" {
			*v.to = *v.from
		}
	}
	s.CheckedIn = s.CheckedIn || f.CheckedIn
}

func (s *Settings) findSandbox(dir string, env Env, flags Flags) {
	from := env["PANKA_SANDBOX"]
	s.Sandbox = flags.Sandbox || from != ""
	s.SandboxDir = filepath.Join(s.Root, ".panka", "sandbox")
	if from != "" {
		s.SandboxDir = absolute(dir, from)
	}
	if config := env["PANKA_SANDBOX_CONFIG"]; config != "" {
		s.SandboxConfig = absolute(dir, config)
	} else if config := filepath.Join(s.Root, "sandbox.yaml"); exists(config) {
		s.SandboxConfig = config
	}
}

// StateDir is where the embedded backend keeps its files. A sandbox has its own: what is recorded of a simulated
// account must never be taken for what stands in a real one.
func (s Settings) StateDir() string {
	if s.Sandbox {
		return filepath.Join(s.SandboxDir, "state")
	}
	return filepath.Join(s.Root, ".panka", "state")
}

// UserFile is the path of the user's own configuration file, "" if there is no home directory.
func UserFile(env Env) string {
	if dir := ConfigDir(env); dir != "" {
		return filepath.Join(dir, "config.yaml")
	}
	return ""
}

// ConfigDir is panka's folder in the user's configuration directory, "" if there is no home directory.
func ConfigDir(env Env) string {
	if dir := env["XDG_CONFIG_HOME"]; filepath.IsAbs(dir) {
		return filepath.Join(dir, "panka")
	}
	if home := env["HOME"]; filepath.IsAbs(home) {
		return filepath.Join(home, ".config", "panka")
	}
	return ""
}

// CacheDir is panka's folder in the user's cache directory; it falls back to one in the system's temporary directory.
func CacheDir(env Env) string {
	if dir := env["XDG_CACHE_HOME"]; filepath.IsAbs(dir) {
		return filepath.Join(dir, "panka")
	}
	if home := env["HOME"]; filepath.IsAbs(home) {
		return filepath.Join(home, ".cache", "panka")
	}
	return filepath.Join(os.TempDir(), "panka-cache")
}

func absolute(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
