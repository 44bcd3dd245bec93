package file

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/internal/frame"
)

// journalTries is how often the journal is read before what was found counts: when a snapshot is written meanwhile,
// entries disappear.
const journalTries = 5

// Journal implements lockstate.Backend. A damaged entry is lockstate.ErrCorrupt, even if it would be a late one, and so
// is a missing one.
func (b *Backend) Journal(ctx context.Context, key lockstate.Key, base uint64) ([]lockstate.JournalEntry, int, error) {
	type result struct {
		entries []lockstate.JournalEntry
		late    int
	}
	r, err := readOr(ctx, b, key, func(d disk) (r result, err error) {
		for range journalTries {
			var all []frame.Frame
			if all, err = readJournal(d, key); err == nil {
				r.entries, r.late, err = choose(all, base)
			}
			if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, lockstate.ErrCorrupt) {
				break
			}
		}
		return r, err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read the journal of %s: %w", key, err)
	}
	return r.entries, r.late, nil
}

// choose picks the entries that apply to base, in order, and counts the late ones.
func choose(all []frame.Frame, base uint64) ([]lockstate.JournalEntry, int, error) {
	var token uint64
	for _, f := range all {
		if f.Serial == base {
			token = max(token, f.Token)
		}
	}
	var entries []lockstate.JournalEntry
	var first uint64
	late := 0
	for _, f := range all {
		switch {
		case f.Serial == base && f.Token == token:
			first = f.First
			entries = append(entries, lockstate.JournalEntry{Token: f.Token, Base: f.Serial, Seq: f.Seq, Data: f.Data})
		case f.Serial < base || f.Token < token:
			late++
		}
	}
	slices.SortFunc(entries, func(a, b lockstate.JournalEntry) int { return cmp.Compare(a.Seq, b.Seq) })
	for i, e := range entries {
		if want := first + uint64(i); e.Seq != want {
			return nil, 0, fmt.Errorf("%w: entry %d of the run with token %d is missing, although %d is there", lockstate.ErrCorrupt, want, token, e.Seq)
		}
	}
	return entries, late, nil
}

// readJournal reads every entry. fs.ErrNotExist means that a snapshot was written and the entries dropped meanwhile.
func readJournal(d disk, key lockstate.Key) ([]frame.Frame, error) {
	tokens, err := numbers(d, journalDir)
	if err != nil {
		return nil, err
	}
	var all []frame.Frame
	for _, token := range tokens {
		dir := path.Join(journalDir, entryName(token))
		seqs, err := numbers(d, dir)
		if err != nil {
			return nil, err
		}
		entries, err := readEntries(d, key, token, seqs)
		if err != nil {
			return nil, err
		}
		all = append(all, entries...)
	}
	return all, nil
}

// readEntries reads the listed entries of a run, and those that the listing lacks: one that is made while entries are
// added may have an entry but not the one before it. What is not found by its name either is missed by choose.
func readEntries(d disk, key lockstate.Key, token uint64, seqs []uint64) ([]frame.Frame, error) {
	var frames []frame.Frame
	var last uint64
	for _, seq := range seqs {
		f, err := readEntry(d, key, token, seq)
		if err != nil {
			return nil, err
		}
		for missing := max(f.First, last+1); missing < seq; missing++ {
			g, err := readEntry(d, key, token, missing)
			if errors.Is(err, fs.ErrNotExist) {
				break
			}
			if err != nil {
				return nil, err
			}
			frames = append(frames, g)
		}
		frames = append(frames, f)
		last = seq
	}
	return frames, nil
}

func readEntry(d disk, key lockstate.Key, token, seq uint64) (frame.Frame, error) {
	return readEntryAt(d, path.Join(journalDir, entryName(token), entryName(seq)), key, token, seq)
}

func readEntryAt(d disk, name string, key lockstate.Key, token, seq uint64) (frame.Frame, error) {
	data, err := d.root.ReadFile(name)
	if err != nil {
		return frame.Frame{}, err
	}
	f, err := frame.Decode(data, frame.Entry, key.String())
	if err == nil && (f.Token != token || f.Seq != seq) {
		err = fmt.Errorf("%w: it is entry %d of token %d", lockstate.ErrCorrupt, f.Seq, f.Token)
	}
	if err != nil {
		return frame.Frame{}, fmt.Errorf("file %s: %w", name, err)
	}
	return f, nil
}

// dropFolded removes the journal if none of it applies any more: a crash came between the snapshot that includes it
// and its removal.
func dropFolded(d disk, key lockstate.Key, serial uint64) error {
	all, err := readJournal(d, key)
	if errors.Is(err, lockstate.ErrCorrupt) {
		return nil // left for Journal to report
	}
	if err != nil {
		return err
	}
	if len(all) == 0 || slices.ContainsFunc(all, func(f frame.Frame) bool { return f.Serial >= serial }) {
		return nil
	}
	return retireJournal(d)
}

func readHistory(d disk, key lockstate.Key) ([]lockstate.Record, error) {
	ids, err := d.list(historyDir)
	if err != nil {
		return nil, err
	}
	var records []lockstate.Record
	var damaged []error
	for _, id := range ids {
		if !recordRE.MatchString(id) {
			continue
		}
		f, err := readRecord(d, key, id)
		if err != nil {
			damaged = append(damaged, err)
			continue
		}
		records = append(records, lockstate.Record{ID: id, Data: f.Data})
	}
	return records, errors.Join(damaged...)
}

func readRecord(d disk, key lockstate.Key, id string) (frame.Frame, error) {
	name := path.Join(historyDir, id)
	data, err := d.root.ReadFile(name)
	if err != nil {
		return frame.Frame{}, err
	}
	f, err := frame.Decode(data, frame.Record, recordPlace(key, id))
	if err != nil {
		return frame.Frame{}, fmt.Errorf("file %s: %w", name, err)
	}
	return f, nil
}

func recordPlace(key lockstate.Key, id string) string { return key.String() + "/" + id }

// entryName is how tokens and seqs are written as names, so that they sort.
func entryName(n uint64) string { return fmt.Sprintf("%08d", n) }

// numbers lists the names in a folder that entryName has made, as numbers in order.
func numbers(d disk, dir string) ([]uint64, error) {
	names, err := d.list(dir)
	if err != nil {
		return nil, err
	}
	var ns []uint64
	for _, name := range names {
		if n, err := strconv.ParseUint(name, 10, 64); err == nil && entryName(n) == name {
			ns = append(ns, n)
		}
	}
	slices.Sort(ns)
	return ns, nil
}
