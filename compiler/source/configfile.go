package source

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/suggest"
)

// MaxConfigFileSize is the size in bytes that no file of the application's own may exceed when a component mounts it: as
// much as a standard parameter of AWS Systems Manager holds.
const MaxConfigFileSize = 4 << 10

// ReadConfigFile reads a file of the application's own that a component mounts. name is its path below root, with
// slashes, and pos where the component says so: what is wrong with the file ("missing-file", "unreadable", "too-large",
// "not-text") is reported there.
func ReadConfigFile(root, name string, pos diag.Position) (File, *diag.Diagnostic) {
	refuse := func(code, hint, format string, args ...any) (File, *diag.Diagnostic) {
		d := diag.Errorf(pos, code, format, args...).WithHint("%s", hint)
		return File{}, &d
	}
	dir, err := os.OpenRoot(root)
	if err != nil {
		return refuse("unreadable", "", "cannot open the repository: %s", reason(err))
	}
	defer dir.Close()
	switch info, err := dir.Stat(name); {
	case errors.Is(err, fs.ErrNotExist):
		return refuse("missing-file", nearestFile(dir.FS(), name), "there is no file %s", name)
	case err != nil:
		return refuse("unreadable", "the file must be in the repository; no symbolic link may lead out of it",
			"cannot read %s: %s", name, reason(err))
	case !info.Mode().IsRegular():
		return refuse("unreadable", "name each file by itself", "%s is not a regular file", name)
	}
	content, err := readConfig(dir, name)
	switch {
	case err != nil:
		return refuse("unreadable", "", "cannot read %s: %s", name, reason(err))
	case len(content) > MaxConfigFileSize:
		return refuse("too-large", "split it, or keep it in the image or a bucket", "%s is larger than 4 KiB", name)
	}
	if at := bytes.IndexByte(content, 0); at >= 0 {
		return refuse("not-text", "only text can be mounted; put other files into the image",
			"%s is no text: there is a NUL byte in line %d", name, 1+bytes.Count(content[:at], []byte("\n")))
	}
	return File{Path: name, Content: content}, nil
}

// readConfig reads one byte more than is allowed, to know that there are more.
func readConfig(dir *os.Root, name string) ([]byte, error) {
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, MaxConfigFileSize+1))
}

// nearestFile suggests a file of the same folder.
func nearestFile(fsys fs.FS, name string) string {
	folder, base := path.Split(name)
	entries, err := fs.ReadDir(fsys, path.Clean(folder))
	if err != nil {
		return "make the folder " + folder + " beside the component's document and put the file there"
	}
	var files []string
	for _, e := range entries {
		if e.Name() == base {
			return "it is a symbolic link that leads nowhere"
		}
		if !e.IsDir() {
			files = append(files, e.Name())
		}
	}
	return suggest.Hint(base, files)
}
