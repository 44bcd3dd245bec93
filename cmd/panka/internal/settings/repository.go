package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"gopkg.in/yaml.v3"
)

// ErrNoRepository says that neither the directory nor any above it holds stacks/.
var ErrNoRepository = errors.New("no deployment repository here: neither this directory nor one above it holds a folder stacks/")

var nameRE = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)

// CheckName refuses a name that must not become part of a path. What says which name it is, for the message.
func CheckName(what, name string) error {
	if nameRE.MatchString(name) {
		return nil
	}
	return fmt.Errorf("%s name %q is not valid: want lower-case letters, digits and dashes, starting with a letter, at most 63", what, name)
}

// FindRoot returns the nearest directory at or above dir that holds stacks/, as an absolute path without symbolic
// links.
func FindRoot(dir string) (string, error) {
	at, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find the repository from %s: %w", dir, err)
	}
	if at, err = filepath.EvalSymlinks(at); err != nil {
		return "", fmt.Errorf("find the repository from %s: %w", dir, err)
	}
	for {
		if isDir(filepath.Join(at, "stacks")) {
			return at, nil
		}
		parent := filepath.Dir(at)
		if parent == at {
			return "", ErrNoRepository
		}
		at = parent
	}
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Stacks lists the stacks of the repository: the folders of stacks/ whose names are valid and that hold stack.yaml,
// sorted.
func Stacks(root string) ([]string, error) {
	return foldersHolding(filepath.Join(root, "stacks"), "stack.yaml")
}

// StackOf returns the stack inside whose folder dir lies, or "".
func StackOf(root, dir string) string {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return ""
	}
	for at := dir; at != root && at != filepath.Dir(at); at = filepath.Dir(at) {
		if filepath.Dir(at) == filepath.Join(root, "stacks") {
			return filepath.Base(at)
		}
	}
	return ""
}

// Outline is what the command line must know of a stack before it is compiled.
type Outline struct {
	Environments []string        // sorted
	Variables    map[string]bool // declared names
}

// ReadOutline reads the names of a stack's environments and variables. It forgives whatever is wrong in stack.yaml:
// the compiler reports that with its place.
func ReadOutline(root, stack string) (Outline, error) {
	dir := filepath.Join(root, "stacks", stack)
	environments, err := foldersHolding(filepath.Join(dir, "environments"), "environment.yaml")
	if err != nil {
		return Outline{}, err
	}
	var doc struct {
		Spec struct {
			Environments []string             `yaml:"environments"`
			Variables    map[string]yaml.Node `yaml:"variables"`
		} `yaml:"spec"`
	}
	if data, err := readSmall(filepath.Join(dir, "stack.yaml")); err == nil {
		_ = yaml.Unmarshal(data, &doc) // what could be read of a broken file is still of use
	}
	for _, name := range doc.Spec.Environments {
		if CheckName("environment", name) == nil {
			environments = append(environments, name)
		}
	}
	slices.Sort(environments)
	out := Outline{Environments: slices.Compact(environments), Variables: map[string]bool{}}
	for name := range doc.Spec.Variables {
		out.Variables[name] = true
	}
	return out, nil
}

func foldersHolding(dir, file string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	var names []string
	for _, e := range entries {
		if !nameRE.MatchString(e.Name()) {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, e.Name(), file)); err == nil {
			names = append(names, e.Name())
		}
	}
	return names, nil
}
