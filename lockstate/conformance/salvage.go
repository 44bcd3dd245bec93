package conformance

import (
	"fmt"
	"slices"
	"testing"

	"github.com/panka-io/panka/lockstate"
)

// told writes a run's state: three snapshots of a number each, with two journal entries before and after each.
func told(t *testing.T, s Store) lockstate.Lease {
	t.Helper()
	l := acquire(t, s.Open(), dev)
	seq := uint64(0)
	entries := func(base uint64) {
		for range 2 {
			seq++
			check(t, l.Append(t.Context(), base, seq, fmt.Appendf(nil, "entry %d", seq)), "append")
		}
	}
	for base := range uint64(3) {
		entries(base)
		_, err := l.WriteSnapshot(t.Context(), base, fmt.Appendf(nil, "state %d", base+1))
		check(t, err, "write")
	}
	entries(3)
	for i := range 2 {
		check(t, l.PutRecord(t.Context(), fmt.Sprintf("r%d", i+1), fmt.Appendf(nil, "run %d", i+1)), "put a record")
	}
	return l
}

func salvage(t *testing.T, b lockstate.Backend) lockstate.Salvage {
	t.Helper()
	found, err := b.Salvage(t.Context(), dev)
	check(t, err, "salvage")
	if found.Older != nil {
		t.Errorf("earlier objects: %v", found.Older)
	}
	return found
}

// brief is what was found, as text: the snapshots' and the entries' data, older ones in brackets.
func brief(found lockstate.Salvage) string {
	mark := func(text []byte, older bool) string {
		if older {
			return "[" + string(text) + "]"
		}
		return string(text)
	}
	out := fmt.Sprintf("%d:", found.Serial)
	for _, s := range found.Snapshots[:min(2, len(found.Snapshots))] {
		out += " " + mark(s.Data, s.Older)
	}
	for _, e := range found.Entries {
		if len(found.Snapshots) < 2 || e.Base >= found.Snapshots[1].Serial {
			out += fmt.Sprintf(" %d/%d %s", e.Base, e.Seq, mark(e.Data, e.Older))
		}
	}
	for _, r := range found.Records {
		out += " " + r.ID + " " + mark(r.Data, r.Older)
	}
	for _, f := range found.Faults {
		gone := ""
		if f.Gone {
			gone = " gone"
		}
		out += " !" + string(f.Kind) + gone
	}
	return out
}

func salvageOfWhole(t *testing.T, s Store) {
	if got, want := brief(salvage(t, s.Open())), "0:"; got != want {
		t.Errorf("of nothing: got %s, want %s", got, want)
	}
	l := told(t, s)
	defer func() { check(t, l.Release(t.Context()), "release") }()
	const want = "3: state 3 [state 2] 2/5 [entry 5] 2/6 [entry 6] 3/7 entry 7 3/8 entry 8 r1 run 1 r2 run 2"
	if got := brief(salvage(t, s.Open())); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// restore puts states in the place of whole ones, which only the serial can forbid.
func restore(t *testing.T, s Store) {
	l, ctx := told(t, s), t.Context()
	for serial := range uint64(4) {
		_, err := l.Restore(ctx, serial, []byte("too old"))
		wantError(t, err, lockstate.ErrConflict, fmt.Sprintf("restore serial %d when 3 was written", serial))
	}
	restored, err := l.Restore(ctx, 5, []byte("restored"))
	check(t, err, "restore")
	read, err := s.Open().Snapshot(ctx, dev)
	check(t, err, "read")
	for _, got := range []lockstate.Snapshot{restored, read} {
		if got.Serial != 5 || got.Token != l.Lock().Token || got.Writer != l.Lock().ID || string(got.Data) != "restored" {
			t.Errorf("got %+v", got)
		}
	}
	wantJournal(t, s.Open(), 5, 0, nil, 0)
	check(t, l.Append(ctx, 5, 9, []byte("goes on")), "append")
	wantJournal(t, s.Open(), 5, l.Lock().Token, []string{"9 goes on"}, 0)
	_, err = l.WriteSnapshot(ctx, 5, []byte("next"))
	check(t, err, "write")
	check(t, l.Release(ctx), "release")
	if _, err := l.Restore(ctx, 9, nil); err == nil {
		t.Error("a released lease restored a state")
	}
}

func setAside(t *testing.T, s Store) {
	l, ctx := told(t, s), t.Context()
	found := salvage(t, s.Open())
	for _, object := range []string{"", "x", found.Snapshots[0].Object, "../" + found.Records[0].Object, "/etc/passwd"} {
		if l.SetAside(ctx, object) == nil {
			t.Errorf("%q was set aside", object)
		}
	}
	for range 2 { // again makes no difference
		check(t, l.SetAside(ctx, found.Records[0].Object), "set a record aside")
	}
	records, err := s.Open().History(ctx, dev)
	check(t, err, "read the history")
	if len(records) != 1 || records[0].ID != "r2" {
		t.Errorf("the history has %d records: %+v", len(records), records)
	}
	check(t, l.Release(ctx), "release")
}

func flip(b []byte) []byte {
	b = slices.Clone(b)
	b[len(b)/2] ^= 0x10
	return b
}

func cut(b []byte) []byte { return b[:len(b)*2/3] }

func remove([]byte) []byte { return nil }

// damage has each kind of object altered, cut short or removed. What is left is found, and a repair makes the state whole.
func damage(t *testing.T, open func(t *testing.T) Store) {
	snapshot := func(f lockstate.Salvage) string { return f.Snapshots[0].Object }
	entry := func(f lockstate.Salvage) string { return f.Entries[len(f.Entries)-1].Object }
	record := func(f lockstate.Salvage) string { return f.Records[0].Object }
	const (
		journal = " 2/5 [entry 5] 2/6 [entry 6] 3/7 entry 7 3/8 entry 8"
		history = " r1 run 1 r2 run 2"
		less    = "3: [state 2]" + journal + history
		all     = "3: [state 3] [state 2]" + journal + history
	)
	for _, c := range []struct {
		name     string
		object   func(lockstate.Salvage) string
		change   func([]byte) []byte
		want     string
		versions string // what is wanted of a store that has every earlier version
	}{
		{"snapshot altered", snapshot, flip, less + " !snapshot", all + " !snapshot"},
		{"snapshot cut", snapshot, cut, less + " !snapshot", all + " !snapshot"},
		{"snapshot gone", snapshot, remove, less + " !snapshot gone", all + " !snapshot gone"},
		{"entry altered", entry, flip, "3: state 3 [state 2] 2/5 [entry 5] 2/6 [entry 6] 3/7 entry 7" + history + " !journal",
			"3: state 3 [state 2] 2/5 [entry 5] 2/6 [entry 6] 3/7 entry 7 3/8 [entry 8]" + history + " !journal"},
		{"record altered", record, flip, "3: state 3 [state 2]" + journal + " r2 run 2 !history",
			"3: state 3 [state 2]" + journal + " r1 [run 1] r2 run 2 !history"},
		{"record cut", record, cut, "3: state 3 [state 2]" + journal + " r2 run 2 !history",
			"3: state 3 [state 2]" + journal + " r1 [run 1] r2 run 2 !history"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, ctx := open(t), t.Context()
			check(t, told(t, s).Release(ctx), "release")
			if !s.Damage(c.object(salvage(t, s.Open())), c.change) {
				t.Skip("the store cannot do this")
			}
			want := c.want
			if s.Versions {
				want = c.versions
			}
			found := salvage(t, s.Open())
			if got := brief(found); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			mend(t, s, found)
		})
	}
}

// mend makes a state whole again, and checks that nothing was written over a damaged snapshot until then.
func mend(t *testing.T, s Store, found lockstate.Salvage) {
	ctx := t.Context()
	l := acquire(t, s.Open(), dev)
	for _, f := range found.Faults {
		if f.Kind == lockstate.SnapshotObject {
			for base := range uint64(5) {
				_, err := l.WriteSnapshot(ctx, base, []byte("over it"))
				wantError(t, err, lockstate.ErrCorrupt, fmt.Sprintf("write with base %d over a damaged snapshot", base))
			}
		}
		if f.Kind == lockstate.RecordObject {
			check(t, l.PutRecord(ctx, "r1", []byte("run 1")), "put a record in the place of a damaged one")
		}
	}
	_, err := l.Restore(ctx, found.Serial+1, []byte("mended"))
	check(t, err, "restore")
	check(t, l.Release(ctx), "release")
	l = acquire(t, s.Open(), dev)
	_, err = l.WriteSnapshot(ctx, found.Serial+1, []byte("goes on"))
	check(t, err, "write after the repair")
	check(t, l.Release(ctx), "release")
	if again := salvage(t, s.Open()); len(again.Faults) > 0 || string(again.Snapshots[0].Data) != "goes on" {
		t.Errorf("after the repair: %s", brief(again))
	}
	_, err = s.Open().History(ctx, dev)
	check(t, err, "read the history")
}
