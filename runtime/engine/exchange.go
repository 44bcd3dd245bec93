package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/pkg/v3/resource/stack"
	"github.com/pulumi/pulumi/pkg/v3/secrets"
	"github.com/pulumi/pulumi/pkg/v3/secrets/b64"
	"github.com/pulumi/pulumi/pkg/v3/secrets/passphrase"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// Protection says how the secrets of a state stand in a file that leaves panka's store. The zero value is none, for states
// without secrets.
type Protection struct {
	// Passphrase encrypts them as Pulumi's passphrase provider does, with PULUMI_CONFIG_PASSPHRASE.
	Passphrase string
	// Plain leaves them readable. "pulumi stack import" takes readable secrets only if the file says how they are to be
	// encrypted from then on, so a passphrase is of use even then.
	Plain bool
}

// ErrUnprotected says that a state has secrets and nothing to protect them with.
var ErrUnprotected = errors.New("the state has secrets, and there is no passphrase to encrypt them with")

// Export gives the state in the form that "pulumi stack export" writes and "pulumi stack import" takes.
func (s *State) Export(ctx context.Context, p Protection) ([]byte, error) {
	snap, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	switch {
	case !hasSecrets(snap), p.Plain && p.Passphrase == "":
		// Plain values say so themselves; the manager is asked only for encrypted ones.
	case p.Passphrase == "":
		return nil, ErrUnprotected
	default:
		if _, snap.SecretsManager, err = passphrase.NewPassphraseSecretsManager(p.Passphrase); err != nil {
			return nil, fmt.Errorf("encrypt the secrets: %w", err)
		}
	}
	d, version, features, err := stack.SerializeDeploymentWithMetadata(ctx, snap, p.Plain)
	if err != nil {
		return nil, fmt.Errorf("export the state: %w", err)
	}
	if d.SecretsProviders != nil && d.SecretsProviders.Type == b64.Type {
		d.SecretsProviders = nil // nothing is encrypted
	}
	raw, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("export the state: %w", err)
	}
	out, err := json.MarshalIndent(apitype.UntypedDeployment{Version: version, Features: features, Deployment: raw}, "", "    ")
	if err != nil {
		return nil, fmt.Errorf("export the state: %w", err)
	}
	return append(out, '\n'), nil
}

func hasSecrets(snap *deploy.Snapshot) bool {
	for _, r := range snap.Resources {
		if r.Inputs.ContainsSecrets() || r.Outputs.ContainsSecrets() {
			return true
		}
	}
	for _, o := range snap.PendingOperations {
		if o.Resource.Inputs.ContainsSecrets() || o.Resource.Outputs.ContainsSecrets() {
			return true
		}
	}
	return false
}

// ImportState reads what Export or "pulumi stack export" wrote, of the stack with that name in the project with that name.
// Anything else, and what is not consistent in itself, is an error.
func ImportState(ctx context.Context, data []byte, project, stackName string, p Protection) (s *State, err error) {
	defer func() { // Pulumi's code trusts what it reads
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("it is no deployment as pulumi stack export writes it: %v", r)
		}
	}()
	untyped, err := parseExport(data)
	if err != nil {
		return nil, err
	}
	d, err := stack.UnmarshalUntypedDeployment(ctx, untyped)
	if err != nil {
		return nil, fmt.Errorf("read the deployment, format %d: %w", untyped.Version, err)
	}
	if err := belongs(d, project, stackName); err != nil {
		return nil, err
	}
	snap, err := stack.DeserializeDeploymentV3(ctx, *d, protections(p))
	if err != nil {
		return nil, fmt.Errorf("read the deployment: %w", err)
	}
	if err := snap.VerifyIntegrity(); err != nil {
		return nil, fmt.Errorf("the deployment is not consistent: %w", err)
	}
	snap.SecretsManager = b64.NewBase64SecretsManager()
	own, err := stack.SerializeDeployment(ctx, snap, false)
	if err != nil {
		return nil, fmt.Errorf("read the deployment: %w", err)
	}
	return &State{deployment: own}, nil
}

// parseExport checks no more than that it may be what it should be: Pulumi's JSON schema of it refuses Pulumi's own exports.
func parseExport(data []byte) (*apitype.UntypedDeployment, error) {
	var untyped apitype.UntypedDeployment
	var inside struct {
		Manifest json.RawMessage `json:"manifest"`
	}
	err := json.Unmarshal(data, &untyped)
	if err == nil && len(untyped.Deployment) > 0 {
		err = json.Unmarshal(untyped.Deployment, &inside)
	}
	if err != nil {
		return nil, fmt.Errorf("it is no deployment as pulumi stack export writes it: %w", err)
	}
	if inside.Manifest == nil {
		return nil, errors.New("it is no deployment as pulumi stack export writes it: it has no deployment.manifest")
	}
	return &untyped, nil
}

// belongs checks that each resource is of a stack.
func belongs(d *apitype.DeploymentV3, project, stackName string) error {
	resources := d.Resources
	for _, o := range d.PendingOperations {
		resources = append(resources[:len(resources):len(resources)], o.Resource)
	}
	for _, r := range resources {
		u, err := urn.Parse(string(r.URN))
		if err != nil {
			return fmt.Errorf("read the deployment: %w", err)
		}
		if string(u.Project()) != project || string(u.Stack()) != stackName {
			return fmt.Errorf("it is of stack %s in project %s, not of stack %s in project %s", u.Stack(), u.Project(), stackName, project)
		}
	}
	return nil
}

// protections finds the secrets manager that a deployment names.
type protections Protection

// OfType implements secrets.Provider.
func (p protections) OfType(_ context.Context, kind string, state json.RawMessage) (secrets.Manager, error) {
	if kind != passphrase.Type {
		return nil, fmt.Errorf("its secrets are encrypted by Pulumi's provider %q, which panka cannot ask: "+
			"export it again with pulumi stack export --show-secrets", kind)
	}
	if p.Passphrase == "" {
		return nil, errors.New("its secrets are encrypted with a passphrase: set PULUMI_CONFIG_PASSPHRASE")
	}
	var salt struct {
		Salt string `json:"salt"`
	}
	if err := json.Unmarshal(state, &salt); err != nil {
		return nil, fmt.Errorf("read how its secrets are encrypted: %w", err)
	}
	m, err := passphrase.GetPassphraseSecretsManager(p.Passphrase, salt.Salt)
	if errors.Is(err, passphrase.ErrIncorrectPassphrase) {
		return nil, errors.New("PULUMI_CONFIG_PASSPHRASE is not the passphrase that its secrets are encrypted with")
	}
	return m, err
}
