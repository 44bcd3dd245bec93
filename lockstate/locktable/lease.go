package locktable

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/panka-io/panka/lockstate"
)

// Lease is a held lock. It renews itself until Release.
type Lease struct {
	t    *Table
	key  lockstate.Key
	lock lockstate.Lock
	// serial is that of the snapshot last written before the lease; takenOver tells that the last holder did not give the
	// lock back, or with a write in doubt, so that a write of its may still come.
	serial    uint64
	takenOver bool

	lost chan struct{} // closed when the lock is lost
	stop chan struct{} // closed when renewing is to end
	done chan struct{} // closed when it has ended

	mu       sync.Mutex    // guards what follows, and lock.Token and takenOver
	renewed  time.Duration // when the last renewal that succeeded was sent
	isLost   bool
	released bool
}

func (t *Table) newLease(key lockstate.Key, lock lockstate.Lock, before item, sent time.Duration) *Lease {
	return &Lease{
		t: t, key: key, lock: lock, serial: before.serial, takenOver: before.token > 0 && !before.clean, renewed: sent,
		lost: make(chan struct{}), stop: make(chan struct{}), done: make(chan struct{}),
	}
}

// Lock tells what is held.
func (l *Lease) Lock() lockstate.Lock {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lock
}

// Lost is closed when the lease has ended without Release.
func (l *Lease) Lost() <-chan struct{} { return l.lost }

// Serial is that of the snapshot last written before the lease, as far as the table knows.
func (l *Lease) Serial() uint64 { return l.serial }

// TakenOver tells that an earlier holder may have a write under way. It is true as well where that cannot be known.
func (l *Lease) TakenOver() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.takenOver
}

// Usable is lockstate.ErrLockLost once the lease has ended, or may have, as far as is known without a call.
func (l *Lease) Usable() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.released:
		return fmt.Errorf("%w: it was released", lockstate.ErrLockLost)
	case l.isLost:
		return lockstate.ErrLockLost
	case l.t.opts.Clock.since(l.renewed) >= l.limit():
		// The process was stopped, or the machine slept: others may have the lock by now.
		l.loseLocked()
		return fmt.Errorf("%w: it could not be renewed in time", lockstate.ErrLockLost)
	default:
		return nil
	}
}

// limit is how long after the last renewal the holder goes on. It is less than the lease, as clocks do not run alike.
func (l *Lease) limit() time.Duration { return l.t.opts.Lease * 9 / 10 }

// Verify asks the table whether the lock is still held.
func (l *Lease) Verify(ctx context.Context) error {
	if err := l.Usable(); err != nil {
		return err
	}
	i, err := l.t.read(ctx, l.key)
	if err != nil {
		return fmt.Errorf("read the lock of %s: %w", l.key, err)
	}
	return l.compare(i)
}

// compare loses the lease if the item is not its own.
func (l *Lease) compare(i item) error {
	if lock := l.Lock(); i.run == lock.ID && i.token == lock.Token {
		return nil
	}
	l.lose()
	return fmt.Errorf("%w: %s", lockstate.ErrLockLost, successor(i))
}

// successor says who made us lose the lock.
func successor(i item) string {
	if !i.held() {
		return "somebody unlocked it"
	}
	return fmt.Sprintf("%s on %s (pid %d) has it since %s, lock id %s",
		i.owner.Who, i.owner.Host, i.owner.PID, i.acquiredAt.Format(time.RFC3339), i.run)
}

const (
	ours    = "#run = :run AND #token = :token"
	renewal = "#version = #version + :one, #renewed = :now"
)

func (l *Lease) values() map[string]types.AttributeValue {
	lock := l.Lock()
	return map[string]types.AttributeValue{
		":run": text(lock.ID), ":token": number(lock.Token), ":one": number(1), ":now": text(time.Now().UTC().Format(time.RFC3339)),
	}
}

// Advance records that a snapshot with that serial was written. It is a renewal too.
func (l *Lease) Advance(ctx context.Context, serial uint64) error {
	c := change{set: "SET #serial = :serial, " + renewal, condition: ours, values: l.values()}
	c.values[":serial"] = number(serial)
	if err := l.change(ctx, c); err != nil {
		return fmt.Errorf("record serial %d of %s: %w", serial, l.key, err)
	}
	return nil
}

// Raise makes the lease's token at least floor+1, which it is not if the table was lost and made anew. It must be called
// before the token is used.
func (l *Lease) Raise(ctx context.Context, floor uint64) error {
	if l.Lock().Token > floor {
		return nil
	}
	c := change{set: "SET #token = :higher, " + renewal, condition: ours, values: l.values()}
	c.values[":higher"] = number(floor + 1)
	l.mu.Lock()
	l.lock.Token, l.takenOver = floor+1, true // a renewal in the background asks for the new one from now on
	l.mu.Unlock()
	_, err := l.t.update(ctx, l.key, c)
	var refused *refusal
	if errors.As(err, &refused) {
		err = l.compare(refused.found)
	}
	if err != nil {
		return fmt.Errorf("raise the token of %s to %d: %w", l.key, floor+1, err)
	}
	return nil
}

// change makes a change of the holder's. Doing it twice must do no harm.
func (l *Lease) change(ctx context.Context, c change) error {
	sent := l.t.opts.Clock()
	_, err := l.t.update(ctx, l.key, c)
	var refused *refusal
	if errors.As(err, &refused) {
		return l.compare(refused.found)
	}
	if err != nil {
		return err
	}
	l.mu.Lock()
	l.renewed = max(l.renewed, sent)
	l.mu.Unlock()
	return nil
}

// renewUntilStopped shows signs of life. After one that failed it tries again sooner; when none succeeded for as long as
// the lease may be relied on, the lock counts as lost.
func (l *Lease) renewUntilStopped() {
	defer close(l.done)
	pause := l.t.opts.Heartbeat
	for {
		select {
		case <-l.stop:
			return
		case <-time.After(pause):
		}
		if l.Usable() != nil {
			return
		}
		pause = l.t.opts.Heartbeat
		if err := l.renew(); err != nil {
			if errors.Is(err, lockstate.ErrLockLost) {
				return
			}
			pause /= 4
		}
	}
}

func (l *Lease) renew() error {
	ctx, cancel := context.WithTimeout(context.Background(), min(callLimit, l.t.opts.Lease/2))
	defer cancel()
	return l.change(ctx, change{set: "SET " + renewal, condition: ours, values: l.values()})
}

// lose ends the lease without Release.
func (l *Lease) lose() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.loseLocked()
}

func (l *Lease) loseLocked() {
	if l.isLost || l.released {
		return
	}
	l.isLost = true
	close(l.lost)
}

// Release gives the lock back. clean tells that no write of the holder's is in doubt, so that the next holder need not
// fence it off. It does its work even when ctx is cancelled, as it is after Ctrl-C. A lost lease is lockstate.ErrLockLost.
func (l *Lease) Release(ctx context.Context, clean bool) error {
	l.mu.Lock()
	released, lost := l.released, l.isLost
	l.released = true
	l.mu.Unlock()
	if released {
		return fmt.Errorf("release the lock of %s: %w: it was released before", l.key, lockstate.ErrLockLost)
	}
	close(l.stop)
	<-l.done
	err := l.giveBack(context.WithoutCancel(ctx), clean && !lost)
	if lost && !errors.Is(err, lockstate.ErrLockLost) { // whether it could be given back all the same makes no difference
		err = fmt.Errorf("%w: it could not be renewed in time", lockstate.ErrLockLost)
	}
	if err != nil {
		return fmt.Errorf("release the lock of %s: %w", l.key, err)
	}
	return nil
}

func (l *Lease) giveBack(ctx context.Context, clean bool) error {
	c := change{
		set:       "SET #version = #version + :one, #clean = :clean REMOVE #run, #owner, #acquired, #renewed",
		condition: ours,
		values:    l.values(),
	}
	delete(c.values, ":now")
	c.values[":clean"] = flag(clean)
	_, err := l.t.update(ctx, l.key, c)
	var refused *refusal
	var found item
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		found = refused.found
	case !l.t.ambiguous(err):
		return err
	default:
		var readErr error
		if found, readErr = l.t.read(ctx, l.key); readErr != nil {
			return errors.Join(err, readErr)
		}
		if found.run == l.lock.ID {
			return err
		}
	}
	if !found.held() && found.token == l.Lock().Token { // our own try was made, though its answer was lost
		return nil
	}
	return fmt.Errorf("%w: %s", lockstate.ErrLockLost, successor(found))
}
