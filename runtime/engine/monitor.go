package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

// monitorProxy stands between the programs of the waves and the engine's resource monitor, so that the engine sees one
// program. It changes eight things:
//
//   - the stack resource is registered once: later programs get the first one's answer;
//   - a provider resource that a program of an earlier wave registered gets that one's answer, too: to the engine, what
//     all waves make with it has one provider;
//   - the stack's outputs are the union of the waves' outputs, as the engine keeps only the last it is told;
//   - a resource depends on the components that its own component depends on in earlier waves, so that deletions go in
//     reverse order of the graph (a stack reference makes no edge);
//   - a stack reference, to an earlier wave or another stack, is answered here, so that nothing of it gets into the state;
//   - an import of what the state has already is none (the engine forgets by which ID it was imported);
//   - places in the source, which are paths of this machine, do not get into the state;
//   - a program's end is held back until the last wave's, as the engine wants to hear of it once.
//
// Each wave has a listener of its own, so a call's wave is known from its port.
type monitorProxy struct {
	pulumirpc.ResourceMonitorClient
	conn    *grpc.ClientConn
	runtime *waveRuntime
	waves   []*waveState

	mu      sync.Mutex
	servers []chan bool
	root    *pulumirpc.RegisterResourceResponse
	outputs map[string]*structpb.Value
	// providers are the provider resources that programs registered, by URN.
	providers map[urn.URN]registeredProvider
}

// registeredProvider is the engine's answer to the program that was first to register a provider resource.
type registeredProvider struct {
	wave     int
	response *pulumirpc.RegisterResourceResponse
}

type waveState struct {
	complete chan struct{} // closed when the wave has registered everything
	proceed  chan struct{} // closed when what comes after the wave is done too
	parked   chan struct{} // closed when the program may end
}

func newMonitorProxy(addr string, waves int, runtime *waveRuntime) (*monitorProxy, error) {
	conn, err := grpc.NewClient(addr,
		grpc.WithTransportCredentials(insecure.NewCredentials()), rpcutil.GrpcChannelOptions())
	if err != nil {
		return nil, fmt.Errorf("connect to the engine's monitor: %w", err)
	}
	p := &monitorProxy{
		ResourceMonitorClient: pulumirpc.NewResourceMonitorClient(conn),
		conn:                  conn, runtime: runtime, outputs: map[string]*structpb.Value{},
		providers: map[urn.URN]registeredProvider{},
	}
	for range waves {
		p.waves = append(p.waves, &waveState{
			complete: make(chan struct{}), proceed: make(chan struct{}), parked: make(chan struct{}),
		})
	}
	return p, nil
}

// serve opens the listener of one wave and returns its address.
func (p *monitorProxy) serve(wave int) (string, error) {
	stop := make(chan bool)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(s *grpc.Server) error {
			pulumirpc.RegisterResourceMonitorServer(s, &waveMonitor{proxy: p, wave: wave})
			return nil
		},
	})
	if err != nil {
		return "", err
	}
	p.mu.Lock()
	p.servers = append(p.servers, stop)
	p.mu.Unlock()
	return fmt.Sprintf("127.0.0.1:%d", handle.Port), nil
}

// release tells that nothing more is to be done after a wave.
func (p *monitorProxy) release(wave int) { close(p.waves[wave].proceed) }

func (p *monitorProxy) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.servers {
		close(s)
	}
	_ = p.conn.Close() // nothing is written to it any more
}

// waveMonitor is the monitor as the program of one wave sees it.
type waveMonitor struct {
	pulumirpc.UnimplementedResourceMonitorServer
	proxy *monitorProxy
	wave  int
}

func (m *waveMonitor) RegisterResource(
	ctx context.Context, r *pulumirpc.RegisterResourceRequest,
) (*pulumirpc.RegisterResourceResponse, error) {
	p := m.proxy
	r.SourcePosition, r.StackTrace = nil, nil // places in generated code on this machine: not for the state
	if r.Type == string(resource.RootStackType) && r.Parent == "" {
		p.mu.Lock() // held over the call: the root is registered once
		defer p.mu.Unlock()
		if p.root != nil {
			return p.root, nil
		}
		resp, err := p.ResourceMonitorClient.RegisterResource(ctx, r)
		if err == nil {
			p.root = resp
		}
		return resp, err
	}
	p.withoutReferences(r)
	if strings.HasPrefix(r.Type, providerTypePrefix) {
		return m.registerProvider(ctx, r)
	}
	if r.ImportId != "" && p.runtime.run.State.holds(p.urn(r)) {
		r.ImportId = ""
	}
	if r.Custom && p.runtime.run.Edges != nil {
		r.Dependencies = append(r.Dependencies, p.runtime.run.Edges(string(p.urn(r)))...)
	}
	return p.ResourceMonitorClient.RegisterResource(ctx, r)
}

// providerTypePrefix begins the types of provider resources; the package follows.
const providerTypePrefix = "pulumi:providers:"

// registerProvider passes a provider resource on, or answers as the engine did when an earlier wave's program registered
// it. That one is what counts: in it, the configuration comes from resources and not from a stack reference, so the
// engine knows what it depends on. A second one in the same program is the engine's to refuse.
func (m *waveMonitor) registerProvider(
	ctx context.Context, r *pulumirpc.RegisterResourceRequest,
) (*pulumirpc.RegisterResourceResponse, error) {
	p := m.proxy
	u := p.urn(r)
	p.mu.Lock()
	known, ok := p.providers[u]
	p.mu.Unlock()
	if ok && known.wave < m.wave {
		return known.response, nil
	}
	resp, err := p.ResourceMonitorClient.RegisterResource(ctx, r)
	if err == nil {
		p.mu.Lock()
		p.providers[u] = registeredProvider{wave: m.wave, response: resp}
		p.mu.Unlock()
	}
	return resp, err
}

// urn computes the URN that the engine will give a resource.
func (p *monitorProxy) urn(r *pulumirpc.RegisterResourceRequest) urn.URN {
	var parentType tokens.Type
	if parent := urn.URN(r.Parent); parent != "" && parent.QualifiedType() != resource.RootStackType {
		parentType = parent.QualifiedType()
	}
	run := p.runtime.run
	return urn.New(tokens.QName(run.Stack), tokens.PackageName(run.Project), parentType, tokens.Type(r.Type), r.Name)
}

func (m *waveMonitor) RegisterResourceOutputs(
	ctx context.Context, r *pulumirpc.RegisterResourceOutputsRequest,
) (*emptypb.Empty, error) {
	p := m.proxy
	p.mu.Lock()
	isRoot := p.root != nil && r.Urn == p.root.Urn
	if slices.Contains(p.runtime.run.Exclude, r.Urn) {
		// The engine leaves the resource as it is, but would record what the program says of it.
		p.mu.Unlock()
		return &emptypb.Empty{}, nil
	}
	if isRoot {
		exported, err := plugin.UnmarshalProperties(r.Outputs,
			plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepResources: true})
		if err != nil {
			p.mu.Unlock()
			return nil, fmt.Errorf("read the outputs of wave %d: %w", m.wave, err)
		}
		p.runtime.outputs.set(m.wave, exported)
		maps.Copy(p.outputs, r.GetOutputs().GetFields())
		r = &pulumirpc.RegisterResourceOutputsRequest{
			Urn: r.Urn, Outputs: &structpb.Struct{Fields: maps.Clone(p.outputs)},
		}
	}
	p.mu.Unlock()
	if p.runtime.dryRun && !isRoot {
		same, err := p.runtime.run.State.sameOutputs(ctx, r)
		if err != nil {
			return nil, err
		}
		if !same {
			p.runtime.emit(Event{Kind: Restated, Wave: m.wave, URN: r.Urn})
		}
	}
	return p.ResourceMonitorClient.RegisterResourceOutputs(ctx, r)
}

func (m *waveMonitor) SignalAndWaitForShutdown(ctx context.Context, e *emptypb.Empty) (*emptypb.Empty, error) {
	p := m.proxy
	w := p.waves[m.wave]
	close(w.complete)
	if m.wave < len(p.waves)-1 {
		select {
		case <-w.parked:
		case <-ctx.Done():
		}
		return &emptypb.Empty{}, nil
	}
	select {
	case <-w.proceed:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	out, err := p.ResourceMonitorClient.SignalAndWaitForShutdown(ctx, e)
	for _, earlier := range p.waves[:m.wave] {
		close(earlier.parked)
	}
	return out, err
}

// Invoke passes a function call on and reports its failure as an event: functions look up what the YAML names, as
// secrets, so the place there can be told.
func (m *waveMonitor) Invoke(
	ctx context.Context, r *pulumirpc.ResourceInvokeRequest,
) (*pulumirpc.InvokeResponse, error) {
	resp, err := m.proxy.ResourceMonitorClient.Invoke(ctx, r)
	reason := ""
	switch {
	case err != nil:
		reason = status.Convert(err).Message()
	case len(resp.GetFailures()) > 0:
		reason = resp.GetFailures()[0].GetReason()
	default:
		return resp, nil
	}
	args := map[string]string{}
	for k, v := range r.GetArgs().GetFields() {
		if s, ok := v.GetKind().(*structpb.Value_StringValue); ok {
			args[k] = s.StringValue
		}
	}
	m.proxy.runtime.emit(Event{Kind: InvokeFailed, Wave: m.wave, Type: r.GetTok(), Args: args, Message: reason})
	return resp, err
}

// What follows is passed on as it is.

func (m *waveMonitor) GetDeploymentInfo(c context.Context, r *emptypb.Empty) (*pulumirpc.DeploymentInfo, error) {
	return m.proxy.ResourceMonitorClient.GetDeploymentInfo(c, r)
}

func (m *waveMonitor) SupportsFeature(
	c context.Context, r *pulumirpc.SupportsFeatureRequest,
) (*pulumirpc.SupportsFeatureResponse, error) {
	return m.proxy.ResourceMonitorClient.SupportsFeature(c, r)
}

func (m *waveMonitor) Call(c context.Context, r *pulumirpc.ResourceCallRequest) (*pulumirpc.CallResponse, error) {
	return m.proxy.ResourceMonitorClient.Call(c, r)
}

func (m *waveMonitor) RegisterStackTransform(c context.Context, r *pulumirpc.Callback) (*emptypb.Empty, error) {
	return m.proxy.ResourceMonitorClient.RegisterStackTransform(c, r)
}

func (m *waveMonitor) RegisterStackInvokeTransform(c context.Context, r *pulumirpc.Callback) (*emptypb.Empty, error) {
	return m.proxy.ResourceMonitorClient.RegisterStackInvokeTransform(c, r)
}

func (m *waveMonitor) RegisterResourceHook(
	c context.Context, r *pulumirpc.RegisterResourceHookRequest,
) (*emptypb.Empty, error) {
	return m.proxy.ResourceMonitorClient.RegisterResourceHook(c, r)
}

func (m *waveMonitor) RegisterErrorHook(
	c context.Context, r *pulumirpc.RegisterErrorHookRequest,
) (*emptypb.Empty, error) {
	return m.proxy.ResourceMonitorClient.RegisterErrorHook(c, r)
}

func (m *waveMonitor) RegisterPackage(
	c context.Context, r *pulumirpc.RegisterPackageRequest,
) (*pulumirpc.RegisterPackageResponse, error) {
	return m.proxy.ResourceMonitorClient.RegisterPackage(c, r)
}
