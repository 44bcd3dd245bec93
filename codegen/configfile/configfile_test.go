package configfile

import (
	"testing"

	"github.com/panka-io/panka/compiler/ir"
)

// TestFolders: a folder within another is none of its own; one that begins alike is.
func TestFolders(t *testing.T) {
	var files []ir.ConfigFile
	for _, p := range []string{"/etc/app/deep/b", "/etc/app-2/c", "/srv/d", "/etc/app/a"} {
		files = append(files, ir.ConfigFile{MountPath: p})
	}
	var got string
	for _, f := range Folders(files) {
		got += f.Path
		for _, file := range f.Files {
			got += " " + f.Place(file)
		}
		got += "\n"
	}
	if want := "/etc/app deep/b a\n/etc/app-2 c\n/srv d\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
