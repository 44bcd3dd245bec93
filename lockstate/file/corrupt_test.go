package file

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/panka-io/panka/lockstate"
)

// damaged is a state with snapshot 2, journal entries 3 to 5 and two records, to be damaged.
type damaged struct {
	t   *testing.T
	dir string // of dev; prod is beside it
	old []byte // the file of snapshot 1
}

func newDamaged(t *testing.T) (*Backend, damaged) {
	root := t.TempDir()
	b := open(t, root, Options{})
	d := damaged{t: t, dir: filepath.Join(root, dev.String())}
	for _, key := range []lockstate.Key{dev, prod} {
		l := acquire(t, b, key)
		_, err := l.WriteSnapshot(t.Context(), 0, []byte("snapshot one"))
		check(t, err)
		if key == dev {
			d.old = d.read(snapshotFile)
		}
		_, err = l.WriteSnapshot(t.Context(), 1, []byte("snapshot two"))
		check(t, err)
		for seq := uint64(1); seq <= 3; seq++ {
			check(t, l.Append(t.Context(), 2, seq, fmt.Appendf(nil, "entry %d", seq)))
		}
		check(t, l.PutRecord(t.Context(), "r1", []byte("first")))
		check(t, l.PutRecord(t.Context(), "r2", []byte("second")))
		check(t, l.Release(t.Context()))
	}
	return b, d
}

func (d damaged) path(name string) string { return filepath.Join(d.dir, filepath.FromSlash(name)) }

func (d damaged) read(name string) []byte {
	data, err := os.ReadFile(d.path(name))
	check(d.t, err)
	return data
}

func (d damaged) write(name string, data []byte) { check(d.t, os.WriteFile(d.path(name), data, 0o600)) }

func (d damaged) change(name string, f func([]byte) []byte) { d.write(name, f(d.read(name))) }

func (d damaged) swap(a, b string) {
	x, y := d.read(a), d.read(b)
	d.write(a, y)
	d.write(b, x)
}

func entry(seq int) string { return fmt.Sprintf("%s/%08d/%08d", journalDir, 1, seq) }

func TestDamageIsFound(t *testing.T) {
	cut := func(n int) func([]byte) []byte { return func(b []byte) []byte { return b[:n] } }
	flip := func(i int) func([]byte) []byte {
		return func(b []byte) []byte {
			b[(i+len(b))%len(b)] ^= 0x10
			return b
		}
	}
	cases := []struct {
		name   string
		damage func(d damaged)
		reader string // which of snapshot, journal and history must fail
		says   string
	}{
		{"snapshot emptied", func(d damaged) { d.change(snapshotFile, cut(0)) }, "snapshot", "empty"},
		{"snapshot of one byte", func(d damaged) { d.change(snapshotFile, cut(1)) }, "snapshot", "cut short"},
		{"snapshot's header cut", func(d damaged) { d.change(snapshotFile, cut(40)) }, "snapshot", "cut short"},
		{"snapshot's end cut", func(d damaged) { d.change(snapshotFile, func(b []byte) []byte { return b[:len(b)-1] }) }, "snapshot", "cut short"},
		{"snapshot grown", func(d damaged) { d.change(snapshotFile, func(b []byte) []byte { return append(b, 0) }) }, "snapshot", "changed"},
		{"snapshot's magic", func(d damaged) { d.change(snapshotFile, flip(0)) }, "snapshot", "does not begin"},
		{"snapshot's version", func(d damaged) { d.change(snapshotFile, flip(8)) }, "snapshot", "changed"},
		{"snapshot's serial", func(d damaged) { d.change(snapshotFile, flip(21)) }, "snapshot", "changed"},
		{"snapshot's token", func(d damaged) { d.change(snapshotFile, flip(29)) }, "snapshot", "changed"},
		{"snapshot's data", func(d damaged) { d.change(snapshotFile, flip(-40)) }, "snapshot", "changed"},
		{"snapshot's checksum", func(d damaged) { d.change(snapshotFile, flip(-1)) }, "snapshot", "changed"},
		{"snapshot is text", func(d damaged) { d.write(snapshotFile, []byte(strings.Repeat("{}\n", 100))) }, "snapshot", "does not begin"},
		{"snapshot rolled back", func(d damaged) { d.write(snapshotFile, d.old) }, "snapshot", "old file"},
		{"snapshot gone", func(d damaged) { check(d.t, os.Remove(d.path(snapshotFile))) }, "snapshot", "gone"},
		{"snapshot of another environment", func(d damaged) { d.write(snapshotFile, d.read("../prod/"+snapshotFile)) }, "snapshot", "app/prod"},
		{"entry for snapshot", func(d damaged) { d.write(snapshotFile, d.read(entry(1))) }, "snapshot", "journal entry"},
		{"lock file is no JSON", func(d damaged) { d.write(documentFile, []byte("{")) }, "snapshot", "lock.json"},
		{"last entry cut", func(d damaged) { d.change(entry(3), cut(70)) }, "journal", "cut short"},
		{"last entry emptied", func(d damaged) { d.change(entry(3), cut(0)) }, "journal", "empty"},
		{"entry's data", func(d damaged) { d.change(entry(2), flip(-35)) }, "journal", "changed"},
		{"entries swapped", func(d damaged) { d.swap(entry(1), entry(2)) }, "journal", "it is entry"},
		{"first entry gone", func(d damaged) { check(d.t, os.Remove(d.path(entry(1)))) }, "journal", "entry 1 "},
		{"middle entry gone", func(d damaged) { check(d.t, os.Remove(d.path(entry(2)))) }, "journal", "entry 2 "},
		{"entry doubled", func(d damaged) { d.write(entry(4), d.read(entry(3))) }, "journal", "it is entry 3"},
		{"entry of another environment", func(d damaged) { d.write(entry(2), d.read("../prod/"+entry(2))) }, "journal", "app/prod"},
		{"entries under another token", func(d damaged) {
			check(d.t, os.Rename(d.path(journalDir+"/00000001"), d.path(journalDir+"/00000007")))
		}, "journal", "token 1"},
		{"record cut", func(d damaged) { d.change(historyDir+"/r2", cut(80)) }, "history", "cut short"},
		{"records swapped", func(d damaged) { d.swap(historyDir+"/r1", historyDir+"/r2") }, "history", "in the place of"},
	}
	for _, c := range cases {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			b, d := newDamaged(t)
			d.t = t
			c.damage(d)
			err := readAll(t, b)[c.reader]
			if !errors.Is(err, lockstate.ErrCorrupt) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want an error that says %q", err, c.says)
			}
		})
	}
}

func readAll(t *testing.T, b *Backend) map[string]error {
	t.Helper()
	_, snapshot := b.Snapshot(t.Context(), dev)
	_, _, journal := b.Journal(t.Context(), dev, 2)
	_, history := b.History(t.Context(), dev)
	return map[string]error{"snapshot": snapshot, "journal": journal, "history": history}
}

func TestWholeStateIsRead(t *testing.T) {
	b, _ := newDamaged(t)
	for what, err := range readAll(t, b) {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestNothingIsWrittenOverADamagedSnapshot(t *testing.T) {
	for name, damage := range map[string]func(d damaged){
		"altered":     func(d damaged) { d.change(snapshotFile, func(b []byte) []byte { b[60] ^= 1; return b }) },
		"rolled back": func(d damaged) { d.write(snapshotFile, d.old) },
		"gone":        func(d damaged) { check(d.t, os.Remove(d.path(snapshotFile))) },
	} {
		b, d := newDamaged(t)
		damage(d)
		before, _ := os.ReadFile(d.path(snapshotFile))
		l := acquire(t, b, dev)
		for base := range uint64(3) {
			if _, err := l.WriteSnapshot(t.Context(), base, []byte("over it")); !errors.Is(err, lockstate.ErrCorrupt) {
				t.Errorf("%s: write with base %d: %v", name, base, err)
			}
			if err := l.Append(t.Context(), base, 1, nil); !errors.Is(err, lockstate.ErrCorrupt) {
				t.Errorf("%s: append with base %d: %v", name, base, err)
			}
		}
		check(t, l.Release(t.Context()))
		if after, _ := os.ReadFile(d.path(snapshotFile)); !bytes.Equal(before, after) {
			t.Errorf("%s: the snapshot was changed", name)
		}
	}
}

func TestOtherRecordsAreReadBesideADamagedOne(t *testing.T) {
	b, d := newDamaged(t)
	d.change(historyDir+"/r1", func(b []byte) []byte { return b[:50] })
	records, err := b.History(t.Context(), dev)
	if !errors.Is(err, lockstate.ErrCorrupt) || len(records) != 1 || records[0].ID != "r2" {
		t.Errorf("got %v, %v", records, err)
	}
}

func TestRollBackIsFoundAfterAKill(t *testing.T) {
	// Neither Release nor a sign of life noted the serial; the next holder does.
	b, d := newDamaged(t)
	doc := d.read(documentFile)
	d.write(documentFile, bytes.Replace(doc, []byte(`"serial": 2`), []byte(`"serial": 0`), 1))
	check(t, acquire(t, b, dev).Release(t.Context()))
	d.write(snapshotFile, d.old)
	if _, err := b.Snapshot(t.Context(), dev); !errors.Is(err, lockstate.ErrCorrupt) {
		t.Errorf("got %v", err)
	}
}

func TestStrangeFilesInTheJournalAreIgnored(t *testing.T) {
	b, d := newDamaged(t)
	d.write(journalDir+"/00000001/.DS_Store", nil)
	d.write(journalDir+"/00000001/1", nil)
	d.write(journalDir+"/notes.txt", nil)
	if entries, _, err := b.Journal(t.Context(), dev, 2); err != nil || len(entries) != 3 {
		t.Errorf("got %v, %v", entries, err)
	}
}
