// Package cronjob generates CronJob. On ECS it is a schedule of EventBridge Scheduler that runs a task, with a queue for the
// runs that could not be started, and alarms for these and for runs that fail. On EKS it is a CronJob of Kubernetes, which
// also looks after the runs that it starts (kubernetes.go).
//
// On ECS: of a run that was started nobody waits for the end: ECS reports how each task stops as an event, and a rule sends those
// whose process ended with an error to the alarm topic. A run is not begun anew because it failed; retry is about starting it.
//
// Others can start runs too: an event bus does whose rules name the job.
//
// Scheduler begins a run whether or not the last one has ended.
package cronjob

import (
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/configfile"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/pod"
	"github.com/panka-io/panka/codegen/runtask"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of CronJob.
type Kind struct{}

// Name is CronJob.
func (Kind) Name() string { return "CronJob" }

// Outputs are the schedule, and what others start the task with. On EKS there is neither.
func (Kind) Outputs(c *ir.Component) []component.Output {
	if container.Platform(c) == container.EKS {
		return nil
	}
	outputs := append(runtask.Outputs(), component.Output{Name: "scheduleArn", Type: component.StringOutput})
	slices.SortFunc(outputs, func(a, b component.Output) int { return strings.Compare(a.Name, b.Name) })
	return outputs
}

// Run is how others start the task.
func (Kind) Run(c *ir.Component) runtask.Run {
	s, _ := decode(c)
	return s.run()
}

// job is a CronJob being generated.
type job struct {
	*component.Builder
	specification
	task *container.Task
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if s.Window != nil && *s.Window%60 != 0 {
		ds.Add(diag.Errorf(b.Place("window"), component.Code, "AWS spreads runs over whole minutes, not over %d seconds", *s.Window).
			WithHint("write window in minutes, such as 15m"))
	}
	if s.Retry.MaxAge > 0 && s.Window != nil && *s.Window > s.Retry.MaxAge {
		ds.Add(diag.Errorf(b.Place("window"), component.Code,
			"a run may begin %d seconds late, yet after %d seconds it would be given up", *s.Window, s.Retry.MaxAge).
			WithHint("raise retry.maxAge to at least the window"))
	}
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	if s.Runtime.Platform == container.EKS {
		if pod.Runnable(b, s.Spec) {
			b.Version(s.Image.Tag)
			p := &pod.Pod{Builder: b, Spec: s.Spec, Purpose: "job", Restart: "Never", Most: s.Copies}
			(&onKubernetes{Pod: p, specification: s}).generate()
		}
		return
	}
	configfile.Check(b, s.Runtime.User)
	b.Version(s.Image.Tag)
	j := &job{Builder: b, specification: s, task: &container.Task{Builder: b, Spec: s.Spec, Purpose: "job"}}
	j.task.Prepare()
	j.task.Definition()
	j.deadLetters()
	j.role()
	j.schedule()
	j.alarms()
	runtask.Publish(b)
	b.Output("scheduleArn", jen.Id("schedule").Dot("Arn"))
}
