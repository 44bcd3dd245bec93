package engine

import (
	"context"
	"errors"
	"slices"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/provider"
)

// providerAdapter makes a provider.Provider the engine's plugin for a package, as is that of package aws.
type providerAdapter struct {
	plugin.UnimplementedProvider
	cloud   provider.Provider
	version string // of the plugin that it takes the place of
}

func (a *providerAdapter) Close() error { return nil }

func (a *providerAdapter) Handshake(
	context.Context, plugin.ProviderHandshakeRequest,
) (*plugin.ProviderHandshakeResponse, error) {
	return &plugin.ProviderHandshakeResponse{AcceptSecrets: true}, nil
}

func (a *providerAdapter) SignalCancellation(context.Context) error { a.cloud.Cancel(); return nil }

func (a *providerAdapter) GetPluginInfo(context.Context) (plugin.PluginInfo, error) {
	v := semver.MustParse(a.version)
	return plugin.PluginInfo{Version: &v}, nil
}

func (a *providerAdapter) CheckConfig(
	_ context.Context, r plugin.CheckConfigRequest,
) (plugin.CheckConfigResponse, error) {
	return plugin.CheckConfigResponse{Properties: r.News}, nil
}

func (a *providerAdapter) DiffConfig(context.Context, plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	return plugin.DiffResult{Changes: plugin.DiffNone}, nil
}

func (a *providerAdapter) Configure(context.Context, plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	return plugin.ConfigureResponse{}, nil
}

func (a *providerAdapter) Check(ctx context.Context, r plugin.CheckRequest) (plugin.CheckResponse, error) {
	props, failures, err := a.cloud.Check(ctx, provider.CheckRequest{URN: r.URN, Olds: r.Olds, News: r.News})
	return plugin.CheckResponse{Properties: props, Failures: checkFailures(failures)}, err
}

func checkFailures(failures []provider.CheckFailure) []plugin.CheckFailure {
	var out []plugin.CheckFailure
	for _, f := range failures {
		out = append(out, plugin.CheckFailure{Property: resource.PropertyKey(f.Property), Reason: f.Reason})
	}
	return out
}

func (a *providerAdapter) Diff(ctx context.Context, r plugin.DiffRequest) (plugin.DiffResponse, error) {
	news := r.NewInputs
	for _, path := range r.IgnoreChanges { // the engine leaves these to the provider only in part
		if key := resource.PropertyKey(path); r.OldInputs.HasValue(key) {
			news = news.Copy()
			news[key] = r.OldInputs[key]
		}
	}
	d, err := a.cloud.Diff(ctx, provider.DiffRequest{
		URN: r.URN, ID: string(r.ID), OldInputs: r.OldInputs, OldOutputs: r.OldOutputs, NewInputs: news,
	})
	if err != nil {
		return plugin.DiffResult{}, err
	}
	result := plugin.DiffResult{Changes: plugin.DiffNone, DeleteBeforeReplace: d.DeleteBeforeReplace}
	if len(d.Changed)+len(d.Replace) == 0 {
		return result, nil
	}
	result.Changes, result.DetailedDiff = plugin.DiffSome, map[string]plugin.PropertyDiff{}
	for _, key := range d.Changed {
		result.ChangedKeys = append(result.ChangedKeys, resource.PropertyKey(key))
		kind := plugin.DiffUpdate
		if slices.Contains(d.Replace, key) {
			kind = plugin.DiffUpdateReplace
		}
		result.DetailedDiff[key] = plugin.PropertyDiff{Kind: kind, InputDiff: true}
	}
	for _, key := range d.Replace {
		result.ReplaceKeys = append(result.ReplaceKeys, resource.PropertyKey(key))
		if _, told := result.DetailedDiff[key]; !told { // a path inside a property
			result.DetailedDiff[key] = plugin.PropertyDiff{Kind: plugin.DiffUpdateReplace, InputDiff: true}
		}
	}
	return result, nil
}

func (a *providerAdapter) Create(ctx context.Context, r plugin.CreateRequest) (plugin.CreateResponse, error) {
	id, outputs, err := a.cloud.Create(ctx, provider.CreateRequest{URN: r.URN, Inputs: r.Properties, Preview: r.Preview})
	var partial *provider.PartialError
	switch {
	case errors.As(err, &partial):
		return plugin.CreateResponse{
			ID: resource.ID(partial.ID), Properties: partial.Outputs, Status: resource.StatusPartialFailure,
		}, &plugin.InitError{Reasons: partial.Reasons}
	case err != nil:
		return plugin.CreateResponse{Status: resource.StatusUnknown}, err
	}
	return plugin.CreateResponse{ID: resource.ID(id), Properties: outputs, Status: resource.StatusOK}, nil
}

func (a *providerAdapter) Read(ctx context.Context, r plugin.ReadRequest) (plugin.ReadResponse, error) {
	res, err := a.cloud.Read(ctx, provider.ReadRequest{URN: r.URN, ID: string(r.ID), Inputs: r.Inputs, State: r.State})
	if err != nil {
		return plugin.ReadResponse{Status: resource.StatusUnknown}, err
	}
	if !res.Found {
		return plugin.ReadResponse{Status: resource.StatusOK}, nil // no ID: it is gone
	}
	id := r.ID
	if len(r.State) == 0 && res.ID != "" { // an import
		id = resource.ID(res.ID)
	}
	return plugin.ReadResponse{
		ReadResult: plugin.ReadResult{ID: id, Inputs: res.Inputs, Outputs: res.Outputs}, Status: resource.StatusOK,
	}, nil
}

func (a *providerAdapter) Update(ctx context.Context, r plugin.UpdateRequest) (plugin.UpdateResponse, error) {
	outputs, err := a.cloud.Update(ctx, provider.UpdateRequest{
		URN: r.URN, ID: string(r.ID), OldInputs: r.OldInputs, OldOutputs: r.OldOutputs, NewInputs: r.NewInputs,
		Preview: r.Preview,
	})
	var partial *provider.PartialError
	switch {
	case errors.As(err, &partial):
		return plugin.UpdateResponse{Properties: partial.Outputs, Status: resource.StatusPartialFailure},
			&plugin.InitError{Reasons: partial.Reasons}
	case err != nil:
		return plugin.UpdateResponse{Status: resource.StatusUnknown}, err
	}
	return plugin.UpdateResponse{Properties: outputs, Status: resource.StatusOK}, nil
}

func (a *providerAdapter) Delete(ctx context.Context, r plugin.DeleteRequest) (plugin.DeleteResponse, error) {
	err := a.cloud.Delete(ctx, provider.DeleteRequest{
		URN: r.URN, ID: string(r.ID), Inputs: r.Inputs, Outputs: r.Outputs,
	})
	if err != nil {
		return plugin.DeleteResponse{Status: resource.StatusUnknown}, err
	}
	return plugin.DeleteResponse{Status: resource.StatusOK}, nil
}

func (a *providerAdapter) Invoke(ctx context.Context, r plugin.InvokeRequest) (plugin.InvokeResponse, error) {
	props, failures, err := a.cloud.Invoke(ctx, string(r.Tok), r.Args)
	return plugin.InvokeResponse{Properties: props, Failures: checkFailures(failures)}, err
}
