// Command panka deploys stacks of services, described in YAML, to AWS.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/panka-io/panka/cmd/panka/internal/cli"
	"github.com/panka-io/panka/cmd/panka/internal/hush"
	"github.com/panka-io/panka/cmd/panka/internal/settings"
)

func main() { os.Exit(run()) }

// run hands the process to the command line and returns the exit code.
func run() int {
	hush.Restore()
	collectLess()
	interrupts := make(chan os.Signal, 2)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	return cli.Run(context.Background(), cli.Process{
		Args:        os.Args[1:],
		In:          os.Stdin,
		Out:         os.Stdout,
		Err:         os.Stderr,
		Env:         settings.ParseEnv(os.Environ()),
		Dir:         workingDirectory(),
		InTerminal:  term.IsTerminal(int(os.Stdin.Fd())),
		OutTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		ErrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
		Width:       width,
		Now:         time.Now,
		Interrupts:  interrupts,
		Uncatch:     func() { signal.Stop(interrupts) },
	}, cli.Panka())
}

// collectLess lets the heap grow further between garbage collections, unless the user says otherwise: most commands
// live for a tenth of a second, half of which the collector would take. With more than 200, checking three environments
// of a thousand components takes over 300 MB.
func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
}

// workingDirectory prefers the path that the user's shell shows, which may go through symbolic links.
func workingDirectory() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	return dir
}

// width is the number of columns of the terminal, 80 if it does not say.
func width() int {
	if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && w > 0 {
		return w
	}
	return 80
}
