package sandbox

import (
	"context"
	"errors"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

var errCancelled = errors.New("cancelled")

// duration is how long an operation takes on a type.
func (a *Account) duration(k *aws.Kind, op operation) time.Duration {
	if a.config.Latency.Profile != "aws" {
		return 0
	}
	seconds := map[operation]float64{creating: k.Usual.Create, updating: k.Usual.Update, deleting: k.Usual.Delete}[op]
	if a.config.Latency.Scale != nil {
		seconds *= *a.config.Latency.Scale
	}
	return time.Duration(seconds * float64(time.Second))
}

// begin puts a resource into a state that ends by itself after the operation's usual time, or gives false when there
// is no time to wait.
func (a *Account) begin(r *store.Resource, k *aws.Kind, op operation) bool {
	d := a.duration(k, op)
	if d <= 0 {
		r.State, r.ReadyAt = store.Available, nil
		return false
	}
	r.State = map[operation]store.State{creating: store.Creating, updating: store.Updating, deleting: store.Deleting}[op]
	ready := a.now().Add(d).UTC().Truncate(time.Millisecond)
	r.ReadyAt = &ready
	return true
}

// settle ends the states whose time has passed.
func (a *Account) settle(tx *store.Tx) {
	now := a.now()
	for _, typ := range tx.Types() {
		for _, r := range tx.All(typ) {
			switch {
			case !r.Over(now):
			case r.State == store.Deleting:
				remove(tx, r)
			default:
				c := r.Clone()
				c.State, c.ReadyAt = store.Available, nil
				tx.Put(c)
			}
		}
	}
}

func remove(tx *store.Tx, r *store.Resource) {
	tx.Remove(r)
	tx.Next(deletions(r.Type))
}

// wait sleeps until a moment of the account's clock, or until the run or the provider is cancelled.
func (p *regional) wait(ctx context.Context, until time.Time) error {
	timer := time.NewTimer(until.Sub(p.account.now()))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-p.cancelled:
		return errCancelled
	case <-ctx.Done():
		return ctx.Err()
	}
}
