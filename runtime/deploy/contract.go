package deploy

import (
	"context"
	"fmt"
	"time"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/observe"
	"github.com/panka-io/panka/runtime/plan"
	"github.com/panka-io/panka/runtime/provider"
)

// Request says what to deploy, where the state is kept and which cloud answers.
type Request struct {
	Bundle *bundle.Bundle
	// Programs are the built wave programs, in wave order: absolute paths of executables. Destroy needs none.
	Programs []string
	// Dirs are the folders that the programs run in, in wave order; nil means that all run in WorkDir.
	Dirs []string
	// Code is the source of the programs by path, to be kept with the deployment; nil keeps nothing.
	Code map[string][]byte
	// Variables are the values of Bundle.Variables; other names are ignored.
	Variables map[string]string
	// Select limits the run to these components (IDs); nil means all. What they need and does not exist yet is added.
	Select []string

	Backend lockstate.Backend
	Key     lockstate.Key
	Owner   lockstate.Owner

	// Provider is the cloud served in process (the sandbox); nil means the aws plugin.
	Provider provider.Provider
	// Observe looks at what runs; after each wave its components must be well. Nil means that nobody can tell.
	Observe observe.Cloud
	// Patience is how long a component may take to get well after its wave; 0 means 10 minutes.
	Patience time.Duration
	// LockTimeout is how long to wait for a lock that another run holds; 0 means not at all. Planning takes no lock.
	LockTimeout time.Duration
	// Parallel is how many operations may run at once; 0 means 16.
	Parallel int
	// Events receives what happens, from one goroutine at a time. It may be nil.
	Events func(Event)
	// Stop, when closed, lets operations in flight finish and starts no new ones; the end of the context cancels
	// those in flight too. It may be nil.
	Stop <-chan struct{}
	// WorkDir is an existing folder for the programs to run in. They write nothing there.
	WorkDir string
	// RollbackTo is the ID of the deployment that Bundle and Programs are of; for Rollback only.
	RollbackTo string
	// Revert are components (IDs) that a rollback takes back although they hold data; others that do, it leaves alone.
	Revert []string
	// Refresh looks first at what the cloud holds, so that what was changed or deleted there by others is put right.
	Refresh bool
	// Approved is a saved plan: Apply does what it says and nothing else. It implies Refresh.
	Approved *plan.Saved
	// Commit is the git commit that is deployed, for the history. It may be empty.
	Commit string
}

// Approve is shown the plan and decides. A nil Approve means yes.
type Approve func(ctx context.Context, p *plan.Plan) (bool, error)

// EventKind tells what an Event is about.
type EventKind string

// The kinds of events.
const (
	EventPhase      EventKind = "phase"      // Message: preview, update, recover, …
	EventLock       EventKind = "lock"       // Status started: waiting for the holder in Message; done: waits no more
	EventWave       EventKind = "wave"       // Status started, done or failed
	EventResource   EventKind = "resource"   // Status started, done or failed; Op is never same
	EventDiagnostic EventKind = "diagnostic" // Severity and Message from the engine or the provider
)

// Status of what an event is about.
type Status string

// The statuses.
const (
	Started Status = "started"
	Done    Status = "done"
	Failed  Status = "failed"
)

// Event is one thing that happened. Fields that do not apply are empty. Secrets never occur in it.
type Event struct {
	Kind      EventKind      `json:"event"`
	Time      time.Time      `json:"time"`
	Status    Status         `json:"status,omitempty"`
	Wave      int            `json:"wave"` // -1 where unknown
	Component string         `json:"component,omitempty"`
	URN       string         `json:"urn,omitempty"`
	Type      string         `json:"type,omitempty"`
	Name      string         `json:"name,omitempty"`
	Op        plan.Op        `json:"op,omitempty"`
	Seconds   float64        `json:"seconds,omitempty"` // that it took, when done or failed
	Severity  string         `json:"severity,omitempty"`
	Message   string         `json:"message,omitempty"`
	Source    *bundle.Source `json:"source,omitempty"`
}

// Outcome of a run.
type Outcome string

// The outcomes.
const (
	NothingToDo Outcome = "unchanged"
	Succeeded   Outcome = "succeeded"
	Declined    Outcome = "declined"
	FailedRun   Outcome = "failed"
	Cancelled   Outcome = "cancelled"
	// Running and Interrupted are for the history only: a run that has not ended, and one that never will.
	Running     Outcome = "running"
	Interrupted Outcome = "interrupted"
)

// Result is what a run did.
type Result struct {
	Deployment string      `json:"deployment"` // history ID; empty when nothing was run
	Outcome    Outcome     `json:"result"`
	Changes    plan.Counts `json:"changes"` // what was really done
	Seconds    float64     `json:"seconds"`
}

// Failure is a failed deployment with the places in the YAML that it concerns. Its parts are for people.
type Failure struct {
	Component string
	URN       string
	Source    *bundle.Source
	Message   string // what the cloud or the engine said
	Hint      string
}

// FailedError says that a preview or a run failed; Failures is never empty.
type FailedError struct {
	During   string // "preview" or "update" or "destroy"
	Failures []Failure
}

func (e *FailedError) Error() string {
	s := e.During + " failed"
	for _, f := range e.Failures {
		at := f.Component
		if f.Source != nil {
			at = f.Source.String() + ": " + at
		}
		s += fmt.Sprintf("\n%s: %s", at, f.Message)
	}
	return s
}

// State is a stack's recorded state, for people and scripts.
type State struct {
	Serial    uint64
	Token     uint64
	Resources []StateResource // in state order: dependencies first
	// Components are those with resources, sorted by ID.
	Components []StateComponent
	// Pending lists operations that a crashed run left unfinished, as "creating <urn>".
	Pending []string
	Last    *Deployment
}

// StateResource is one recorded resource. Component is "" for the stack itself and providers.
type StateResource struct {
	URN, Type, Name, ID string
	Server              string // the API server of the Kubernetes cluster that it is in, if it is in one
	Component           string
	Custom              bool // a real resource, not a grouping one
	DependsOn           []string
	Source              *bundle.Source // from the last deployment's bundle, if known
}

// StateComponent is what is recorded of a component.
type StateComponent struct {
	ID, Kind, Version string
	Wave              int
}

// Deployment is the history record of one run.
type Deployment struct {
	ID           string                   `json:"id"`
	Run          string                   `json:"run"` // the lock ID of the run
	Operation    string                   `json:"operation"`
	StartedAt    time.Time                `json:"startedAt"`
	Seconds      float64                  `json:"seconds"`
	Result       Outcome                  `json:"result"`
	By           string                   `json:"by"`
	Host         string                   `json:"host"`
	Commit       string                   `json:"commit,omitempty"`
	Variables    map[string]string        `json:"variables,omitempty"` // sensitive ones left out
	Changes      plan.Counts              `json:"changes"`
	Components   []bundle.Component       `json:"components,omitempty"`
	Sources      map[string]bundle.Source `json:"sources,omitempty"` // URN to YAML place
	SourceDigest string                   `json:"sourceDigest,omitempty"`
	Selected     []string                 `json:"selected,omitempty"`     // IDs of the components it was limited to
	Foreign      []bundle.Foreign         `json:"foreign,omitempty"`      // outputs of other stacks that it reads
	Code         string                   `json:"code,omitempty"`         // digest of the programs that ran, see ReadCode
	MovedTo      string                   `json:"movedTo,omitempty"`      // where a migration took the state
	RolledBackTo string                   `json:"rolledBackTo,omitempty"` // ID of the deployment that a rollback ran again
}
