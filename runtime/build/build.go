// Package build turns generated wave projects into programs with the Go toolchain, and keeps the programs by the
// content they were built from, so that nothing is built twice.
//
// Linking is what costs, so all waves of a stack are linked into one executable (see combine.go), which is installed
// once for each wave and runs the wave that it is called by. A key covers the Go files of the waves, go.mod, go.sum, the
// toolchain and the target platform; places in the YAML, which are only in bundle.json, do not matter to it. A program
// appears in the cache by a rename, so two builds at once and a crash do no harm.
package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
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
	// Dirs are the folders that the programs must run in to find the files that they read, one for each of Waves; nil if
	// they read none.
	Dirs    []string
	Built   bool // false when all were in the cache
	Seconds float64
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
	for _, wave := range r.Waves {
		if !fs.ValidPath(wave) || path.Base(wave) != wave || wave == "." {
			return nil, fmt.Errorf("wave folder %q is not a plain name", wave)
		}
	}
	goCommand, err := exec.LookPath("go")
	if err != nil {
		return nil, ErrNoToolchain
	}
	toolchain, err := toolchainVersion(ctx, goCommand, r.CacheDir)
	if err != nil {
		return nil, err
	}
	dirs, err := r.layOutAttached()
	if err != nil {
		return nil, err
	}
	result := &Result{Dirs: dirs}
	dir, cached := filepath.Join(r.CacheDir, r.key(toolchain)), true
	for _, wave := range r.Waves {
		program := filepath.Join(dir, executable(wave))
		result.Programs = append(result.Programs, program)
		if _, err := os.Stat(program); err != nil {
			cached = false
		}
	}
	if cached {
		touch(dir)
		return result, nil
	}
	if r.Log != nil {
		r.Log("building " + strings.Join(r.Waves, ", "))
	}
	if err := r.build(ctx, goCommand, dir); err != nil {
		return nil, err
	}
	prune(r.CacheDir)
	result.Built, result.Seconds = true, time.Since(start).Seconds()
	return result, nil
}

// keyLength is the number of hex digits of a key.
const keyLength = 40

// key names the programs by everything that they are made from.
func (r Request) key(toolchain string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s/%s\n%s\n", toolchain, runtime.GOOS, runtime.GOARCH, strings.Join(flags, " "))
	for _, name := range r.sources() {
		fmt.Fprintf(h, "%s %x\n", name, sha256.Sum256(r.Files[name]))
	}
	fmt.Fprintln(h, strings.Join(r.Waves, " "))
	return hex.EncodeToString(h.Sum(nil))[:keyLength]
}

// sources lists the files that a build reads, sorted.
func (r Request) sources() []string {
	var names []string
	for name := range r.Files {
		inWave := slices.Contains(r.Waves, path.Dir(name)) && path.Ext(name) == ".go"
		if name == "go.mod" || name == "go.sum" || inWave {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// flags make linking faster: the programs are not debugged as they are.
var flags = []string{"-ldflags=-s -w"}

// build makes the programs in a folder beside to and renames that.
func (r Request) build(ctx context.Context, goCommand, to string) (err error) {
	if err := os.MkdirAll(r.CacheDir, 0o700); err != nil {
		return fmt.Errorf("make the build cache: %w", err)
	}
	dir, err := workFolder(r.CacheDir, r.Files["go.mod"])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	target, err := r.write(dir)
	if err != nil {
		return err
	}
	bin := filepath.Join(dir, "bin")
	if err := os.Mkdir(bin, 0o700); err != nil {
		return fmt.Errorf("make a build folder: %w", err)
	}
	first := filepath.Join(bin, executable(r.Waves[0]))
	cmd := exec.CommandContext(ctx, goCommand, slices.Concat([]string{"build", "-o", first}, flags, []string{"./" + target})...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		return &Error{Output: strings.TrimSpace(string(out)), Err: err}
	}
	for _, wave := range r.Waves[1:] {
		if err := os.Link(first, filepath.Join(bin, executable(wave))); err != nil {
			return fmt.Errorf("keep %s in the build cache: %w", wave, err)
		}
	}
	return install(bin, to)
}

// workFolder makes an empty folder to build in. It is the same one for each build of a module, because the Go compiler
// keeps what it compiled by the folder too; while another build uses it, and if a crashed one left it lately, any other
// will do.
func workFolder(cache string, goMod []byte) (string, error) {
	const abandoned = time.Hour
	id := sha256.Sum256(goMod)
	dir := filepath.Join(cache, "build-"+hex.EncodeToString(id[:8]))
	if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > abandoned {
		if err := os.RemoveAll(dir); err != nil {
			return "", fmt.Errorf("remove an abandoned build folder: %w", err)
		}
	}
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		dir, err = os.MkdirTemp(cache, "build-")
	}
	if err != nil {
		return "", fmt.Errorf("make a build folder: %w", err)
	}
	return dir, nil
}

// write lays out what the go command needs and returns the folder of the program to build.
func (r Request) write(dir string) (string, error) {
	files, target, err := combine(r.Files, r.sources(), r.Waves)
	if err != nil {
		return "", err
	}
	for name, content := range files {
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return "", fmt.Errorf("generated file %q is outside its folder", name)
		}
		target := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			return "", fmt.Errorf("lay out %s: %w", name, err)
		}
		if err := os.WriteFile(target, content, 0o600); err != nil {
			return "", fmt.Errorf("lay out %s: %w", name, err)
		}
	}
	return target, nil
}

// install moves a folder of programs into its place in the cache. Another process may have done so first.
func install(from, to string) error {
	err := os.Rename(from, to)
	if err == nil {
		return nil
	}
	if _, statErr := os.Stat(to); statErr == nil {
		return nil
	}
	return fmt.Errorf("keep the programs in the build cache: %w", err)
}

func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}
