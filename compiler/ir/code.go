package ir

import "github.com/panka-io/panka/compiler/diag"

// Code is what a function runs, from the repository.
type Code struct {
	// Path is that of the zip file or the folder, relative to the repository's root, with slashes.
	Path string
	// Zip is the zip file; a folder always gives the same bytes for the same files. It is the user's: it goes into no
	// message and no log.
	Zip []byte
	// Problem is why there is no Zip; nil if there is one. What generates the component reports it, so that a stack whose
	// code is not built yet can be looked at.
	Problem *diag.Diagnostic
	// Source is where the component names the path.
	Source diag.Position
}
