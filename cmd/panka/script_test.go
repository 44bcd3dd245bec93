package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/panka-io/panka/examples"
)

// TestMain lets scripts run the real main function as the command panka.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"panka": main})
}

// TestScripts runs testdata/script. Besides testscript's own commands the scripts have
//
//	example DIR              make a copy of the seed example
//	exits CODE CMD ARGS...   run a command that must end with that exit code
//	json FILE PATH WANT      the value at a path of a JSON document, as .changes.create or .waves[0].wave
//	lastline FILE OUT        copy the last line of a file, for streams of JSON lines
//	waitfor FILE REGEXP      wait until a file exists and matches
//	nosecret FILE...         no secret was printed or left anywhere, but for these files (see secret_test.go)
//	remote [PARAMETERS]      make a team's backend, in a bucket of the script's own, the one that panka uses
//	objects FOLDER FILE      list the versions of the objects in a folder of that backend
//	damage FOLDER            alter the only object in a folder of that backend
//	terminal CMD ARGS...     run a command on a terminal and keep what that shows in the file screen (Linux only)
//
// A flag UPDATE=1 in the environment rewrites what cmp compares with.
func TestScripts(t *testing.T) {
	aws := newServices(t)
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		UpdateScripts:       os.Getenv("UPDATE") != "",
		RequireExplicitExec: true,
		Setup:               setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"example": example, "exits": exits, "json": jsonValue, "lastline": lastLine, "waitfor": waitFor,
			"terminal": onTerminal, "nosecret": noSecret,
			"remote": aws.remote, "objects": aws.objects, "damage": aws.damage,
		},
	})
}

// setup gives a script a home of its own, but the machine's caches: the programs that it builds are built once.
func setup(env *testscript.Env) error {
	env.Values[startedKey{}] = time.Now().Truncate(time.Second)
	home := filepath.Join(env.WorkDir, "home")
	if err := os.Mkdir(home, 0o755); err != nil {
		return err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	env.Setenv("HOME", home)
	env.Setenv("XDG_CONFIG_HOME", filepath.Join(home, ".config"))
	env.Setenv("XDG_CACHE_HOME", cache)
	env.Setenv("USER", "script")
	there, err := filepath.Abs(filepath.Join("..", "..", "examples"))
	if err != nil {
		return err
	}
	env.Setenv("EXAMPLES", there)
	env.Setenv("TERM", "xterm")
	out, err := exec.Command("go", "env", "-json", "GOCACHE", "GOMODCACHE", "GOFLAGS", "GOPROXY", "GOTOOLCHAIN", "GOPATH").Output()
	if err != nil {
		return fmt.Errorf("go env: %w", err)
	}
	values := map[string]string{}
	if err := json.Unmarshal(out, &values); err != nil {
		return fmt.Errorf("go env: %w", err)
	}
	for name, value := range values {
		env.Setenv(name, value)
	}
	return nil
}

func example(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: example DIR")
	}
	ts.Check(os.CopyFS(ts.MkAbs(args[0]), examples.Seed()))
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE CMD ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("run %s: %v", args[1], err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

var pathRE = regexp.MustCompile(`\.([A-Za-z]+)|\[(\d+)\]`)

func jsonValue(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH WANT")
	}
	var v any
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &v); err != nil {
		ts.Fatalf("%s is no JSON document: %v", args[0], err)
	}
	for _, step := range pathRE.FindAllStringSubmatch(args[1], -1) {
		v = descend(ts, v, step[1], step[2])
	}
	got := fmt.Sprint(v)
	if list, ok := v.([]any); ok {
		got = fmt.Sprint(len(list)) // of a list, its length
	}
	if (got == args[2]) == neg {
		ts.Fatalf("%s is %s, want %s", args[1], got, args[2])
	}
}

func descend(ts *testscript.TestScript, v any, key, index string) any {
	switch v := v.(type) {
	case map[string]any:
		return v[key]
	case []any:
		i, err := strconv.Atoi(index)
		if err != nil || i >= len(v) {
			ts.Fatalf("no element [%s] in a list of %d", index, len(v))
		}
		return v[i]
	}
	ts.Fatalf("nothing below %v", v)
	return nil
}

func lastLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: lastline FILE OUT")
	}
	lines := strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(lines[len(lines)-1]+"\n"), 0o644))
}

func waitFor(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: waitfor FILE REGEXP")
	}
	re, err := regexp.Compile(args[1])
	ts.Check(err)
	path := ts.MkAbs(args[0])
	for deadline := time.Now().Add(5 * time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if data, err := os.ReadFile(path); err == nil && re.Match(data) {
			return
		}
	}
	ts.Fatalf("%s never matched %s", args[0], args[1])
}
