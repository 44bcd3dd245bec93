// Package seal keeps what a Backend stores secret: snapshots, journal entries and history records are encrypted with
// AES-256-GCM under a data key of their state. Locks and the fact that something was stored are not secret.
//
// Each stored object begins with how to find its data key: the scheme of a KeySource and that source's reference. So an
// object explains itself, wherever it is stored, and a state changes to another key source with its next snapshot.
//
// An object is bound to its place: tenant, stack, environment, serial, token, sequence number and record ID are
// authenticated with it. One that was altered, moved, or put back under another number is lockstate.ErrCorrupt. That
// an old snapshot was put back together with its number is for the Backend below to notice.
//
// The package refuses to read what is not encrypted, so that nobody can slip in a state of his own making, and it
// never falls back to another key: a key that is missing is ErrNoKey.
package seal

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/panka-io/panka/lockstate"
)

// Backend encrypts what the Backend below it stores.
type Backend struct {
	below   lockstate.Backend
	sources []KeySource

	mu       sync.Mutex
	opened   map[string]dataKey        // by state, scheme and reference
	creating sync.Mutex                // one key for a state, though many goroutines write first
	writing  map[lockstate.Key]dataKey // what new objects of a state are encrypted with; guarded by mu
}

var _ lockstate.Backend = (*Backend)(nil)

// Open wraps below. New data keys are protected by the first of sources; the others only open what they protected
// earlier. No two may have the same scheme.
func Open(below lockstate.Backend, sources ...KeySource) (*Backend, error) {
	if len(sources) == 0 {
		return nil, errors.New("encrypt the state: no source of keys was given")
	}
	schemes := map[string]bool{}
	for _, s := range sources {
		if schemes[s.Scheme()] || len(s.Scheme()) == 0 || len(s.Scheme()) > maxScheme {
			return nil, fmt.Errorf("encrypt the state: key scheme %q is empty, too long or given twice", s.Scheme())
		}
		schemes[s.Scheme()] = true
	}
	return &Backend{below: below, sources: sources, opened: map[string]dataKey{}, writing: map[lockstate.Key]dataKey{}}, nil
}

// Acquire implements lockstate.Backend.
func (b *Backend) Acquire(ctx context.Context, key lockstate.Key, owner lockstate.Owner) (lockstate.Lease, error) {
	l, err := b.below.Acquire(ctx, key, owner)
	if err != nil {
		return nil, err
	}
	return &lease{Lease: l, b: b, key: key}, nil
}

// Holder implements lockstate.Backend.
func (b *Backend) Holder(ctx context.Context, key lockstate.Key) (*lockstate.Lock, error) {
	return b.below.Holder(ctx, key)
}

// Unlock implements lockstate.Backend.
func (b *Backend) Unlock(ctx context.Context, key lockstate.Key, lockID string) error {
	return b.below.Unlock(ctx, key, lockID)
}

// Keys implements lockstate.Backend.
func (b *Backend) Keys(ctx context.Context, tenant string) ([]lockstate.Key, error) {
	return b.below.Keys(ctx, tenant)
}

// Snapshot implements lockstate.Backend.
func (b *Backend) Snapshot(ctx context.Context, key lockstate.Key) (lockstate.Snapshot, error) {
	s, err := b.below.Snapshot(ctx, key)
	if err != nil || s.Serial == 0 {
		return s, err
	}
	var used dataKey
	s.Data, used, err = b.open(ctx, snapshotPlace(key, s.Serial, s.Token), s.Data)
	if err != nil {
		return lockstate.Snapshot{}, fmt.Errorf("decrypt the state of %s, serial %d: %w", key, s.Serial, err)
	}
	b.reuse(key, used)
	return s, nil
}

// Journal implements lockstate.Backend.
func (b *Backend) Journal(ctx context.Context, key lockstate.Key, base uint64) ([]lockstate.JournalEntry, int, error) {
	entries, late, err := b.below.Journal(ctx, key, base)
	if err != nil {
		return nil, 0, err
	}
	for i, e := range entries {
		entries[i].Data, _, err = b.open(ctx, entryPlace(key, e.Base, e.Token, e.Seq), e.Data)
		if err != nil {
			return nil, 0, fmt.Errorf("decrypt journal entry %d of %s: %w", e.Seq, key, err)
		}
	}
	return entries, late, nil
}

// History implements lockstate.Backend. If some records cannot be read, the others are returned beside the error.
func (b *Backend) History(ctx context.Context, key lockstate.Key) ([]lockstate.Record, error) {
	stored, err := b.below.History(ctx, key)
	failures := []error{err}
	var records []lockstate.Record
	for _, r := range stored {
		data, _, err := b.open(ctx, recordPlace(key, r.ID), r.Data)
		if err != nil {
			failures = append(failures, fmt.Errorf("decrypt history record %s of %s: %w", r.ID, key, err))
			continue
		}
		records = append(records, lockstate.Record{ID: r.ID, Data: data})
	}
	return records, errors.Join(failures...)
}

// Bundle implements lockstate.Backend.
func (b *Backend) Bundle(ctx context.Context, key lockstate.Key, digest string) ([]byte, error) {
	stored, err := b.below.Bundle(ctx, key, digest)
	if err != nil {
		return nil, err
	}
	data, _, err := b.open(ctx, bundlePlace(key, digest), stored)
	if err != nil {
		return nil, fmt.Errorf("decrypt bundle %.12s of %s: %w", digest, key, err)
	}
	return data, nil
}

// lease encrypts what is written.
type lease struct {
	lockstate.Lease
	b   *Backend
	key lockstate.Key
}

// WriteSnapshot implements lockstate.Lease.
func (l *lease) WriteSnapshot(ctx context.Context, base uint64, data []byte) (lockstate.Snapshot, error) {
	sealed, err := l.b.seal(ctx, snapshotPlace(l.key, base+1, l.Lock().Token), data)
	if err != nil {
		return lockstate.Snapshot{}, fmt.Errorf("encrypt the state of %s: %w", l.key, err)
	}
	s, err := l.Lease.WriteSnapshot(ctx, base, sealed)
	if err != nil {
		return lockstate.Snapshot{}, err
	}
	s.Data = data
	return s, nil
}

// Append implements lockstate.Lease.
func (l *lease) Append(ctx context.Context, base, seq uint64, data []byte) error {
	sealed, err := l.b.seal(ctx, entryPlace(l.key, base, l.Lock().Token, seq), data)
	if err != nil {
		return fmt.Errorf("encrypt journal entry %d of %s: %w", seq, l.key, err)
	}
	return l.Lease.Append(ctx, base, seq, sealed)
}

// PutRecord implements lockstate.Lease.
func (l *lease) PutRecord(ctx context.Context, id string, data []byte) error {
	sealed, err := l.b.seal(ctx, recordPlace(l.key, id), data)
	if err != nil {
		return fmt.Errorf("encrypt history record %s of %s: %w", id, l.key, err)
	}
	return l.Lease.PutRecord(ctx, id, sealed)
}

// PutBundle implements lockstate.Lease.
func (l *lease) PutBundle(ctx context.Context, digest string, data []byte) error {
	sealed, err := l.b.seal(ctx, bundlePlace(l.key, digest), data)
	if err != nil {
		return fmt.Errorf("encrypt bundle %.12s of %s: %w", digest, l.key, err)
	}
	return l.Lease.PutBundle(ctx, digest, sealed)
}
