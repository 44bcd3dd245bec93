package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
)

// ReadMapping reads a small YAML file that holds one mapping, by the rules of all of panka's documents: no aliases, no
// key twice. It gives nil for a file that holds nothing. Name is how diagnostics call the file.
func ReadMapping(path, name string) (*source.Node, diag.List) {
	data, err := readSmall(path)
	if err != nil {
		at := diag.Position{File: name, Line: 1, Column: 1}
		return nil, diag.List{diag.Errorf(at, "unreadable-file", "cannot be read: %v", WithoutPath(err))}
	}
	return ParseMapping(name, data)
}

// ParseMapping is ReadMapping for text that is at hand.
func ParseMapping(name string, data []byte) (*source.Node, diag.List) {
	roots, found := source.Parse(name, data)
	switch {
	case len(roots) == 0 || found.HasErrors():
		return nil, found
	case len(roots) > 1:
		return nil, diag.List{diag.Errorf(roots[1].Pos, "several-documents", "only one document may stand here")}
	case roots[0].Kind != source.Map:
		return nil, diag.List{diag.Errorf(roots[0].Pos, "wrong-type", "the file must be a mapping, not a %s", roots[0].Kind)}
	}
	return roots[0], found
}

// maxFile bounds how much of any settings file is read.
const maxFile = 1 << 20

func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	case info.Size() > maxFile:
		return nil, errors.New("it is larger than 1 MiB")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return data, nil
}

// WithoutPath is what went wrong, without the path, which the diagnostic names already.
func WithoutPath(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
