// Package filesystem gives a workload the file systems that name it in their mounts, with what it needs to mount them.
//
// The file system is deployed first, and the workload's file mounts it. That its role may and that the network lets it are
// seen to by packages iam and network, as for any other use: a mount is a reference with access.
package filesystem

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// System is a Kind whose components are file systems that many can mount: they have the outputs FileSystemID and, for
// each access point, AccessPointID and AccessPointARN.
type System interface {
	component.Kind
	// IsFileSystem marks the kind.
	IsFileSystem()
}

// FileSystemID is the output with the ID of a file system.
const FileSystemID = "fileSystemId"

// AccessPointID is the internal output with the ID of an access point, by its name in the YAML.
func AccessPointID(name string) string { return names.Identifier("id", "of", name) }

// AccessPointARN is the internal output with its ARN.
func AccessPointARN(name string) string { return names.Identifier("arn", "of", name) }

// Mount is a file system that is mounted into a workload.
type Mount struct {
	// Volume is a name for it that is unique among the workload's, of letters, digits and dashes.
	Volume string
	// Path is where the workload finds the files.
	Path     string
	ReadOnly bool
	// FileSystem is the code of its ID. AccessPoint and AccessPointARN are those of the access point to come in by; nil for
	// the root of the file system.
	FileSystem, AccessPoint, AccessPointARN jen.Code
	// Source is the place of the workload's name in the mount.
	Source diag.Position
}

// entry is a mount in the YAML of the file system.
type entry struct {
	Component   string `yaml:"component"`
	Path        string `yaml:"path"`
	AccessPoint string `yaml:"accessPoint"`
	ReadOnly    bool   `yaml:"readOnly"`
}

// Mounts are the file systems that are mounted into the component that is being generated, in the order of their places.
func Mounts(b *component.Builder) []Mount {
	var all []Mount
	for _, ref := range b.Component().References {
		target, kind := b.Target(ref.Component)
		if _, ok := kind.(System); !ok || ref.Mount == nil {
			continue
		}
		var e entry
		if ds := spec.Decode(ref.Mount, &e); ds.HasErrors() {
			b.Fail(ds...)
			continue
		}
		all = append(all, mounted(b, ref, target, e))
	}
	return all
}

func mounted(b *component.Builder, ref ir.Reference, target *ir.Component, e entry) Mount {
	use := func(output string) jen.Code {
		code, _ := b.Use(ref.Component, output, ref.Source)
		return code
	}
	m := Mount{
		Volume: names.Resource(target.Service, target.Name, e.AccessPoint), Path: e.Path, ReadOnly: e.ReadOnly,
		FileSystem: use(FileSystemID), Source: ref.Source,
	}
	if e.AccessPoint != "" {
		m.AccessPoint, m.AccessPointARN = use(AccessPointID(e.AccessPoint)), use(AccessPointARN(e.AccessPoint))
	}
	return m
}
