package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/pkg/v3/resource/stack"
	"github.com/pulumi/pulumi/pkg/v3/secrets/b64"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// State is the recorded state of a stack: Pulumi's deployment document. Secret values in it are only encoded, so its
// bytes must be stored encrypted. The zero State is that of a stack that was never deployed.
type State struct {
	deployment *apitype.DeploymentV3
}

// DecodeState reads what Encode wrote; no bytes are the empty state.
func DecodeState(data []byte) (*State, error) {
	if len(data) == 0 {
		return &State{}, nil
	}
	var d apitype.DeploymentV3
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("decode the recorded state: %w", err)
	}
	return &State{deployment: &d}, nil
}

// Encode gives the state's bytes.
func (s *State) Encode() ([]byte, error) {
	if s.deployment == nil {
		return nil, nil
	}
	b, err := json.Marshal(s.deployment)
	if err != nil {
		return nil, fmt.Errorf("encode the state: %w", err)
	}
	return b, nil
}

// Fold applies journal records that a run left behind, in order.
func (s *State) Fold(records [][]byte) (*State, error) {
	f := newFold(s)
	if err := f.addAll(records); err != nil {
		return nil, err
	}
	return f.state()
}

// FoldAround is Fold for a journal of which records are lost. References to what the lost ones recorded are passed over, and
// skipped counts them. Records that do not fit the state are an error: the lost ones changed what they refer to.
func (s *State) FoldAround(records [][]byte) (state *State, skipped int, err error) {
	f := newFold(s)
	f.around = true
	if err := f.addAll(records); err != nil {
		return nil, 0, err
	}
	f.pruned = f.pruned || f.skipped > 0 // what is lost may be what others depend on
	state, err = f.state()
	return state, f.skipped, err
}

func (f *fold) addAll(records [][]byte) error {
	for i, data := range records {
		var entries []apitype.JournalEntry
		if err := json.Unmarshal(data, &entries); err != nil {
			return fmt.Errorf("decode journal record %d: %w", i+1, err)
		}
		for _, e := range entries {
			if err := f.add(e); err != nil {
				return fmt.Errorf("apply journal record %d: %w", i+1, err)
			}
		}
	}
	return nil
}

// Resource is one recorded resource.
type Resource struct {
	URN, Type, Name, ID string
	Parent              string
	Custom              bool
	// External resources were only read.
	External bool
	// Deleting is true for a replaced resource that is still to be deleted.
	Deleting     bool
	Dependencies []string
	// Outputs holds the plain top-level string outputs. Secrets are left out.
	Outputs map[string]string
	// Server is the address of the API server of the Kubernetes cluster that the resource is in; "" if it is in none.
	Server string
}

// Resources lists what is recorded, dependencies first.
func (s *State) Resources() []Resource {
	if s.deployment == nil {
		return nil
	}
	out := make([]Resource, 0, len(s.deployment.Resources))
	servers := s.servers()
	for _, r := range s.deployment.Resources {
		item := Resource{
			URN: string(r.URN), Type: string(r.Type), Name: r.URN.Name(), ID: string(r.ID), Parent: string(r.Parent),
			Custom: r.Custom, External: r.External, Deleting: r.Delete, Outputs: map[string]string{},
			Server: servers[r.Provider],
		}
		for _, d := range r.Dependencies {
			item.Dependencies = append(item.Dependencies, string(d))
		}
		for k, v := range r.Outputs {
			if text, ok := v.(string); ok {
				item.Outputs[k] = text
			}
		}
		out = append(out, item)
	}
	return out
}

// Changed gives the URNs of the resources in the cloud that are other ones than in an earlier state, or have other properties.
func (s *State) Changed(since *State) map[string]bool {
	was := map[resource.URN]apitype.ResourceV3{}
	if since != nil && since.deployment != nil {
		for _, r := range since.deployment.Resources {
			if !r.Delete {
				was[r.URN] = r
			}
		}
	}
	changed := map[string]bool{}
	if s.deployment == nil {
		return changed
	}
	for _, r := range s.deployment.Resources {
		if r.Delete || !inCloud(r.Custom, r.External, string(r.Type)) {
			continue
		}
		old, ok := was[r.URN]
		if !ok || old.ID != r.ID || encode(old.Inputs) != encode(r.Inputs) || encode(old.Outputs) != encode(r.Outputs) {
			changed[string(r.URN)] = true
		}
	}
	return changed
}

// WithoutPending is the state as if what is pending had not been begun.
func (s *State) WithoutPending() *State {
	if s.deployment == nil {
		return s
	}
	d := *s.deployment
	d.PendingOperations = nil
	return &State{deployment: &d}
}

// Unfinished tells whether replaced resources wait to be deleted or forgotten, because the run that replaced them did not
// come to that. A preview tells only of those that the cloud still holds.
func (s *State) Unfinished() bool {
	return s.deployment != nil && slices.ContainsFunc(s.deployment.Resources, func(r apitype.ResourceV3) bool {
		return r.Delete || r.PendingReplacement
	})
}

// leftOver tells whether r is a resource that an earlier run replaced and did not delete.
func (s *State) leftOver(r *resource.State) bool {
	if s.deployment == nil {
		return false
	}
	arn := ""
	if v := r.Outputs["arn"]; v.IsString() {
		arn = v.StringValue()
	}
	return slices.ContainsFunc(s.deployment.Resources, func(o apitype.ResourceV3) bool {
		recorded, _ := o.Outputs["arn"].(string)
		return o.Delete && o.URN == r.URN && o.ID == r.ID && recorded == arn
	})
}

// InCloud tells whether the resource exists in the cloud because of panka: it is no grouping resource, was not only
// read, and is none of Pulumi's own, as a provider.
func (r Resource) InCloud() bool { return inCloud(r.Custom, r.External, r.Type) }

func isCloud(r apitype.ResourceV3) bool { return inCloud(r.Custom, r.External, string(r.Type)) }

func inCloud(custom, external bool, resourceType string) bool {
	return custom && !external && !strings.HasPrefix(resourceType, "pulumi:")
}

// Pending lists the operations that a crashed run left unfinished, as "creating <urn>".
func (s *State) Pending() []string {
	if s.deployment == nil {
		return nil
	}
	var out []string
	for _, op := range s.deployment.PendingOperations {
		out = append(out, fmt.Sprintf("%s %s", op.Type, op.Resource.URN))
	}
	return out
}

// snapshot makes the engine's form of the state. Each call makes a new one, as the engine changes it.
func (s *State) snapshot(ctx context.Context) (*deploy.Snapshot, error) {
	d := s.deployment
	if d == nil {
		d = emptyDeployment()
	}
	snap, err := stack.DeserializeDeploymentV3(ctx, *d, stack.Base64SecretsProvider{})
	if err != nil {
		return nil, err
	}
	if err := snap.VerifyIntegrity(); err != nil {
		return nil, fmt.Errorf("the recorded state is not consistent: %w", err)
	}
	return snap, nil
}

func emptyDeployment() *apitype.DeploymentV3 {
	manifest := deploy.Manifest{}
	manifest.Magic = manifest.NewMagic()
	sm := b64.NewBase64SecretsManager()
	return &apitype.DeploymentV3{
		Manifest:         manifest.Serialize(),
		SecretsProviders: &apitype.SecretsProvidersV1{Type: sm.Type(), State: sm.State()},
	}
}
