package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"

	pkghost "github.com/pulumi/pulumi/pkg/v3/host"
	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/env"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"github.com/panka-io/panka/runtime/provider"
)

// The versions of the plugins that generated programs are written for.
const (
	AWSPluginVersion        = "6.83.2"
	KubernetesPluginVersion = "4.23.0"
)

// The packages whose resources panka generates, as their plugins are called.
const (
	awsPlugin        = "aws"
	kubernetesPlugin = "kubernetes"
)

// ErrNoPlugin says that a provider plugin is needed and not installed. Which one it is stands in the errors that wrap it.
var ErrNoPlugin = errors.New("a provider plugin is not installed")

// missingPlugin is an ErrNoPlugin that says which and what to do.
type missingPlugin struct{ name, version string }

func (e *missingPlugin) Error() string {
	return fmt.Sprintf("the %s provider plugin v%s is not installed: try --sandbox, which needs no AWS account, or run: "+
		"pulumi plugin install resource %s %s", e.name, e.version, e.name, e.version)
}

func (e *missingPlugin) Is(target error) bool { return target == ErrNoPlugin }

// hostFactory makes the plugin host of one run: Pulumi's own, so that real provider plugins work, with our language
// runtime and, where one is given, our provider.
type hostFactory struct {
	waves    *waveRuntime
	provider provider.Provider

	mu     sync.Mutex
	opened plugin.Host
}

func (f *hostFactory) open(
	ctx context.Context, d, statusD diag.Sink, debugging plugin.DebugContext,
) (plugin.Host, error) {
	// Nothing in an update of Go programs asks the installer, loader, mapper or resolver.
	base, err := pkghost.New(ctx, d, statusD, debugging, nil, nil, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("start the plugin host: %w", err)
	}
	f.waves.engineAddr = base.ServerAddr()
	h := &host{Host: base, factory: f}
	f.mu.Lock()
	f.opened = base
	f.mu.Unlock()
	return h, nil
}

// cancelProvider asks operations in flight to end soon.
func (f *hostFactory) cancelProvider() {
	if f.provider != nil {
		f.provider.Cancel()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.opened != nil {
		_ = f.opened.SignalCancellation() // best effort: we are being told to end anyway
	}
}

type host struct {
	plugin.Host
	factory *hostFactory
}

func (h *host) LanguageRuntime(*plugin.Context, string) (plugin.LanguageRuntime, error) {
	return h.factory.waves, nil
}

func (h *host) Provider(
	ctx *plugin.Context, d workspace.PluginDescriptor, e env.Env,
) (plugin.Provider, error) {
	if cloud := h.factory.provider; cloud != nil && (d.Name == awsPlugin || d.Name == kubernetesPlugin) {
		return adapterFor(d.Name, cloud)
	}
	p, err := h.Host.Provider(ctx, d, e)
	// The engine answers a MissingError with a download of its own: it must not see one.
	var missing *workspace.MissingError
	if errors.As(err, &missing) {
		return nil, &missingPlugin{name: d.Name, version: pluginVersion(d)}
	}
	if err == nil && d.Name == "aws" {
		p = rollouts{p}
	}
	return p, err
}

// adapterFor makes a cloud that panka serves the plugin of a package.
func adapterFor(name string, cloud provider.Provider) (plugin.Provider, error) {
	if name == awsPlugin {
		return &providerAdapter{cloud: cloud, version: AWSPluginVersion}, nil
	}
	clusters, ok := cloud.(provider.Kubernetes)
	if !ok {
		return nil, errNoClusters
	}
	return &clusterAdapter{providerAdapter: providerAdapter{version: KubernetesPluginVersion}, clusters: clusters}, nil
}

// pluginVersion is the version that the program asks for, or the one that programs are written for.
func pluginVersion(d workspace.PluginDescriptor) string {
	switch {
	case d.Version != nil:
		return d.Version.String()
	case d.Name == kubernetesPlugin:
		return KubernetesPluginVersion
	}
	return AWSPluginVersion
}

// SignalCancellation is the engine's wish to stop starting operations. Those in flight may finish, so the provider is
// not told; cancelProvider does that when there is no more patience.
func (h *host) SignalCancellation() error {
	h.factory.waves.kill()
	return nil
}

// ReleaseContext comes when the deployment is over. After a failed step the engine never releases the program that
// waits for the step's outcome, so it must be ended here.
func (h *host) ReleaseContext(ctx *plugin.Context) error {
	h.factory.waves.kill()
	return h.Host.ReleaseContext(ctx)
}
