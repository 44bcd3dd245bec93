// Package cli is panka's command line: one file a command. A command reads its flags, finds the repository and its
// settings, makes one call into the compiler or the runtime, hands what came out to package view, and returns an
// error that becomes the exit code. It refuses input it is not sure about, before anything is opened or written.
package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/compiler/suggest"
)

// Process is what a command line knows of the process it runs in. Nothing else of it is looked at.
type Process struct {
	Args []string // without the program's name
	In   io.Reader
	Out  io.Writer
	Err  io.Writer
	Env  settings.Env
	Dir  string // working directory, absolute

	InTerminal, OutTerminal, ErrTerminal bool
	Width                                func() int
	Now                                  func() time.Time

	// Interrupts receives the user's requests to stop; it may be nil. Uncatch gives them back to the system, so that
	// one more ends the process; it may be nil.
	Interrupts <-chan os.Signal
	Uncatch    func()
}

// app is one run of the command line: the process, the flags that all commands share, and what was found with them.
type app struct {
	Process
	ops Operations

	chdir  string
	output string

	root     string // repository, once it is known
	started  bool   // a command's own code has begun
	stop     chan struct{}
	graceful atomic.Bool // the first interrupt asks for a stop rather than cancels
	notice   func(string)
}

// Run runs one command line and returns the exit code.
func Run(ctx context.Context, p Process, ops Operations) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a := &app{Process: p, ops: ops, stop: make(chan struct{})}
	a.notice = func(text string) { _, _ = io.WriteString(a.Err, text+"\n") }
	done := make(chan struct{})
	defer close(done)
	if p.Interrupts != nil {
		go a.watch(cancel, done)
	}
	root := newRoot(a)
	root.SetArgs(p.Args)
	err := root.ExecuteContext(ctx)
	if err != nil && !a.started {
		err = asUsage(err)
	}
	return a.report(err)
}

// watch turns interrupts into a stop and then a cancellation.
func (a *app) watch(cancel func(), done <-chan struct{}) {
	var once sync.Once
	for {
		select {
		case <-done:
			return
		case <-a.Interrupts:
		}
		first := false
		once.Do(func() { first = true; close(a.stop) })
		if first && a.graceful.Load() {
			a.notice("stopping: waiting for operations in flight (press Ctrl-C again to cancel)")
			continue
		}
		cancel()
		if a.Uncatch != nil {
			a.Uncatch()
		}
		return
	}
}

// stopped tells whether the user has asked for a stop.
func (a *app) stopped() bool {
	select {
	case <-a.stop:
		return true
	default:
		return false
	}
}

// asUsage gives an error of the flag parser the exit code and form of a usage error.
func asUsage(err error) error {
	var usage *usageError
	if errors.As(err, &usage) {
		return err
	}
	message, _, _ := strings.Cut(err.Error(), "\n")
	return usagef("panka --help lists the commands and flags", "%s", message)
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "panka",
		Short: "Deploy services described in YAML to AWS",
		Long: `panka compiles a stack described in YAML into Go programs and deploys them to AWS, wave by wave.

It works in a deployment repository: a folder that holds stacks/. With --sandbox it deploys into a
simulated account, without AWS.`,
		Example:       "  panka apply --sandbox --environment development --var VERSION=v1.0.0 --yes",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noSubcommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	root.PersistentFlags().StringVarP(&a.chdir, "chdir", "C", "", "start in `DIR` instead of the working directory")
	root.PersistentFlags().StringVarP(&a.output, "output", "o", "text", "`FORMAT` of what is printed: text or json")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef(cmd.CommandPath()+" --help shows its flags", "%s", flagError(err))
	})
	root.CompletionOptions.HiddenDefaultCmd = false
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return a.begin() }
	root.AddCommand(
		initCommand(a), validateCommand(a), graphCommand(a), showCommand(a), compileCommand(a),
		planCommand(a), applyCommand(a), rollbackCommand(a), destroyCommand(a),
		statusCommand(a), listCommand(a), historyCommand(a), stateCommand(a), unlockCommand(a), backendCommand(a), schemaCommand(a), versionCommand(a),
	)
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() == "completion" {
			cmd.Example = "  source <(panka completion bash)"
		}
	}
	return root
}

// begin checks the flags that all commands share. From here on errors are the command's own.
func (a *app) begin() error {
	if a.output != "text" && a.output != "json" {
		return usagef("write --output text or --output json", "unknown output format %q", a.output)
	}
	a.started = true
	return nil
}

// flagError is what the flag parser says, without what Go's own parser of numbers adds to it.
func flagError(err error) string {
	message, _, _ := strings.Cut(err.Error(), ": strconv.")
	return message
}

// noSubcommand refuses what is left of the arguments of a command that only holds others.
func noSubcommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	hint := cmd.CommandPath() + " --help lists the commands"
	if near := suggest.Hint(args[0], names); near != "" {
		hint = near
	}
	return usagef(hint, "unknown command %q for %q", args[0], cmd.CommandPath())
}

// noArgs refuses arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usagef(cmd.CommandPath()+" --help shows how it is used", "%s takes no arguments, got %q", cmd.CommandPath(), args[0])
}

// oneArg takes one argument or none.
func oneArg(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) <= 1 {
			return nil
		}
		return usagef(cmd.CommandPath()+" --help shows how it is used", "%s takes %s and nothing else, got %q", cmd.CommandPath(), what, args[1])
	}
}

// dir is where the command works: the working directory, or what --chdir says.
func (a *app) dir() string {
	if filepath.IsAbs(a.chdir) {
		return filepath.Clean(a.chdir)
	}
	return filepath.Join(a.Dir, a.chdir)
}

// path makes a path given in a flag absolute.
func (a *app) path(p string) string {
	if filepath.IsAbs(p) {
		return filepath.Clean(p)
	}
	return filepath.Join(a.dir(), p)
}

// json tells whether scripts are to read the output.
func (a *app) json() bool { return a.output == "json" }

// color tells whether a stream may be coloured.
func (a *app) color(terminal bool) bool {
	return terminal && a.Env["NO_COLOR"] == "" && a.Env["TERM"] != "dumb"
}

// style is how results look.
func (a *app) style() view.Style { return view.Style{Color: a.color(a.OutTerminal)} }
