package deploy

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/engine"
	"github.com/panka-io/panka/runtime/plan"
)

// watcher follows a run: it counts, passes on events, and gathers what went wrong.
type watcher struct {
	run      *run
	quiet    bool // a preview: operations are not told
	counts   plan.Counts
	began    map[string]time.Time
	failures []Failure
	vague    []Failure // errors without a place, told only if there is nothing better
}

func (r *run) watch() *watcher { return &watcher{run: r, began: map[string]time.Time{}} }

func (w *watcher) event(e engine.Event) {
	switch e.Kind {
	case engine.WaveStarted, engine.WaveDone:
		if !w.quiet {
			status := Started
			if e.Kind == engine.WaveDone {
				status = Done
			}
			w.run.emit(Event{Kind: EventWave, Wave: e.Wave, Status: status})
		}
	case engine.OperationStarted, engine.OperationDone, engine.OperationFailed:
		if !w.quiet {
			w.operation(e)
		}
	case engine.Unchanged:
		w.counts.Same++
	case engine.Diagnostic:
		w.diagnostic(e)
	case engine.InvokeFailed:
		w.invokeFailed(e)
	}
}

func (w *watcher) operation(e engine.Event) {
	out := w.describe(e)
	out.Kind, out.Op = EventResource, e.Op
	switch e.Kind {
	case engine.OperationStarted:
		out.Status = Started
		w.began[e.URN] = time.Now()
	case engine.OperationDone:
		out.Status = Done
		w.counts.Add(e.Op)
	case engine.OperationFailed:
		out.Status = Failed
	}
	if began, ok := w.began[e.URN]; ok && e.Kind != engine.OperationStarted {
		out.Seconds = time.Since(began).Seconds()
	}
	w.run.emit(out)
}

// describe fills in where an event belongs.
func (w *watcher) describe(e engine.Event) Event {
	out := Event{Wave: -1, URN: e.URN, Type: e.Type}
	if e.URN == "" {
		return out
	}
	out.Name = shortName(e.URN)
	out.Component = w.run.owners[e.URN]
	if wave, ok := w.run.waves[out.Component]; ok {
		out.Wave = wave
	}
	if source, ok := w.run.sources[e.URN]; ok {
		out.Source = &source
	}
	return out
}

func (w *watcher) diagnostic(e engine.Event) {
	out := w.describe(e)
	out.Kind, out.Severity, out.Message = EventDiagnostic, e.Severity, e.Message
	if e.Severity != "error" {
		if !strings.HasPrefix(e.Severity, "info") || !w.quiet { // a preview repeats what the run will say
			w.run.emit(out)
		}
		return
	}
	f := Failure{Component: out.Component, URN: e.URN, Source: out.Source, Message: cleanMessage(e.Message)}
	if out.Component != "" {
		w.failures = append(w.failures, f)
	} else {
		w.vague = append(w.vague, f)
	}
}

// cleanMessage takes off what Pulumi puts around a provider's error.
func cleanMessage(m string) string {
	m = strings.TrimSpace(m)
	for _, prefix := range []string{"update failed", "preview failed"} {
		m = strings.TrimPrefix(m, prefix)
	}
	if rest, ok := strings.CutPrefix(m, "1 error occurred:"); ok {
		m = strings.TrimPrefix(strings.TrimSpace(rest), "* ")
	}
	return strings.TrimSpace(m)
}

// invokeFailed gives a failed look-up of a secret the place where the YAML names it.
func (w *watcher) invokeFailed(e engine.Event) {
	ref := cmp.Or(e.Args["secretId"], e.Args["name"], e.Args["arn"])
	if w.run.req.Bundle == nil {
		return
	}
	message := e.Message
	if _, said, ok := strings.Cut(message, " returned an error: "); ok { // before that Pulumi names its own function
		message = said
	}
	for _, s := range w.run.req.Bundle.Secrets {
		if ref != "" && s.Ref == ref {
			source := s.Source
			w.failures = append(w.failures, Failure{
				Component: s.Component, Source: &source,
				Message: fmt.Sprintf("secret %s: %s", ref, message),
				Hint:    "create the secret in AWS Secrets Manager, or in the sandbox under `secrets:` in sandbox.yaml",
			})
		}
	}
}

// failed makes the error of a run: nil if nothing failed.
func (w *watcher) failed(during string, err error) error {
	if err == nil && len(w.failures) == 0 {
		return nil
	}
	if err != nil && (errors.Is(err, engine.ErrStopped) || errors.Is(err, engine.ErrNoPlugin)) {
		return err
	}
	var stale *StaleError
	if errors.As(err, &stale) {
		return stale
	}
	f := &FailedError{During: during, Failures: dedup(w.failures)}
	var unwell *unwellError
	if errors.As(err, &unwell) {
		f.Failures = append(f.Failures, unwell.failures...)
	}
	if len(f.Failures) == 0 {
		f.Failures = dedup(w.vague)
	}
	if len(f.Failures) == 0 {
		f.Failures = []Failure{{Message: err.Error()}}
	}
	return f
}

func dedup(failures []Failure) []Failure {
	seen := map[string]bool{}
	var out []Failure
	for _, f := range failures {
		key := f.Component + "\x00" + f.URN + "\x00" + f.Message
		if f.Source != nil {
			key += f.Source.String()
		}
		if f.Message != "" && !seen[key] {
			seen[key] = true
			out = append(out, f)
		}
	}
	return out
}

// UnsettledError says that an interrupted run left operations unfinished and that nothing can tell what became of
// them.
type UnsettledError struct{ Operations []string }

func (e *UnsettledError) Error() string {
	return "an interrupted run left operations unfinished, and without the sandbox panka cannot look up what became of them yet:\n  " +
		strings.Join(e.Operations, "\n  ")
}
