package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/runtime/sandbox"
)

// checkSandbox refuses a sandbox that cannot be used as it is named or configured, before anything is written.
func (a *app) checkSandbox(s settings.Settings) error {
	if !s.Sandbox {
		return nil
	}
	if !canBeFolder(s.SandboxDir) {
		return usagef("PANKA_SANDBOX names a folder; it is made if it does not exist", "%s is not a folder", s.SandboxDir)
	}
	if s.SandboxConfig == "" {
		return nil
	}
	name := a.inRepository(s.SandboxConfig)
	if _, found := settings.ReadMapping(s.SandboxConfig, name); found.HasErrors() {
		return found
	}
	return sandboxProblems(name, sandbox.CheckConfig(s.SandboxConfig))
}

// sandboxProblems shows what is wrong with a sandbox.yaml as any other mistake.
func sandboxProblems(name string, err error) error {
	var config *sandbox.ConfigError
	if !errors.As(err, &config) {
		return err
	}
	var found diag.List
	for _, p := range config.Problems {
		found.Add(diag.Errorf(diag.Position{File: name, Line: p.Line, Column: p.Column}, "sandbox-config", "%s", p.Message))
	}
	return found
}

// canBeFolder tells whether path is a folder, or could be made one.
func canBeFolder(path string) bool {
	for at := path; ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if err == nil {
			return info.IsDir()
		}
		if dangling, err := os.Lstat(at); err == nil && dangling.Mode()&fs.ModeSymlink != 0 || at == filepath.Dir(at) {
			return false
		}
	}
}

// inRepository is how diagnostics name a file: relative to the repository if it lies there.
func (a *app) inRepository(path string) string {
	rel, err := filepath.Rel(a.root, path)
	if err != nil || !filepath.IsLocal(rel) || strings.HasPrefix(rel, "..") {
		return path
	}
	return filepath.ToSlash(rel)
}
