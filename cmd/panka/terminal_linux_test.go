package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// onTerminal runs a command whose input, output and errors are a terminal that never answers, and writes what the
// terminal got to the file screen. The command must end within four seconds: one that asks the terminal something would
// wait for longer.
func onTerminal(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: [!] terminal CMD ARGS...")
	}
	master, slave, err := openTerminal()
	ts.Check(err)
	defer master.Close()
	cmd := exec.Command(args[0], args[1:]...)
	if strings.Contains(args[0], "/") || args[0] != "panka" {
		ts.Fatalf("terminal runs panka only")
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"PATH", "HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TERM", "NO_COLOR"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	screen := make(chan string, 1)
	go func() {
		data, _ := io.ReadAll(master) // ends with an error when the command has gone
		screen <- string(data)
	}()
	begun := time.Now()
	err = cmd.Run()
	took := time.Since(begun)
	slave.Close()
	text := strings.ReplaceAll(<-screen, "\r\n", "\n")
	ts.Logf("[screen]\n%q", text)
	ts.Check(os.WriteFile(ts.MkAbs("screen"), []byte(text), 0o644))
	if (err != nil) != neg {
		ts.Fatalf("%s ended with %v", args[0], err)
	}
	if took > 4*time.Second {
		ts.Fatalf("it took %s: does something wait for an answer of the terminal?", took)
	}
}

// openTerminal makes a pseudo-terminal.
func openTerminal() (master, slave *os.File, err error) {
	master, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("make a terminal: %w", err)
	}
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		return nil, nil, fmt.Errorf("unlock the terminal: %w", err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		return nil, nil, fmt.Errorf("find the terminal's number: %w", err)
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("open the terminal: %w", err)
	}
	return master, slave, nil
}
