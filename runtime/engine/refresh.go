package engine

import (
	"context"

	"github.com/pulumi/pulumi/pkg/v3/engine"
)

// Refresh reads every resource of a state again, but for those of Exclude, and gives the state as the cloud holds it: what
// is gone is gone from it. Nothing is changed, and nothing is recorded.
func Refresh(ctx context.Context, r Run) (*State, error) {
	r.Append, r.AfterWave = nil, nil
	return r.execute(ctx, engine.Refresh, false)
}
