package conformance

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/panka-io/panka/lockstate"
)

func snapshots(t *testing.T, s Store) {
	ctx := t.Context()
	big := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	for i, data := range [][]byte{[]byte("one"), {}, big, {0, 0xff, '\n'}} {
		l := acquire(t, s.Open(), dev)
		base := uint64(i)
		written, err := l.WriteSnapshot(ctx, base, data)
		check(t, err, "write")
		check(t, l.Release(ctx), "release")
		read, err := s.Open().Snapshot(ctx, dev)
		check(t, err, "read")
		for _, got := range []lockstate.Snapshot{written, read} {
			if got.Serial != base+1 || got.Token != l.Lock().Token || got.Writer != l.Lock().ID || !bytes.Equal(got.Data, data) {
				t.Errorf("got serial %d, token %d, writer %s, %d bytes; want %d, %d, %s, %d",
					got.Serial, got.Token, got.Writer, len(got.Data), base+1, l.Lock().Token, l.Lock().ID, len(data))
			}
		}
	}
}

func snapshotConflict(t *testing.T, s Store) {
	b, ctx := s.Open(), t.Context()
	l := acquire(t, b, dev)
	_, err := l.WriteSnapshot(ctx, 1, []byte("based on nothing"))
	wantError(t, err, lockstate.ErrConflict, "write the second snapshot first")
	for base := range uint64(2) {
		_, err = l.WriteSnapshot(ctx, base, []byte(fmt.Sprint(base+1)))
		check(t, err, "write")
	}
	for _, base := range []uint64{0, 1, 3} {
		_, err = l.WriteSnapshot(ctx, base, []byte("conflict"))
		wantError(t, err, lockstate.ErrConflict, fmt.Sprintf("write with base %d when 2 is stored", base))
	}
	if got, err := b.Snapshot(ctx, dev); err != nil || got.Serial != 2 || string(got.Data) != "2" {
		t.Errorf("got %d %q, %v", got.Serial, got.Data, err)
	}
	check(t, l.Release(ctx), "release")
}

// wantJournal checks what there is for a base.
func wantJournal(t *testing.T, b lockstate.Backend, base, token uint64, want []string, wantLate int) {
	t.Helper()
	entries, late, err := b.Journal(t.Context(), dev, base)
	check(t, err, "read the journal")
	var got []string
	for _, e := range entries {
		if e.Base != base || e.Token != token {
			t.Errorf("entry %d has base %d and token %d, want %d and %d", e.Seq, e.Base, e.Token, base, token)
		}
		got = append(got, fmt.Sprintf("%d %s", e.Seq, e.Data))
	}
	if !slices.Equal(got, want) || late != wantLate {
		t.Errorf("base %d: got %q and %d late ones, want %q and %d", base, got, late, want, wantLate)
	}
}

func journal(t *testing.T, s Store) {
	ctx := t.Context()
	l := acquire(t, s.Open(), dev)
	var want []string
	for seq := uint64(1); seq <= 12; seq++ {
		data := fmt.Sprintf("entry %d", seq)
		check(t, l.Append(ctx, 0, seq, []byte(data)), "append")
		want = append(want, fmt.Sprintf("%d %s", seq, data))
		wantJournal(t, s.Open(), 0, l.Lock().Token, want, 0) // durable and visible as soon as Append returns
	}
	if l.Append(ctx, 0, 12, []byte("again")) == nil {
		t.Error("an entry was replaced")
	}
	wantJournal(t, s.Open(), 0, l.Lock().Token, want, 0)
	check(t, l.Release(ctx), "release")
	wantJournal(t, s.Open(), 0, l.Lock().Token, want, 0) // a release without a snapshot, as after a failure, keeps them
}

func journalAcrossSnapshots(t *testing.T, s Store) {
	ctx := t.Context()
	l := acquire(t, s.Open(), dev)
	token := l.Lock().Token
	check(t, l.Append(ctx, 0, 1, []byte("a")), "append")
	check(t, l.Append(ctx, 0, 2, []byte("b")), "append")
	_, err := l.WriteSnapshot(ctx, 0, []byte("a b"))
	check(t, err, "write")
	wantJournal(t, s.Open(), 1, 0, nil, 0)
	wantJournal(t, s.Open(), 0, 0, nil, 0) // dropped
	check(t, l.Append(ctx, 1, 3, []byte("c")), "append; the count goes on within a lease")
	check(t, l.Append(ctx, 1, 4, []byte("d")), "append")
	wantJournal(t, s.Open(), 1, token, []string{"3 c", "4 d"}, 0)
	wantJournal(t, s.Open(), 0, 0, nil, 0)
	check(t, l.Release(ctx), "release")
}

func journalOfConcurrentWriters(t *testing.T, s Store) {
	const n = 64
	l := acquire(t, s.Open(), dev)
	var want []string
	for seq := 1; seq <= n; seq++ {
		want = append(want, fmt.Sprintf("%d x%d", seq, seq))
	}
	order := rand.Perm(n)
	together(n, func(i int) {
		seq := order[i] + 1
		if err := l.Append(t.Context(), 0, uint64(seq), fmt.Appendf(nil, "x%d", seq)); err != nil {
			t.Errorf("append %d: %v", seq, err)
		}
	})
	wantJournal(t, s.Open(), 0, l.Lock().Token, want, 0)
	check(t, l.Release(t.Context()), "release")
}

func lateEntries(t *testing.T, s Store) {
	ctx := t.Context()
	first := acquire(t, s.Open(), dev)
	for seq := uint64(1); seq <= 3; seq++ {
		check(t, first.Append(ctx, 0, seq, []byte("first")), "append")
	}
	check(t, s.Open().Unlock(ctx, dev, first.Lock().ID), "unlock")
	second := acquire(t, s.Open(), dev)
	wantJournal(t, s.Open(), 0, first.Lock().Token, []string{"1 first", "2 first", "3 first"}, 0)
	check(t, second.Append(ctx, 0, 1, []byte("second")), "append")
	wantJournal(t, s.Open(), 0, second.Lock().Token, []string{"1 second"}, 3)
	_, err := second.WriteSnapshot(ctx, 0, []byte("all"))
	check(t, err, "write")
	wantJournal(t, s.Open(), 1, 0, nil, 0)
	check(t, second.Release(ctx), "release")
}
