package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/pkg/v3/resource/stack"
	"github.com/pulumi/pulumi/pkg/v3/secrets/b64"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/provider"
)

// Settlement says what became of an operation that a crashed run left unfinished.
type Settlement struct {
	URN     string
	Outcome string // for people: "was created", "was not created", …
}

// Settle ends the operations that a crashed run left unfinished, by asking the cloud. A resource that was being created
// is looked for (see provider.Provider's Find) and, if found, recorded; one that was being changed is read again; one
// that was being deleted is forgotten if it is gone. Afterwards nothing is pending, so the engine neither makes a
// resource twice nor forgets one.
func Settle(ctx context.Context, s *State, cloud provider.Provider) (*State, []Settlement, error) {
	if s.deployment == nil || len(s.deployment.PendingOperations) == 0 {
		return s, nil, nil
	}
	d := *s.deployment
	d.Resources = slices.Clone(d.Resources)
	d.PendingOperations = nil
	var settled []Settlement
	for _, op := range s.deployment.PendingOperations {
		settler := settler{ctx: ctx, d: &d}
		outcome, err := settler.settle(op, cloud)
		if err != nil {
			return nil, nil, fmt.Errorf("find out what became of %s, which was being %s: %w",
				op.Resource.URN, pastTense(op.Type), err)
		}
		settled = append(settled, Settlement{URN: string(op.Resource.URN), Outcome: outcome})
	}
	sorted, err := dependencyOrder(d.Resources)
	if err != nil {
		return nil, nil, err
	}
	d.Resources = sorted
	return &State{deployment: &d}, settled, nil
}

func pastTense(t apitype.OperationType) string {
	switch t {
	case apitype.OperationTypeCreating:
		return "created"
	case apitype.OperationTypeUpdating:
		return "changed"
	case apitype.OperationTypeDeleting:
		return "deleted"
	case apitype.OperationTypeReading:
		return "read"
	}
	return string(t)
}

type settler struct {
	ctx   context.Context
	cloud provider.Provider
	d     *apitype.DeploymentV3
}

func (s settler) settle(op apitype.OperationV2, cloud provider.Provider) (string, error) {
	r := op.Resource
	if !isCloud(r) {
		return "has nothing to settle", nil
	}
	var err error
	if s.cloud, err = cloudOf(s.d, r, cloud); err != nil {
		return "", err
	}
	switch {
	case op.Type == apitype.OperationTypeCreating:
		return s.created(r)
	case op.Type == apitype.OperationTypeUpdating, op.Type == apitype.OperationTypeDeleting:
		return s.changed(r, op.Type)
	}
	return "has nothing to settle", nil
}

// created settles a creation. A resource that already is recorded under the URN was about to be replaced and is left
// to be deleted.
func (s settler) created(r apitype.ResourceV3) (string, error) {
	inputs, err := stack.DeserializeProperties(r.Inputs, b64.NewBase64SecretsManager().Decrypter())
	if err != nil {
		return "", fmt.Errorf("decode its inputs: %w", err)
	}
	id, found, err := s.cloud.Find(s.ctx, r.URN, inputs)
	if err != nil {
		return "", err
	}
	if !found {
		return "was not created", nil
	}
	r.ID = resource.ID(id)
	gone, err := s.read(&r)
	if err != nil {
		return "", err
	}
	if gone || slices.ContainsFunc(s.d.Resources, func(o apitype.ResourceV3) bool { return sameObject(o, r) }) {
		return "was not created", nil // what was found is the old one, which the new one was to replace
	}
	for i, o := range s.d.Resources {
		if o.URN != r.URN {
			continue
		}
		if o.PendingReplacement { // its old copy is deleted already
			s.d.Resources = slices.Delete(s.d.Resources, i, i+1)
		} else {
			s.d.Resources[i].Delete = true
		}
		break
	}
	s.d.Resources = append(s.d.Resources, r)
	return fmt.Sprintf("was created, as %s", id), nil
}

// sameObject tells whether two recorded resources are one object of the cloud. Versions of an object, as the revisions
// of a task definition, may share an ID and differ in their ARN.
func sameObject(a, b apitype.ResourceV3) bool {
	return a.URN == b.URN && a.ID == b.ID && a.Outputs["arn"] == b.Outputs["arn"]
}

func (s settler) changed(r apitype.ResourceV3, op apitype.OperationType) (string, error) {
	i := slices.IndexFunc(s.d.Resources, func(o apitype.ResourceV3) bool { return o.URN == r.URN && o.ID == r.ID })
	if i < 0 {
		return "is not recorded any more", nil
	}
	current := s.d.Resources[i]
	gone, err := s.read(&current)
	switch {
	case err != nil:
		return "", err
	case gone && op == apitype.OperationTypeDeleting && r.PendingReplacement:
		s.d.Resources[i].PendingReplacement = true
		return "was deleted", nil
	case gone:
		s.d.Resources = slices.Delete(s.d.Resources, i, i+1)
		dropDangling(s.d.Resources)
		return "is gone", nil
	}
	s.d.Resources[i] = current
	return "was read again", nil
}

// read brings a resource's recorded inputs and outputs up to what the cloud holds.
func (s settler) read(r *apitype.ResourceV3) (gone bool, err error) {
	inputs, err := stack.DeserializeProperties(r.Inputs, b64.NewBase64SecretsManager().Decrypter())
	if err != nil {
		return false, fmt.Errorf("decode its inputs: %w", err)
	}
	outputs, err := stack.DeserializeProperties(r.Outputs, b64.NewBase64SecretsManager().Decrypter())
	if err != nil {
		return false, fmt.Errorf("decode its outputs: %w", err)
	}
	res, err := s.cloud.Read(s.ctx, provider.ReadRequest{URN: r.URN, ID: string(r.ID), Inputs: inputs, State: outputs})
	if err != nil {
		return false, err
	}
	if !res.Found {
		return true, nil
	}
	if r.Inputs, err = stack.SerializeProperties(s.ctx, res.Inputs, b64.NewBase64SecretsManager().Encrypter(), false); err != nil {
		return false, fmt.Errorf("encode its inputs: %w", err)
	}
	if r.Outputs, err = stack.SerializeProperties(s.ctx, res.Outputs, b64.NewBase64SecretsManager().Encrypter(), false); err != nil {
		return false, fmt.Errorf("encode its outputs: %w", err)
	}
	r.InitErrors = nil
	return false, nil
}
