//go:build unix

package engine

import "syscall"

// ownGroup puts a child into a process group of its own, out of reach of the terminal's signals.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
