package view

import (
	"io"
	"time"

	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
)

// Progress shows a run while it goes on. Its methods may be called from any goroutine.
type Progress interface {
	// Plan shows what is about to be done.
	Plan(p *plan.Plan)
	// Event shows one thing that happened.
	Event(e deploy.Event)
	// Note shows a sentence about the run that is no event of the engine's.
	Note(text string)
	// Result ends the display and sums the run up.
	Result(r Result)
}

// Result is how a run ended.
type Result struct {
	Operation   string // "apply", "rollback" or "destroy"
	Stack       string
	Environment string
	Deployment  string // history ID; "" when nothing was run
	Outcome     deploy.Outcome
	Changes     plan.Counts
	Seconds     float64
	ExitCode    int
}

// ProgressOptions say where and how a Progress writes.
type ProgressOptions struct {
	Out   io.Writer
	Style Style
	// JSON writes one event a line; Live redraws the lines of what is under way. Neither means plain lines.
	JSON, Live bool
	// Width tells how many columns the terminal has now, for Live.
	Width func() int
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// NewProgress makes the Progress that the options ask for.
func NewProgress(o ProgressOptions) Progress {
	if o.Now == nil {
		o.Now = time.Now
	}
	switch {
	case o.JSON:
		return &jsonProgress{out: o.Out, now: o.Now}
	case o.Live:
		return newLive(o)
	default:
		return &lines{out: o.Out, style: o.Style, run: newRun()}
	}
}
