package container

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/configfile"
)

// ECS mounts folders only, and only volumes. So each folder with files is an empty volume of the task, which a container
// that runs first fills and the process's container mounts. The files go with the task definition, in environment
// variables: they are part of what is reviewed and rolled back.

// fillerImage has a shell with base64; it runs for a moment, as root, and reaches nothing. It is Docker's official image, of
// which AWS keeps a copy; the tags are in https://github.com/docker-library/official-images/blob/master/library/busybox.
const fillerImage = "public.ecr.aws/docker/library/busybox:1.37.0"

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

// volume is the name of the volume of the folder with that index, and filled is where the filler finds it. No file system's
// volume is called so: the parts of its name are names, which begin with a letter.
func volume(folder int) string { return fmt.Sprintf("files-%d", folder+1) }

func filled(folder int) string { return fmt.Sprintf("/files/%d", folder+1) }

// filler is the name of the container that writes the files.
func (t *Task) filler() string { return t.Component().Name + "-files" }

// fillerContainer is its definition. The process does not start if it fails.
func (t *Task) fillerContainer() jen.Code {
	command := []string{"sh", "-c", fill, "files", configfile.Owner(t.Spec.Runtime.User)}
	var contents, mounts []jen.Code
	for i, folder := range t.folders {
		mounts = append(mounts, entry(pair("sourceVolume", jen.Lit(volume(i))), pair("containerPath", jen.Lit(filled(i)))))
		for _, f := range folder.Files {
			command = append(command, fmt.Sprintf("%04o", f.Mode), filled(i)+"/"+folder.Place(f))
			contents = append(contents, entry(
				pair("name", jen.Lit(fmt.Sprintf("FILE_%d", len(contents)+1))), pair("value", encoded(f.Content))))
		}
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
		items = append(items, component.Lines(word))
	}
	return component.List(jen.Index().String(), items...)
}

// encoded is the base64 of a file, made when the program runs: so the code shows the file itself.
func encoded(content []byte) jen.Code {
	return jen.Qual("encoding/base64", "StdEncoding").Dot("EncodeToString").Call(jen.Index().Byte().Parens(component.Lines(string(content))))
}
