package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/bucket"
	"github.com/panka-io/panka/lockstate/internal/frame"
	"github.com/panka-io/panka/lockstate/internal/salvage"
)

// maxEarlier is how many earlier snapshots are looked at.
const maxEarlier = 10

// Salvage implements lockstate.Backend. What was overwritten or deleted is found among the bucket's versions.
func (b *Backend) Salvage(ctx context.Context, key lockstate.Key) (lockstate.Salvage, error) {
	s := salvager{b: b, key: key}
	err := s.look(ctx)
	if err != nil {
		return lockstate.Salvage{}, fmt.Errorf("look through the state of %s: %w", key, err)
	}
	return s.found, nil
}

// salvager looks through one state's objects.
type salvager struct {
	b     *Backend
	key   lockstate.Key
	found lockstate.Salvage
}

func (s *salvager) look(ctx context.Context) (err error) {
	if s.found.Serial, err = s.b.locks.Serial(ctx, s.key); err != nil {
		return err
	}
	if err := s.snapshots(ctx); err != nil {
		return err
	}
	if err := s.journal(ctx); err != nil {
		return err
	}
	return s.history(ctx)
}

// fault notes an error if it is about the object; other errors, as of the network, are given back.
func (s *salvager) fault(kind lockstate.ObjectKind, object string, err error) error {
	gone := errors.Is(err, bucket.ErrNotFound)
	if gone {
		err = fmt.Errorf("%w: %w", lockstate.ErrCorrupt, err)
	}
	if !errors.Is(err, lockstate.ErrCorrupt) {
		return err
	}
	s.found.Faults = append(s.found.Faults, lockstate.Fault{Kind: kind, Object: object, Gone: gone, Err: err})
	return nil
}

// earlier lists earlier versions. That there is no way to them is told, and nothing else.
func (s *salvager) earlier(ctx context.Context, prefix string) []bucket.Earlier {
	all, err := s.b.objects.Earlier(ctx, prefix)
	if err != nil {
		s.found.Older = err
	}
	return all
}

func (s *salvager) snapshots(ctx context.Context) error {
	name := snapshotName(s.key)
	o, err := s.b.objects.Get(ctx, name)
	var stored lockstate.Snapshot
	if err == nil {
		stored, _, err = decodeSnapshot(s.key, o.Data)
		if err == nil && stored.Serial < s.found.Serial {
			err = tooOld(stored.Serial, s.found.Serial)
		}
	} else if errors.Is(err, bucket.ErrNotFound) && s.found.Serial == 0 {
		err = nil
	}
	older := err != nil
	if err != nil {
		if err := s.fault(lockstate.SnapshotObject, name, err); err != nil {
			return err
		}
	}
	s.add(stored, older)
	for _, e := range s.earlier(ctx, name) {
		if e.Name != name {
			continue // another state's, whose name goes on
		}
		if len(s.found.Snapshots) > maxEarlier {
			break
		}
		o, err := s.b.objects.GetEarlier(ctx, e)
		if err != nil {
			continue
		}
		if c, _, err := decodeSnapshot(s.key, o.Data); err == nil {
			s.add(c, true)
		}
	}
	slices.SortFunc(s.found.Snapshots, func(a, b lockstate.SalvagedSnapshot) int { return cmp.Compare(b.Serial, a.Serial) })
	return nil
}

func (s *salvager) add(c lockstate.Snapshot, older bool) {
	seen := slices.ContainsFunc(s.found.Snapshots, func(o lockstate.SalvagedSnapshot) bool { return o.Serial == c.Serial })
	if c.Serial == 0 || seen {
		return
	}
	s.found.Snapshots = append(s.found.Snapshots, lockstate.SalvagedSnapshot{Snapshot: c, Object: snapshotName(s.key), Older: older})
	s.found.Serial = max(s.found.Serial, c.Serial)
}

// read is what became of reading a segment.
type read struct {
	segment
	frames []frame.Frame
	err    error
}

func (s *salvager) journal(ctx context.Context) error {
	stored, err := s.b.segments(ctx, s.key)
	if err != nil {
		return err
	}
	now := make([]read, len(stored))
	inParallel(len(stored), func(i int) {
		now[i].segment = stored[i]
		var o bucket.Object
		if o, now[i].err = s.b.objects.Get(ctx, stored[i].name(s.key)); now[i].err == nil {
			now[i].frames, now[i].err = decodeSegment(s.key, stored[i], o.Data)
		}
	})
	var all []salvage.Entry
	damaged := false
	for _, r := range now {
		if r.err != nil {
			damaged = true
			if err := s.fault(lockstate.JournalObject, r.name(s.key), r.err); err != nil {
				return err
			}
		}
		all = append(all, s.entries(r, false)...)
	}
	for _, r := range s.dropped(ctx) {
		all = append(all, s.entries(r, true)...)
	}
	entries, gaps := salvage.Entries(all)
	s.found.Entries = entries
	if !damaged { // which would explain the gaps
		s.found.Faults = append(s.found.Faults, gaps...)
	}
	return nil
}

func (s *salvager) entries(r read, older bool) []salvage.Entry {
	var all []salvage.Entry
	for _, f := range r.frames {
		all = append(all, salvage.Entry{Frame: f, Object: r.name(s.key), Older: older})
	}
	return all
}

// dropped reads earlier versions of segments that apply to a snapshot that was found, those that can be read.
func (s *salvager) dropped(ctx context.Context) []read {
	oldest := uint64(0)
	if n := len(s.found.Snapshots); n > 0 {
		oldest = s.found.Snapshots[n-1].Serial
	}
	var wanted []read
	var versions []bucket.Earlier
	for _, e := range s.earlier(ctx, journalOf(s.key)) {
		if seg, ok := parseSegment(strings.TrimPrefix(e.Name, journalOf(s.key))); ok && seg.base >= oldest {
			wanted, versions = append(wanted, read{segment: seg}), append(versions, e)
		}
	}
	inParallel(len(wanted), func(i int) {
		if o, err := s.b.objects.GetEarlier(ctx, versions[i]); err == nil {
			wanted[i].frames, _ = decodeSegment(s.key, wanted[i].segment, o.Data)
		}
	})
	return wanted
}

func (s *salvager) history(ctx context.Context) error {
	folder := historyOf(s.key)
	names, err := s.b.objects.List(ctx, folder)
	if err != nil {
		return err
	}
	frames, failures := make([]frame.Frame, len(names)), make([]error, len(names))
	inParallel(len(names), func(i int) {
		var o bucket.Object
		if o, failures[i] = s.b.objects.Get(ctx, names[i]); failures[i] == nil {
			frames[i], failures[i] = frame.Decode(o.Data, frame.Record, names[i])
		}
	})
	for i, name := range names {
		if failures[i] != nil {
			if err := s.fault(lockstate.RecordObject, name, failures[i]); err != nil {
				return err
			}
			if frames[i] = s.earlierRecord(ctx, name); frames[i].Place == "" {
				continue
			}
		}
		s.found.Records = append(s.found.Records, lockstate.SalvagedRecord{
			Record: lockstate.Record{ID: name[len(folder):], Data: frames[i].Data}, Object: name, Older: failures[i] != nil,
		})
	}
	return nil
}

// earlierRecord is the newest earlier version of a record that can be read, the zero frame if there is none.
func (s *salvager) earlierRecord(ctx context.Context, name string) frame.Frame {
	for _, e := range s.earlier(ctx, name) {
		if e.Name != name {
			continue
		}
		o, err := s.b.objects.GetEarlier(ctx, e)
		if err != nil {
			continue
		}
		if f, err := frame.Decode(o.Data, frame.Record, name); err == nil {
			return f
		}
	}
	return frame.Frame{}
}
