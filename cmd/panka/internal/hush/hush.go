// Package hush keeps libraries from questioning the terminal while the program starts.
//
// The Pulumi SDK brings in a terminal library whose initialization asks the terminal for its background colour and
// waits up to five seconds for the answer. panka never uses it; yet each command would print an escape sequence, take
// what the user has typed ahead, and on terminals that do not answer begin five seconds late. The library asks nothing
// where TERM is dumb. So this package sets that when it is initialized, and Restore undoes it.
//
// Go initializes packages in the order of their import paths as soon as what they import is ready. This one imports
// only os, which the library's packages need too, and has a lower path than some of those: so it is always first. A
// script test holds that in place.
package hush

import "os"

var term, had = silence()

func silence() (term string, had bool) {
	term, had = os.LookupEnv("TERM")
	_ = os.Setenv("TERM", "dumb") // fails only for names that are not valid
	return term, had
}

// Restore gives the process the TERM it was started with. It is called before anything else is done.
func Restore() {
	if had {
		_ = os.Setenv("TERM", term)
	} else {
		_ = os.Unsetenv("TERM")
	}
}
