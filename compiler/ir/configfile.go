package ir

import (
	"io/fs"

	"github.com/panka-io/panka/compiler/diag"
)

// ConfigFile is a file of the repository that is put into a component's containers.
type ConfigFile struct {
	// Name is unique among the files of the component.
	Name string
	// Path is that of the file, relative to the repository's root, with slashes.
	Path string
	// MountPath is the absolute path under which the process finds it, unique among the files of the component.
	MountPath string
	// Mode has the permission bits only.
	Mode fs.FileMode
	// Content is at most 4 KiB and has no NUL bytes. It is the user's: it goes into no message and no log.
	Content []byte
	// Source is where the component names the file.
	Source diag.Position
}
