package generated

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/panka-io/panka/codegen/bundle"
)

// ForeignError says that a folder was not made by panka, so panka does not replace it.
type ForeignError struct {
	Dir    string
	Reason string
}

func (e *ForeignError) Error() string {
	return fmt.Sprintf("%s is not replaced: %s", e.Dir, e.Reason)
}

// Write makes dir hold exactly files: it writes them beside dir and then swaps the two, so that a crash leaves the
// old folder or the new one. A folder that already holds exactly these files is left alone, and Write returns false.
func Write(dir string, files map[string][]byte) (changed bool, err error) {
	old, err := Read(dir)
	if err != nil {
		return false, err
	}
	if maps.EqualFunc(old, files, func(a, b []byte) bool { return string(a) == string(b) }) {
		return false, nil
	}
	if err := ours(dir, old, files[bundle.FileName]); err != nil {
		return false, err
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return false, fmt.Errorf("write generated projects: %w", err)
	}
	fresh, err := os.MkdirTemp(parent, "."+filepath.Base(dir)+"-new-*")
	if err != nil {
		return false, fmt.Errorf("write generated projects: %w", err)
	}
	defer os.RemoveAll(fresh) // nothing is left of it after a swap
	if err := writeAll(fresh, files); err != nil {
		return false, err
	}
	return true, swap(fresh, dir)
}

// ours refuses a folder that panka did not make, or made for something else.
func ours(dir string, old map[string][]byte, want []byte) error {
	if len(old) == 0 {
		return nil
	}
	data, ok := old[bundle.FileName]
	if !ok {
		return &ForeignError{dir, "it holds files but no " + bundle.FileName + ", so panka did not make it; move it away or choose another --out"}
	}
	was, err := bundle.Parse(data)
	if err != nil {
		return &ForeignError{dir, err.Error()}
	}
	now, err := bundle.Parse(want)
	if err != nil {
		return fmt.Errorf("generated %s: %w", bundle.FileName, err)
	}
	if was.Stack != now.Stack || was.Environment != now.Environment {
		return &ForeignError{dir, fmt.Sprintf("it was made for %s/%s", was.Stack, was.Environment)}
	}
	for _, path := range slices.Sorted(maps.Keys(old)) {
		if _, known := was.Files[path]; !known && path != bundle.FileName {
			return &ForeignError{dir, path + " in it was not made by panka; move it away first"}
		}
	}
	return nil
}

func writeAll(dir string, files map[string][]byte) error {
	if err := os.Chmod(dir, 0o755); err != nil {
		return fmt.Errorf("write generated projects: %w", err)
	}
	root, err := os.OpenRoot(dir) // a path with .. in it must not lead out
	if err != nil {
		return fmt.Errorf("write generated projects: %w", err)
	}
	defer root.Close()
	for _, path := range slices.Sorted(maps.Keys(files)) {
		name := filepath.FromSlash(path)
		if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return fmt.Errorf("write generated projects: %w", err)
		}
		if err := root.WriteFile(name, files[path], 0o644); err != nil {
			return fmt.Errorf("write generated projects: %w", err)
		}
	}
	return nil
}

// swap puts fresh in the place of dir and removes what was there.
func swap(fresh, dir string) error {
	aside := fresh + "-old"
	err := os.Rename(dir, aside)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("replace %s: %w", dir, err)
	}
	hadOld := err == nil
	if err := os.Rename(fresh, dir); err != nil {
		if hadOld {
			err = errors.Join(err, os.Rename(aside, dir))
		}
		return fmt.Errorf("replace %s: %w", dir, err)
	}
	if err := os.RemoveAll(aside); err != nil {
		return fmt.Errorf("remove the old projects: %w", err)
	}
	return nil
}
