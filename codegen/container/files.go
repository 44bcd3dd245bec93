package container

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// ECS mounts folders only, and only volumes. So each folder with files is an empty volume of the task, which a container
// that runs first fills and the process's container mounts. The files go with the task definition, in environment
// variables: they are part of what is reviewed and rolled back.

// fillerImage has a shell with base64; it runs for a moment, as root, and reaches nothing. It is Docker's official image, of
// which AWS keeps a copy; the tags are in https://github.com/docker-library/official-images/blob/master/library/busybox.
const fillerImage = "public.ecr.aws/docker/library/busybox:1.37.0"

// maxFiles is how many bytes the files of a component may have together: as base64 48 of the 64 KiB that ECS takes as a
// task definition, in which the rest must find room too.
const maxFiles = 36 << 10

// fill writes the files: its arguments are the owner ("" for root), and then for each file its mode and its path. The
// contents are in FILE_1, FILE_2 and so on. Quotation marks keep paths as they are.
const fill = `set -eu -o pipefail
owner=$1 n=0
shift
while [ $# -gt 0 ]; do
  n=$((n + 1))
  mkdir -p "${2%/*}"
  printenv "FILE_$n" | base64 -d > "$2"
  [ -z "$owner" ] || chown "$owner" "$2"
  chmod "$1" "$2"
  shift 2
done`

// folder is a folder of the process's that holds files; the first is filled as /files/1.
type folder struct {
	volume, path, filled string
}

// folders are the folders of files, without those within others: a volume could not be mounted into one that is read-only.
func folders(files []ir.ConfigFile) []folder {
	var paths []string
	for _, f := range files {
		paths = append(paths, path.Dir(f.MountPath))
	}
	slices.Sort(paths) // which puts a folder before what is within it
	var all []folder
	for _, p := range paths {
		if !slices.ContainsFunc(all, func(outer folder) bool { return outer.holds(p) }) {
			// No file system's volume ends so: the parts of its name are names, which begin with a letter.
			n := len(all) + 1
			all = append(all, folder{volume: fmt.Sprintf("files-%d", n), path: p, filled: fmt.Sprintf("/files/%d", n)})
		}
	}
	return all
}

func (f folder) holds(p string) bool { return p == f.path || strings.HasPrefix(p, f.path+"/") }

// place is where the filler writes a file.
func place(all []folder, mountPath string) string {
	i := slices.IndexFunc(all, func(f folder) bool { return f.holds(path.Dir(mountPath)) })
	return all[i].filled + strings.TrimPrefix(mountPath, all[i].path)
}

// filler is the name of the container that writes the files.
func (t *Task) filler() string { return t.Component().Name + "-files" }

// fillerContainer is its definition. The process does not start if it fails.
func (t *Task) fillerContainer() jen.Code {
	files := t.Component().ConfigFiles
	command := []string{"sh", "-c", fill, "files", owner(t.Spec.Runtime.User)}
	var contents, mounts []jen.Code
	for i, f := range files {
		command = append(command, fmt.Sprintf("%04o", f.Mode), place(t.folders, f.MountPath))
		contents = append(contents, entry(pair("name", jen.Lit(fmt.Sprintf("FILE_%d", i+1))), pair("value", encoded(f.Content))))
	}
	for _, f := range t.folders {
		mounts = append(mounts, entry(pair("sourceVolume", jen.Lit(f.volume)), pair("containerPath", jen.Lit(f.filled))))
	}
	return component.Element(component.Fields{
		{Name: "name", Value: jen.Lit(t.filler())},
		{Name: "image", Value: jen.Lit(fillerImage)},
		{Name: "essential", Value: jen.False()},
		{Name: "command", Value: commandLine(command)},
		{Name: "user", Value: jen.Lit("0")},
		{Name: "readonlyRootFilesystem", Value: jen.True()},
		{Name: "mountPoints", Value: objects(mounts)},
		{Name: "environment", Value: objects(contents)},
		{Name: "logConfiguration", Value: t.logTo(t.filler())},
	})
}

// commandLine is a list of words, one a line, of which those with several lines are written so.
func commandLine(words []string) jen.Code {
	var items []jen.Code
	for _, word := range words {
		items = append(items, lines(word))
	}
	return component.List(jen.Index().String(), items...)
}

// encoded is the base64 of a file, made when the program runs: so the code shows the file itself.
func encoded(content []byte) jen.Code {
	return jen.Qual("encoding/base64", "StdEncoding").Dot("EncodeToString").Call(jen.Index().Byte().Parens(lines(string(content))))
}

// lines is a literal that is broken after each line of the text.
func lines(text string) jen.Code {
	if text == "" {
		return jen.Lit("")
	}
	code, first := jen.Null(), true
	for line := range strings.Lines(text) {
		if !first {
			code.Op("+").Line()
		}
		code.Lit(line)
		first = false
	}
	return code
}

var numeric = regexp.MustCompile(`^[0-9]+(:[0-9]+)?$`)

// owner is who the files belong to: the process's user, if it is given as a number. What number a name stands for, only
// the process's image knows.
func owner(user string) string {
	if numeric.MatchString(user) {
		return user
	}
	return ""
}

// checkFiles reports files that do not fit into a task definition and those that the process could not read.
func checkFiles(b *component.Builder, user string) {
	total := 0
	named := user != "" && user != "root" && owner(user) == ""
	for _, f := range b.Component().ConfigFiles {
		total += len(f.Content)
		if named && f.Mode&0o004 == 0 {
			b.Fail(diag.Errorf(f.Source, component.Code, "the file %s belongs to root and has the mode %04o, so that the user %s cannot read it",
				f.Name, f.Mode, user).
				WithHint("let all read it, with a mode such as \"0444\", or give runtime.user as a number, which the file then belongs to"))
		}
	}
	if total > maxFiles {
		b.Fail(diag.Errorf(b.Place("configFiles"), component.Code, "the files of %s have %d bytes together, and a task definition has room for %d",
			b.ID(), total, maxFiles).WithHint("keep the large ones in the image, a bucket or a file system"))
	}
}
