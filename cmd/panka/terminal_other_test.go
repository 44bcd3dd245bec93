//go:build !linux

package main

import "github.com/rogpeppe/go-internal/testscript"

// onTerminal needs Linux's pseudo-terminals.
func onTerminal(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Fatalf("no pseudo-terminals here: guard the script with [!linux] skip")
}
