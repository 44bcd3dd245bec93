// Package remote keeps states in S3 and locks in DynamoDB, for teams.
//
//	<prefix>states/<tenant>/<stack>/<environment>                               the state, with the token that fences it
//	<prefix>journals/<tenant>/<stack>/<environment>/<base>/<token>/<first>-<last> what the run with that token did since snapshot <base>
//	<prefix>history/<tenant>/<stack>/<environment>/<id>                         the deployments' records
//	<prefix>bundles/<tenant>/<stack>/<environment>/<digest>                     what was deployed
//	<prefix>damaged/…                                                           what a repair took out of the way
//
// What an object is comes first in its name, as lifecycle rules and permissions go by how names begin.
//
// The lock lets one run at a time proceed (see lockstate/locktable). What makes it safe is the snapshot: a run replaces
// just the version of it that it knows, so of two runs that both believe they hold the lock only one can. Who takes over
// from a holder that did not give its lock back writes its own token into the snapshot before it reads anything; with
// that, every write of the old holder's fails, even one that was on its way already. A late journal entry of the old
// holder's does no harm: it applies to a snapshot that is no longer the newest, is counted, and a bucket's lifecycle rule
// removes it.
//
// Entries that come while one is being written travel together in the next object, so that S3 sees at most one write of a
// journal at a time and what a crash leaves is always a beginning.
package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/bucket"
	"github.com/panka-io/panka/lockstate/internal/frame"
	"github.com/panka-io/panka/lockstate/locktable"
)

// Backend is a lockstate.Backend.
type Backend struct {
	objects *bucket.Bucket
	locks   *locktable.Table

	mu    sync.Mutex
	whole map[lockstate.Key]bucket.Version // of each snapshot, the version that was last found whole
}

var _ lockstate.Backend = (*Backend)(nil)

// New keeps states in objects under the locks in locks.
func New(objects *bucket.Bucket, locks *locktable.Table) *Backend {
	return &Backend{objects: objects, locks: locks, whole: map[lockstate.Key]bucket.Version{}}
}

// The folders of each kind of object.
const (
	stateFolder   = "states/"
	journalFolder = "journals/"
	historyFolder = "history/"
	bundleFolder  = "bundles/"
	damagedFolder = "damaged/"
	probeFolder   = "probes/" // objects that are there for a moment
)

func snapshotName(key lockstate.Key) string { return stateFolder + key.String() }
func journalOf(key lockstate.Key) string    { return journalFolder + key.String() + "/" }
func historyOf(key lockstate.Key) string    { return historyFolder + key.String() + "/" }

// Acquire implements lockstate.Backend.
func (b *Backend) Acquire(ctx context.Context, key lockstate.Key, owner lockstate.Owner) (lockstate.Lease, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	held, err := b.locks.Acquire(ctx, key, owner)
	if err != nil {
		return nil, err
	}
	l := newLease(b, key, held)
	if err := l.begin(ctx); err != nil {
		err = fmt.Errorf("prepare the state of %s: %w", key, err)
		return nil, errors.Join(err, held.Release(ctx, false))
	}
	return l, nil
}

// Holder implements lockstate.Backend.
func (b *Backend) Holder(ctx context.Context, key lockstate.Key) (*lockstate.Lock, error) {
	return b.locks.Holder(ctx, key)
}

// Unlock implements lockstate.Backend.
func (b *Backend) Unlock(ctx context.Context, key lockstate.Key, lockID string) error {
	return b.locks.Unlock(ctx, key, lockID)
}

// Snapshot implements lockstate.Backend. A snapshot that is older than the one last written, or gone, is
// lockstate.ErrCorrupt: someone put back an old object.
func (b *Backend) Snapshot(ctx context.Context, key lockstate.Key) (lockstate.Snapshot, error) {
	s, err := b.snapshot(ctx, key)
	if err != nil {
		return lockstate.Snapshot{}, fmt.Errorf("read the state of %s: %w", key, err)
	}
	return s, nil
}

func (b *Backend) snapshot(ctx context.Context, key lockstate.Key) (lockstate.Snapshot, error) {
	// In this order: a snapshot is written before the table learns of it.
	written, err := b.locks.Serial(ctx, key)
	if err != nil {
		return lockstate.Snapshot{}, err
	}
	o, err := b.objects.Get(ctx, snapshotName(key))
	if errors.Is(err, bucket.ErrNotFound) && written == 0 {
		return lockstate.Snapshot{}, nil
	}
	if errors.Is(err, bucket.ErrNotFound) {
		return lockstate.Snapshot{}, fmt.Errorf("%w: the snapshot is gone, although serial %d was written", lockstate.ErrCorrupt, written)
	}
	if err != nil {
		return lockstate.Snapshot{}, err
	}
	s, _, err := decodeSnapshot(key, o.Data)
	if err == nil && s.Serial < written {
		err = tooOld(s.Serial, written)
	}
	if err == nil {
		b.foundWhole(key, o.Version)
	}
	return s, err
}

func tooOld(stored, written uint64) error {
	return fmt.Errorf("%w: the snapshot has serial %d, but %d was written: an old version was put back", lockstate.ErrCorrupt, stored, written)
}

func (b *Backend) foundWhole(key lockstate.Key, version bucket.Version) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.whole[key] = version
}

func (b *Backend) isWhole(key lockstate.Key, version bucket.Version) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return version == "" || b.whole[key] == version
}

// Keys implements lockstate.Backend. A state exists if it has a snapshot, a journal or a history.
func (b *Backend) Keys(ctx context.Context, tenant string) ([]lockstate.Key, error) {
	if err := (lockstate.Key{Tenant: tenant, Stack: "x", Environment: "x"}).Validate(); err != nil {
		return nil, err
	}
	var keys []lockstate.Key
	for _, kind := range []string{stateFolder, journalFolder, historyFolder} {
		names, err := b.objects.List(ctx, kind+tenant+"/")
		if err != nil {
			return nil, fmt.Errorf("list the states of %s: %w", tenant, err)
		}
		for _, name := range names {
			parts := strings.Split(strings.TrimPrefix(name, kind), "/")
			if len(parts) < 3 {
				continue
			}
			key := lockstate.Key{Tenant: parts[0], Stack: parts[1], Environment: parts[2]}
			if key.Validate() == nil && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	slices.SortFunc(keys, func(a, b lockstate.Key) int {
		return cmp.Or(cmp.Compare(a.Stack, b.Stack), cmp.Compare(a.Environment, b.Environment))
	})
	return keys, nil
}

// History implements lockstate.Backend. If some records are damaged, the others are returned beside the error.
func (b *Backend) History(ctx context.Context, key lockstate.Key) ([]lockstate.Record, error) {
	if err := key.Validate(); err != nil {
		return nil, err
	}
	folder := historyOf(key)
	names, err := b.objects.List(ctx, folder)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", key, err)
	}
	frames, failures := make([]frame.Frame, len(names)), make([]error, len(names))
	inParallel(len(names), func(i int) {
		var o bucket.Object
		if o, failures[i] = b.objects.Get(ctx, names[i]); failures[i] == nil {
			frames[i], failures[i] = frame.Decode(o.Data, frame.Record, names[i])
		}
	})
	var records []lockstate.Record
	for i, f := range frames {
		if failures[i] != nil {
			failures[i] = fmt.Errorf("object %s: %w", names[i], failures[i])
			continue
		}
		records = append(records, lockstate.Record{ID: names[i][len(folder):], Data: f.Data})
	}
	if err := errors.Join(failures...); err != nil {
		return records, fmt.Errorf("read the history of %s: %w", key, err)
	}
	return records, nil
}
