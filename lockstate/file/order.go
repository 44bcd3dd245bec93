package file

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/panka-io/panka/lockstate"
)

// orderLimit is how long an entry waits for the ones before it to come.
const orderLimit = 30 * time.Second

// order lets the entries of a lease appear one after the other without a gap, in whichever order they are handed in.
// So what a crash leaves is always a beginning of the journal.
type order struct {
	mu      sync.Mutex
	next    uint64
	busy    bool
	failed  uint64        // the seq that could not be stored, 0 if none
	changed chan struct{} // closed and replaced at each change
}

func newOrder() *order { return &order{next: 1, changed: make(chan struct{})} }

// wait returns when it is seq's turn; end must follow.
func (o *order) wait(ctx context.Context, lost <-chan struct{}, seq uint64) error {
	for {
		turn, changed, err := o.claim(seq)
		if turn || err != nil {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-lost:
			return lockstate.ErrLockLost
		case <-time.After(orderLimit):
			return fmt.Errorf("the entry before it was not appended in %s", orderLimit)
		}
	}
}

func (o *order) claim(seq uint64) (turn bool, changed <-chan struct{}, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case seq < o.next:
		return false, nil, fmt.Errorf("there is an entry %d already; the next one is %d", seq, o.next)
	case seq == o.next && !o.busy:
		o.busy = true
		return true, nil, nil
	case o.failed != 0 && seq > o.failed:
		return false, nil, fmt.Errorf("entry %d before it could not be stored", o.failed)
	default:
		return false, o.changed, nil
	}
}

// end gives the turn to the next entry, or leaves it with seq, which must then fail, if that was not stored.
func (o *order) end(seq uint64, stored bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.busy = false
	if stored {
		o.next = seq + 1
		if o.failed == seq {
			o.failed = 0
		}
	}
	o.announce()
}

// fail says that seq could not be stored, so that the entries after it need not wait. Appending it again is allowed.
func (o *order) fail(seq uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if seq < o.next || o.failed != 0 && o.failed < seq {
		return
	}
	o.failed = seq
	o.announce()
}

func (o *order) announce() {
	close(o.changed)
	o.changed = make(chan struct{})
}

// upcoming is the seq of the next entry to be stored.
func (o *order) upcoming() uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.next
}

// batchSync lets writers that come while a folder is being made durable share the next such call.
type batchSync struct {
	asked atomic.Uint64
	mu    sync.Mutex
	done  uint64
}

// sync returns when a call of syncDir that began after it was asked has succeeded.
func (s *batchSync) sync(syncDir func() error) error {
	ticket := s.asked.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done >= ticket {
		return nil
	}
	covered := s.asked.Load()
	if err := syncDir(); err != nil {
		return err
	}
	s.done = covered
	return nil
}
