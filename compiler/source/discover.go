package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
)

// MaxFileSize is the size in bytes that no file of documents may exceed.
const MaxFileSize = 1 << 20

// maxFolderDepth bounds how deep folders may nest below the one that is searched.
const maxFolderDepth = 32

// found is a file to read.
type found struct {
	path  string
	scope Scope
}

// walker collects the files of a stack or of templates/. It follows symbolic links to files only.
type walker struct {
	fsys  fs.FS
	files []found
	diags diag.List
}

// discover finds the files below a folder of the repository, of the scope.
func discover(ctx context.Context, fsys fs.FS, folder string, scope Scope) ([]found, diag.List) {
	w := &walker{fsys: fsys}
	w.folder(ctx, folder, scope, 0)
	slices.SortFunc(w.files, func(a, b found) int { return strings.Compare(a.path, b.path) })
	return w.files, w.diags.Sorted()
}

func (w *walker) folder(ctx context.Context, dir string, scope Scope, depth int) {
	if ctx.Err() != nil {
		return
	}
	if depth > maxFolderDepth {
		w.report(dir, "too-deep", "folders nest deeper than %d", maxFolderDepth)
		return
	}
	entries, err := fs.ReadDir(w.fsys, dir)
	if err != nil {
		w.report(dir, "unreadable", "cannot list the folder: %s", reason(err))
		return
	}
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		at := path.Join(dir, name)
		switch {
		case entry.Type()&fs.ModeSymlink != 0:
			w.link(at, scope)
		case entry.IsDir():
			if inner, enter := w.enter(at, scope); enter {
				w.folder(ctx, at, inner, depth+1)
			}
		case isYAML(name):
			w.file(at, entry.Type(), scope)
		}
	}
}

func (w *walker) file(at string, mode fs.FileMode, scope Scope) {
	if !mode.IsRegular() {
		w.report(at, "unreadable", "this is not a regular file")
		return
	}
	w.files = append(w.files, found{path: at, scope: scope})
}

// link accepts a symbolic link to a file inside the repository. A link to a folder is refused because the same
// documents would then have two places.
func (w *walker) link(at string, scope Scope) {
	info, err := fs.Stat(w.fsys, at)
	switch {
	case err != nil && errors.Is(err, fs.ErrNotExist):
		if isYAML(at) {
			w.report(at, "symlink", "this symbolic link leads nowhere")
		}
	case err != nil:
		w.reportHint(at, "symlink", "copy the file into the repository",
			"this symbolic link leads out of the repository or cannot be followed: %s", reason(err))
	case info.IsDir():
		w.reportHint(at, "symlink", "put the folder itself here, or link its files one by one",
			"symbolic links to folders are not followed")
	case isYAML(at):
		w.file(at, info.Mode().Type(), scope)
	}
}

// enter tells the scope inside the folder at, and whether to look into it.
func (w *walker) enter(at string, scope Scope) (Scope, bool) {
	if scope.Stack == "" { // a folder of templates: its name means nothing
		return scope, path.Base(at) != "configs"
	}
	if scope.Component != "" && (path.Base(at) == "code" || path.Base(at) == "dist") { // what a function runs
		return scope, false
	}
	below := strings.Split(strings.TrimPrefix(at, stacksFolder+"/"+scope.Stack+"/"), "/")
	name := below[len(below)-1]
	switch {
	case len(below) == 2 && below[0] == "environments":
		scope.Environment = name
	case len(below) == 2 && below[0] == "services":
		scope.Service = name
	case len(below) == 4 && below[0] == "services" && below[2] == "components":
		scope.Component = name
	default:
		return scope, name != "configs"
	}
	if !ValidName(name) {
		w.reportHint(at, "invalid-name", "a name is "+NameRule, "the folder name %q cannot be a name", name)
		return scope, false
	}
	return scope, true
}

func (w *walker) report(at, code, format string, args ...any) {
	w.diags.Add(diag.Errorf(diag.Position{File: at, Line: 1, Column: 1}, code, format, args...))
}

func (w *walker) reportHint(at, code, hint, format string, args ...any) {
	w.diags.Add(diag.Errorf(diag.Position{File: at, Line: 1, Column: 1}, code, format, args...).WithHint("%s", hint))
}

func isYAML(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".yaml" || ext == ".yml"
}

// readFile reads at most MaxFileSize bytes and one more, to know that there are more.
func readFile(fsys fs.FS, name string) ([]byte, *diag.Diagnostic) {
	at := diag.Position{File: name, Line: 1, Column: 1}
	content, err := readLimited(fsys, name)
	if err != nil {
		d := diag.Errorf(at, "unreadable", "cannot read the file: %s", reason(err))
		return nil, &d
	}
	if len(content) > MaxFileSize {
		d := diag.Errorf(at, "too-large", "the file is larger than 1 MiB").
			WithHint("split it; a file of the application itself belongs in a configs/ folder")
		return nil, &d
	}
	return content, nil
}

func readLimited(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, MaxFileSize+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return content, nil
}

// reason is an error without the path, which the diagnostic names already.
func reason(err error) string {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	return err.Error()
}
