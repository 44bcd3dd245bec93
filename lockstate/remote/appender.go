package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/bucket"
	"github.com/panka-io/panka/lockstate/internal/frame"
)

const (
	// maxSegment is how many bytes of entries travel together, at most; one entry may be larger.
	maxSegment = 4 << 20
	// segmentLimit is how long a segment may take to be stored, with all tries. While S3 does not answer, nothing is
	// deployed.
	segmentLimit = time.Minute
	// orderLimit is how long an entry waits for the ones before it to come.
	orderLimit = 30 * time.Second
)

// appender writes the entries of a lease, in order and one segment after the other. What comes while a segment is under
// way goes with the next.
type appender struct {
	l *lease

	mu      sync.Mutex
	waiting map[uint64]*waiting
	next    uint64 // the seq that comes next
	first   uint64 // the seq of the first entry with the present base
	base    uint64
	known   bool // whether base is
	busy    bool
	broken  error // why no entry can be written any more
}

type waiting struct {
	data []byte
	done chan error // gets one error or nil
}

func newAppender(l *lease) *appender {
	return &appender{l: l, waiting: map[uint64]*waiting{}, next: 1, first: 1}
}

// rebase says that a snapshot was stored.
func (a *appender) rebase(serial uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.base, a.known, a.first = serial, true, a.next
}

func (a *appender) append(ctx context.Context, base, seq uint64, data []byte) error {
	w := &waiting{data: bytes.Clone(data), done: make(chan error, 1)}
	if err := a.hand(base, seq, w); err != nil {
		return err
	}
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-a.l.Lost():
		return lockstate.ErrLockLost
	case <-time.After(orderLimit + segmentLimit):
		return a.fail(fmt.Errorf("the entry before it was not appended in %s", orderLimit))
	}
}

// hand puts an entry into the queue and sees to it that the queue is worked on.
func (a *appender) hand(base, seq uint64, w *waiting) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.known {
		a.base, a.known = a.l.storedSerial(), true
	}
	switch {
	case a.broken != nil:
		return a.broken
	case base != a.base:
		return fmt.Errorf("%w: the entry applies to serial %d, but %d is stored", lockstate.ErrConflict, base, a.base)
	case seq < a.next || a.waiting[seq] != nil:
		return fmt.Errorf("there is an entry %d already; the next one is %d", seq, a.next)
	}
	a.waiting[seq] = w
	if !a.busy && seq == a.next {
		a.busy = true
		go a.work()
	}
	return nil
}

// work writes segments until nothing that comes next is there.
func (a *appender) work() {
	for {
		s, frames, waiters := a.take()
		if len(waiters) == 0 {
			return
		}
		err := a.store(s, frames)
		a.mu.Lock()
		if err == nil {
			a.next = s.last + 1
		} else if a.broken == nil {
			a.broken = err
		}
		a.mu.Unlock()
		for _, w := range waiters {
			w.done <- err
		}
		if err != nil {
			_ = a.fail(err)
			return
		}
	}
}

// take gives the entries that come next, none if the work is done.
func (a *appender) take() (s segment, frames [][]byte, waiters []*waiting) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s = segment{base: a.base, token: a.l.Lock().Token, first: a.next, last: a.next - 1}
	size := 0
	for w := a.waiting[a.next]; w != nil && (size == 0 || size+len(w.data) <= maxSegment); w = a.waiting[s.last+1] {
		f, err := frame.Frame{
			Kind: frame.Entry, Place: a.l.key.String(), Writer: a.l.Lock().ID, Serial: a.base, Token: s.token,
			Seq: s.last + 1, First: a.first, Data: w.data,
		}.Encode()
		if err != nil { // the names were checked: they are short
			w.done <- err
			break
		}
		s.last++
		size += len(w.data)
		frames, waiters = append(frames, f), append(waiters, w)
		delete(a.waiting, s.last)
	}
	if len(waiters) == 0 {
		a.busy = false
	}
	return s, frames, waiters
}

// store writes a segment. It is not up to one of the callers alone, so none can cancel it.
func (a *appender) store(s segment, frames [][]byte) error {
	ctx, cancel := context.WithTimeoutCause(context.Background(), segmentLimit,
		fmt.Errorf("it could not be stored in %s", segmentLimit))
	defer cancel()
	data := encodeSegment(frames)
	for {
		if err := a.l.Usable(); err != nil {
			return err
		}
		_, err := a.l.b.objects.Create(ctx, s.name(a.l.key), bucket.Object{Data: data})
		if errors.Is(err, bucket.ErrExists) {
			return a.compare(ctx, s, data)
		}
		if err == nil || ctx.Err() != nil || !bucket.Passing(err) {
			return err
		}
	}
}

// compare accepts a segment that is there already if it is ours: the answer to an earlier try was lost.
func (a *appender) compare(ctx context.Context, s segment, data []byte) error {
	o, err := a.l.b.objects.Get(ctx, s.name(a.l.key))
	if err == nil && !bytes.Equal(o.Data, data) {
		err = fmt.Errorf("%w: another run wrote entries with the token %d", lockstate.ErrLockLost, s.token)
	}
	return err
}

// fail ends the journal: what waits and what will come gets the error.
func (a *appender) fail(err error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.broken == nil {
		a.broken = err
	}
	for seq, w := range a.waiting {
		delete(a.waiting, seq)
		w.done <- fmt.Errorf("an entry before it could not be stored: %w", a.broken)
	}
	return err
}
