package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/pkg/v3/resource/stack"
	"github.com/pulumi/pulumi/pkg/v3/secrets/b64"
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

// waveOutputs holds what each wave that has run exported, and what programs may read of other stacks.
type waveOutputs struct {
	project, stack string
	foreign        map[string]Exports

	mu     sync.Mutex
	byWave map[int]resource.PropertyMap
}

func (o *waveOutputs) set(wave int, m resource.PropertyMap) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.byWave[wave] = m
}

// waveStackRE matches the stack names of wave projects: organization/<stack>-wave-<n>/<environment>.
var waveStackRE = regexp.MustCompile(`^[^/]+/([^/]+)-wave-([0-9]+)/([^/]+)$`)

// get answers a stack reference by its name. Of another stack it gives what is recorded, whatever the wave: components
// may have moved since. Of this one, a value that is not known yet is left out: Pulumi's Go SDK reads a missing key as
// unknown in a preview, but takes a computed one for an error.
func (o *waveOutputs) get(name string) (resource.PropertyMap, error) {
	m := waveStackRE.FindStringSubmatch(name)
	if m == nil || m[3] != o.stack {
		return nil, fmt.Errorf("stack reference %q is not to a wave of a stack in environment %s", name, o.stack)
	}
	if m[1] != o.project {
		exports, ok := o.foreign[m[1]]
		if !ok {
			return nil, fmt.Errorf("stack reference %q: stack %s is not among those that this one reads from", name, m[1])
		}
		return exports.values, nil
	}
	wave, err := strconv.Atoi(m[2])
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

// ReadResource answers a stack reference to an earlier wave or another stack in the shape that Pulumi's built-in provider gives it.
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

// noBackend is the engine's backend client. Stack references are answered before they reach the engine.
type noBackend struct{}

var errNoBackend = errors.New("a stack reference reached the engine")

func (noBackend) GetStackOutputs(context.Context, string, func(error) error) (property.Map, error) {
	return property.Map{}, errNoBackend
}

func (noBackend) GetStackResourceOutputs(context.Context, string) (property.Map, error) {
	return property.Map{}, errNoBackend
}

// sameOutputs tells whether the outputs that a component registers are those recorded, as far as they are known. They
// are not when a run was interrupted after the component's last resource.
func (s *State) sameOutputs(ctx context.Context, r *pulumirpc.RegisterResourceOutputsRequest) (bool, error) {
	outputs, err := plugin.UnmarshalProperties(r.Outputs,
		plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepResources: true})
	if err != nil {
		return false, fmt.Errorf("read the outputs of %s: %w", r.Urn, err)
	}
	recorded := map[string]any{}
	if s.deployment != nil {
		for _, o := range s.deployment.Resources {
			if string(o.URN) == r.Urn && !o.Delete {
				recorded = maps.Clone(o.Outputs)
			}
		}
	}
	for key, v := range outputs {
		if v.ContainsUnknowns() {
			delete(outputs, key)
			delete(recorded, string(key))
		}
	}
	now, err := stack.SerializeProperties(ctx, outputs, b64.NewBase64SecretsManager().Encrypter(), false)
	if err != nil {
		return false, fmt.Errorf("encode the outputs of %s: %w", r.Urn, err)
	}
	return len(now)+len(recorded) == 0 || encode(now) == encode(recorded), nil
}
