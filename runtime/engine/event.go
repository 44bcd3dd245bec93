package engine

import (
	"strings"

	"github.com/pulumi/pulumi/pkg/v3/display"
	"github.com/pulumi/pulumi/pkg/v3/engine"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/plan"
)

// EventKind is the kind of an Event.
type EventKind int

// The kinds of events.
const (
	WaveStarted EventKind = iota
	WaveDone
	OperationStarted // Op on URN begins; in a preview it is only planned
	OperationDone
	OperationFailed
	Unchanged    // URN stays as it is; Rewired tells whether its dependencies changed
	Restated     // in a preview: no resource need change for it, but the outputs of the component URN are not those recorded
	Diagnostic   // Severity and Message, about URN if that is set
	InvokeFailed // the function Type, called with Args, failed with Message
)

// Event is something that happened in a run.
type Event struct {
	Kind      EventKind
	Wave      int
	URN       string
	Type      string
	Op        plan.Op
	Cause     []string        // properties that force a replacement
	Changes   []plan.Property // of an update or replacement
	Inputs    plan.Inputs     // what the resource is to be; nil for a deletion
	Rewired   bool
	Severity  string
	Message   string
	Args      map[string]string
	InitError bool // OperationDone, but the resource is not well
}

// emit passes an event on; the lock keeps events in order.
func (w *waveRuntime) emit(e Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.run.Event != nil {
		w.run.Event(e)
	}
}

// report translates the engine's events until the engine says that there will be no more.
func (w *waveRuntime) report(events <-chan engine.Event, to func(Event)) {
	for e := range events {
		if e.Type == engine.CancelEvent {
			return
		}
		if to == nil {
			continue
		}
		if refused, ok := w.refusedImport(e.Payload()); ok {
			refused.Wave = w.wave()
			w.emit(refused)
		}
		if out, ok := w.translate(e.Payload()); ok {
			out.Wave = w.wave()
			w.emit(out)
		}
	}
}

func (w *waveRuntime) translate(payload any) (Event, bool) {
	switch p := payload.(type) {
	case engine.ResourcePreEventPayload:
		return w.stepEvent(p.Metadata, OperationStarted)
	case engine.ResourceOutputsEventPayload:
		return w.stepEvent(p.Metadata, OperationDone)
	case engine.ResourceOperationFailedPayload:
		return w.stepEvent(p.Metadata, OperationFailed)
	case engine.DiagEventPayload:
		message := strings.TrimSpace(colors.Never.Colorize(p.Message))
		if p.Severity == diag.Debug || p.Ephemeral || message == "" {
			return Event{}, false
		}
		if p.Severity == diag.Warning && strings.Contains(message, unreplaceable) {
			return Event{}, false // refusedImport tells it
		}
		message = importMessage(p.URN, message)
		return Event{Kind: Diagnostic, URN: string(p.URN), Severity: string(p.Severity), Message: message}, true
	case engine.ErrorEventPayload:
		return Event{Kind: Diagnostic, Severity: string(diag.Error), Message: p.Error}, true
	}
	return Event{}, false
}

// stepEvent translates a step on a real resource. Grouping resources, providers and stack references are panka's own
// affair.
func (w *waveRuntime) stepEvent(m engine.StepEventMetadata, kind EventKind) (Event, bool) {
	state := m.New
	if state == nil {
		state = m.Old
	}
	if state == nil || !inCloud(state.Custom, state.External, string(m.Type)) {
		return Event{}, false
	}
	e := Event{Kind: kind, URN: string(m.URN), Type: string(m.Type)}
	switch m.Op {
	case deploy.OpSame:
		if kind != OperationStarted || m.Old == nil || m.Old.ID == "" { // without an ID it is a create that was left out
			return Event{}, false
		}
		e.Kind, e.Op = Unchanged, plan.Same
		e.Rewired = m.Old != nil && m.New != nil && rewired(m.Old.State, m.New.State)
		return e, true
	case deploy.OpCreate:
		e.Op = plan.Create
	case deploy.OpImport:
		e.Op = plan.Import
	case deploy.OpUpdate:
		e.Op = plan.Update
	case deploy.OpReplace:
		// The engine's own note that the steps before or after it were one replacement; it does nothing itself.
		return Event{}, false
	case deploy.OpCreateReplacement:
		e.Op = plan.Replace
	case deploy.OpDelete:
		e.Op = plan.Delete
	case deploy.OpDeleteReplaced:
		if m.Old != nil && m.Old.State != nil && w.run.State.leftOver(m.Old.State) {
			e.Op = plan.Delete // nothing in this run says that it is part of a replacement
			return e, true
		}
		e.Op = plan.Replace
		e.Kind = replacedEvent(kind)
		if e.Kind < 0 {
			return Event{}, false
		}
	default:
		return Event{}, false
	}
	if m.Old != nil && m.New != nil && (e.Op == plan.Update || e.Op == plan.Replace) {
		for _, k := range m.Keys {
			e.Cause = append(e.Cause, string(k))
		}
		var changed []string
		for _, k := range m.Diffs {
			changed = append(changed, string(k))
		}
		e.Changes = propertyChanges(m.Old.Inputs, m.New.Inputs, changed, e.Cause)
	}
	if kind == OperationStarted && m.New != nil && e.Op != plan.Delete {
		e.Inputs = inputsOf(m.New.Inputs)
	}
	if kind == OperationDone && m.New != nil {
		e.InitError = len(m.New.InitErrors) > 0
	}
	return e, true
}

// replacedEvent keeps a replacement one operation for people: of the deletion of the old resource only a failure is
// told.
func replacedEvent(kind EventKind) EventKind {
	if kind == OperationFailed {
		return kind
	}
	return -1
}

// rewired tells whether two states differ in what they depend on. A preview that finds nothing else must still be
// followed by an update, or deletions would go by the old edges.
func rewired(old, new *resource.State) bool {
	if old == nil || new == nil {
		return false
	}
	return old.Parent != new.Parent || !sameSet(old.Dependencies, new.Dependencies)
}

func sameSet(a, b []resource.URN) bool {
	in := map[resource.URN]bool{}
	for _, u := range a {
		in[u] = true
	}
	seen := map[resource.URN]bool{}
	for _, u := range b {
		if !in[u] {
			return false
		}
		seen[u] = true
	}
	return len(seen) == len(in)
}

// changes is the engine's own count, which panka does not use: it counts grouping resources too.
type changes = display.ResourceChanges
