package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/internal/frame"
)

// WriteSnapshot implements lockstate.Lease. It may be called again with the same base after an error that is not
// lockstate.ErrConflict: whether the first call had stored its data makes no difference.
func (l *lease) WriteSnapshot(ctx context.Context, base uint64, data []byte) (lockstate.Snapshot, error) {
	next := lockstate.Snapshot{Serial: base + 1, Token: l.lock.Token, Writer: l.lock.ID, Data: data}
	if err := l.writeSnapshot(ctx, base, next); err != nil {
		return lockstate.Snapshot{}, fmt.Errorf("write the state of %s: %w", l.key, err)
	}
	return next, nil
}

func (l *lease) writeSnapshot(ctx context.Context, base uint64, next lockstate.Snapshot) error {
	if err := l.usable(); err != nil {
		return err
	}
	framed, err := frame.Frame{
		Kind: frame.Snapshot, Place: l.key.String(), Writer: next.Writer, Serial: next.Serial, Token: next.Token, Data: next.Data,
	}.Encode()
	if err != nil {
		return err
	}
	temp, err := l.d.stage(".", framed)
	if err != nil {
		return err
	}
	defer l.d.discard(temp)
	return l.whileOurs(ctx, func(doc document) error {
		stored, err := readSnapshot(l.d, l.key, l.highWater(doc))
		if err != nil {
			return err
		}
		again := l.inDoubt == next.Serial && stored.Serial == next.Serial && stored.Writer == next.Writer
		if stored.Serial != base && !again {
			return fmt.Errorf("%w: its serial is %d, not %d", lockstate.ErrConflict, stored.Serial, base)
		}
		if base > 0 && !again {
			keepPrevious(l.d)
		}
		l.inDoubt = next.Serial
		if err := errors.Join(l.d.publish(temp, snapshotFile), l.d.syncDir(".")); err != nil {
			return err
		}
		l.inDoubt = 0
		l.advance(next.Serial)
		// The entries no longer apply, so if this fails, the next snapshot or the next holder drops them.
		_ = retireJournal(l.d)
		return nil
	})
}

// advance notes that a snapshot was stored.
func (l *lease) advance(serial uint64) {
	first := l.order.upcoming()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.serial, l.serialErr, l.first = serial, nil, first
}

// Append implements lockstate.Lease. Goroutines may append at once; an entry appears only after all those before it,
// so a seq must not be left out. A base that is not the stored snapshot's serial is lockstate.ErrConflict: such an
// entry would never be read.
func (l *lease) Append(ctx context.Context, base, seq uint64, data []byte) error {
	if err := l.append(ctx, base, seq, data); err != nil {
		l.order.fail(seq)
		return fmt.Errorf("write journal entry %d of %s: %w", seq, l.key, err)
	}
	return nil
}

func (l *lease) append(ctx context.Context, base, seq uint64, data []byte) error {
	first, err := l.checkBase(base)
	if err != nil {
		return err
	}
	framed, err := frame.Frame{
		Kind: frame.Entry, Place: l.key.String(), Writer: l.lock.ID, Serial: base, Token: l.lock.Token, Seq: seq, First: first, Data: data,
	}.Encode()
	if err != nil {
		return err
	}
	dir := path.Join(journalDir, entryName(l.lock.Token))
	temp, err := l.stageEntry(dir, framed)
	if err != nil {
		return err
	}
	if err := l.order.wait(ctx, l.lost, seq); err != nil {
		l.d.discard(temp)
		return err
	}
	err = l.whileOurs(ctx, func(document) error {
		if _, err := l.checkBase(base); err != nil {
			return err
		}
		return l.d.publish(temp, path.Join(dir, entryName(seq)))
	})
	l.order.end(seq, err == nil)
	if err != nil {
		l.d.discard(temp)
		return err
	}
	return l.entries.sync(func() error {
		if err := l.d.syncDir(dir); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil // a snapshot that includes the entry was written in the meantime
	})
}

// stageEntry makes the lease's journal folder when it is first needed.
func (l *lease) stageEntry(dir string, framed []byte) (string, error) {
	temp, err := l.d.stage(dir, framed)
	if !errors.Is(err, fs.ErrNotExist) {
		return temp, err
	}
	if err := l.d.ensureDir(dir); err != nil {
		return "", err
	}
	return l.d.stage(dir, framed)
}

// checkBase gives the seq of the first entry with that base.
func (l *lease) checkBase(base uint64) (first uint64, err error) {
	if err := l.usable(); err != nil {
		return 0, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.serialErr != nil:
		return 0, l.serialErr
	case base != l.serial:
		return 0, fmt.Errorf("%w: the entry applies to serial %d, but %d is stored", lockstate.ErrConflict, base, l.serial)
	default:
		return l.first, nil
	}
}

var recordRE = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// PutRecord implements lockstate.Lease. An id is up to 128 letters, digits, dots, dashes and underscores, and begins
// with a letter or digit. A record of another run is not replaced.
func (l *lease) PutRecord(ctx context.Context, id string, data []byte) error {
	if err := l.putRecord(ctx, id, data); err != nil {
		return fmt.Errorf("write history record %s of %s: %w", id, l.key, err)
	}
	return nil
}

func (l *lease) putRecord(ctx context.Context, id string, data []byte) error {
	if err := l.usable(); err != nil {
		return err
	}
	if !recordRE.MatchString(id) {
		return fmt.Errorf("%q is no record ID: want at most 128 letters, digits, dots, dashes and underscores", id)
	}
	framed, err := frame.Frame{
		Kind: frame.Record, Place: recordPlace(l.key, id), Writer: l.lock.ID, Token: l.lock.Token, Data: data,
	}.Encode()
	if err != nil {
		return err
	}
	return l.whileOurs(ctx, func(document) error {
		name := path.Join(historyDir, id)
		old, err := readRecord(l.d, l.key, id)
		switch {
		case err == nil && old.Writer != l.lock.ID:
			return fmt.Errorf("there is one already, of the run with lock id %s", old.Writer)
		case errors.Is(err, lockstate.ErrCorrupt):
			if err := l.moveAside(name); err != nil {
				return err
			}
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return err
		}
		if err := l.d.ensureDir(historyDir); err != nil {
			return err
		}
		return l.d.replace(name, framed)
	})
}
