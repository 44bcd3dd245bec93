package pod

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"unicode/utf8"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// The component's files are in a ConfigMap that never changes: other files are another one, by its name, so that pods start
// anew and those of the last version keep theirs.

const filesVolume = "files"

// configMap registers it as the local variable files, if there are files. The process's user can read them by the pods'
// group, see security.go.
func (p *Pod) configMap() {
	if len(p.folders) == 0 {
		return
	}
	var text, binary component.Fields
	for _, f := range p.Component().ConfigFiles {
		if utf8.Valid(f.Content) {
			text = append(text, component.Field{Name: f.Name, Value: component.Pulumi("String").Call(component.Lines(string(f.Content)))})
			continue
		}
		binary = append(binary, component.Field{Name: f.Name, Value: component.Pulumi("String").Call(
			jen.Qual("encoding/base64", "StdEncoding").Dot("EncodeToString").Call(jen.Index().Byte().Parens(component.Lines(string(f.Content)))))})
	}
	data := func(name string, fields component.Fields) component.Field {
		if len(fields) == 0 {
			return component.Field{Name: name}
		}
		return component.Field{Name: name, Value: component.Map(component.Pulumi("StringMap"), fields)}
	}
	p.object(component.Manifest{
		Var: "files", API: "core/v1", Kind: "ConfigMap", Part: filesVolume, What: "files", Name: component.Str(p.filesName()),
		Fields:  component.Fields{{Name: "Immutable", Value: component.Bool(true)}, data("Data", text), data("BinaryData", binary)},
		Options: []jen.Code{component.CreateFirst()}, Source: p.Place("configFiles"),
	})
	p.await("files")
}

// filesName holds a hash of the files' names and contents. What modes they have and where they are mounted is the template's.
func (p *Pod) filesName() string {
	sum := sha256.New()
	for _, f := range p.Component().ConfigFiles {
		fmt.Fprintf(sum, "%s %d\n%s", f.Name, len(f.Content), f.Content)
	}
	return Name(p.Component(), filesVolume) + "." + hex.EncodeToString(sum.Sum(nil))[:10]
}

// folderVolume is the name of the volume of the folder with that index.
func folderVolume(i int) string { return fmt.Sprintf("files-%d", i+1) }

// folderVolumes are the volumes with the files, one a folder, and folderMounts where the process finds them.
func (p *Pod) folderVolumes() []jen.Code {
	var all []jen.Code
	for i, folder := range p.folders {
		var paths []jen.Code
		for _, f := range folder.Files {
			paths = append(paths, item("KeyToPathArgs", component.Fields{
				{Name: "Key", Value: component.Str(f.Name)},
				{Name: "Path", Value: component.Str(folder.Place(f))},
				{Name: "Mode", Value: component.Pulumi("Int").Call(jen.Op(fmt.Sprintf("%#o", f.Mode.Perm())))},
			}))
		}
		all = append(all, item("VolumeArgs", component.Fields{
			{Name: "Name", Value: component.Str(folderVolume(i))},
			{Name: "ConfigMap", Value: typed("ConfigMapVolumeSourceArgs", component.Fields{
				{Name: "Name", Value: component.Str(p.filesName())},
				{Name: "Items", Value: items("KeyToPathArray", paths)},
			})},
		}))
	}
	return all
}

func (p *Pod) folderMounts() []jen.Code {
	var all []jen.Code
	for i, folder := range p.folders {
		all = append(all, item("VolumeMountArgs", component.Fields{
			{Name: "Name", Value: component.Str(folderVolume(i))},
			{Name: "MountPath", Value: component.Str(folder.Path)},
			{Name: "ReadOnly", Value: component.Bool(true)},
		}))
	}
	return all
}
