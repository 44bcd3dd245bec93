package source

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/suggest"
)

// TextUse is what a component uses a text file of the application's own for.
type TextUse int

// The uses.
const (
	// Mounted files are put into containers.
	Mounted TextUse = iota
	// UserData is what a machine does when it first starts.
	UserData
)

// The sizes in bytes that no file may exceed: as much as a standard parameter of AWS Systems Manager holds, and as much as
// EC2 takes.
const (
	MaxMountedSize  = 4 << 10
	MaxUserDataSize = 16 << 10
)

// limits are the largest size of a file, and what to do with one that is larger or no text.
func (u TextUse) limits() (size int, tooLarge, notText string) {
	if u == UserData {
		return MaxUserDataSize, "keep the script in a bucket and let a short one fetch it", "user data can only be text; let the script fetch other files"
	}
	return MaxMountedSize, "split it, or keep it in the image or a bucket", "only text can be mounted; put other files into the image"
}

// ReadText reads a text file of the application's own. name is its path below root, with slashes, and pos where the
// component says so: what is wrong with the file ("missing-file", "unreadable", "too-large", "not-text") is reported
// there.
func ReadText(root, name string, use TextUse, pos diag.Position) (File, *diag.Diagnostic) {
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
	size, tooLarge, notText := use.limits()
	content, err := readUpTo(dir, name, int64(size))
	switch {
	case errors.Is(err, errTooLarge):
		return refuse("too-large", tooLarge, "%s is larger than %d KiB", name, size>>10)
	case err != nil:
		return refuse("unreadable", "", "cannot read %s: %s", name, reason(err))
	}
	if at := bytes.IndexByte(content, 0); at >= 0 {
		return refuse("not-text", notText,
			"%s is no text: there is a NUL byte in line %d", name, 1+bytes.Count(content[:at], []byte("\n")))
	}
	return File{Path: name, Content: content}, nil
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
