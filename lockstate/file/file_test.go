package file

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/conformance"
)

var (
	dev  = lockstate.Key{Tenant: "default", Stack: "app", Environment: "dev"}
	prod = lockstate.Key{Tenant: "default", Stack: "app", Environment: "prod"}
	ada  = lockstate.Owner{Who: "ada@example.com", Host: "laptop", PID: 1, Operation: "apply"}
)

func open(t testing.TB, dir string, opts Options) *Backend {
	t.Helper()
	b, err := Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func acquire(t testing.TB, b lockstate.Backend, key lockstate.Key) lockstate.Lease {
	t.Helper()
	l, err := b.Acquire(context.Background(), key, ada)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestConformance(t *testing.T) {
	conformance.Run(t, func(t *testing.T) conformance.Store {
		dir := filepath.Join(t.TempDir(), "state")
		return conformance.Store{
			Open:     func() lockstate.Backend { return open(t, dir, Options{}) },
			Abandon:  func(l lockstate.Lease) { dropLive(l.(*lease).live) },
			Patience: 10 * time.Second,
			Damage: func(object string, change func([]byte) []byte) bool {
				damageFile(t, filepath.Join(dir, dev.String(), object), change)
				return true
			},
		}
	})
}

func damageFile(t *testing.T, name string, change func([]byte) []byte) {
	data, err := os.ReadFile(name)
	check(t, err)
	check(t, os.Remove(name)) // another name for the file is another file from now on
	if data = change(data); data != nil {
		check(t, os.WriteFile(name, data, 0o600))
	}
}

func TestOpenRefusesBadOptions(t *testing.T) {
	for _, opts := range []Options{
		{Lease: -time.Second}, {Lease: time.Second, Heartbeat: time.Second}, {Lease: time.Second, Heartbeat: -1}, {Heartbeat: time.Hour},
	} {
		if _, err := Open(t.TempDir(), opts); err == nil {
			t.Errorf("%+v is accepted", opts)
		}
	}
}

func TestNobodyElseCanReadTheFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	l := acquire(t, open(t, dir, Options{}), dev)
	fill(t, l)
	check(t, l.Append(context.Background(), 2, 3, []byte("x")))
	files := 0
	check(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if entry.IsDir() {
			want = 0o700
		} else {
			files++
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %s", path, info.Mode())
		}
		return nil
	}))
	if files < 6 {
		t.Errorf("only %d files were found", files)
	}
	check(t, l.Release(context.Background()))
}

// fill stores snapshots 1 and 2 and two records.
func fill(t testing.TB, l lockstate.Lease) {
	t.Helper()
	ctx := context.Background()
	for base, text := range []string{"one", "two"} {
		check(t, l.Append(ctx, uint64(base), uint64(base)+1, []byte(text)))
		_, err := l.WriteSnapshot(ctx, uint64(base), []byte(text))
		check(t, err)
	}
	check(t, l.PutRecord(ctx, "r1", []byte("first")))
	check(t, l.PutRecord(ctx, "r2", []byte("second")))
}

func TestSymbolicLinksDoNotLeadOut(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	check(t, os.MkdirAll(filepath.Join(outside, "dev"), 0o700))
	check(t, os.MkdirAll(filepath.Join(dir, "default"), 0o700))
	check(t, os.Symlink(outside, filepath.Join(dir, "default", "app")))
	if _, err := open(t, dir, Options{}).Acquire(t.Context(), dev, ada); err == nil {
		t.Error("a folder outside was used")
	}
	if found, err := os.ReadDir(filepath.Join(outside, "dev")); err != nil || len(found) != 0 {
		t.Errorf("outside, there are %v, %v", found, err)
	}

	// The same for a file.
	dir = t.TempDir()
	secret := filepath.Join(outside, "secret")
	check(t, os.WriteFile(secret, []byte("secret"), 0o600))
	check(t, os.MkdirAll(filepath.Join(dir, dev.String()), 0o700))
	check(t, os.Symlink(secret, filepath.Join(dir, dev.String(), snapshotFile)))
	if _, err := open(t, dir, Options{}).Snapshot(t.Context(), dev); err == nil || errors.Is(err, lockstate.ErrCorrupt) {
		t.Errorf("reading a link that leads out: %v", err)
	}
}

func TestKeysPassesOverWhatIsNotAState(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, Options{})
	check(t, acquire(t, b, prod).Release(t.Context())) // nothing was stored
	held := acquire(t, b, dev)
	check(t, os.WriteFile(filepath.Join(dir, "default", "note"), nil, 0o600))
	check(t, os.WriteFile(filepath.Join(dir, "default", "app", "readme"), nil, 0o600))
	check(t, os.MkdirAll(filepath.Join(dir, "default", "Not a name", "dev", journalDir), 0o700))
	got, err := b.Keys(t.Context(), "default")
	if err != nil || len(got) != 1 || got[0] != dev {
		t.Errorf("got %v, %v; want only %s", got, err, dev)
	}
	check(t, held.Release(t.Context()))
}

func TestReadingMakesNoFolders(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, Options{})
	_, err := b.Snapshot(t.Context(), dev)
	check(t, err)
	_, err = b.Holder(t.Context(), dev)
	check(t, err)
	if found, err := os.ReadDir(dir); err != nil || len(found) != 0 {
		t.Errorf("there are %v, %v", found, err)
	}
}

func TestDeletedLockFileDoesNotResetTheToken(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, Options{})
	for range 3 {
		check(t, acquire(t, b, dev).Release(t.Context()))
	}
	l := acquire(t, b, dev)
	_, err := l.WriteSnapshot(t.Context(), 0, []byte("x"))
	check(t, err)
	check(t, os.Remove(filepath.Join(dir, dev.String(), documentFile)))
	if err := l.Release(t.Context()); !errors.Is(err, lockstate.ErrLockLost) {
		t.Errorf("the holder did not notice: %v", err)
	}
	next := acquire(t, b, dev)
	if next.Lock().Token <= l.Lock().Token {
		t.Errorf("token %d came after %d", next.Lock().Token, l.Lock().Token)
	}
	check(t, next.Release(t.Context()))
}

func TestEntryForAnotherSnapshotIsRefused(t *testing.T) {
	l := acquire(t, open(t, t.TempDir(), Options{}), dev)
	fill(t, l)
	for _, base := range []uint64{0, 1, 3} {
		if err := l.Append(t.Context(), base, 3, nil); !errors.Is(err, lockstate.ErrConflict) {
			t.Errorf("base %d while 2 is stored: %v", base, err)
		}
	}
	check(t, l.Append(t.Context(), 2, 3, nil))
	check(t, l.Release(t.Context()))
}

func TestErrorsNameTheState(t *testing.T) {
	b := open(t, t.TempDir(), Options{})
	l := acquire(t, b, dev)
	_, err := l.WriteSnapshot(t.Context(), 7, nil)
	for _, err := range []error{err, b.Unlock(t.Context(), prod, "x"), b.Unlock(t.Context(), dev, "x")} {
		if err == nil || !strings.Contains(err.Error(), "app/") {
			t.Errorf("%v", err)
		}
	}
	check(t, l.Release(t.Context()))
}
