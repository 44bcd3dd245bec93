package eventbridge

import (
	"encoding/json"
	"slices"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/runtask"
	"github.com/panka-io/panka/compiler/diag"
)

// check refuses what AWS would refuse, as far as the schema cannot see it, and tells whether the rest can be generated.
func (e bus) check() bool {
	startable := true
	if e.SchemaDiscovery.Enabled && !e.isDefault() && e.Key() != nil {
		e.Fail(diag.Errorf(e.Place("schemaDiscovery", "enabled"), component.Code,
			"AWS does not discover schemas on a bus that is encrypted with a key of one's own").
			WithHint("turn schemaDiscovery off, or encrypt nothing in this stack with a key of your own"))
	}
	for _, r := range e.Rules {
		for _, t := range r.Targets {
			if task, kind := e.Target(t.Component); isTask(kind) {
				if container.Platform(task) == container.EKS {
					startable = false
					e.Fail(diag.Errorf(t.Source, component.Code, "the target %s is a job on Kubernetes, where EventBridge can start nothing", t.Name).
						WithHint("give %s runtime.platform fargate or ecs, or send to an SQS component, from which a Worker takes the events", t.Component))
				}
				e.checkOverrides(t)
				continue
			}
			if text, known := t.Input.Static(); known && len(t.Input) > 0 && !json.Valid([]byte(text)) {
				e.Fail(diag.Errorf(t.Source, component.Code, "the input of the target %s is not JSON, and EventBridge takes nothing else", t.Name).
					WithHint(`put a text into double quotes of its own: input: '"text"'`))
			}
		}
	}
	return startable
}

func isTask(kind component.Kind) bool {
	_, ok := kind.(runtask.Kind)
	return ok
}

// overridable is what a rule may change in a task that it starts. Its roles are not: the bus may hand it no others.
var overridable = []string{"containerOverrides", "cpu", "ephemeralStorage", "memory"}

// checkOverrides judges what a task is started with: no event, but changes to its definition.
func (e bus) checkOverrides(t target) {
	if t.InputPath != "" {
		e.Fail(diag.Errorf(t.Source, component.Code, "the target %s is a task, which gets no event, and so no part of one", t.Name).
			WithHint("hand it parts of the event with inputTransformer, in the environment of containerOverrides"))
	}
	if text, known := t.Input.Static(); known && len(t.Input) > 0 && !overrides(text) {
		task, _ := e.Target(t.Component)
		e.Fail(diag.Errorf(t.Source, component.Code, "the input of the target %s, a task, must be JSON that overrides parts of its definition: "+
			"containerOverrides, cpu, ephemeralStorage or memory", t.Name).
			WithHint(`write it as {"containerOverrides": [{"name": %q, "environment": [{"name": "FULL", "value": "yes"}]}]}`, task.Name))
	}
}

// overrides tells whether a text is JSON that overrides parts of a task's definition.
func overrides(text string) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &fields) != nil || fields == nil {
		return false
	}
	for name := range fields {
		if !slices.Contains(overridable, name) {
			return false
		}
	}
	return true
}
