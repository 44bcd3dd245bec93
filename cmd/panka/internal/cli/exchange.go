package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/runtime/deploy"
)

// passphraseVariable is Pulumi's name for the passphrase of exported secrets.
const passphraseVariable = "PULUMI_CONFIG_PASSPHRASE"

func stateExportCommand(a *app) *cobra.Command {
	var t target
	out, plain := "", false
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the recorded state as pulumi stack import takes it",
		Long: `Write the recorded state as a deployment that pulumi stack import takes, into a stack called as the environment,
in a project called as the stack.

Secrets in it are encrypted with the passphrase in ` + passphraseVariable + `, as Pulumi does; with --show-secrets they are
readable, and pulumi stack import takes them if the passphrase is set too. A state without secrets needs neither.`,
		Example: "  panka state export --sandbox --environment development --out state.json",
		Args:    noArgs,
	}
	t.flags(cmd)
	t.sandboxFlag(cmd)
	cmd.Flags().StringVar(&out, "out", "", "write to `FILE`, which others cannot read, rather than to standard output")
	cmd.Flags().BoolVar(&plain, "show-secrets", false, "leave secrets readable")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := a.resolve(&t); err != nil {
			return err
		}
		backend, err := a.ops.OpenBackend(cmd.Context(), t.settings, a.Env)
		if err != nil {
			return err
		}
		got, err := a.ops.Export(cmd.Context(), backend, t.key(), deploy.Protection{Passphrase: a.Env[passphraseVariable], Plain: plain})
		if errors.Is(err, deploy.ErrUnprotected) {
			return usagef("set "+passphraseVariable+", or add --show-secrets", "%v", err)
		}
		if err != nil {
			return err
		}
		if got.Serial == 0 {
			if err := t.known(); err != nil {
				return err
			}
		}
		for _, p := range got.Pending {
			fmt.Fprintf(a.Err, "unfinished: %s\n", view.PendingText(p))
		}
		if out == "" {
			_, err := a.Out.Write(got.Data)
			return err
		}
		if err := writePrivate(a.path(out), got.Data); err != nil {
			return fmt.Errorf("write the state: %w", err)
		}
		if a.json() {
			return view.JSON(a.Out, view.Export{File: out, Serial: got.Serial, Resources: got.Resources})
		}
		fmt.Fprintf(a.Out, "Wrote %s of %s, serial %d, to %s.\n", view.Count(got.Resources, "resource"), t.String(), got.Serial, out)
		return nil
	}
	return cmd
}

// writePrivate writes a file that only its owner can read, whole or not at all.
func writePrivate(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".panka-*") // 0600
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// maxImport is the size of the largest file that is imported, in bytes: it would hold more than a hundred thousand resources.
const maxImport = 256 << 20

func stateImportCommand(a *app) *cobra.Command {
	d := deployment{app: a, operation: "import"}
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Replace the recorded state by an exported one",
		Long: `Replace what is recorded by what panka state export or pulumi stack export wrote, of a stack called as the
environment in a project called as the stack. - is standard input. Nothing in the cloud changes: what is recorded now and
not in the file stays there, and panka knows of it no more.

Secrets in the file are readable, or encrypted with the passphrase in ` + passphraseVariable + `.`,
		Example: "  panka state import state.json --sandbox --environment development",
		Args:    exactly(1),
	}
	d.target.flags(cmd)
	d.sandboxFlag(cmd)
	d.changing(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return d.importState(cmd.Context(), args[0])
	}
	return cmd
}

// importState approves and imports a file.
func (d *deployment) importState(ctx context.Context, name string) error {
	a := d.app
	if err := d.checkWait(); err != nil {
		return err
	}
	if err := d.needsApproval(); err != nil {
		return err
	}
	if name == "-" && !d.yes {
		return usagef("look at it, then add --yes", "standard input is the state, so there is nobody to ask")
	}
	if err := a.resolve(&d.target); err != nil {
		return err
	}
	if err := d.known(); err != nil {
		return err
	}
	data, err := a.readImport(name)
	if err != nil {
		return err
	}
	backend, err := a.ops.OpenBackend(ctx, d.settings, a.Env)
	if err != nil {
		return err
	}
	d.progress = quiet{a}
	request := deploy.Request{Backend: backend, Key: d.key(), Owner: a.owner(d.operation), LockTimeout: d.wait, Stop: a.stop,
		Events: d.progress.Event, Commit: a.commit(ctx, d.settings.Root)}
	res, err := a.ops.Import(ctx, request, data, deploy.Protection{Passphrase: a.Env[passphraseVariable]}, d.approveImport)
	if err != nil {
		return err
	}
	if a.json() {
		if err := view.JSON(a.Out, view.NewImport(d.key(), res)); err != nil {
			return err
		}
	} else {
		view.PrintImported(a.Out, d.String(), res)
	}
	if res.Outcome != deploy.Succeeded {
		return &statusError{exitFailed}
	}
	return nil
}

func (d *deployment) approveImport(ctx context.Context, s deploy.ImportSummary) (bool, error) {
	if !d.app.json() {
		view.PrintImportSummary(d.app.Out, d.String(), s, d.app.style())
	}
	if d.yes {
		return true, nil
	}
	return d.app.ask(ctx, "\nImport this state? [y/N] ")
}

func (a *app) readImport(name string) ([]byte, error) {
	var in io.Reader = a.In
	if name != "-" {
		f, err := os.Open(a.path(name))
		if err != nil {
			return nil, usagef("give a file that panka state export wrote", "read the state to import: %v", err)
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, maxImport+1))
	if err != nil {
		return nil, fmt.Errorf("read the state to import: %w", err)
	}
	if len(data) > maxImport {
		return nil, usagef("export one stack at a time", "the state to import is larger than %d MiB", maxImport>>20)
	}
	return data, nil
}
