package source

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/panka-io/panka/compiler/diag"
)

// The sizes in bytes that AWS Lambda allows for a zip file that is sent to it, and for what is in it.
const (
	MaxCodeZip      = 50 << 20
	MaxCodeUnzipped = 250 << 20
)

var (
	errTooLarge  = errors.New("larger than allowed")
	errNotAFile  = errors.New("neither a regular file nor a folder")
	errLinkedDir = errors.New("a symbolic link to a folder, which is not followed")
)

// ReadCode reads the code of a function: a zip file as it is, or a folder as a zip file of what is in it. name is its
// path below root, with slashes, and pos where the component says so: what is wrong ("missing-file", "unreadable",
// "too-large", "not-a-zip") is reported there.
//
// A zip of a folder holds its files by path in order, with the same time for all and only the bit that makes a file
// executable, so that equal folders give equal bytes on every machine.
func ReadCode(root, name string, pos diag.Position) ([]byte, *diag.Diagnostic) {
	refuse := func(code, hint, format string, args ...any) ([]byte, *diag.Diagnostic) {
		d := diag.Errorf(pos, code, format, args...).WithHint("%s", hint)
		return nil, &d
	}
	dir, err := os.OpenRoot(root)
	if err != nil {
		return refuse("unreadable", "", "cannot open the repository: %s", reason(err))
	}
	defer dir.Close()
	info, err := dir.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return refuse("missing-file", "build the function's code first, or mend the path", "there is no file or folder %s", name)
	case err != nil:
		return refuse("unreadable", "the code must be in the repository; no symbolic link may lead out of it",
			"cannot read %s: %s", name, reason(err))
	}
	var content []byte
	if info.IsDir() {
		content, err = zipped(dir, name)
	} else {
		content, err = readUpTo(dir, name, MaxCodeZip)
	}
	switch {
	case errors.Is(err, errTooLarge) || err == nil && len(content) > MaxCodeZip:
		return refuse("too-large", "put the zip file into a bucket and name it with code.s3, or use an image",
			"%s is larger than Lambda takes: 50 MiB zipped and 250 MiB unzipped", name)
	case err != nil:
		return refuse("unreadable", "", "cannot read %s: %s", name, reason(err))
	}
	if _, err := zip.NewReader(bytes.NewReader(content), int64(len(content))); err != nil {
		return refuse("not-a-zip", "name a zip file, or a folder of which panka makes one", "%s is not a zip file", name)
	}
	return content, nil
}

// readUpTo reads a file, and errTooLarge is its error if there are more bytes than the limit.
func readUpTo(dir *os.Root, name string, limit int64) ([]byte, error) {
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(content)) > limit {
		err = errTooLarge
	}
	return content, err
}

// zipTime is the earliest time that a zip file can hold.
var zipTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// zipped makes a zip file of a folder.
func zipped(dir *os.Root, name string) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	left := int64(MaxCodeUnzipped)
	err := fs.WalkDir(dir.FS(), name, func(at string, entry fs.DirEntry, err error) error { // in the order of the names
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := dir.Stat(at) // of what a link leads to
		switch {
		case err != nil:
			return err
		case info.IsDir():
			return fmt.Errorf("%s: %w", at, errLinkedDir)
		case !info.Mode().IsRegular():
			return fmt.Errorf("%s: %w", at, errNotAFile)
		}
		content, err := readUpTo(dir, at, left)
		if err != nil {
			return err
		}
		left -= int64(len(content))
		return add(archive, strings.TrimPrefix(at, path.Clean(name)+"/"), info.Mode(), content)
	})
	err = errors.Join(err, archive.Close())
	return out.Bytes(), err
}

func add(archive *zip.Writer, name string, mode fs.FileMode, content []byte) error {
	header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: zipTime}
	header.SetMode(0o644)
	if mode&0o111 != 0 {
		header.SetMode(0o755)
	}
	w, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return err
}
