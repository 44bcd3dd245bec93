package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// stacksFolder is the folder that makes a folder the root of a repository.
const stacksFolder = "stacks"

// templatesFolder holds the templates of all stacks.
const templatesFolder = "templates"

var namePattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)

// NameRule says in words what ValidName accepts.
const NameRule = "a lower-case letter, then up to 62 lower-case letters, digits or dashes"

// ValidName tells whether s can name a stack, environment, service or component.
func ValidName(s string) bool { return namePattern.MatchString(s) }

// ErrNoRepository is returned by FindRoot where no folder holds stacks/.
var ErrNoRepository = errors.New("no deployment repository: neither this folder nor any parent holds a folder stacks/")

// FindRoot returns the absolute path of the nearest folder, dir itself included, that holds a folder stacks/.
func FindRoot(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find the repository of %s: %w", dir, err)
	}
	if _, err := os.Stat(abs); err != nil {
		return "", fmt.Errorf("find the repository: %w", err)
	}
	for at := abs; ; at = filepath.Dir(at) {
		if info, err := os.Stat(filepath.Join(at, stacksFolder)); err == nil && info.IsDir() {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%w (looked from %s upwards)", ErrNoRepository, abs)
		}
	}
}

// StackFolder is a stack as its folders show it.
type StackFolder struct {
	Name string
	// Environments are the folders below environments/, sorted; a stack may declare further ones in stack.yaml.
	Environments []string
}

// Stacks lists the stacks of a repository by folder, sorted by name. Folders whose names ValidName refuses, or that
// are hidden, are left out.
func Stacks(root string) ([]StackFolder, error) {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return nil, fmt.Errorf("open the repository: %w", err)
	}
	defer dir.Close()
	names, err := namedFolders(dir.FS(), stacksFolder)
	if err != nil {
		return nil, fmt.Errorf("list the stacks: %w", err)
	}
	var stacks []StackFolder
	for _, name := range names {
		environments, err := namedFolders(dir.FS(), stacksFolder+"/"+name+"/environments")
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("list the environments of stack %s: %w", name, err)
		}
		stacks = append(stacks, StackFolder{Name: name, Environments: environments})
	}
	return stacks, nil
}

func namedFolders(fsys fs.FS, dir string) ([]string, error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() && ValidName(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	slices.SortFunc(names, strings.Compare)
	return names, nil
}
