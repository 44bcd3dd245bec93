package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"sync"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/bucket"
	"github.com/panka-io/panka/lockstate/internal/frame"
	"github.com/panka-io/panka/lockstate/locktable"
)

// lease is a held lock and the right to write.
type lease struct {
	*locktable.Lease
	b       *Backend
	key     lockstate.Key
	journal *appender

	mu      sync.Mutex
	stored  stored // the snapshot object as this run knows it
	inDoubt bool   // whether a write of this run's may still come
}

var _ lockstate.Lease = (*lease)(nil)

func newLease(b *Backend, key lockstate.Key, held *locktable.Lease) *lease {
	l := &lease{Lease: held, b: b, key: key}
	l.journal = newAppender(l)
	return l
}

// fenceTries is how often a late write of an old holder's may come between.
const fenceTries = 10

// begin learns what is stored, and fences off earlier holders where one may still write.
func (l *lease) begin(ctx context.Context) error {
	found, err := l.b.look(ctx, l.key)
	if err != nil {
		return err
	}
	floor := found.token
	if l.Lock().Token == 1 { // the table knew nothing of the state: that it is new is one reason, that the table is, another
		used, err := l.b.journalTokens(ctx, l.key)
		if err != nil {
			return err
		}
		floor = max(floor, used)
	}
	if err := l.Raise(ctx, floor); err != nil {
		return err
	}
	l.stored = found
	if found.version == "" && l.Serial() > 0 {
		l.stored.damaged = fmt.Errorf("%w: the snapshot is gone, although serial %d was written", lockstate.ErrCorrupt, l.Serial())
		return nil
	}
	if found.damaged == nil && found.serial < l.Serial() {
		l.stored.damaged = tooOld(found.serial, l.Serial())
		return nil
	}
	if !l.TakenOver() {
		return nil
	}
	for range fenceTries {
		var s lockstate.Snapshot
		if s, found, err = l.b.load(ctx, l.key); err != nil {
			return l.whileDamaged(found.version, err)
		}
		if l.stored, err = l.b.put(ctx, l.key, found, s, l.Lock().Token); err == nil || !overtaken(err) {
			return err
		}
		// Our own earlier try may have been carried out, though its answer was lost.
		if _, now, loadErr := l.b.load(ctx, l.key); loadErr == nil && now.fence == l.Lock().Token {
			l.stored = now
			return nil
		}
	}
	return err
}

// whileDamaged lets a lease begin although the snapshot is damaged, so that it can be repaired.
func (l *lease) whileDamaged(version bucket.Version, err error) error {
	if !errors.Is(err, lockstate.ErrCorrupt) {
		return err
	}
	l.stored.version, l.stored.damaged = version, err
	return nil
}

// WriteSnapshot implements lockstate.Lease.
func (l *lease) WriteSnapshot(ctx context.Context, base uint64, data []byte) (lockstate.Snapshot, error) {
	next := lockstate.Snapshot{Serial: base + 1, Token: l.Lock().Token, Writer: l.Lock().ID, Data: data}
	if err := l.writeSnapshot(ctx, base, next); err != nil {
		return lockstate.Snapshot{}, fmt.Errorf("write the state of %s: %w", l.key, err)
	}
	l.b.dropJournal(ctx, l.key, base) // what stays is dropped with the next snapshot
	return next, nil
}

func (l *lease) writeSnapshot(ctx context.Context, base uint64, next lockstate.Snapshot) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.Verify(ctx); err != nil {
		return err
	}
	if l.inDoubt {
		done, err := l.resolve(ctx, next)
		if err != nil {
			return err
		}
		if done {
			return l.Advance(ctx, next.Serial)
		}
	}
	if err := l.checkWhole(ctx); err != nil {
		return err
	}
	if l.stored.serial != base && (l.stored.serial != next.Serial || l.stored.token != next.Token || !l.inDoubt) {
		return fmt.Errorf("%w: its serial is %d, not %d", lockstate.ErrConflict, l.stored.serial, base)
	}
	return l.write(ctx, next, l.stored.fence)
}

// checkWhole reads the snapshot that is to be replaced, unless this process has found it whole: nothing is written over a
// damaged one.
func (l *lease) checkWhole(ctx context.Context) error {
	if l.stored.damaged != nil || l.b.isWhole(l.key, l.stored.version) {
		return l.stored.damaged
	}
	_, now, err := l.b.load(ctx, l.key)
	switch {
	case err != nil:
		return err
	case now.version == l.stored.version && now.serial < l.Serial():
		return tooOld(now.serial, l.Serial())
	case now.version == l.stored.version:
		l.b.foundWhole(l.key, now.version)
	}
	return nil // if it is another one by now, the write will be refused
}

// write replaces the snapshot object that this run knows.
func (l *lease) write(ctx context.Context, next lockstate.Snapshot, fence uint64) error {
	l.inDoubt = true
	written, err := l.b.put(ctx, l.key, l.stored, next, fence)
	if err != nil && !overtaken(err) {
		return err
	}
	if err != nil {
		done, resolveErr := l.resolve(ctx, next)
		switch {
		case resolveErr != nil:
			return resolveErr
		case !done:
			l.inDoubt = false
			return fmt.Errorf("%w: serial %d is stored, written by another run", lockstate.ErrConflict, l.stored.serial)
		}
		written = l.stored
	}
	l.stored, l.inDoubt = written, false
	l.b.foundWhole(l.key, written.version)
	l.journal.rebase(next.Serial)
	return l.Advance(ctx, next.Serial)
}

// resolve looks what became of a write whose answer was lost: done tells that what is stored is next itself. One who has
// fenced this run off is lockstate.ErrLockLost.
func (l *lease) resolve(ctx context.Context, next lockstate.Snapshot) (done bool, err error) {
	s, now, err := l.b.load(ctx, l.key)
	if err != nil {
		return false, err
	}
	l.stored = now
	if now.token > next.Token {
		return false, fmt.Errorf("%w: a run with token %d fenced this one off, whose token is %d", lockstate.ErrLockLost, now.token, next.Token)
	}
	if s.Serial != next.Serial || s.Writer != next.Writer || s.Token != next.Token || !bytes.Equal(s.Data, next.Data) {
		return false, nil
	}
	l.inDoubt = false
	l.journal.rebase(next.Serial)
	return true, nil
}

// Append implements lockstate.Lease. After an entry that could not be stored none can.
func (l *lease) Append(ctx context.Context, base, seq uint64, data []byte) error {
	if err := l.append(ctx, base, seq, data); err != nil {
		return fmt.Errorf("write journal entry %d of %s: %w", seq, l.key, err)
	}
	return nil
}

func (l *lease) append(ctx context.Context, base, seq uint64, data []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := l.Usable(); err != nil {
		return err
	}
	return l.journal.append(ctx, base, seq, data)
}

var recordRE = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// PutRecord implements lockstate.Lease.
func (l *lease) PutRecord(ctx context.Context, id string, data []byte) error {
	if err := l.putRecord(ctx, id, data); err != nil {
		return fmt.Errorf("write history record %s of %s: %w", id, l.key, err)
	}
	return nil
}

func (l *lease) putRecord(ctx context.Context, id string, data []byte) error {
	if !recordRE.MatchString(id) {
		return fmt.Errorf("%s is no record ID: want at most 128 letters, digits, dots, dashes and underscores", strconv.Quote(id))
	}
	if err := l.Verify(ctx); err != nil {
		return err
	}
	name := historyOf(l.key) + id
	framed, err := frame.Frame{
		Kind: frame.Record, Place: name, Writer: l.Lock().ID, Token: l.Lock().Token, Data: data,
	}.Encode()
	if err != nil {
		return err
	}
	o := bucket.Object{Data: framed}
	_, err = l.b.objects.Create(ctx, name, o)
	for range fenceTries {
		if !errors.Is(err, bucket.ErrExists) && !errors.Is(err, bucket.ErrChanged) {
			return err
		}
		old, readErr := l.b.objects.Get(ctx, name)
		if readErr != nil {
			return readErr
		}
		if bytes.Equal(old.Data, framed) { // our own write, whose answer was lost
			return nil
		}
		f, readErr := frame.Decode(old.Data, frame.Record, name)
		if errors.Is(readErr, lockstate.ErrCorrupt) {
			readErr = l.keepAside(ctx, name)
		} else if readErr == nil && f.Writer != l.Lock().ID {
			readErr = fmt.Errorf("there is one already, of the run with lock id %s", f.Writer)
		}
		if readErr != nil {
			return readErr
		}
		_, err = l.b.objects.Replace(ctx, name, old.Version, o)
	}
	return err
}

// Release implements lockstate.Lease.
func (l *lease) Release(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Lease.Release(ctx, !l.inDoubt)
}

// storedSerial is the serial of the snapshot as this run knows it.
func (l *lease) storedSerial() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stored.serial
}
