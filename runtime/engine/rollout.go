package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// controlledType is the type of resources that AWS's Cloud Control API makes.
const controlledType = "aws:cloudcontrol/resource:Resource"

// errUnfinished says that a resource was recorded although making it failed, and is as it was asked for.
var errUnfinished = errors.New("it was never steady, and there is nothing new to deploy: deploy another version, or remove it first")

// rollouts keeps what is recorded true for services that the aws plugin makes by Cloud Control. Of a deployment that ECS
// undid the plugin says that it was done in part and records what was asked for. The next run would find nothing to change
// and end well, with the version before in use. So:
//
//   - a change that failed is not recorded: AWS went back, and the next run changes it again;
//   - a service that was made and never became steady is removed again, as CloudFormation would do it: ECS starts no
//     more copies of it, and its name would be taken.
type rollouts struct {
	plugin.Provider
}

// Update changes a resource; a change that fails is as if it had not been tried.
func (p rollouts) Update(ctx context.Context, r plugin.UpdateRequest) (plugin.UpdateResponse, error) {
	if r.URN.Type() != controlledType {
		return p.Provider.Update(ctx, r)
	}
	// The engine asks for this where the record tells of a failure.
	if old, ok := textOf(r.OldOutputs); ok && !r.Preview {
		if now, ok := textOf(r.NewInputs); ok && old == now {
			return plugin.UpdateResponse{Status: resource.StatusUnknown}, errUnfinished
		}
	}
	res, err := p.Provider.Update(ctx, r)
	if err != nil && res.Status == resource.StatusPartialFailure {
		return plugin.UpdateResponse{Status: resource.StatusUnknown}, reasons(err)
	}
	return res, err
}

// Create makes a resource; of one that fails nothing is left, if AWS lets it be removed.
func (p rollouts) Create(ctx context.Context, r plugin.CreateRequest) (plugin.CreateResponse, error) {
	res, err := p.Provider.Create(ctx, r)
	if err == nil || r.URN.Type() != controlledType || r.Preview {
		return res, err
	}
	left, found := p.left(ctx, r, res)
	if !found {
		return res, err
	}
	_, deleteErr := p.Delete(ctx, plugin.DeleteRequest{
		URN: r.URN, Name: r.Name, Type: r.Type, ID: left.ID, Inputs: r.Properties, Outputs: left.Outputs,
	})
	if deleteErr != nil {
		why := fmt.Sprintf("%v; it could not be removed either: %v", reasons(err), deleteErr)
		return plugin.CreateResponse{ID: left.ID, Properties: left.Outputs, Status: resource.StatusPartialFailure},
			&plugin.InitError{Reasons: []string{why}}
	}
	return plugin.CreateResponse{Status: resource.StatusUnknown}, fmt.Errorf("%w; it was removed again", reasons(err))
}

// left is what a failed creation left. The plugin learns the ID only at the end, so a service is looked for under the ID
// that it must have, and is the one if its task definition is: another one may have the name.
func (p rollouts) left(ctx context.Context, r plugin.CreateRequest, res plugin.CreateResponse) (plugin.ReadResult, bool) {
	if res.ID != "" {
		return plugin.ReadResult{ID: res.ID, Outputs: res.Properties}, true
	}
	wanted, ok := serviceIn(r.Properties["desiredState"])
	id, known := wanted.identifier()
	if !ok || !known {
		return plugin.ReadResult{}, false
	}
	read, err := p.Read(ctx, plugin.ReadRequest{
		URN: r.URN, Name: r.Name, Type: r.Type, ID: id, Inputs: r.Properties, State: r.Properties,
	})
	if err != nil || read.ID == "" {
		return plugin.ReadResult{}, false
	}
	found, ok := serviceIn(read.Outputs["properties"])
	return read.ReadResult, ok && found.TaskDefinition == wanted.TaskDefinition
}

// controlledService is what tells services apart, in the JSON of AWS::ECS::Service.
type controlledService struct {
	ServiceName, Cluster, TaskDefinition string
}

func serviceIn(v resource.PropertyValue) (controlledService, bool) {
	var s controlledService
	if v.IsSecret() {
		v = v.SecretValue().Element
	}
	if !v.IsString() || json.Unmarshal([]byte(v.StringValue()), &s) != nil {
		return controlledService{}, false
	}
	return s, true
}

// identifier is the service's ARN and its cluster, with a bar between them.
func (s controlledService) identifier() (resource.ID, bool) {
	prefix, cluster, found := strings.Cut(s.Cluster, ":cluster/")
	if !found || s.ServiceName == "" || s.TaskDefinition == "" {
		return "", false
	}
	return resource.ID(prefix + ":service/" + cluster + "/" + s.ServiceName + "|" + s.Cluster), true
}

// textOf is the text of what is or was asked for.
func textOf(m resource.PropertyMap) (string, bool) {
	v := m["desiredState"]
	if !v.IsString() {
		return "", false
	}
	return v.StringValue(), true
}

// reasons is an error with what a partial failure says of itself.
func reasons(err error) error {
	var partial *plugin.InitError
	if errors.As(err, &partial) && len(partial.Reasons) > 0 {
		return errors.New(strings.Join(partial.Reasons, "; "))
	}
	return err
}
