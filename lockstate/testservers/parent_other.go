//go:build !linux

package testservers

import "os/exec"

// dieWithParent does nothing where the system cannot do it.
func dieWithParent(*exec.Cmd) {}
