package engine

import (
	"context"

	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/provider"
)

// unknownCluster stands in a preview for a cluster that does not exist yet: what is to be in it can be planned, and
// nothing told of how it will be.
type unknownCluster struct{}

func (unknownCluster) Check(
	_ context.Context, r provider.CheckRequest,
) (resource.PropertyMap, []provider.CheckFailure, error) {
	return r.News, nil, nil
}

func (unknownCluster) Diff(context.Context, provider.DiffRequest) (provider.Diff, error) {
	return provider.Diff{}, plugin.DiffUnavailable("the cluster that this resource is in is not known yet")
}

func (unknownCluster) Create(_ context.Context, r provider.CreateRequest) (string, resource.PropertyMap, error) {
	if !r.Preview {
		return "", nil, provider.ErrUnknownAccess
	}
	return "", nil, nil // what is missing in a preview is unknown
}

func (unknownCluster) Update(_ context.Context, r provider.UpdateRequest) (resource.PropertyMap, error) {
	if !r.Preview {
		return nil, provider.ErrUnknownAccess
	}
	return nil, nil
}

func (unknownCluster) Read(context.Context, provider.ReadRequest) (provider.ReadResult, error) {
	return provider.ReadResult{}, provider.ErrUnknownAccess
}

func (unknownCluster) Delete(context.Context, provider.DeleteRequest) error {
	return provider.ErrUnknownAccess
}

func (unknownCluster) Invoke(
	context.Context, string, resource.PropertyMap,
) (resource.PropertyMap, []provider.CheckFailure, error) {
	return nil, nil, provider.ErrUnknownAccess
}

func (unknownCluster) Find(context.Context, resource.URN, resource.PropertyMap) (string, bool, error) {
	return "", false, provider.ErrUnknownAccess
}

func (unknownCluster) Cancel() {}
