package locktable

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/panka-io/panka/lockstate"
)

// Acquire takes the lock or fails with a *lockstate.HeldError; it does not wait. A holder that has shown no sign of life
// for a whole lease, since this Table first saw its lock, is replaced. Who acquires a lock that is free makes one call.
func (t *Table) Acquire(ctx context.Context, key lockstate.Key, owner lockstate.Owner) (*Lease, error) {
	l, err := t.acquire(ctx, key, owner)
	if held := (*lockstate.HeldError)(nil); errors.As(err, &held) {
		return nil, held
	}
	if err != nil {
		return nil, fmt.Errorf("acquire the lock of %s: %w", key, err)
	}
	go l.renewUntilStopped()
	return l, nil
}

func (t *Table) acquire(ctx context.Context, key lockstate.Key, owner lockstate.Owner) (*Lease, error) {
	if err := key.Validate(); err != nil {
		return nil, err
	}
	c, lock, err := t.taking(owner)
	if err != nil {
		return nil, err
	}
	free := c
	free.condition = "attribute_not_exists(#run)"
	sent := t.opts.Clock()
	before, err := t.update(ctx, key, free)
	var refused *refusal
	if errors.As(err, &refused) && refused.found.run != lock.ID {
		if !t.stale(key, refused.found, sent) {
			return nil, &lockstate.HeldError{Key: key, Lock: refused.found.lock()}
		}
		over := c
		over.condition = "#run = :dead AND #version = :seen"
		over.values[":dead"], over.values[":seen"] = text(refused.found.run), number(refused.found.version)
		sent = t.opts.Clock()
		before, err = t.update(ctx, key, over)
	}
	if err == nil {
		lock.Token = before.token + 1
		return t.newLease(key, lock, before, sent), nil
	}
	return t.doubtful(ctx, key, lock, sent, err)
}

// taking is the change that makes a new run the holder, but for its condition.
func (t *Table) taking(owner lockstate.Owner) (change, lockstate.Lock, error) {
	lock := lockstate.Lock{ID: newID(), Owner: owner, AcquiredAt: time.Now().UTC().Truncate(time.Millisecond)}
	who, err := ownerText(owner)
	now := text(lock.AcquiredAt.Format(time.RFC3339Nano))
	return change{
		set: "SET #run = :run, #token = if_not_exists(#token, :zero) + :one, #version = if_not_exists(#version, :zero) + :one, " +
			"#lease = :lease, #owner = :owner, #acquired = :now, #renewed = :now, #clean = :clean",
		values: map[string]types.AttributeValue{
			":run": text(lock.ID), ":zero": number(0), ":one": number(1), ":lease": number(uint64(t.opts.Lease.Milliseconds())),
			":owner": text(who), ":now": now, ":clean": flag(false),
		},
	}, lock, err
}

// doubtful looks whether a try that seemed to fail took the lock. What the last holder left is then not known, so nothing
// is taken for clean.
func (t *Table) doubtful(ctx context.Context, key lockstate.Key, lock lockstate.Lock, sent time.Duration, failure error) (*Lease, error) {
	var refused *refusal
	var found item
	switch {
	case errors.As(failure, &refused):
		found = refused.found
	case !t.ambiguous(failure):
		return nil, failure
	default:
		var err error
		if found, err = t.read(context.WithoutCancel(ctx), key); err != nil {
			return nil, errors.Join(failure, fmt.Errorf("look whether the lock was taken all the same: %w", err))
		}
	}
	switch {
	case found.run == lock.ID:
		lock.Token = found.token
		l := t.newLease(key, lock, item{token: found.token, serial: found.serial}, sent)
		l.takenOver = true
		if err := ctx.Err(); err != nil { // nobody waits for it any more
			return nil, errors.Join(err, l.giveBack(context.WithoutCancel(ctx), false))
		}
		return l, nil
	case refused != nil && found.held():
		return nil, &lockstate.HeldError{Key: key, Lock: found.lock()}
	default:
		return nil, failure
	}
}

// newID makes a lock ID: random, and short enough to be typed.
func newID() string {
	id := make([]byte, 8)
	_, _ = rand.Read(id) // never fails
	return hex.EncodeToString(id)
}
