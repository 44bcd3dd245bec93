package view

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
)

// events is a small run: one wave that works, one that fails.
func events() []deploy.Event {
	at := func(s float64) time.Time { return started.Add(seconds(s)) }
	database := deploy.Event{Kind: deploy.EventResource, Wave: 0, Component: "shop/database", URN: "urn:1",
		Type: "aws:rds/instance:Instance", Name: "shop-database", Op: plan.Create}
	api := deploy.Event{Kind: deploy.EventResource, Wave: 1, Component: "shop/api", URN: "urn:2",
		Type: "aws:ecs/service:Service", Name: "shop-api", Op: plan.Update}
	with := func(e deploy.Event, status deploy.Status, s, took float64) deploy.Event {
		e.Status, e.Time, e.Seconds = status, at(s), took
		return e
	}
	return []deploy.Event{
		{Kind: deploy.EventPhase, Wave: -1, Time: at(0), Message: "update"},
		{Kind: deploy.EventWave, Wave: 0, Status: deploy.Started, Time: at(0)},
		with(database, deploy.Started, 0, 0),
		{Kind: deploy.EventDiagnostic, Wave: -1, Time: at(1), Severity: "warning", Message: "throttled\ntrying again"},
		with(database, deploy.Done, 75.4, 75.4),
		{Kind: deploy.EventWave, Wave: 0, Status: deploy.Done, Time: at(75.4)},
		{Kind: deploy.EventWave, Wave: 1, Status: deploy.Started, Time: at(75.4)},
		with(api, deploy.Started, 76, 0),
		with(api, deploy.Failed, 78, 2),
	}
}

var failed = Result{Operation: "apply", Stack: "web", Environment: "production", Deployment: "d1", Outcome: deploy.FailedRun,
	Changes: plan.Counts{Create: 1, Same: 3}, Seconds: 78.25, ExitCode: 1}

func play(p Progress) {
	p.Note("building wave programs")
	for _, e := range events() {
		p.Event(e)
	}
	p.Result(failed)
}

func TestLines(t *testing.T) {
	var b bytes.Buffer
	play(NewProgress(ProgressOptions{Out: &b}))
	golden(t, "progress.text", b.Bytes())
}

func TestResultLines(t *testing.T) {
	var b bytes.Buffer
	r := failed
	for _, outcome := range []deploy.Outcome{deploy.NothingToDo, deploy.Declined, deploy.Succeeded, deploy.Cancelled, deploy.FailedRun} {
		r.Outcome = outcome
		b.WriteString(resultLine(r, true) + "\n")
	}
	r.Changes = plan.Counts{}
	b.WriteString(resultLine(r, false) + "\n")
	r.Operation, r.Outcome, r.Changes = "destroy", deploy.Succeeded, plan.Counts{Delete: 4}
	b.WriteString(resultLine(r, true) + "\n")
	r.Outcome, r.Changes = deploy.NothingToDo, plan.Counts{}
	b.WriteString(resultLine(r, false) + "\n")
	golden(t, "results.text", b.Bytes())
}

func TestJSONLines(t *testing.T) {
	var b bytes.Buffer
	p := NewProgress(ProgressOptions{Out: &b, JSON: true, Now: func() time.Time { return started }})
	p.Plan(examplePlan())
	play(p)
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if want := len(events()) + 3; len(lines) != want {
		t.Fatalf("%d lines, want %d", len(lines), want)
	}
	for i, line := range lines {
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("line %d is no JSON: %v\n%s", i, err, line)
		}
		if e["event"] == nil {
			t.Errorf("line %d has no event: %s", i, line)
		}
	}
	want := `{"event":"result","time":"2026-01-02T03:04:05Z","stack":"web","environment":"production","deployment":"d1",` +
		`"result":"failed","changes":{"create":1,"update":0,"replace":0,"delete":0,"same":3},"seconds":78.25,"exitCode":1}`
	if got := lines[len(lines)-1]; got != want {
		t.Errorf("last line\n%s\nwant\n%s", got, want)
	}
}

// screen is a terminal of the few capabilities that live uses.
type screen struct {
	mu    sync.Mutex
	lines []string // the last one is being written
	row   int
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := string(p)
	for text != "" {
		switch {
		case strings.HasPrefix(text, "\x1b["):
			text = s.control(text[2:])
		case text[0] == '\n':
			s.row++
			text = text[1:]
		case text[0] == '\r':
			text = text[1:]
		default:
			n := strings.IndexAny(text, "\n\r\x1b")
			if n < 0 {
				n = len(text)
			}
			for len(s.lines) <= s.row {
				s.lines = append(s.lines, "")
			}
			s.lines[s.row] += text[:n]
			text = text[n:]
		}
	}
	return len(p), nil
}

// control obeys one control sequence and returns what follows it.
func (s *screen) control(text string) string {
	n := 0
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9':
			n = n*10 + int(c-'0')
		case c == 'A':
			s.row -= n
			return text[i+1:]
		case c == 'J':
			s.lines = s.lines[:min(s.row, len(s.lines))]
			return text[i+1:]
		default:
			return text[i+1:]
		}
	}
	return ""
}

func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.lines, "\n") + "\n"
}

func TestLive(t *testing.T) {
	s := &screen{}
	now := started.Add(12 * time.Second)
	p := newLive(ProgressOptions{Out: s, Width: func() int { return 80 }, Now: func() time.Time { return now }})
	p.Note("building wave programs")
	for _, e := range events()[:3] {
		p.Event(e)
	}
	during := s.text()
	if !strings.Contains(during, "shop/database: creating rds.Instance shop-database  12.0s") {
		t.Errorf("what is under way is not shown:\n%s", during)
	}
	for range 5 { // as the ticker does
		p.mu.Lock()
		p.draw("", p.block())
		p.mu.Unlock()
	}
	if again := strings.Count(s.text(), "creating"); again != 1 {
		t.Errorf("the line of what is under way stands there %d times:\n%s", again, s.text())
	}
	for _, e := range events()[3:] {
		p.Event(e)
	}
	p.Result(failed)
	golden(t, "progress.text", []byte(s.text())) // the transcript is the same as without a terminal
}

func TestLiveShortensLines(t *testing.T) {
	s := &screen{}
	p := newLive(ProgressOptions{Out: s, Width: func() int { return 40 }, Now: func() time.Time { return started }})
	defer p.Result(failed)
	for i := range 12 {
		p.Event(deploy.Event{Kind: deploy.EventResource, Status: deploy.Started, Time: started, Component: "service/" + strings.Repeat("x", 60) + string(rune('a'+i)),
			URN: string(rune('a' + i)), Type: "aws:sqs/queue:Queue", Name: "q", Op: plan.Create})
	}
	lines := strings.Split(strings.TrimSpace(s.text()), "\n")
	if len(lines) != liveLines+1 || lines[liveLines] != "  … and 4 more components" {
		t.Errorf("want %d lines and one that counts the others:\n%s", liveLines, s.text())
	}
	for _, line := range lines {
		if n := len([]rune(line)); n > 40 {
			t.Errorf("line of %d columns: %s", n, line)
		}
	}
}
