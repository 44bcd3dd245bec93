package seal_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/conformance"
	"github.com/panka-io/panka/lockstate/file"
	"github.com/panka-io/panka/lockstate/seal"
)

var (
	dev  = lockstate.Key{Tenant: "default", Stack: "app", Environment: "dev"}
	prod = lockstate.Key{Tenant: "default", Stack: "app", Environment: "prod"}
)

const canary = "hunter2-canary-of-the-tests"

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func files(t testing.TB, dir string) *file.Backend {
	t.Helper()
	b, err := file.Open(dir, file.Options{})
	check(t, err)
	return b
}

func sealed(t testing.TB, below lockstate.Backend, sources ...seal.KeySource) *seal.Backend {
	t.Helper()
	b, err := seal.Open(below, sources...)
	check(t, err)
	return b
}

func acquire(t testing.TB, b lockstate.Backend, key lockstate.Key) lockstate.Lease {
	t.Helper()
	l, err := b.Acquire(context.Background(), key, lockstate.Owner{Who: "ada"})
	check(t, err)
	return l
}

// fill stores a snapshot, an entry and a record.
func fill(t testing.TB, b lockstate.Backend, key lockstate.Key) {
	t.Helper()
	l := acquire(t, b, key)
	s, err := b.Snapshot(t.Context(), key)
	check(t, err)
	written, err := l.WriteSnapshot(t.Context(), s.Serial, []byte("snapshot "+canary))
	check(t, err)
	if string(written.Data) != "snapshot "+canary {
		t.Errorf("WriteSnapshot returned %q", written.Data)
	}
	check(t, l.Append(t.Context(), s.Serial+1, 1, []byte("entry "+canary)))
	check(t, l.PutRecord(t.Context(), "r-"+l.Lock().ID, []byte("record "+canary)))
	check(t, l.Release(t.Context()))
}

// readAll gives what can be read and the first error.
func readAll(t testing.TB, b lockstate.Backend, key lockstate.Key) ([]string, error) {
	t.Helper()
	var all []string
	s, err := b.Snapshot(t.Context(), key)
	if err != nil {
		return nil, err
	}
	all = append(all, string(s.Data))
	entries, _, err := b.Journal(t.Context(), key, s.Serial)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		all = append(all, string(e.Data))
	}
	records, err := b.History(t.Context(), key)
	for _, r := range records {
		all = append(all, string(r.Data))
	}
	return all, err
}

func wantWhole(t *testing.T, b lockstate.Backend) {
	t.Helper()
	all, err := readAll(t, b, dev)
	if want := "snapshot X|entry X|record X"; err != nil || strings.ReplaceAll(strings.Join(all, "|"), canary, "X") != want {
		t.Errorf("got %q, %v", all, err)
	}
}

func TestConformanceWithKeyFiles(t *testing.T) {
	conformance.Run(t, func(t *testing.T) conformance.Store {
		dir, keys := t.TempDir(), t.TempDir()
		return conformance.Store{Open: func() lockstate.Backend { return sealed(t, files(t, dir), seal.NewKeyFiles(keys)) }}
	})
}

func TestConformanceWithPassphrase(t *testing.T) {
	conformance.Run(t, func(t *testing.T) conformance.Store {
		dir, source := t.TempDir(), seal.NewPassphrase("correct horse")
		return conformance.Store{Open: func() lockstate.Backend { return sealed(t, files(t, dir), source) }}
	})
}

func TestNothingIsStoredInTheClear(t *testing.T) {
	for _, source := range []seal.KeySource{seal.NewKeyFiles(t.TempDir()), seal.NewPassphrase("correct horse")} {
		dir := t.TempDir()
		b := sealed(t, files(t, dir), source)
		fill(t, b, dev)
		wantWhole(t, b)
		found := 0
		check(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			found++
			data, err := os.ReadFile(path)
			if bytes.Contains(data, []byte(canary)) || bytes.Contains(data, []byte("correct horse")) {
				t.Errorf("%s: %s holds a secret", source.Scheme(), path)
			}
			return err
		}))
		if found < 5 {
			t.Errorf("only %d files were looked at", found)
		}
	}
}

func TestOneKeyForAState(t *testing.T) {
	dir, keys := t.TempDir(), t.TempDir()
	for range 3 {
		fill(t, sealed(t, files(t, dir), seal.NewKeyFiles(keys)), dev)
	}
	// Also if the first run ended before its first snapshot.
	first := acquire(t, sealed(t, files(t, dir), seal.NewKeyFiles(keys)), prod)
	check(t, first.Append(t.Context(), 0, 1, []byte("x")))
	check(t, first.Release(t.Context()))
	second := acquire(t, sealed(t, files(t, dir), seal.NewKeyFiles(keys)), prod)
	_, err := second.WriteSnapshot(t.Context(), 0, []byte("x"))
	check(t, err)
	check(t, second.Release(t.Context()))
	if names, err := filepath.Glob(filepath.Join(keys, "*")); err != nil || len(names) != 2 {
		t.Errorf("two states have the keys %v, %v", names, err)
	}
}

func TestMissingKeyFile(t *testing.T) {
	dir, keys := t.TempDir(), t.TempDir()
	fill(t, sealed(t, files(t, dir), seal.NewKeyFiles(keys)), dev)
	names, err := filepath.Glob(filepath.Join(keys, "*.key"))
	check(t, err)
	elsewhere := t.TempDir()
	stranger := sealed(t, files(t, dir), seal.NewKeyFiles(elsewhere))
	want := filepath.Join(elsewhere, filepath.Base(names[0]))
	_, err = readAll(t, stranger, dev)
	if !errors.Is(err, seal.ErrNoKey) || errors.Is(err, lockstate.ErrCorrupt) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "copy") {
		t.Errorf("got %v, want an error that names %s and what to do", err, want)
	}
	l := acquire(t, stranger, dev)
	if _, err := l.WriteSnapshot(t.Context(), 1, []byte("x")); !errors.Is(err, seal.ErrNoKey) {
		t.Errorf("a state that cannot be read was written: %v", err)
	}
	check(t, l.Release(t.Context()))
	if found, err := os.ReadDir(elsewhere); err != nil || len(found) != 0 {
		t.Errorf("a new key was made: %v, %v", found, err)
	}
	check(t, os.Rename(names[0], want)) // what the message says helps
	wantWhole(t, stranger)
}

func TestKeyFilesThatAreNotRight(t *testing.T) {
	for name, c := range map[string]struct {
		change func(path string) error
		says   string
	}{
		"readable by others": {func(p string) error { return os.Chmod(p, 0o644) }, "chmod 600"},
		"another key": {func(p string) error {
			return os.WriteFile(p, []byte("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"), 0o600)
		}, "does not hold the key"},
		"no key": {func(p string) error { return os.WriteFile(p, []byte("# only a comment\n"), 0o600) }, "does not hold the key"},
	} {
		dir, keys := t.TempDir(), t.TempDir()
		fill(t, sealed(t, files(t, dir), seal.NewKeyFiles(keys)), dev)
		names, err := filepath.Glob(filepath.Join(keys, "*.key"))
		check(t, err)
		if info, err := os.Stat(names[0]); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the key file has mode %v, %v", info.Mode(), err)
		}
		check(t, c.change(names[0]))
		_, err = sealed(t, files(t, dir), seal.NewKeyFiles(keys)).Snapshot(t.Context(), dev)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestPassphrases(t *testing.T) {
	dir := t.TempDir()
	fill(t, sealed(t, files(t, dir), seal.NewPassphrase("correct horse")), dev)
	wantWhole(t, sealed(t, files(t, dir), seal.NewPassphrase("correct horse")))
	for text, says := range map[string]string{"wrong horse": "is not the passphrase", "": "set PANKA_STATE_PASSPHRASE"} {
		_, err := sealed(t, files(t, dir), seal.NewPassphrase(text)).Snapshot(t.Context(), dev)
		if !errors.Is(err, seal.ErrNoKey) || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "horse") {
			t.Errorf("%q: got %v", text, err)
		}
	}
	_, err := sealed(t, files(t, dir), seal.NewKeyFiles(t.TempDir())).Snapshot(t.Context(), dev)
	if !errors.Is(err, seal.ErrNoKey) || !strings.Contains(err.Error(), "passphrase-1") {
		t.Errorf("without a source of passphrases: %v", err)
	}
}

func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestChangingFromKeyFileToPassphrase(t *testing.T) {
	dir, config := t.TempDir(), t.TempDir()
	at := func(passphrase string) *seal.Backend {
		sources, err := seal.FromEnvironment(environment(map[string]string{"XDG_CONFIG_HOME": config, "PANKA_STATE_PASSPHRASE": passphrase}))
		check(t, err)
		return sealed(t, files(t, dir), sources...)
	}
	fill(t, at(""), dev)
	names, err := filepath.Glob(filepath.Join(config, "panka", "keys", "*.key"))
	if err != nil || len(names) != 1 {
		t.Fatalf("the keys are %v, %v", names, err)
	}
	wantWhole(t, at("correct horse"))
	fill(t, at("correct horse"), dev) // with this snapshot the key file is needed for old history only
	check(t, os.Remove(names[0]))
	if s, err := at("correct horse").Snapshot(t.Context(), dev); err != nil || s.Serial != 2 {
		t.Errorf("got %d, %v", s.Serial, err)
	}
	if _, err := at("").Snapshot(t.Context(), dev); !errors.Is(err, seal.ErrNoKey) || !strings.Contains(err.Error(), "set PANKA_STATE_PASSPHRASE") {
		t.Errorf("without the passphrase: %v", err)
	}
	records, err := at("correct horse").History(t.Context(), dev)
	if !errors.Is(err, seal.ErrNoKey) || len(records) != 1 {
		t.Errorf("the history is %v, %v", records, err)
	}
}

func TestKeyFolder(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{"XDG_CONFIG_HOME": "/c", "HOME": "/h"}, "/c/panka/keys"},
		{map[string]string{"HOME": "/h"}, "/h/.config/panka/keys"},
		{map[string]string{"XDG_CONFIG_HOME": "relative", "HOME": "/h"}, "/h/.config/panka/keys"},
	} {
		if got, err := seal.KeyFolder(environment(c.env)); err != nil || got != c.want {
			t.Errorf("%v: got %s, %v", c.env, got, err)
		}
	}
}

func TestOpenNeedsSources(t *testing.T) {
	if _, err := seal.Open(files(t, t.TempDir())); err == nil {
		t.Error("no sources are accepted")
	}
	if _, err := seal.Open(files(t, t.TempDir()), seal.NewPassphrase("a"), seal.NewPassphrase("b")); err == nil {
		t.Error("two sources of one scheme are accepted")
	}
}

func BenchmarkAppend(b *testing.B) {
	l := acquire(b, sealed(b, files(b, b.TempDir()), seal.NewKeyFiles(b.TempDir())), dev)
	data := bytes.Repeat([]byte("x"), 1500)
	for seq := uint64(1); b.Loop(); seq++ {
		check(b, l.Append(b.Context(), 0, seq, data))
	}
}

func BenchmarkWriteSnapshot1MB(b *testing.B) {
	l := acquire(b, sealed(b, files(b, b.TempDir()), seal.NewKeyFiles(b.TempDir())), dev)
	data := bytes.Repeat([]byte("x"), 1<<20)
	b.SetBytes(int64(len(data)))
	for base := uint64(0); b.Loop(); base++ {
		_, err := l.WriteSnapshot(b.Context(), base, data)
		check(b, err)
	}
}
