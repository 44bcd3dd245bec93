package file

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/internal/frame"
	"github.com/panka-io/panka/lockstate/internal/salvage"
)

// Salvage implements lockstate.Backend. Of earlier objects there are the snapshot before the stored one and the journal
// between the two.
func (b *Backend) Salvage(ctx context.Context, key lockstate.Key) (lockstate.Salvage, error) {
	found, err := readOr(ctx, b, key, func(d disk) (lockstate.Salvage, error) {
		doc, err := readDocument(d)
		if err != nil {
			return lockstate.Salvage{}, err
		}
		s := salvager{d: d, key: key, found: lockstate.Salvage{Serial: doc.Serial}}
		err = errors.Join(s.snapshots(), s.journal(), s.history())
		return s.found, err
	})
	if err != nil {
		return lockstate.Salvage{}, fmt.Errorf("look through the state of %s: %w", key, err)
	}
	return found, nil
}

// salvager looks through one state's folder.
type salvager struct {
	d     disk
	key   lockstate.Key
	found lockstate.Salvage
}

// fault notes an error if it is about the object; other errors, as of the disk, are given back.
func (s *salvager) fault(kind lockstate.ObjectKind, object string, err error) error {
	gone := errors.Is(err, fs.ErrNotExist)
	if !gone && !errors.Is(err, lockstate.ErrCorrupt) {
		return err
	}
	s.found.Faults = append(s.found.Faults, lockstate.Fault{Kind: kind, Object: object, Gone: gone, Err: err})
	return nil
}

func (s *salvager) snapshots() error {
	stored, err := readSnapshot(s.d, s.key, s.found.Serial)
	if err != nil {
		_, missing := s.d.root.Lstat(snapshotFile)
		if err := s.fault(lockstate.SnapshotObject, snapshotFile, err); err != nil {
			return err
		}
		s.found.Faults[len(s.found.Faults)-1].Gone = missing != nil
		stored, _ = readSnapshot(s.d, s.key, 0) // an old one is better than none
	}
	for _, c := range []lockstate.SalvagedSnapshot{
		{Snapshot: stored, Object: snapshotFile, Older: err != nil},
		{Snapshot: s.previous(), Object: path.Join(previousDir, snapshotFile), Older: true},
	} {
		seen := slices.ContainsFunc(s.found.Snapshots, func(o lockstate.SalvagedSnapshot) bool { return o.Serial == c.Serial })
		if c.Serial > 0 && !seen {
			s.found.Snapshots = append(s.found.Snapshots, c)
			s.found.Serial = max(s.found.Serial, c.Serial)
		}
	}
	slices.SortFunc(s.found.Snapshots, func(a, b lockstate.SalvagedSnapshot) int { return cmp.Compare(b.Serial, a.Serial) })
	return nil
}

// previous is the snapshot that is kept beside the stored one, the zero one if there is none that can be read.
func (s *salvager) previous() lockstate.Snapshot {
	data, err := s.d.root.ReadFile(path.Join(previousDir, snapshotFile))
	if err != nil {
		return lockstate.Snapshot{}
	}
	f, err := frame.Decode(data, frame.Snapshot, s.key.String())
	if err != nil {
		return lockstate.Snapshot{}
	}
	return lockstate.Snapshot{Serial: f.Serial, Token: f.Token, Writer: f.Writer, Data: f.Data}
}

func (s *salvager) journal() error {
	var all []salvage.Entry
	damaged := false
	for _, older := range []bool{false, true} {
		dir := journalDir
		if older {
			dir = path.Join(previousDir, journalDir)
		}
		objects, err := entryFiles(s.d, dir)
		if err != nil {
			return err
		}
		for _, o := range objects {
			f, err := readEntryAt(s.d, o.name, s.key, o.token, o.seq)
			if err == nil {
				all = append(all, salvage.Entry{Frame: f, Object: o.name, Older: older})
				continue
			}
			if older {
				continue
			}
			damaged = true
			if err := s.fault(lockstate.JournalObject, o.name, err); err != nil {
				return err
			}
		}
	}
	entries, gaps := salvage.Entries(all)
	s.found.Entries = entries
	if !damaged { // which would explain the gaps
		s.found.Faults = append(s.found.Faults, gaps...)
	}
	return nil
}

// entryFile is a file that should hold an entry.
type entryFile struct {
	name       string
	token, seq uint64
}

func entryFiles(d disk, dir string) ([]entryFile, error) {
	tokens, err := numbers(d, dir)
	if err != nil {
		return nil, err
	}
	var all []entryFile
	for _, token := range tokens {
		of := path.Join(dir, entryName(token))
		seqs, err := numbers(d, of)
		if err != nil {
			return nil, err
		}
		for _, seq := range seqs {
			all = append(all, entryFile{name: path.Join(of, entryName(seq)), token: token, seq: seq})
		}
	}
	return all, nil
}

func (s *salvager) history() error {
	ids, err := s.d.list(historyDir)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !recordRE.MatchString(id) {
			continue
		}
		object := path.Join(historyDir, id)
		f, err := readRecord(s.d, s.key, id)
		if err != nil {
			if err := s.fault(lockstate.RecordObject, object, err); err != nil {
				return err
			}
			continue
		}
		s.found.Records = append(s.found.Records, lockstate.SalvagedRecord{Record: lockstate.Record{ID: id, Data: f.Data}, Object: object})
	}
	return nil
}
