package deploy

import (
	"context"
	"errors"
	"testing"

	"github.com/panka-io/panka/lockstate"
)

// TestLockLostAtTheVeryEnd: a run that has done everything, and then hears that it had lost its lock, did not succeed.
func TestLockLostAtTheVeryEnd(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(lockstate.ErrLockLost)
	result, err := (&session{}).finish(ctx, "apply", nil, nil, nil)
	if err == nil || result != nil {
		t.Fatalf("%+v, %v", result, err)
	}
	if err := lostOr(ctx, err); !errors.Is(err, lockstate.ErrLockLost) {
		t.Errorf("error %v", err)
	}
}
