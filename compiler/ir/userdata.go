package ir

import "github.com/panka-io/panka/compiler/diag"

// UserData is what a machine does when it first starts, from a file of the repository.
type UserData struct {
	// Path is that of the file, relative to the repository's root, with slashes.
	Path string
	// Content is at most 16 KiB and has no NUL bytes; nothing in it is replaced. It is the user's: it goes into no message
	// and no log.
	Content []byte
	// Source is where the component names the file.
	Source diag.Position
}
