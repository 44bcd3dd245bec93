package testservers

import (
	"os/exec"
	"syscall"
)

// dieWithParent has the system end a server whose test process is killed.
func dieWithParent(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
