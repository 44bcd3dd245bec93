package cli

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/compiler/suggest"
	"github.com/panka-io/panka/lockstate"
)

// target is what a command works on: the flags that name it and, once resolved, what they stand for.
type target struct {
	stack, environment string
	settings           settings.Settings
	outline            settings.Outline

	sandbox bool
}

func (t *target) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&t.stack, "stack", "", "`STACK` to work on; may be left out when there is one")
	t.environmentFlag(cmd)
}

func (t *target) environmentFlag(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&t.environment, "environment", "e", "", "`ENVIRONMENT` to work on; may be left out when there is one")
}

func (t *target) sandboxFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&t.sandbox, "sandbox", false, "use a simulated AWS account, kept in .panka/sandbox or $PANKA_SANDBOX")
}

// key names the target's state.
func (t *target) key() lockstate.Key {
	return lockstate.Key{Tenant: t.settings.Tenant, Stack: t.stack, Environment: t.environment}
}

// String is stack/environment.
func (t *target) String() string { return t.stack + "/" + t.environment }

// repository finds the repository and its settings.
func (a *app) repository(sandbox bool) (settings.Settings, error) {
	if !hasFolder(a.dir()) {
		return settings.Settings{}, usagef("give a directory that exists to --chdir", "there is no directory %s", a.dir())
	}
	root, err := settings.FindRoot(a.dir())
	if errors.Is(err, settings.ErrNoRepository) {
		return settings.Settings{}, usagef("panka init begins one; -C DIR starts elsewhere", "%v", err)
	}
	if err != nil {
		return settings.Settings{}, err
	}
	a.root = root
	s, found := settings.Load(root, a.dir(), a.Env, settings.Flags{Sandbox: sandbox})
	if err := found.Err(); err != nil {
		return s, err
	}
	a.diagnostics().Print(found)
	if err := a.checkSandbox(s); err != nil {
		return s, err
	}
	return s, checkVersion(s.MinPanka)
}

// resolveStack finds out which stack is meant.
func (a *app) resolveStack(t *target) error {
	s, err := a.repository(t.sandbox)
	if err != nil {
		return err
	}
	t.settings = s
	known, err := settings.Stacks(s.Root)
	if err != nil {
		return err
	}
	if t.stack == "" {
		t.stack = a.Env["PANKA_STACK"]
	}
	if t.stack == "" {
		t.stack = settings.StackOf(s.Root, a.dir())
	}
	switch {
	case t.stack != "":
	case len(known) == 1:
		t.stack = known[0]
	case len(known) == 0:
		return usagef("write stacks/<stack>/stack.yaml, or let panka init write an example", "there is no stack in %s", s.Root)
	default:
		return usagef("add --stack NAME", "which stack? There are %s", strings.Join(known, ", "))
	}
	if err := checkName("--stack", "stack", t.stack); err != nil {
		return err
	}
	if !slices.Contains(known, t.stack) && !hasFolder(filepath.Join(s.Root, "stacks", t.stack)) {
		return usagef(orElse(suggest.Hint(t.stack, known), "the stacks are "+strings.Join(known, ", ")), "there is no stack %q", t.stack)
	}
	t.outline, err = settings.ReadOutline(s.Root, t.stack)
	return err
}

// resolve finds out which stack and environment are meant.
func (a *app) resolve(t *target) error {
	if err := a.resolveStack(t); err != nil {
		return err
	}
	if t.environment == "" {
		t.environment = a.Env["PANKA_ENVIRONMENT"]
	}
	known := t.outline.Environments
	switch {
	case t.environment != "":
	case len(known) == 1:
		t.environment = known[0]
	case len(known) == 0:
		return usagef("write stacks/"+t.stack+"/environments/<environment>/environment.yaml", "stack %s has no environment", t.stack)
	default:
		return usagef("add --environment NAME, or set PANKA_ENVIRONMENT", "which environment? There are %s", strings.Join(known, ", "))
	}
	return checkName("--environment", "environment", t.environment)
}

// known refuses an environment that the YAML does not know.
func (t *target) known() error {
	if slices.Contains(t.outline.Environments, t.environment) {
		return nil
	}
	return usagef(orElse(suggest.Hint(t.environment, t.outline.Environments), "the environments are "+strings.Join(t.outline.Environments, ", ")),
		"stack %s has no environment %q", t.stack, t.environment)
}

func checkName(flag, what, name string) error {
	if err := settings.CheckName(what, name); err != nil {
		return usagef("correct "+flag, "%v", err)
	}
	return nil
}

func hasFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func orElse(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}

// checkVersion refuses to run where a newer panka is asked for. A build without a version is taken to be new enough.
func checkVersion(least string) error {
	if least == "" {
		return nil
	}
	have := buildVersion().Version
	if !newer(least, have) {
		return nil
	}
	return usagef("install a newer one: go install github.com/panka-io/panka/cmd/panka@latest",
		"%s asks for panka %s or later, this is %s", settings.FileName, least, have)
}

// newer tells whether version a is later than b; it is false if either is not a version.
func newer(a, b string) bool {
	x, okX := versionNumbers(a)
	y, okY := versionNumbers(b)
	return okX && okY && slices.Compare(x[:], y[:]) > 0
}

// versionNumbers reads the three numbers of v1.2.3, leaving out what follows a dash.
func versionNumbers(v string) (out [3]int, ok bool) {
	v, _, _ = strings.Cut(strings.TrimPrefix(v, "v"), "-")
	parts := strings.Split(v, ".")
	if len(parts) != 3 {
		return out, false
	}
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil {
			return out, false
		}
		out[i] = n
	}
	return out, true
}
