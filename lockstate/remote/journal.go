package remote

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/bucket"
	"github.com/panka-io/panka/lockstate/internal/frame"
)

// A segment is one object of a journal: entries that follow each other, of one lease and one base.
//
//	"PANKASEG1"
//	4 bytes   number of entries, big-endian
//	for each  4 bytes length, the entry's frame
//	32 bytes  SHA-256 of everything before it
const segmentMagic = "PANKASEG1"

// segment is what a segment's name tells.
type segment struct{ base, token, first, last uint64 }

func (s segment) name(key lockstate.Key) string {
	return fmt.Sprintf("%s%08d/%08d/%08d-%08d", journalOf(key), s.base, s.token, s.first, s.last)
}

func (s segment) entries() int { return int(s.last - s.first + 1) }

// parseSegment reads a name below the journal's folder; ok is false for what is none of panka's.
func parseSegment(name string) (s segment, ok bool) {
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '/' || r == '-' })
	if len(parts) != 4 {
		return segment{}, false
	}
	for i, n := range []*uint64{&s.base, &s.token, &s.first, &s.last} {
		v, err := strconv.ParseUint(parts[i], 10, 64)
		if err != nil {
			return segment{}, false
		}
		*n = v
	}
	return s, s.first >= 1 && s.first <= s.last
}

func encodeSegment(frames [][]byte) []byte {
	data := binary.BigEndian.AppendUint32([]byte(segmentMagic), uint32(len(frames)))
	for _, f := range frames {
		data = binary.BigEndian.AppendUint32(data, uint32(len(f)))
		data = append(data, f...)
	}
	sum := sha256.Sum256(data)
	return append(data, sum[:]...)
}

func decodeSegment(key lockstate.Key, s segment, data []byte) ([]frame.Frame, error) {
	damaged := func(format string, args ...any) error {
		return fmt.Errorf("object %s: %w: %s", s.name(key), lockstate.ErrCorrupt, fmt.Sprintf(format, args...))
	}
	if len(data) < len(segmentMagic)+4+sha256.Size || !bytes.HasPrefix(data, []byte(segmentMagic)) {
		return nil, damaged("it does not begin as panka's journals do, or is cut short")
	}
	body, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if got := sha256.Sum256(body); !bytes.Equal(got[:], sum) {
		return nil, damaged("its bytes have changed since they were written, or it is cut short (the checksum differs)")
	}
	body = body[len(segmentMagic):]
	count, body := int(binary.BigEndian.Uint32(body)), body[4:]
	if count != s.entries() {
		return nil, damaged("it has %d entries, and its name says %d", count, s.entries())
	}
	var frames []frame.Frame
	for i := range count {
		if len(body) < 4 || uint64(len(body)-4) < uint64(binary.BigEndian.Uint32(body)) {
			return nil, damaged("its lengths disagree")
		}
		n := binary.BigEndian.Uint32(body)
		f, err := frame.Decode(body[4:4+n], frame.Entry, key.String())
		if err != nil {
			return nil, fmt.Errorf("object %s: %w", s.name(key), err)
		}
		if f.Token != s.token || f.Serial != s.base || f.Seq != s.first+uint64(i) {
			return nil, damaged("it holds entry %d of token %d for serial %d", f.Seq, f.Token, f.Serial)
		}
		frames, body = append(frames, f), body[4+n:]
	}
	return frames, nil
}

// segments lists a state's journal, in order.
func (b *Backend) segments(ctx context.Context, key lockstate.Key) ([]segment, error) {
	folder := journalOf(key)
	names, err := b.objects.List(ctx, folder)
	if err != nil {
		return nil, err
	}
	var all []segment
	for _, name := range names {
		if s, ok := parseSegment(strings.TrimPrefix(name, folder)); ok {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b segment) int {
		return cmp.Or(cmp.Compare(a.base, b.base), cmp.Compare(a.token, b.token), cmp.Compare(a.first, b.first))
	})
	return all, nil
}

// journalTokens is the highest token that a journal names, 0 if there is none.
func (b *Backend) journalTokens(ctx context.Context, key lockstate.Key) (highest uint64, err error) {
	all, err := b.segments(ctx, key)
	for _, s := range all {
		highest = max(highest, s.token)
	}
	return highest, err
}

// dropJournal removes the entries that apply to base or an older snapshot.
func (b *Backend) dropJournal(ctx context.Context, key lockstate.Key, base uint64) {
	all, err := b.segments(ctx, key)
	if err != nil {
		return
	}
	var names []string
	for _, s := range all {
		if s.base <= base {
			names = append(names, s.name(key))
		}
	}
	_ = b.objects.Delete(ctx, names...)
}

// journalTries is how often the journal is read before what was found counts: when a snapshot is written meanwhile,
// entries disappear.
const journalTries = 5

// Journal implements lockstate.Backend. A damaged or missing entry is lockstate.ErrCorrupt.
func (b *Backend) Journal(ctx context.Context, key lockstate.Key, base uint64) (entries []lockstate.JournalEntry, late int, err error) {
	if err := key.Validate(); err != nil {
		return nil, 0, err
	}
	for range journalTries {
		entries, late, err = b.readJournal(ctx, key, base)
		if !errors.Is(err, bucket.ErrNotFound) && !errors.Is(err, lockstate.ErrCorrupt) {
			break
		}
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read the journal of %s: %w", key, err)
	}
	return entries, late, nil
}

func (b *Backend) readJournal(ctx context.Context, key lockstate.Key, base uint64) ([]lockstate.JournalEntry, int, error) {
	all, err := b.segments(ctx, key)
	if err != nil {
		return nil, 0, err
	}
	var token uint64
	for _, s := range all {
		if s.base == base {
			token = max(token, s.token)
		}
	}
	var chosen []segment
	late := 0
	for _, s := range all {
		switch {
		case s.base == base && s.token == token:
			chosen = append(chosen, s)
		case s.base < base || s.token < token:
			late += s.entries()
		}
	}
	frames, failures := make([][]frame.Frame, len(chosen)), make([]error, len(chosen))
	inParallel(len(chosen), func(i int) {
		var o bucket.Object
		if o, failures[i] = b.objects.Get(ctx, chosen[i].name(key)); failures[i] == nil {
			frames[i], failures[i] = decodeSegment(key, chosen[i], o.Data)
		}
	})
	if err := errors.Join(failures...); err != nil {
		return nil, 0, err
	}
	var entries []lockstate.JournalEntry
	for _, f := range slices.Concat(frames...) {
		if want := f.First + uint64(len(entries)); f.Seq != want {
			return nil, 0, fmt.Errorf("%w: entry %d of the run with token %d is missing, although %d is there", lockstate.ErrCorrupt, want, token, f.Seq)
		}
		entries = append(entries, lockstate.JournalEntry{Token: f.Token, Base: f.Serial, Seq: f.Seq, Data: f.Data})
	}
	return entries, late, nil
}
