package file

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/panka-io/panka/lockstate"
)

// gateLimit is how long a change waits for another process's change to end. One takes milliseconds, so a longer wait
// means a process that was stopped in the middle of one; nothing may be changed until it goes on or ends.
const gateLimit = 10 * time.Second

// exclusively runs do while no other process and no other goroutine changes the state's files.
func (b *Backend) exclusively(ctx context.Context, d disk, key lockstate.Key, do func() error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, gateLimit,
		fmt.Errorf("another process has been changing the state of %s for %s; if it was stopped, continue or end it", key, gateLimit))
	defer cancel()
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	gate := b.gate(key)
	select {
	case gate <- struct{}{}:
		defer func() { <-gate }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	f, err := d.root.OpenFile(gateFile, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := waitFlock(ctx, f); err != nil {
		return err
	}
	defer func() { _ = unflock(f) }() // closing does the same, only perhaps a moment later
	return do()
}

// gate is what keeps this process's goroutines apart; it holds one at a time.
func (b *Backend) gate(key lockstate.Key) chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gates[key] == nil {
		b.gates[key] = make(chan struct{}, 1)
	}
	return b.gates[key]
}

// waitFlock asks again and again, since a blocking flock could not be cancelled.
func waitFlock(ctx context.Context, f *os.File) error {
	for pause := time.Millisecond; ; pause = min(2*pause, 20*time.Millisecond) {
		got, err := tryFlock(f, false)
		if got || err != nil {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
