package view

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
)

// lines shows a run as plain lines, for logs and pipes: nothing is drawn twice.
type lines struct {
	mu    sync.Mutex
	out   io.Writer
	style Style
	run   *run
}

func (l *lines) Plan(p *plan.Plan) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.run.typeWidth = typeWidth(p)
	Plan(l.out, p, l.style)
}

func (l *lines) Event(e deploy.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.run.add(e)
	for _, line := range l.run.lines(e, l.style) {
		fmt.Fprintln(l.out, line)
	}
}

func (l *lines) Note(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintln(l.out, text)
}

func (l *lines) Result(r Result) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.run.summary(l.out, r, l.style)
}

// jsonProgress writes one JSON value a line.
type jsonProgress struct {
	mu  sync.Mutex
	out io.Writer
	now func() time.Time
}

type planEvent struct {
	Event string    `json:"event"`
	Time  time.Time `json:"time"`
	*plan.Plan
}

type resultEvent struct {
	Event       string         `json:"event"`
	Time        time.Time      `json:"time"`
	Stack       string         `json:"stack"`
	Environment string         `json:"environment"`
	Deployment  string         `json:"deployment"`
	Result      deploy.Outcome `json:"result"`
	Changes     plan.Counts    `json:"changes"`
	Seconds     float64        `json:"seconds"`
	ExitCode    int            `json:"exitCode"`
}

// write drops write errors: a reader that has gone away must not stop a deployment.
func (j *jsonProgress) write(v any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	_ = jsonLine(j.out, v)
}

func (j *jsonProgress) Plan(p *plan.Plan) {
	j.write(planEvent{Event: "plan", Time: j.now().UTC(), Plan: withoutNulls(p)})
}

func (j *jsonProgress) Event(e deploy.Event) { j.write(e) }

func (j *jsonProgress) Note(text string) {
	j.write(deploy.Event{Kind: deploy.EventPhase, Time: j.now().UTC(), Wave: -1, Message: text})
}

func (j *jsonProgress) Result(r Result) {
	j.write(resultEvent{Event: "result", Time: j.now().UTC(), Stack: r.Stack, Environment: r.Environment,
		Deployment: r.Deployment, Result: r.Outcome, Changes: r.Changes, Seconds: r.Seconds, ExitCode: r.ExitCode})
}
