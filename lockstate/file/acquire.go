package file

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/panka-io/panka/lockstate"
)

// Acquire implements lockstate.Backend. It never waits for a holder, only for a change that is just being made.
func (b *Backend) Acquire(ctx context.Context, key lockstate.Key, owner lockstate.Owner) (lockstate.Lease, error) {
	d, err := b.folder(key, true)
	if err != nil {
		return nil, fmt.Errorf("acquire the lock of %s: %w", key, err)
	}
	var l *lease
	err = b.exclusively(ctx, d, key, func() error {
		doc, err := readDocument(d)
		if err != nil {
			return err
		}
		if inForce, err := b.inForce(d, key, doc); err != nil {
			return err
		} else if inForce {
			return &lockstate.HeldError{Key: key, Lock: doc.lock()}
		}
		l, err = b.take(d, key, owner, doc)
		return err
	})
	if err != nil {
		_ = d.root.Close()
		if held := (*lockstate.HeldError)(nil); errors.As(err, &held) {
			return nil, held
		}
		return nil, fmt.Errorf("acquire the lock of %s: %w", key, err)
	}
	go l.renewUntilStopped()
	return l, nil
}

// Holder implements lockstate.Backend. A lock whose holder died on this machine is in force no more.
func (b *Backend) Holder(ctx context.Context, key lockstate.Key) (*lockstate.Lock, error) {
	lock, err := readOr(ctx, b, key, func(d disk) (*lockstate.Lock, error) {
		for {
			doc, err := readDocument(d)
			if err != nil {
				return nil, err
			}
			inForce, err := b.inForce(d, key, doc)
			if err != nil {
				return nil, err
			}
			// Another holder may have come between the two reads.
			if now, err := readDocument(d); err != nil || now.ID != doc.ID {
				if err == nil {
					continue
				}
				return nil, err
			}
			if !inForce {
				return nil, nil
			}
			lock := doc.lock()
			return &lock, nil
		}
	})
	if err != nil {
		return nil, fmt.Errorf("read the lock of %s: %w", key, err)
	}
	return lock, nil
}

// Unlock implements lockstate.Backend. Another lock than lockID is a *lockstate.HeldError, none an error.
func (b *Backend) Unlock(ctx context.Context, key lockstate.Key, lockID string) error {
	d, err := b.folder(key, false)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("unlock %s: it is not locked", key)
	}
	if err != nil {
		return fmt.Errorf("unlock %s: %w", key, err)
	}
	defer d.root.Close()
	err = b.exclusively(ctx, d, key, func() error {
		doc, err := readDocument(d)
		if err != nil {
			return err
		}
		if !doc.held() {
			return errors.New("it is not locked")
		}
		if doc.ID != lockID {
			return &lockstate.HeldError{Key: key, Lock: doc.lock()}
		}
		next := doc.freed()
		next.Token++
		return writeDocument(d, next)
	})
	if err != nil {
		return fmt.Errorf("unlock %s: %w", key, err)
	}
	return nil
}

// inForce tells whether the document's holder must be respected: not one that is known to be dead, or that has shown
// no sign of life for its whole lease.
func (b *Backend) inForce(d disk, key lockstate.Key, doc document) (bool, error) {
	if !doc.held() {
		return false, nil
	}
	if doc.Machine == b.opts.Host {
		alive, exists, err := probeLive(d, liveFile)
		if err != nil {
			return false, fmt.Errorf("look whether the holder lives: %w", err)
		}
		if exists && !alive {
			return false, nil
		}
	}
	lease := b.opts.Lease
	if doc.Lease > 0 {
		lease = time.Duration(doc.Lease) * time.Millisecond
	}
	return b.unchangedFor(key, doc) < lease, nil
}

// sighting is when this process first saw a version of a lock, on its own clock: clocks of machines are not compared.
type sighting struct {
	id      string
	version uint64
	since   time.Time
}

// unchangedFor tells how long doc has been seen as it is.
func (b *Backend) unchangedFor(key lockstate.Key, doc document) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	seen := b.sightings[key]
	if seen.id != doc.ID || seen.version != doc.Version || seen.since.IsZero() {
		seen = sighting{id: doc.ID, version: doc.Version, since: time.Now()}
		b.sightings[key] = seen
	}
	return time.Since(seen.since)
}

// take makes the caller the holder, and clears away what crashed holders left.
func (b *Backend) take(d disk, key lockstate.Key, owner lockstate.Owner, doc document) (*lease, error) {
	if err := d.removeTemporary(); err != nil {
		return nil, err
	}
	live, temp, err := newLive(d)
	if err != nil {
		return nil, err
	}
	stored, storedErr := readSnapshot(d, key, doc.Serial)
	token, err := highestToken(d, max(doc.Token, stored.Token))
	now := time.Now().UTC()
	next := document{
		Version: doc.Version, Token: token + 1, Serial: max(doc.Serial, stored.Serial),
		ID: newID(), Lease: b.opts.Lease.Milliseconds(), Machine: b.opts.Host, Owner: &owner, AcquiredAt: &now, RenewedAt: &now,
	}
	// The document first: were it the other way round, a crash between the two could make a holder on this machine
	// that lives look dead.
	if err == nil {
		err = ensureLiveFile(d)
	}
	if err == nil {
		err = writeDocument(d, next)
	}
	if err == nil {
		err = d.publish(temp, liveFile)
	}
	if err == nil && storedErr == nil {
		err = dropFolded(d, key, stored.Serial)
	}
	if err != nil {
		dropLive(live)
		d.discard(temp)
		return nil, errors.Join(err, undoTake(d, next))
	}
	return newLease(b, d, key, next, live, stored.Serial, storedErr), nil
}

// undoTake frees the lock after a failure, if it had been taken.
func undoTake(d disk, taken document) error {
	now, err := readDocument(d)
	if err != nil || now.ID != taken.ID {
		return err
	}
	return writeDocument(d, now.freed())
}

// highestToken gives the highest token that was ever given out: lock.json knows it, unless someone deleted that file.
func highestToken(d disk, known uint64) (uint64, error) {
	names, err := d.list(journalDir)
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		if token, err := strconv.ParseUint(name, 10, 64); err == nil {
			known = max(known, token)
		}
	}
	return known, nil
}

// newID makes a lock ID: random, and short enough to be typed.
func newID() string {
	id := make([]byte, 8)
	_, _ = rand.Read(id) // never fails
	return hex.EncodeToString(id)
}
