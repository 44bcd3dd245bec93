package engine

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

const (
	shopCluster = "arn:aws:ecs:eu-central-1:123456789012:cluster/shop"
	shopService = "arn:aws:ecs:eu-central-1:123456789012:service/shop/web_shift|" + shopCluster
)

// desiredOf are the inputs of a service with a version.
func desiredOf(version string) resource.PropertyMap {
	return resource.NewPropertyMapFromMap(map[string]any{"typeName": "AWS::ECS::Service",
		"desiredState": `{"ServiceName":"web_shift","Cluster":"` + shopCluster + `","TaskDefinition":"web:` + version + `"}`})
}

// pluginDouble stands in for the aws plugin: its creates and updates fail as that of Cloud Control does.
type pluginDouble struct {
	plugin.MockProvider
	created plugin.CreateResponse
	// holds is the task definition of the service that AWS has under the ID; "" for none.
	holds     string
	stuck     bool
	deleted   []resource.ID
	updateErr error
}

func newPluginDouble() *pluginDouble {
	d := &pluginDouble{updateErr: &plugin.InitError{Reasons: []string{"ECS Deployment Circuit Breaker was triggered"}}}
	d.CreateF = func(context.Context, plugin.CreateRequest) (plugin.CreateResponse, error) {
		return d.created, errors.New("ECS Deployment Circuit Breaker was triggered")
	}
	d.UpdateF = func(_ context.Context, r plugin.UpdateRequest) (plugin.UpdateResponse, error) {
		return plugin.UpdateResponse{Properties: r.NewInputs, Status: resource.StatusPartialFailure}, d.updateErr
	}
	d.ReadF = func(_ context.Context, r plugin.ReadRequest) (plugin.ReadResponse, error) {
		if r.ID != shopService || d.holds == "" {
			return plugin.ReadResponse{}, nil
		}
		out := resource.NewPropertyMapFromMap(map[string]any{"properties": `{"TaskDefinition":"` + d.holds + `"}`})
		return plugin.ReadResponse{ReadResult: plugin.ReadResult{ID: r.ID, Outputs: out}}, nil
	}
	d.DeleteF = func(_ context.Context, r plugin.DeleteRequest) (plugin.DeleteResponse, error) {
		if d.stuck {
			return plugin.DeleteResponse{}, errors.New("ConcurrentOperationException")
		}
		d.deleted = append(d.deleted, r.ID)
		return plugin.DeleteResponse{}, nil
	}
	return d
}

func controlledURN(typ string) resource.URN {
	return resource.NewURN("dev", "shop", "", tokens.Type(typ), "web")
}

// TestUndoneDeploymentIsNotRecorded: the engine records what a partial failure answers, and keeps what it has otherwise.
func TestUndoneDeploymentIsNotRecorded(t *testing.T) {
	p := rollouts{newPluginDouble()}
	change := func(typ, from, to string) (plugin.UpdateResponse, error) {
		return p.Update(t.Context(), plugin.UpdateRequest{URN: controlledURN(typ), OldOutputs: desiredOf(from), NewInputs: desiredOf(to)})
	}
	res, err := change(controlledType, "1", "2")
	if res.Status == resource.StatusPartialFailure || err == nil || !strings.Contains(err.Error(), "Circuit Breaker was triggered") {
		t.Errorf("a change that was undone answers %v, %v", res, err)
	}
	if res, err := change("aws:ecs/service:Service", "1", "2"); res.Status != resource.StatusPartialFailure || err == nil {
		t.Errorf("another type's failure answers %v, %v", res, err)
	}
	if _, err := change(controlledType, "2", "2"); !errors.Is(err, errUnfinished) {
		t.Errorf("what failed and is asked for again answers %v", err)
	}
}

func TestServiceThatNeverWasSteady(t *testing.T) {
	for name, c := range map[string]struct {
		holds, id string
		stuck     bool
		deleted   int
		partial   bool
	}{
		"left without an ID":      {holds: "web:1", deleted: 1},
		"left with one":           {id: shopService, deleted: 1},
		"nothing left":            {},
		"a service of the name":   {holds: "other:7"},
		"left and still deployed": {holds: "web:1", stuck: true, partial: true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newPluginDouble()
			d.holds, d.stuck, d.created.ID = c.holds, c.stuck, resource.ID(c.id)
			res, err := rollouts{d}.Create(t.Context(), plugin.CreateRequest{URN: controlledURN(controlledType), Properties: desiredOf("1")})
			if err == nil || len(d.deleted) != c.deleted {
				t.Errorf("deleted %v, %v", d.deleted, err)
			}
			if partial := res.Status == resource.StatusPartialFailure; partial != c.partial || (partial && res.ID != shopService) {
				t.Errorf("answers %v, %v", res, err)
			}
			for _, id := range d.deleted {
				if id != shopService {
					t.Errorf("deleted %s", id)
				}
			}
		})
	}
}
