package file

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/panka-io/panka/lockstate"
)

// renewLimit is how long one renewal may take.
const renewLimit = 5 * time.Second

// lease is a held lock. Its goroutine renews it until Release.
type lease struct {
	b    *Backend
	d    disk
	key  lockstate.Key
	lock lockstate.Lock
	live *os.File

	lost chan struct{} // closed when another run has the lock
	stop chan struct{} // closed when renewing is to end
	done chan struct{} // closed when it has ended

	order   *order
	entries batchSync
	inDoubt uint64 // serial of a snapshot that may or may not be stored; guarded by whileOurs

	mu        sync.Mutex
	released  bool
	isLost    bool
	serial    uint64 // of the stored snapshot
	serialErr error  // why serial is not known
	first     uint64 // seq of the first entry that applies to serial
}

var _ lockstate.Lease = (*lease)(nil)

func newLease(b *Backend, d disk, key lockstate.Key, doc document, live *os.File, serial uint64, serialErr error) *lease {
	return &lease{
		b: b, d: d, key: key, lock: doc.lock(), live: live,
		lost: make(chan struct{}), stop: make(chan struct{}), done: make(chan struct{}),
		order: newOrder(), serial: serial, serialErr: serialErr, first: 1,
	}
}

// Lock implements lockstate.Lease.
func (l *lease) Lock() lockstate.Lock { return l.lock }

// Lost implements lockstate.Lease.
func (l *lease) Lost() <-chan struct{} { return l.lost }

// Release implements lockstate.Lease. It does its work even when ctx is cancelled, as it is after Ctrl-C; it takes at
// most some seconds.
func (l *lease) Release(ctx context.Context) error {
	l.mu.Lock()
	released, lost := l.released, l.isLost
	l.released = true
	l.mu.Unlock()
	if released {
		return fmt.Errorf("release the lock of %s: %w: it was released before", l.key, lockstate.ErrLockLost)
	}
	if !lost {
		close(l.stop)
	}
	<-l.done
	err := l.whileOurs(context.WithoutCancel(ctx), func(doc document) error {
		next := doc.freed()
		next.Serial = l.highWater(doc)
		return writeDocument(l.d, next)
	})
	dropLive(l.live)
	_ = l.d.root.Close()
	if err == nil && lost {
		err = fmt.Errorf("%w: it could not be renewed in time", lockstate.ErrLockLost)
	}
	if err != nil {
		return fmt.Errorf("release the lock of %s: %w", l.key, err)
	}
	return nil
}

// whileOurs runs do while nothing else changes the state, if the lock is still ours; otherwise the lease is lost.
func (l *lease) whileOurs(ctx context.Context, do func(doc document) error) error {
	return l.b.exclusively(ctx, l.d, l.key, func() error {
		doc, err := readDocument(l.d)
		if err != nil {
			return err
		}
		if doc.ID != l.lock.ID || doc.Token != l.lock.Token {
			l.lose()
			return fmt.Errorf("%w: %s", lockstate.ErrLockLost, successor(doc))
		}
		return do(doc)
	})
}

// successor says who made us lose the lock.
func successor(doc document) string {
	if !doc.held() {
		return "somebody unlocked it"
	}
	o := doc.lock().Owner
	return fmt.Sprintf("%s on %s (pid %d) has it since %s, lock id %s", o.Who, o.Host, o.PID, doc.lock().AcquiredAt.Format(time.RFC3339), doc.ID)
}

// lose ends the lease without Release.
func (l *lease) lose() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isLost {
		return
	}
	l.isLost = true
	close(l.lost)
	if !l.released {
		close(l.stop)
	}
}

// usable refuses work when the lease has ended.
func (l *lease) usable() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.released:
		return fmt.Errorf("%w: it was released", lockstate.ErrLockLost)
	case l.isLost:
		return lockstate.ErrLockLost
	default:
		return nil
	}
}

// highWater is the highest serial known to be stored.
func (l *lease) highWater(doc document) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(doc.Serial, l.serial)
}

// renewUntilStopped shows signs of life. When none could be given for a whole lease, the lock counts as lost, since
// others may take it. After a stop of the whole process, lock.json says whether one did.
func (l *lease) renewUntilStopped() {
	defer close(l.done)
	lease, pause := l.b.opts.Lease, l.b.opts.Heartbeat
	for renewed := time.Now(); ; {
		select {
		case <-l.stop:
			return
		case <-time.After(min(pause, max(0, lease-time.Since(renewed)))):
		}
		began := time.Now()
		err := l.renew()
		switch {
		case err == nil:
			renewed = began
		case errors.Is(err, lockstate.ErrLockLost):
			return
		case time.Since(renewed) >= lease:
			l.lose()
			return
		}
	}
}

func (l *lease) renew() error {
	ctx, cancel := context.WithTimeout(context.Background(), min(renewLimit, l.b.opts.Lease/2))
	defer cancel()
	return l.whileOurs(ctx, func(doc document) error {
		now := time.Now().UTC()
		doc.RenewedAt = &now
		doc.Serial = l.highWater(doc)
		return writeDocument(l.d, doc)
	})
}
