package remote_test

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/locktable"
	"github.com/panka-io/panka/lockstate/seal"
)

// TestManyStacks lets a hundred stacks be deployed at once, three times each, against one bucket and one table: all finish,
// and none finds anything of another's.
func TestManyStacks(t *testing.T) {
	const stacks, runs, resources = 100, 3, 20
	w := newWorld(t)
	name, keys := w.place(t), t.TempDir()
	began := time.Now()
	var wg sync.WaitGroup
	for i := range stacks {
		b, err := seal.Open(w.open(t, name, locktable.Options{}), seal.NewKeyFiles(keys))
		if err != nil {
			t.Fatal(err)
		}
		key := lockstate.Key{Tenant: "default", Stack: fmt.Sprintf("stack-%d", i), Environment: "dev"}
		wg.Go(func() {
			for run := range uint64(runs) {
				if err := deployed(t, b, key, run, resources); err != nil {
					t.Errorf("%s, run %d: %v", key, run+1, err)
					return
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d runs with %d journal entries each in %.1f s", stacks*runs, 2*resources, time.Since(began).Seconds())
	fresh, err := seal.Open(w.open(t, name, locktable.Options{}), seal.NewKeyFiles(keys))
	if err != nil {
		t.Fatal(err)
	}
	all, err := fresh.Keys(t.Context(), "default")
	if err != nil || len(all) != stacks {
		t.Fatalf("there are %d states: %v", len(all), err)
	}
	for _, key := range all {
		s, err := fresh.Snapshot(t.Context(), key)
		if err != nil || s.Serial != runs || !bytes.Equal(s.Data, stateOf(key, runs)) {
			t.Errorf("%s has serial %d and %d bytes: %v", key, s.Serial, len(s.Data), err)
		}
		records, err := fresh.History(t.Context(), key)
		if err != nil || len(records) != runs {
			t.Errorf("%s has %d records: %v", key, len(records), err)
		}
	}
}

func stateOf(key lockstate.Key, serial uint64) []byte {
	return bytes.Repeat(fmt.Appendf(nil, "%s %d\n", key, serial), 1000)
}

// deployed makes a run that changes some resources, a few at the same time, and checks what it finds first.
func deployed(t *testing.T, b lockstate.Backend, key lockstate.Key, base uint64, resources int) (err error) {
	ctx := t.Context()
	l, err := b.Acquire(ctx, key, lockstate.Owner{Who: "ada", Operation: "apply"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Release(ctx)) }()
	s, err := b.Snapshot(ctx, key)
	if err != nil {
		return err
	}
	if s.Serial != base || base > 0 && !bytes.Equal(s.Data, stateOf(key, base)) {
		return fmt.Errorf("the state has serial %d and begins %q", s.Serial, s.Data[:min(60, len(s.Data))])
	}
	if entries, late, err := b.Journal(ctx, key, base); err != nil || len(entries)+late > 0 {
		return fmt.Errorf("the journal has %d entries, %d late: %w", len(entries), late, err)
	}
	id := fmt.Sprintf("r%d", base)
	if err := l.PutRecord(ctx, id, []byte("running")); err != nil {
		return err
	}
	var wg sync.WaitGroup
	failures := make([]error, 2*resources)
	for i := range failures {
		wg.Go(func() { failures[i] = l.Append(ctx, base, uint64(i+1), stateOf(key, base)[:perEntry]) })
	}
	wg.Wait()
	if err := errors.Join(failures...); err != nil {
		return err
	}
	if _, err := l.WriteSnapshot(ctx, base, stateOf(key, base+1)); err != nil {
		return err
	}
	return l.PutRecord(ctx, id, []byte("succeeded"))
}
