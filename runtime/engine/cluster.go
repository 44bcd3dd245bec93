package engine

import (
	"context"
	"errors"

	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/provider"
)

// clusterAdapter makes a provider.Kubernetes the engine's plugin for package kubernetes. Each provider resource of a
// program gets one of its own, which is for the cluster that Configure is told of.
type clusterAdapter struct {
	providerAdapter
	clusters provider.Kubernetes
}

// accessKeys are the properties that choose a cluster.
var accessKeys = []resource.PropertyKey{"kubeconfig", "context", "cluster"}

func (a *clusterAdapter) CheckConfig(
	_ context.Context, r plugin.CheckConfigRequest,
) (plugin.CheckConfigResponse, error) {
	out := plugin.CheckConfigResponse{Properties: r.News}
	if _, err := provider.ReadClusterAccess(r.News); err != nil && !errors.Is(err, provider.ErrUnknownAccess) {
		out.Failures = []plugin.CheckFailure{{Property: "kubeconfig", Reason: err.Error()}}
	}
	return out, nil
}

// DiffConfig demands a replacement, and with it one of all that is in the cluster, if the configuration leads to another
// cluster or to none that is known; anything else, as the way to log in, is a change in place. So does Pulumi's own
// provider decide it.
func (a *clusterAdapter) DiffConfig(_ context.Context, r plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	diff := r.OldInputs.Diff(r.NewInputs)
	if diff == nil {
		return plugin.DiffResult{Changes: plugin.DiffNone}, nil
	}
	result := plugin.DiffResult{Changes: plugin.DiffSome, ChangedKeys: diff.ChangedKeys()}
	before, errBefore := provider.ReadClusterAccess(r.OldInputs)
	now, errNow := provider.ReadClusterAccess(r.NewInputs)
	another := errors.Is(errNow, provider.ErrUnknownAccess) || errBefore == nil && errNow == nil &&
		(before.Server != now.Server || before.Authority != now.Authority)
	for _, key := range accessKeys {
		if another && diff.Changed(key) {
			result.ReplaceKeys = append(result.ReplaceKeys, key)
		}
	}
	return result, nil
}

func (a *clusterAdapter) Configure(_ context.Context, r plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	access, err := provider.ReadClusterAccess(r.Inputs)
	switch {
	case errors.Is(err, provider.ErrUnknownAccess):
		a.cloud = unknownCluster{}
	case err != nil:
		return plugin.ConfigureResponse{}, err
	default:
		a.cloud = a.clusters.Cluster(access)
	}
	return plugin.ConfigureResponse{}, nil
}

// SignalCancellation may come before Configure; the cloud itself is told anyway.
func (a *clusterAdapter) SignalCancellation(ctx context.Context) error {
	if a.cloud == nil {
		return nil
	}
	return a.providerAdapter.SignalCancellation(ctx)
}
