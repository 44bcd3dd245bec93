// Package build turns generated wave projects into programs with the Go toolchain, and keeps the programs by the
// content they were built from, so that nothing is built twice.
//
// A program's key covers the Go files of its wave, go.mod, go.sum, the toolchain and the target platform; places in
// the YAML, which are only in bundle.json, do not matter to it. All programs that are missing are built by one go
// command. A program appears in the cache by a rename, so two builds at once and a crash do no harm.
package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Request says what to build.
type Request struct {
	// Files are the files of the generated folder, by slash-separated path relative to it.
	Files map[string][]byte
	// Waves are the folders of the programs, in order, as "wave-0".
	Waves []string
	// CacheDir keeps the programs; it is made if it does not exist.
	CacheDir string
	// Log is called with one line when a build begins. It may be nil.
	Log func(string)
}

// Result tells where the programs are.
type Result struct {
	Programs []string // absolute paths, one for each of Waves
	Built    bool     // false when all were in the cache
	Seconds  float64
}

// Error is a failed go command; Output is what it printed.
type Error struct {
	Output string
	Err    error
}

func (e *Error) Error() string { return fmt.Sprintf("go build: %v\n%s", e.Err, e.Output) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// ErrNoToolchain says that there is no go command.
var ErrNoToolchain = errors.New("the go command is not installed or not on PATH; panka builds the programs it generates with Go 1.25 or later")

// Build returns the programs of a generated folder, building those that are not in the cache.
func Build(ctx context.Context, r Request) (*Result, error) {
	start := time.Now()
	goCommand, err := exec.LookPath("go")
	if err != nil {
		return nil, ErrNoToolchain
	}
	toolchain, err := toolchainVersion(ctx, goCommand, r.CacheDir)
	if err != nil {
		return nil, err
	}
	result := &Result{}
	var missing []string
	for _, wave := range r.Waves {
		program := filepath.Join(r.CacheDir, key(r.Files, wave, toolchain), executable("program"))
		result.Programs = append(result.Programs, program)
		if _, err := os.Stat(program); err != nil {
			missing = append(missing, wave)
		}
	}
	if len(missing) == 0 {
		return result, nil
	}
	if r.Log != nil {
		r.Log("building " + strings.Join(missing, ", "))
	}
	if err := r.build(ctx, goCommand, missing, result.Programs); err != nil {
		return nil, err
	}
	result.Built, result.Seconds = true, time.Since(start).Seconds()
	return result, nil
}

// key names a program by everything that it is made from.
func key(files map[string][]byte, wave, toolchain string) string {
	var names []string
	for name := range files {
		if name == "go.mod" || name == "go.sum" || path.Dir(name) == wave && path.Ext(name) == ".go" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s/%s\n%s\n", toolchain, runtime.GOOS, runtime.GOARCH, strings.Join(flags, " "))
	for _, name := range names {
		fmt.Fprintf(h, "%s %x\n", path.Base(name), sha256.Sum256(files[name]))
	}
	return hex.EncodeToString(h.Sum(nil))[:40]
}

// flags make linking faster: the programs are not debugged as they are.
var flags = []string{"-ldflags=-s -w"}

func (r Request) build(ctx context.Context, goCommand string, waves, programs []string) (err error) {
	if err := os.MkdirAll(r.CacheDir, 0o700); err != nil {
		return fmt.Errorf("make the build cache: %w", err)
	}
	dir, err := os.MkdirTemp(r.CacheDir, "build-")
	if err != nil {
		return fmt.Errorf("make a build folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := r.write(dir, waves); err != nil {
		return err
	}
	bin := filepath.Join(dir, "bin")
	if err := os.Mkdir(bin, 0o700); err != nil {
		return fmt.Errorf("make a build folder: %w", err)
	}
	args := append([]string{"build", "-o", bin + string(filepath.Separator)}, flags...)
	for _, wave := range waves {
		args = append(args, "./"+wave)
	}
	cmd := exec.CommandContext(ctx, goCommand, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		return &Error{Output: strings.TrimSpace(string(out)), Err: err}
	}
	for i, wave := range r.Waves {
		if !slices.Contains(waves, wave) {
			continue
		}
		if err := install(filepath.Join(bin, executable(wave)), programs[i]); err != nil {
			return err
		}
	}
	return nil
}

// write lays out what the go command needs.
func (r Request) write(dir string, waves []string) error {
	for name, content := range r.Files {
		if name != "go.mod" && name != "go.sum" && !slices.Contains(waves, path.Dir(name)) {
			continue
		}
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return fmt.Errorf("generated file %q is outside its folder", name)
		}
		target := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			return fmt.Errorf("lay out %s: %w", name, err)
		}
		if err := os.WriteFile(target, content, 0o600); err != nil {
			return fmt.Errorf("lay out %s: %w", name, err)
		}
	}
	return nil
}

// install moves a program into its place in the cache. Another process may have done so first.
func install(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return fmt.Errorf("make the build cache: %w", err)
	}
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("keep %s in the build cache: %w", filepath.Base(from), err)
	}
	return nil
}

// toolchainVersion asks the go command for its version, which takes it long enough to be worth remembering: by the
// command's path, size and time.
func toolchainVersion(ctx context.Context, goCommand, cacheDir string) (string, error) {
	real, err := filepath.EvalSymlinks(goCommand)
	if err != nil {
		return "", fmt.Errorf("find the go command: %w", err)
	}
	info, err := os.Stat(real)
	if err != nil {
		return "", fmt.Errorf("find the go command: %w", err)
	}
	id := sha256.Sum256(fmt.Appendf(nil, "%s %d %d %s", real, info.Size(), info.ModTime().UnixNano(), os.Getenv("GOTOOLCHAIN")))
	memo := filepath.Join(cacheDir, "toolchain-"+hex.EncodeToString(id[:8]))
	if b, err := os.ReadFile(memo); err == nil && len(b) > 0 {
		return string(b), nil
	}
	cmd := exec.CommandContext(ctx, goCommand, "version")
	cmd.Dir = os.TempDir() // no go.mod there may choose another toolchain
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("ask the go command for its version: %w", err)
	}
	version := bytes.TrimSpace(out)
	if err := os.MkdirAll(cacheDir, 0o700); err != nil {
		return "", fmt.Errorf("make the build cache: %w", err)
	}
	tmp, err := os.CreateTemp(cacheDir, "version-")
	if err != nil {
		return "", fmt.Errorf("write to the build cache: %w", err)
	}
	_, err = tmp.Write(version)
	if err := errors.Join(err, tmp.Close(), os.Rename(tmp.Name(), memo)); err != nil {
		return "", fmt.Errorf("write to the build cache: %w", err)
	}
	return string(version), nil
}

func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}
