// Package configfile lays out the files of the repository that a component's containers find under paths of their own.
//
// What mounts folders can mount no single file into a folder of the image's. So on every platform each folder with files is
// mounted as a whole, and holds those files only.
package configfile

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// maxBytes is how many bytes the files of a component may have together: as base64 48 of the 64 KiB that ECS takes as a
// task definition, in which the rest must find room too. It is the same everywhere, so that a workload can move.
const maxBytes = 36 << 10

// Folder is a folder of the process's that holds files.
type Folder struct {
	// Path is absolute.
	Path string
	// Files are those in it and below it, in the order of the YAML.
	Files []ir.ConfigFile
}

// Folders are the folders of files, sorted by path, without those within others: one could not be mounted into another,
// which is read-only.
func Folders(files []ir.ConfigFile) []Folder {
	var paths []string
	for _, f := range files {
		paths = append(paths, path.Dir(f.MountPath))
	}
	slices.Sort(paths) // which puts a folder before what is within it
	var all []Folder
	for _, p := range paths {
		if !slices.ContainsFunc(all, func(outer Folder) bool { return outer.holds(p) }) {
			all = append(all, Folder{Path: p})
		}
	}
	for _, f := range files {
		i := slices.IndexFunc(all, func(folder Folder) bool { return folder.holds(path.Dir(f.MountPath)) })
		all[i].Files = append(all[i].Files, f)
	}
	return all
}

func (f Folder) holds(p string) bool { return p == f.Path || strings.HasPrefix(p, f.Path+"/") }

// Place is the path of one of the folder's files within the folder, without a slash in front.
func (f Folder) Place(file ir.ConfigFile) string {
	return strings.TrimPrefix(strings.TrimPrefix(file.MountPath, f.Path), "/")
}

var numeric = regexp.MustCompile(`^[0-9]+(:[0-9]+)?$`)

// Owner is who the files belong to: the process's user, with or without a group, if it is given as a number, else "". What
// number a name stands for, only the process's image knows.
func Owner(user string) string {
	if numeric.MatchString(user) {
		return user
	}
	return ""
}

// Check reports files that are too large together and those that the process, which runs as a user, could not read.
func Check(b *component.Builder, user string) {
	total := 0
	named := user != "" && user != "root" && Owner(user) == ""
	for _, f := range b.Component().ConfigFiles {
		total += len(f.Content)
		if named && f.Mode&0o004 == 0 {
			b.Fail(diag.Errorf(f.Source, component.Code, "the file %s belongs to root and has the mode %04o, so that the user %s cannot read it",
				f.Name, f.Mode, user).
				WithHint("let all read it, with a mode such as \"0444\", or give runtime.user as a number, which the file then belongs to"))
		}
	}
	if total > maxBytes {
		b.Fail(diag.Errorf(b.Place("configFiles"), component.Code, "the files of %s have %d bytes together, and there is room for %d",
			b.ID(), total, maxBytes).WithHint("keep the large ones in the image, a bucket or a file system"))
	}
}
