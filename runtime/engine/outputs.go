package engine

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

const (
	// organization is what programs see as Pulumi's organization; panka has none.
	organization       = "organization"
	stackReferenceType = "pulumi:pulumi:StackReference"
)

// waveOutputs holds what each wave that has run exported.
type waveOutputs struct {
	mu     sync.Mutex
	byWave map[int]resource.PropertyMap
}

func (o *waveOutputs) set(wave int, m resource.PropertyMap) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.byWave[wave] = m
}

// waveStackRE matches the stack names of wave projects: organization/<stack>-wave-<n>/<environment>.
var waveStackRE = regexp.MustCompile(`^[^/]+/[^/]+-wave-([0-9]+)/[^/]+$`)

// get answers a stack reference by its name. A value that is not known yet is left out: Pulumi's Go SDK reads a missing
// key as unknown in a preview, but takes a computed one for an error.
func (o *waveOutputs) get(name string) (resource.PropertyMap, error) {
	m := waveStackRE.FindStringSubmatch(name)
	if m == nil {
		return nil, fmt.Errorf("stack reference %q is not to a wave of this stack", name)
	}
	wave, err := strconv.Atoi(m[1])
	if err != nil {
		return nil, fmt.Errorf("stack reference %q: %w", name, err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	outputs, ok := o.byWave[wave]
	if !ok {
		return nil, fmt.Errorf("stack reference %q: wave %d has not run yet", name, wave)
	}
	known := resource.PropertyMap{}
	for k, v := range outputs {
		if !v.ContainsUnknowns() {
			known[k] = v
		}
	}
	return known, nil
}

// ReadResource answers a stack reference to an earlier wave in the shape that Pulumi's built-in provider gives it.
// Other reads go to the engine.
func (m *waveMonitor) ReadResource(
	ctx context.Context, r *pulumirpc.ReadResourceRequest,
) (*pulumirpc.ReadResourceResponse, error) {
	if r.GetType() != stackReferenceType {
		return m.proxy.ResourceMonitorClient.ReadResource(ctx, r)
	}
	outputs, err := m.proxy.runtime.outputs.get(r.GetId())
	if err != nil {
		return nil, err
	}
	secretNames := []resource.PropertyValue{}
	for k, v := range outputs {
		if v.ContainsSecrets() {
			secretNames = append(secretNames, resource.NewProperty(string(k)))
		}
	}
	properties, err := plugin.MarshalProperties(resource.PropertyMap{
		"name": resource.NewProperty(r.GetId()), "outputs": resource.NewProperty(outputs),
		"secretOutputNames": resource.NewProperty(secretNames),
	}, plugin.MarshalOptions{KeepSecrets: r.GetAcceptSecrets(), KeepResources: r.GetAcceptResources()})
	if err != nil {
		return nil, fmt.Errorf("answer stack reference %q: %w", r.GetId(), err)
	}
	run := m.proxy.runtime.run
	return &pulumirpc.ReadResourceResponse{
		Urn: string(urn.New(tokens.QName(run.Stack), tokens.PackageName(run.Project), "",
			stackReferenceType, r.GetName())),
		Properties: properties,
	}, nil
}

// withoutReferences takes stack references off a resource's dependencies, as the engine does not know them. The edges
// between components say more exactly what depends on what.
func (p *monitorProxy) withoutReferences(r *pulumirpc.RegisterResourceRequest) {
	isReference := func(u string) bool { return strings.Contains(u, "::"+stackReferenceType+"::") }
	r.Dependencies = slices.DeleteFunc(r.Dependencies, isReference)
	for _, deps := range r.PropertyDependencies {
		deps.Urns = slices.DeleteFunc(deps.Urns, isReference)
	}
}

// noBackend is the engine's backend client. Programs open stack references to waves only, and those are answered
// before they reach the engine.
type noBackend struct{}

var errNoBackend = errors.New("references to other stacks are not supported")

func (noBackend) GetStackOutputs(context.Context, string, func(error) error) (property.Map, error) {
	return property.Map{}, errNoBackend
}

func (noBackend) GetStackResourceOutputs(context.Context, string) (property.Map, error) {
	return property.Map{}, errNoBackend
}
