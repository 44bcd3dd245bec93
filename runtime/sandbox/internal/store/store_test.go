package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func blank() (*Document, error) {
	return &Document{Version: FormatVersion, Account: "1", Seed: 1}, nil
}

func open(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(context.Background(), dir, blank)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func count(t *testing.T, s *Store, typ string) (n int) {
	t.Helper()
	if err := s.View(func(tx *Tx) error { n = len(tx.All(typ)); return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func put(tx *Tx, key string) {
	tx.Put(&Resource{Type: "t", Key: key, ID: key, State: Available, Inputs: Values{"n": 1, "list": []string{"a"}}})
}

// TestManyAtOnce: two handles, as two processes have, lose nothing of each other's.
func TestManyAtOnce(t *testing.T) {
	dir := t.TempDir()
	stores := []*Store{open(t, dir), open(t, dir)}
	var group sync.WaitGroup
	for i, s := range stores {
		for j := range 50 {
			group.Go(func() {
				err := s.Update(context.Background(), func(tx *Tx) error {
					put(tx, fmt.Sprintf("%d-%d", i, j))
					tx.Next("n")
					return nil
				})
				if err != nil {
					t.Error(err)
				}
				count(t, s, "t")
			})
		}
	}
	group.Wait()
	if n := count(t, open(t, dir), "t"); n != 100 {
		t.Errorf("%d resources, want 100", n)
	}
	if err := stores[0].View(func(tx *Tx) error {
		if tx.Count("n") != 100 {
			t.Errorf("counter is %d, want 100", tx.Count("n"))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestFailedTransactionChangesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	failure := errors.New("no")
	err := s.Update(context.Background(), func(tx *Tx) error {
		put(tx, "a")
		tx.Next("n")
		tx.Edit(func(d *Document) { d.Account = "2" })
		if tx.Get("t", "a") == nil || len(tx.All("t")) != 1 || tx.Count("n") != 1 {
			t.Error("a transaction does not see its own changes")
		}
		return failure
	})
	if !errors.Is(err, failure) {
		t.Fatalf("error is %v", err)
	}
	if err := s.View(func(tx *Tx) error {
		if tx.Get("t", "a") != nil || tx.Count("n") != 0 || tx.Document().Account != "1" {
			t.Error("a failed transaction left something")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestRemovalAndEmptyTypes(t *testing.T) {
	s := open(t, t.TempDir())
	change := func(f func(*Tx)) {
		t.Helper()
		if err := s.Update(context.Background(), func(tx *Tx) error { f(tx); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	change(func(tx *Tx) { put(tx, "a") })
	change(func(tx *Tx) {
		tx.Remove(tx.Get("t", "a"))
		if tx.Get("t", "a") != nil || len(tx.All("t")) != 0 {
			t.Error("a removed resource is still seen")
		}
	})
	data, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), `"resources": {},`) {
		t.Errorf("an empty account is\n%s", data)
	}
}

// TestMemoryEqualsFile: what the process that wrote sees is what a later one reads.
func TestMemoryEqualsFile(t *testing.T) {
	s := open(t, t.TempDir())
	if err := s.Update(context.Background(), func(tx *Tx) error { put(tx, "a"); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, each := range []*Store{s, open(t, filepath.Dir(s.path))} {
		if err := each.View(func(tx *Tx) error {
			r := tx.Get("t", "a")
			if n, ok := r.Inputs.Number("n"); !ok || n != 1 || len(r.Inputs.Strings("list")) != 1 {
				t.Errorf("inputs are %#v", r.Inputs)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLeftovers: what a killed writer leaves beside the file does not matter.
func TestLeftovers(t *testing.T) {
	s := open(t, t.TempDir())
	if err := os.WriteFile(s.path+".new", []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(context.Background(), func(tx *Tx) error { put(tx, "a"); return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.path + ".new"); !os.IsNotExist(err) {
		t.Errorf("the temporary file is still there: %v", err)
	}
}

func TestBadFiles(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"not JSON":        {"{\n\"version\": 1,\n!}", "line 3"},
		"another version": {`{"version": 7}`, "format version 7; this panka reads 1"},
		"wrong type":      {"{\"version\": 1,\n\"resources\": []}", "cloud.json: line 2: resources cannot be of JSON type array"},
		"no mapping":      {"[]", "cloud.json: line 1: the account cannot be of JSON type array"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, FileName), []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Open(context.Background(), dir, blank)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want one with %q", err, c.want)
			}
		})
	}
}

// TestWriteFailure: when the file cannot be written the change did not happen.
func TestWriteFailure(t *testing.T) {
	s := open(t, t.TempDir())
	// A folder where the temporary file goes cannot be opened for writing, whoever runs the test.
	if err := os.Mkdir(s.path+".new", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(context.Background(), func(tx *Tx) error { put(tx, "a"); return nil }); err == nil {
		t.Fatal("no error")
	}
	if n := count(t, s, "t"); n != 0 {
		t.Errorf("%d resources after a failed write", n)
	}
}

func TestValuesAt(t *testing.T) {
	v := Values{"a": "x", "list": []any{"p", "q"}, "objects": []any{map[string]any{"k": "1"}, map[string]any{"k": "2", "deep": map[string]any{"l": []any{"3"}}}},
		"o": map[string]any{"list": []any{"r"}}, "u": Unknown{}}
	for path, want := range map[string]string{"a": "[x]", "list[]": "[p q]", "objects[].k": "[1 2]", "objects[].deep.l[]": "[3]", "o.list[]": "[r]",
		"none": "[]", "u": "[]", "o.none[]": "[]", "none[].x": "[]"} {
		if got := fmt.Sprint(v.At(path)); got != want {
			t.Errorf("At(%q) is %s, want %s", path, got, want)
		}
	}
}
