package seal

import (
	"context"
	"fmt"

	"github.com/panka-io/panka/lockstate"
)

// SealPlan encrypts a saved plan, which may hold the values of sensitive variables, for whoever may read the state.
func (b *Backend) SealPlan(ctx context.Context, key lockstate.Key, data []byte) ([]byte, error) {
	sealed, err := b.seal(ctx, planPlace(key), data)
	if err != nil {
		return nil, fmt.Errorf("encrypt the plan for %s: %w", key, err)
	}
	return sealed, nil
}

// OpenPlan decrypts what SealPlan made. Another state's, or one that was altered, is lockstate.ErrCorrupt.
func (b *Backend) OpenPlan(ctx context.Context, key lockstate.Key, sealed []byte) ([]byte, error) {
	data, _, err := b.open(ctx, planPlace(key), sealed)
	if err != nil {
		return nil, fmt.Errorf("decrypt the plan for %s: %w", key, err)
	}
	return data, nil
}
