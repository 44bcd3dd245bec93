package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/examples"
	"github.com/panka-io/panka/schema"
)

// initRun is one call of the init command: its answers, from flags or from the terminal.
type initRun struct {
	app       *app
	backend   string
	region    string
	profile   string
	example   bool
	noExample bool
	yes       bool

	in      *bufio.Reader
	written []string
}

func initCommand(a *app) *cobra.Command {
	r := &initRun{app: a}
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Begin a deployment repository",
		Long: `Write panka.yaml and, where there is no stacks/ yet, a working example stack. On a terminal it asks
where the state is to be kept; flags answer for it elsewhere. Nothing that exists is overwritten, but the
JSON Schemas for editors in .panka/schemas, which panka schema --all writes too.`,
		Example: "  panka init --backend embedded --example",
		Args:    noArgs,
	}
	cmd.Flags().StringVar(&r.backend, "backend", "", "keep the state in `PLACE`: embedded, or s3://bucket/prefix?region=…&lockTable=…")
	cmd.Flags().StringVar(&r.region, "region", "", "AWS `REGION` of the bucket and lock table, where the backend does not say")
	cmd.Flags().StringVar(&r.profile, "profile", "", "AWS `PROFILE`, kept in your own configuration")
	cmd.Flags().BoolVar(&r.example, "example", false, "write the example stack")
	cmd.Flags().BoolVar(&r.noExample, "no-example", false, "do not write the example stack")
	cmd.Flags().BoolVarP(&r.yes, "yes", "y", false, "ask nothing: embedded backend and example unless flags say otherwise")
	cmd.RunE = func(*cobra.Command, []string) error { return r.run() }
	return cmd
}

func (r *initRun) run() error {
	root, err := r.place()
	if err != nil {
		return err
	}
	fresh := !hasFolder(filepath.Join(root, "stacks"))
	if err := r.answers(fresh); err != nil {
		return err
	}
	if r.example && !fresh {
		return usagef("leave --example out", "there is a folder stacks/ already in %s", root)
	}
	if err := r.writeNew(root, settings.FileName, []byte(settings.Render(r.backend))); err != nil {
		return err
	}
	if r.example {
		if err := r.writeExample(root); err != nil {
			return err
		}
	} else if fresh {
		if err := os.MkdirAll(filepath.Join(root, "stacks"), 0o755); err != nil {
			return fmt.Errorf("make the folder stacks: %w", err)
		}
	}
	if err := r.writeSchemas(root); err != nil {
		return err
	}
	if r.profile != "" {
		if err := settings.SaveProfile(r.app.Env, r.profile); err != nil {
			return err
		}
	}
	return r.told()
}

// place is where panka.yaml goes: the repository's root if there is one, else the working directory.
func (r *initRun) place() (string, error) {
	dir := r.app.dir()
	if !hasFolder(dir) {
		return "", usagef("give a directory that exists to --chdir", "there is no directory %s", dir)
	}
	root, err := settings.FindRoot(dir)
	if errors.Is(err, settings.ErrNoRepository) {
		root, err = dir, nil
	}
	if err != nil {
		return "", err
	}
	if _, err := os.Lstat(filepath.Join(root, settings.FileName)); err == nil {
		return "", usagef("edit it, or remove it first", "%s exists already in %s; nothing was written", settings.FileName, root)
	}
	return root, nil
}

// answers completes what the flags leave open.
func (r *initRun) answers(fresh bool) error {
	if r.example && r.noExample {
		return usagef("write one of them", "--example and --no-example contradict each other")
	}
	open := r.backend == "" || fresh && !r.example && !r.noExample
	if open && !r.yes {
		switch {
		case r.app.InTerminal && !r.app.json():
			if err := r.ask(fresh); err != nil {
				return err
			}
		case r.backend == "":
			return usagef("add --yes for the embedded backend, or --backend PLACE", "init has questions, and standard input is not a terminal")
		}
	}
	if r.backend == "" {
		r.backend = settings.Embedded
	}
	r.example = r.example || r.yes && fresh && !r.noExample
	return r.checkBackend()
}

// ask puts the open questions on the terminal.
func (r *initRun) ask(fresh bool) error {
	r.in = bufio.NewReader(r.app.In)
	if r.backend == "" {
		bucket, err := r.question("S3 bucket for the state (leave empty to keep it in files here)", "")
		if err != nil {
			return err
		}
		if bucket != "" {
			if err := r.askBucket(bucket); err != nil {
				return err
			}
		}
	}
	if fresh && !r.example && !r.noExample {
		answer, err := r.question("Write an example stack? (y/n)", "y")
		if err != nil {
			return err
		}
		r.example = strings.HasPrefix(strings.ToLower(answer), "y")
	}
	return nil
}

func (r *initRun) askBucket(bucket string) error {
	region, err := r.question("AWS region", orElse(r.region, "us-east-1"))
	if err != nil {
		return err
	}
	table, err := r.question("DynamoDB table for the locks", "panka-locks")
	if err != nil {
		return err
	}
	profile, err := r.question("AWS profile", orElse(r.profile, "default"))
	if err != nil {
		return err
	}
	r.profile = profile
	r.backend = (&url.URL{Scheme: "s3", Host: bucket, RawQuery: url.Values{"region": {region}, "lockTable": {table}}.Encode()}).String()
	return nil
}

// question asks and returns the answer, or the default for an empty one.
func (r *initRun) question(text, def string) (string, error) {
	fmt.Fprint(r.app.Out, text)
	if def != "" {
		fmt.Fprintf(r.app.Out, " [%s]", def)
	}
	fmt.Fprint(r.app.Out, ": ")
	line, err := r.in.ReadString('\n')
	if err != nil && !(errors.Is(err, io.EOF) && line != "") {
		return "", usagef("answer the questions, or use flags", "no answer to %q", text)
	}
	return orElse(strings.TrimSpace(line), def), nil
}

// checkBackend refuses an address that panka.yaml would not be read with, and puts the region in.
func (r *initRun) checkBackend() error {
	if r.backend != settings.Embedded && r.region != "" {
		if u, err := url.Parse(r.backend); err == nil && u.Query().Get("region") == "" {
			q := u.Query()
			q.Set("region", r.region)
			u.RawQuery = q.Encode()
			r.backend = u.String()
		}
	}
	if found := settings.CheckBackend(r.backend); len(found) > 0 {
		return usagef(found[0].Hint, "%s", found[0].Message)
	}
	return nil
}

// writeNew writes a file that must not exist.
func (r *initRun) writeNew(root, name string, data []byte) error {
	path := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	r.written = append(r.written, name)
	return nil
}

// writeExample writes the example stack. A sandbox.yaml that exists is left as it is.
func (r *initRun) writeExample(root string) error {
	files := examples.Seed()
	return fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if _, err := os.Lstat(filepath.Join(root, filepath.FromSlash(name))); err == nil {
			return nil
		}
		return r.writeNew(root, name, withModeline(name, data))
	})
}

// writeSchemas writes the schemas that the first lines of the example's documents name.
func (r *initRun) writeSchemas(root string) error {
	s, err := schema.New()
	if err != nil {
		return err
	}
	dir := filepath.Join(root, filepath.FromSlash(schemasDir))
	if err := ignore(root, dir); err != nil {
		return err
	}
	if _, err := writeSchemas(s, dir); err != nil {
		return err
	}
	r.written = append(r.written, schemasDir+"/")
	return nil
}

// told says what was written and what to do next.
func (r *initRun) told() error {
	if r.app.json() {
		return view.JSON(r.app.Out, map[string]any{"backend": r.backend, "files": r.written})
	}
	for _, name := range r.written {
		fmt.Fprintln(r.app.Out, "wrote", name)
	}
	if r.example {
		fmt.Fprint(r.app.Out, `
The example stack deploys into a simulated account without AWS:
  panka validate
  panka apply --sandbox --environment development --var VERSION=v1.0.0
  panka status --sandbox --environment development
`)
	}
	return nil
}
