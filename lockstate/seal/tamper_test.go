package seal_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/seal"
)

// memory is a Backend whose contents a test changes as someone with access to the storage could: it checks nothing.
type memory struct {
	lockstate.Backend
	snapshots map[lockstate.Key]lockstate.Snapshot
	entries   map[lockstate.Key][]lockstate.JournalEntry
	records   map[lockstate.Key][]lockstate.Record
}

func newMemory() *memory {
	return &memory{
		snapshots: map[lockstate.Key]lockstate.Snapshot{}, entries: map[lockstate.Key][]lockstate.JournalEntry{},
		records: map[lockstate.Key][]lockstate.Record{},
	}
}

func (m *memory) Acquire(_ context.Context, key lockstate.Key, _ lockstate.Owner) (lockstate.Lease, error) {
	return &memoryLease{m: m, key: key}, nil
}

func (m *memory) Snapshot(_ context.Context, key lockstate.Key) (lockstate.Snapshot, error) {
	return m.snapshots[key], nil
}

func (m *memory) Journal(_ context.Context, key lockstate.Key, _ uint64) ([]lockstate.JournalEntry, int, error) {
	return append([]lockstate.JournalEntry(nil), m.entries[key]...), 0, nil
}

func (m *memory) History(_ context.Context, key lockstate.Key) ([]lockstate.Record, error) {
	return m.records[key], nil
}

type memoryLease struct {
	lockstate.Lease
	m   *memory
	key lockstate.Key
}

func (l *memoryLease) Lock() lockstate.Lock { return lockstate.Lock{ID: "id", Token: 5} }

func (l *memoryLease) WriteSnapshot(_ context.Context, base uint64, data []byte) (lockstate.Snapshot, error) {
	s := lockstate.Snapshot{Serial: base + 1, Token: 5, Writer: "id", Data: data}
	l.m.snapshots[l.key] = s
	return s, nil
}

func (l *memoryLease) Append(_ context.Context, base, seq uint64, data []byte) error {
	l.m.entries[l.key] = append(l.m.entries[l.key], lockstate.JournalEntry{Token: 5, Base: base, Seq: seq, Data: data})
	return nil
}

func (l *memoryLease) PutRecord(_ context.Context, id string, data []byte) error {
	l.m.records[l.key] = append(l.m.records[l.key], lockstate.Record{ID: id, Data: data})
	return nil
}

func (l *memoryLease) Release(context.Context) error { return nil }

// filled is a store with snapshots 1 (returned) and 2, three entries and two records in each of two states.
func filled(t *testing.T, b *seal.Backend, m *memory) (old lockstate.Snapshot) {
	t.Helper()
	for _, key := range []lockstate.Key{prod, dev} {
		l := acquire(t, b, key)
		for base := range uint64(2) {
			_, err := l.WriteSnapshot(t.Context(), base, []byte("state"))
			check(t, err)
			if base == 0 {
				old = m.snapshots[key]
			}
		}
		for seq := uint64(1); seq <= 3; seq++ {
			check(t, l.Append(t.Context(), 2, seq, []byte("entry")))
		}
		check(t, l.PutRecord(t.Context(), "a", []byte("record")))
		check(t, l.PutRecord(t.Context(), "b", []byte("record")))
	}
	return old
}

func TestTamperingIsFound(t *testing.T) {
	for name, tamper := range map[string]func(m *memory, old lockstate.Snapshot){
		"old snapshot under the new serial": func(m *memory, old lockstate.Snapshot) {
			s := m.snapshots[dev]
			s.Data = old.Data
			m.snapshots[dev] = s
		},
		"serial raised": func(m *memory, _ lockstate.Snapshot) {
			s := m.snapshots[dev]
			s.Serial++
			m.snapshots[dev] = s
		},
		"token raised": func(m *memory, _ lockstate.Snapshot) {
			s := m.snapshots[dev]
			s.Token++
			m.snapshots[dev] = s
		},
		"another environment's snapshot": func(m *memory, _ lockstate.Snapshot) { m.snapshots[dev] = m.snapshots[prod] },
		"an entry as snapshot": func(m *memory, _ lockstate.Snapshot) {
			s := m.snapshots[dev]
			s.Data = m.entries[dev][0].Data
			m.snapshots[dev] = s
		},
		"snapshot in the clear": func(m *memory, _ lockstate.Snapshot) {
			s := m.snapshots[dev]
			s.Data = []byte(`{"resources": []}`)
			m.snapshots[dev] = s
		},
		"entries swapped": func(m *memory, _ lockstate.Snapshot) {
			e := m.entries[dev]
			e[0].Data, e[1].Data = e[1].Data, e[0].Data
		},
		"entry of another base":         func(m *memory, _ lockstate.Snapshot) { m.entries[dev][0].Base = 1 },
		"entry of another token":        func(m *memory, _ lockstate.Snapshot) { m.entries[dev][0].Token = 4 },
		"another environment's entries": func(m *memory, _ lockstate.Snapshot) { m.entries[dev] = m.entries[prod] },
		"records swapped": func(m *memory, _ lockstate.Snapshot) {
			r := m.records[dev]
			r[0].Data, r[1].Data = r[1].Data, r[0].Data
		},
		"another environment's records": func(m *memory, _ lockstate.Snapshot) { m.records[dev] = m.records[prod] },
	} {
		t.Run(name, func(t *testing.T) {
			m, source := newMemory(), seal.NewKeyFiles(t.TempDir())
			old := filled(t, sealed(t, m, source), m)
			if _, err := readAll(t, sealed(t, m, source), dev); err != nil {
				t.Fatalf("before: %v", err)
			}
			tamper(m, old)
			if _, err := readAll(t, sealed(t, m, source), dev); !errors.Is(err, lockstate.ErrCorrupt) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAlteredEnvelopesAreNeverRead(t *testing.T) {
	for _, source := range []seal.KeySource{seal.NewKeyFiles(t.TempDir()), cheap{}} {
		m := newMemory()
		filled(t, sealed(t, m, source), m)
		whole := m.snapshots[dev]
		try := func(what string, data []byte, at int) {
			s := whole
			s.Data = data
			m.snapshots[dev] = s
			got, err := sealed(t, m, source).Snapshot(t.Context(), dev)
			if !errors.Is(err, lockstate.ErrCorrupt) && !errors.Is(err, seal.ErrNoKey) {
				t.Errorf("%s: %s at %d of %d: got %q, %v", source.Scheme(), what, at, len(whole.Data), got.Data, err)
			}
		}
		for i := range whole.Data {
			try("cut", whole.Data[:i], i)
			for _, mask := range []byte{1, 0x80, 0xff} {
				altered := bytes.Clone(whole.Data)
				altered[i] ^= mask
				try("altered", altered, i)
			}
		}
		try("grown", append(bytes.Clone(whole.Data), 0), len(whole.Data))
	}
}

// cheap is a KeySource that accepts every reference, so that only the envelope protects it.
type cheap struct{}

func (cheap) Scheme() string { return "cheap" }

func (cheap) Create(context.Context, lockstate.Key) (key, reference []byte, err error) {
	return make([]byte, 32), []byte("some reference"), nil
}

func (cheap) Open(context.Context, lockstate.Key, []byte) ([]byte, error) {
	return make([]byte, 32), nil
}

func FuzzOpen(f *testing.F) {
	m := newMemory()
	b, err := seal.Open(m, cheap{})
	if err != nil {
		f.Fatal(err)
	}
	l := acquire(f, b, dev)
	if _, err := l.WriteSnapshot(context.Background(), 0, []byte("state")); err != nil {
		f.Fatal(err)
	}
	whole := m.snapshots[dev]
	f.Add(whole.Data)
	f.Add(whole.Data[:20])
	f.Add([]byte("PANKASEAL1\x05cheap\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m.snapshots[dev] = lockstate.Snapshot{Serial: 1, Token: 5, Data: data}
		s, err := b.Snapshot(context.Background(), dev)
		if err == nil && string(s.Data) != "state" {
			t.Errorf("%q was read as %q", data, s.Data)
		}
	})
}
