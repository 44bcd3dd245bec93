package deploy

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/engine"
)

// lockPoll is how often a lock that is waited for is asked for: a fraction of the shortest run, and few calls a minute.
const lockPoll = 2 * time.Second

// acquire takes the lock, and waits for its holder for as long as the request says. After that, the error is the
// *lockstate.HeldError of the holder at the end. Whoever else waits may come first: there is no queue.
func acquire(ctx context.Context, req Request) (lockstate.Lease, error) {
	begun := time.Now()
	emit := func(status Status, message string) {
		if req.Events != nil {
			req.Events(Event{Kind: EventLock, Time: time.Now(), Wave: -1, Status: status, Message: message,
				Seconds: time.Since(begun).Seconds()})
		}
	}
	waiting := "" // the ID of the lock that was told of
	for {
		lease, err := req.Backend.Acquire(ctx, req.Key, req.Owner)
		var held *lockstate.HeldError
		left := req.LockTimeout - time.Since(begun)
		if !errors.As(err, &held) || left <= 0 {
			if waiting != "" {
				emit(Done, "")
			}
			return lease, err
		}
		if held.Lock.ID != waiting {
			waiting = held.Lock.ID
			emit(Started, held.Error())
		}
		if err := pause(ctx, req.Stop, min(lockPoll, left)); err != nil {
			emit(Done, "")
			return nil, fmt.Errorf("wait for the lock of %s: %w", req.Key, err)
		}
	}
}

// pause waits for d. It ends early with engine.ErrStopped or the context's error.
func pause(ctx context.Context, stop <-chan struct{}, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-stop:
		return engine.ErrStopped
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
