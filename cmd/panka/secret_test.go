package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// Every secret of a script that uses nosecret begins with canary, and a secret that no process but panka may know, such
// as a database's password, with privateCanary.
const (
	canary        = "c4n4ry"
	privateCanary = canary + "-private"
)

// noSecret is the command nosecret FILE...: it fails the script if a secret is in what the last command printed, in a
// file that the script or a command made, but for FILEs and the secrets of a sandbox's account, or in the command line
// of a process. Pulumi's encoding of a secret does not hide it.
func noSecret(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: nosecret FILE...")
	}
	for _, stream := range []string{"stdout", "stderr"} {
		if revealing([]byte(ts.ReadFile(stream))) {
			ts.Fatalf("a secret is on %s", stream)
		}
	}
	var allowed []string
	for _, file := range args {
		allowed = append(allowed, ts.MkAbs(file))
	}
	looked := 0
	started := ts.Value(startedKey{}).(time.Time)
	for _, dir := range []string{ts.Getenv("WORK"), filepath.Join(ts.Getenv("XDG_CACHE_HOME"), "panka")} {
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() || slices.Contains(allowed, path) {
				return ignoreGone(err)
			}
			if entry.Name() == "cloud.json.new" { // The account while it is written: half of it cannot be read without its secrets.
				return nil
			}
			if info, err := entry.Info(); err != nil || info.ModTime().Before(started) {
				return ignoreGone(err)
			}
			data, err := os.ReadFile(path)
			if err == nil && filepath.Base(path) == "cloud.json" {
				data, err = withoutSecrets(data)
			}
			looked++
			if revealing(data) || revealing([]byte(path)) {
				ts.Fatalf("a secret is in %s", path)
			}
			return ignoreGone(err)
		})
		ts.Check(err)
	}
	if looked < 10 {
		ts.Fatalf("only %d files were looked at", looked)
	}
	noSecretInProcesses(ts)
}

type startedKey struct{}

func revealing(data []byte) bool {
	encoded := func(s string) []byte { return []byte(base64.StdEncoding.EncodeToString([]byte(s[:6]))) }
	return bytes.Contains(data, []byte(canary)) || bytes.Contains(data, encoded(canary)) || bytes.Contains(data, encoded(`"`+canary))
}

// ignoreGone: files come and go while a run is under way.
func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// withoutSecrets takes off the account's own secrets, the one place where their values may be.
func withoutSecrets(data []byte) ([]byte, error) {
	var account map[string]any
	if err := json.Unmarshal(data, &account); err != nil {
		return nil, err
	}
	delete(account, "secrets")
	return json.Marshal(account)
}

// noSecretInProcesses looks at all processes, where the system lets it (Linux). Wave programs get the values of
// variables in their environment, and panka has those that the user gave it; nobody else's business is in either.
func noSecretInProcesses(ts *testscript.TestScript) {
	processes, err := filepath.Glob("/proc/[0-9]*")
	ts.Check(err)
	for _, dir := range processes {
		// A process that ended in the meantime, or is another user's, cannot be read.
		if line, err := os.ReadFile(filepath.Join(dir, "cmdline")); err == nil && revealing(line) {
			ts.Fatalf("a secret is in the command line of %s: %s", dir, strings.ReplaceAll(string(line), "\x00", " "))
		}
		if environ, err := os.ReadFile(filepath.Join(dir, "environ")); err == nil && bytes.Contains(environ, []byte(privateCanary)) {
			ts.Fatalf("a secret is in the environment of %s", dir)
		}
	}
}
