package seal

import (
	"context"
	"errors"
	"fmt"

	"github.com/panka-io/panka/lockstate"
)

// Salvage implements lockstate.Backend. What was altered by somebody who took care of the checksum is a fault here. A key
// that is missing is ErrNoKey: nothing is wrong with the state then.
func (b *Backend) Salvage(ctx context.Context, key lockstate.Key) (lockstate.Salvage, error) {
	below, err := b.below.Salvage(ctx, key)
	if err != nil {
		return lockstate.Salvage{}, err
	}
	o := opener{b: b, ctx: ctx, faults: below.Faults}
	out := lockstate.Salvage{Serial: below.Serial, Older: below.Older}
	for _, s := range below.Snapshots {
		fault := lockstate.Fault{Kind: lockstate.SnapshotObject, Object: s.Object}
		if o.open(snapshotPlace(key, s.Serial, s.Token), &s.Data, s.Older, fault) {
			out.Snapshots = append(out.Snapshots, s)
		}
	}
	for _, e := range below.Entries {
		fault := lockstate.Fault{Kind: lockstate.JournalObject, Object: e.Object}
		if o.open(entryPlace(key, e.Base, e.Token, e.Seq), &e.Data, e.Older, fault) {
			out.Entries = append(out.Entries, e)
		}
	}
	for _, r := range below.Records {
		fault := lockstate.Fault{Kind: lockstate.RecordObject, Object: r.Object}
		if o.open(recordPlace(key, r.ID), &r.Data, r.Older, fault) {
			out.Records = append(out.Records, r)
		}
	}
	out.Faults = o.faults
	if o.err != nil {
		return lockstate.Salvage{}, fmt.Errorf("decrypt the state of %s: %w", key, o.err)
	}
	return out, nil
}

// opener decrypts what was salvaged, one after the other.
type opener struct {
	b      *Backend
	ctx    context.Context
	faults []lockstate.Fault
	err    error
}

// open decrypts data in place. What cannot be is a fault, if it is in place; an older object is left out silently.
func (o *opener) open(at place, data *[]byte, older bool, fault lockstate.Fault) bool {
	if o.err != nil {
		return false
	}
	plain, used, err := o.b.open(o.ctx, at, *data)
	switch {
	case err == nil:
		*data = plain
		if fault.Kind != lockstate.RecordObject {
			o.b.reuse(at.key, used) // the first one's, which is the newest snapshot's
		}
		return true
	case !errors.Is(err, lockstate.ErrCorrupt):
		o.err = err
	case !older:
		fault.Err = err
		o.faults = append(o.faults, fault)
	}
	return false
}

// Restore implements lockstate.Lease.
func (l *lease) Restore(ctx context.Context, serial uint64, data []byte) (lockstate.Snapshot, error) {
	k, err := l.b.restoringKey(ctx, l.key)
	if err != nil {
		return lockstate.Snapshot{}, fmt.Errorf("encrypt the state of %s: %w", l.key, err)
	}
	s, err := l.Lease.Restore(ctx, serial, k.encrypt(snapshotPlace(l.key, serial, l.Lock().Token), data))
	if err != nil {
		return lockstate.Snapshot{}, err
	}
	s.Data = data
	return s, nil
}
