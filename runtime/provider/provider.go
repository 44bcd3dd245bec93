// Package provider is the door between the engine and a cloud that panka serves in process, such as the sandbox. It
// speaks Pulumi's SDK types only, so that an implementation needs nothing of the engine; runtime/engine adapts it to
// the plugin interface.
package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Provider is one cloud. Methods may be called at the same time for different resources. Inputs and outputs may hold
// secrets (which a provider must keep marked), and, in a preview, computed values.
type Provider interface {
	// Check validates inputs and fills in defaults. Failures are the user's to mend.
	Check(ctx context.Context, r CheckRequest) (resource.PropertyMap, []CheckFailure, error)
	// Diff compares a resource's last inputs with the new ones.
	Diff(ctx context.Context, r DiffRequest) (Diff, error)
	// Create makes the resource; in a preview it only tells the outputs, unknown ones computed. It may return a
	// *PartialError with the ID and outputs if the resource exists but is not well.
	Create(ctx context.Context, r CreateRequest) (id string, outputs resource.PropertyMap, err error)
	// Read tells what the cloud holds; Found is false if it is gone.
	Read(ctx context.Context, r ReadRequest) (ReadResult, error)
	// Update changes the resource in place.
	Update(ctx context.Context, r UpdateRequest) (outputs resource.PropertyMap, err error)
	// Delete removes the resource. Deleting what is gone already is no error.
	Delete(ctx context.Context, r DeleteRequest) error
	// Invoke answers a function such as aws:secretsmanager/getSecret:getSecret.
	Invoke(ctx context.Context, token string, args resource.PropertyMap) (resource.PropertyMap, []CheckFailure, error)
	// Find looks for a resource that an interrupted run may have made: by panka's tags, or by its natural key where
	// the type has no tags. Its answer settles an unfinished create.
	Find(ctx context.Context, urn resource.URN, inputs resource.PropertyMap) (id string, found bool, err error)
	// Cancel asks operations in flight to end soon.
	Cancel()
}

// CheckRequest asks for the validation of News; Olds are the inputs of the last deployment, nil for a new resource.
type CheckRequest struct {
	URN        resource.URN
	Olds, News resource.PropertyMap
}

// CheckFailure is one wrong input. Property may be empty.
type CheckFailure struct {
	Property string
	Reason   string
}

// DiffRequest asks how to get from the old state to NewInputs.
type DiffRequest struct {
	URN                   resource.URN
	ID                    string
	OldInputs, OldOutputs resource.PropertyMap
	NewInputs             resource.PropertyMap
}

// Diff is the answer. Changed lists top-level properties that differ, Replace those, or paths inside them such as
// spec.selector, that force a replacement.
type Diff struct {
	Changed             []string
	Replace             []string
	DeleteBeforeReplace bool
}

// CreateRequest asks for a new resource.
type CreateRequest struct {
	URN     resource.URN
	Inputs  resource.PropertyMap
	Preview bool
}

// ReadRequest asks for the current state. Inputs and State are the last known and may be nil.
type ReadRequest struct {
	URN           resource.URN
	ID            string
	Inputs, State resource.PropertyMap
}

// ReadResult is the current state of a resource.
type ReadResult struct {
	Found bool
	// ID is the resource's own, which can differ from the one that it was imported by; "" if it does not.
	ID              string
	Inputs, Outputs resource.PropertyMap
}

// UpdateRequest asks for a change in place.
type UpdateRequest struct {
	URN                              resource.URN
	ID                               string
	OldInputs, OldOutputs, NewInputs resource.PropertyMap
	Preview                          bool
}

// DeleteRequest asks for a removal.
type DeleteRequest struct {
	URN             resource.URN
	ID              string
	Inputs, Outputs resource.PropertyMap
}

// PartialError says that a resource exists but an operation on it failed part way, as an ECS service that never
// becomes stable.
type PartialError struct {
	ID      string
	Outputs resource.PropertyMap
	Reasons []string
}

func (e *PartialError) Error() string {
	return fmt.Sprintf("%s exists but is not ready: %s", e.ID, strings.Join(e.Reasons, "; "))
}
