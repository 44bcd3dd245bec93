package remote

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/bucket"
)

// Restore implements lockstate.Lease.
func (l *lease) Restore(ctx context.Context, serial uint64, data []byte) (lockstate.Snapshot, error) {
	next := lockstate.Snapshot{Serial: serial, Token: l.Lock().Token, Writer: l.Lock().ID, Data: data}
	if err := l.restore(ctx, next); err != nil {
		return lockstate.Snapshot{}, fmt.Errorf("restore the state of %s: %w", l.key, err)
	}
	l.b.dropJournal(ctx, l.key, serial-1)
	return next, nil
}

func (l *lease) restore(ctx context.Context, next lockstate.Snapshot) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.Verify(ctx); err != nil {
		return err
	}
	if written := max(l.stored.serial, l.Serial()); next.Serial <= written {
		return fmt.Errorf("%w: serial %d was written, so %d cannot be", lockstate.ErrConflict, written, next.Serial)
	}
	if err := l.keepSegments(ctx); err != nil {
		return err
	}
	if err := l.keepAside(ctx, snapshotName(l.key)); err != nil {
		return err
	}
	return l.write(ctx, next, max(l.stored.fence, next.Token))
}

// keepSegments keeps the journal aside that the restored snapshot makes of no use: a damaged one may be all there is.
func (l *lease) keepSegments(ctx context.Context) error {
	all, err := l.b.segments(ctx, l.key)
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := l.keepAside(ctx, s.name(l.key)); err != nil {
			return err
		}
	}
	return nil
}

// keepAside copies an object to where nothing reads it. One that is gone is no error.
func (l *lease) keepAside(ctx context.Context, name string) error {
	o, err := l.b.objects.Get(ctx, name)
	if errors.Is(err, bucket.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	copied := damagedFolder + name + "-" + l.Lock().ID
	if _, err = l.b.objects.Create(ctx, copied, o); errors.Is(err, bucket.ErrExists) {
		return nil // it was, by this run
	}
	return err
}

// SetAside implements lockstate.Lease.
func (l *lease) SetAside(ctx context.Context, object string) error {
	if err := l.setAside(ctx, object); err != nil {
		return fmt.Errorf("set %s of %s aside: %w", strconv.Quote(object), l.key, err)
	}
	return nil
}

func (l *lease) setAside(ctx context.Context, object string) error {
	if !strings.HasPrefix(object, historyOf(l.key)) && !strings.HasPrefix(object, journalOf(l.key)) {
		return errors.New("it is no journal entry and no history record")
	}
	if err := l.Verify(ctx); err != nil {
		return err
	}
	if err := l.keepAside(ctx, object); err != nil {
		return err
	}
	return l.b.objects.Delete(ctx, object)
}
