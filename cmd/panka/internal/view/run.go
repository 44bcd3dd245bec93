package view

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
)

// run remembers what happened to each component, for the live lines and the summary.
type run struct {
	components map[string]*componentRun
	wave       int           // that the last line belonged to
	typeWidth  int           // columns for types, as in the plan that was shown
	waiting    *deploy.Event // for the lock; nil if it does not wait
}

type componentRun struct {
	id          string
	wave        int
	first, last time.Time
	failed      bool
	running     []deploy.Event // resources under way, oldest first
}

func newRun() *run { return &run{components: map[string]*componentRun{}, wave: -1} }

// add takes one event into account.
func (r *run) add(e deploy.Event) {
	if e.Kind == deploy.EventLock {
		r.waiting = nil
		if e.Status == deploy.Started {
			r.waiting = &e
		}
	}
	if e.Kind != deploy.EventResource || grouping(e.Type) {
		return
	}
	c := r.component(e)
	c.last = e.Time
	c.running = slices.DeleteFunc(c.running, func(o deploy.Event) bool { return o.URN == e.URN })
	switch e.Status {
	case deploy.Started:
		c.running = append(c.running, e)
	case deploy.Failed:
		c.failed = true
	}
}

func (r *run) component(e deploy.Event) *componentRun {
	id := e.Component
	if id == "" {
		id = "stack"
	}
	c := r.components[id]
	if c == nil {
		c = &componentRun{id: id, wave: e.Wave, first: e.Time}
		r.components[id] = c
	}
	return c
}

// sorted gives the components by wave and ID.
func (r *run) sorted() []*componentRun {
	list := make([]*componentRun, 0, len(r.components))
	for _, c := range r.components {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b *componentRun) int {
		return cmp.Or(cmp.Compare(a.wave, b.wave), cmp.Compare(a.id, b.id))
	})
	return list
}

// summary writes one line a component and the line that ends a run.
func (r *run) summary(w io.Writer, res Result, s Style) {
	list := r.sorted()
	width := 0
	for _, c := range list {
		width = max(width, len(c.id))
	}
	if len(list) > 0 {
		fmt.Fprintln(w)
	}
	for _, c := range list {
		mark := s.green("✓")
		if c.failed || len(c.running) > 0 {
			mark = s.red("✗")
		}
		fmt.Fprintf(w, "%s %-*s  %s\n", mark, width, Clean(c.id), duration(c.last.Sub(c.first)))
	}
	if len(list) > 0 {
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, resultLine(res, len(list) > 0))
}

// resultLine is the sentence that ends a run. Begun says whether work on any resource was begun.
func resultLine(r Result, begun bool) string {
	target := r.Stack + "/" + r.Environment
	took := duration(seconds(r.Seconds))
	switch r.Outcome {
	case deploy.NothingToDo:
		switch r.Operation {
		case "destroy":
			return fmt.Sprintf("Nothing to destroy in %s.", target)
		case "rollback":
			return fmt.Sprintf("Nothing changed: %s is as that deployment wanted it.", target)
		}
		return fmt.Sprintf("Nothing changed: %s is as the YAML wants it.", target)
	case deploy.Declined:
		return "Not approved: nothing was changed."
	case deploy.Succeeded:
		verb := "Applied"
		switch r.Operation {
		case "destroy":
			verb = "Destroyed"
		case "rollback":
			verb = "Rolled back"
		}
		return fmt.Sprintf("%s %s in %s: %s.", verb, target, took, done(r.Changes))
	case deploy.Cancelled:
		return fmt.Sprintf("Stopped the %s of %s after %s: %s. Run it again to go on.", r.Operation, target, took, done(r.Changes))
	default:
		if !begun {
			return fmt.Sprintf("The %s of %s failed after %s: nothing was changed.", r.Operation, target, took)
		}
		return fmt.Sprintf("The %s of %s failed after %s: %s. What was done is recorded; run it again to go on.", r.Operation, target, took, done(r.Changes))
	}
}

// done lists what was done, without zeros.
func done(c plan.Counts) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{c.Create, "created"}, {c.Import, "imported"}, {c.Update, "updated"}, {c.Replace, "replaced"}, {c.Delete, "deleted"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	if len(parts) == 0 {
		return "nothing changed"
	}
	return strings.Join(parts, ", ")
}

// lines is what stays on the screen of an event; none for what is not worth a line. The lines of resources stand under
// the title of their wave.
func (r *run) lines(e deploy.Event, s Style) []string {
	switch e.Kind {
	case deploy.EventPhase:
		r.wave = -1
		return []string{s.faint(phase(e.Message))}
	case deploy.EventLock:
		if e.Status == deploy.Started {
			return []string{"waiting: " + Clean(e.Message)}
		}
	case deploy.EventResource:
		out := r.resourceLines(e, s)
		if len(out) > 0 && e.Wave >= 0 && e.Wave != r.wave {
			r.wave = e.Wave
			out = append([]string{waveTitle(e.Wave, s)}, out...)
		}
		return out
	case deploy.EventDiagnostic:
		return diagnosticLines(e, s)
	}
	return nil
}

// phase names a phase of a run.
func phase(name string) string {
	switch name {
	case "preview":
		return "finding out what would change"
	case "update":
		return "deploying"
	case "destroy":
		return "destroying"
	case "refresh":
		return "looking at what the cloud holds"
	case "recover":
		return "finding out what an interrupted run left"
	}
	return Clean(name)
}

// grouping tells whether a type of resource exists only in the state: it groups others, or stands for a provider.
func grouping(resourceType string) bool {
	return strings.HasPrefix(resourceType, "pulumi:") || strings.HasPrefix(resourceType, "panka:component:")
}

func (r *run) resourceLines(e deploy.Event, s Style) []string {
	if grouping(e.Type) {
		return nil
	}
	took := duration(seconds(e.Seconds))
	what := fmt.Sprintf("%-*s  %s", r.typeWidth, Clean(shortType(e.Type)), Clean(e.Name))
	switch e.Status {
	case deploy.Done:
		return []string{fmt.Sprintf("  %s %s  %s", sign(e.Op, s), what, s.faint(past(e.Op)+" in "+took))}
	case deploy.Failed:
		out := []string{fmt.Sprintf("  %s %s  %s", s.red("✗  "), what, s.red("failed after "+took))}
		if e.Message != "" {
			for _, line := range cleanLines(e.Message) {
				out = append(out, "        "+line)
			}
		}
		return out
	}
	return nil
}

func diagnosticLines(e deploy.Event, s Style) []string {
	severity := s.faint(e.Severity)
	switch e.Severity {
	case "error":
		severity = s.red(e.Severity)
	case "warning":
		severity = s.yellow(e.Severity)
	case "":
		severity = s.faint("info")
	}
	text := cleanLines(e.Message)
	out := []string{fmt.Sprintf("  %s: %s", severity, text[0])}
	for _, line := range text[1:] {
		out = append(out, "        "+line)
	}
	return out
}

func past(op plan.Op) string {
	switch op {
	case plan.Create:
		return "created"
	case plan.Import:
		return "imported"
	case plan.Update:
		return "updated"
	case plan.Replace:
		return "replaced"
	case plan.Delete:
		return "deleted"
	}
	return string(op)
}

func present(op plan.Op) string {
	switch op {
	case plan.Create:
		return "creating"
	case plan.Import:
		return "importing"
	case plan.Update:
		return "updating"
	case plan.Replace:
		return "replacing"
	case plan.Delete:
		return "deleting"
	}
	return string(op)
}
