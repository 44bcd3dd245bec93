package view

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
)

// live shows a run on a terminal. What is over scrolls up as a transcript that stays; below it a few lines say what
// is under way and for how long, and are drawn anew: the cursor goes up by as many lines as were drawn last, and
// everything from there on is cleared.
type live struct {
	mu     sync.Mutex
	out    io.Writer
	style  Style
	width  func() int
	now    func() time.Time
	run    *run
	drawn  int // lines of the block on the screen
	frame  int
	ticker *time.Ticker
	stop   chan struct{}
	over   sync.Once
}

const (
	liveInterval = 150 * time.Millisecond
	liveLines    = 8 // most components shown at once
)

func newLive(o ProgressOptions) *live {
	l := &live{out: o.Out, style: o.Style, width: o.Width, now: o.Now, run: newRun(),
		ticker: time.NewTicker(liveInterval), stop: make(chan struct{})}
	if l.width == nil {
		l.width = func() int { return 80 }
	}
	go l.tick()
	return l
}

func (l *live) tick() {
	for {
		select {
		case <-l.stop:
			return
		case <-l.ticker.C:
			l.mu.Lock()
			l.frame++
			l.draw("", l.block())
			l.mu.Unlock()
		}
	}
}

func (l *live) Plan(p *plan.Plan) {
	var b strings.Builder
	Plan(&b, p, l.style)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.run.typeWidth = typeWidth(p)
	l.draw(b.String(), l.block())
}

func (l *live) Note(text string) { l.keep(text + "\n") }

func (l *live) Event(e deploy.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.run.add(e)
	kept := strings.Join(l.run.lines(e, l.style), "\n")
	if kept != "" {
		kept += "\n"
	}
	l.draw(kept, l.block())
}

func (l *live) Result(r Result) {
	l.over.Do(func() { l.ticker.Stop(); close(l.stop) })
	l.mu.Lock()
	defer l.mu.Unlock()
	var b strings.Builder
	l.run.summary(&b, r, l.style)
	l.draw(b.String(), nil)
	l.run = newRun() // a tick that is under way must find nothing to draw
}

// keep writes text that stays.
func (l *live) keep(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.draw(text, l.block())
}

// draw replaces the block on the screen by kept text and a new block, in one write.
func (l *live) draw(kept string, block []string) {
	if kept == "" && l.drawn == 0 && len(block) == 0 {
		return
	}
	var b strings.Builder
	if l.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\r\x1b[J", l.drawn)
	}
	b.WriteString(kept)
	for _, line := range block {
		b.WriteString(line + "\n")
	}
	l.drawn = len(block)
	_, _ = io.WriteString(l.out, b.String()) // a terminal that has gone away must not stop a deployment
}

// block is the lines about what is under way.
func (l *live) block() []string {
	var out []string
	if w := l.run.waiting; w != nil {
		out = append(out, l.lively("waiting for the lock", w.Time))
	}
	more := 0
	for _, c := range l.run.sorted() {
		if len(c.running) == 0 {
			continue
		}
		if len(out) == liveLines {
			more++
			continue
		}
		out = append(out, l.line(c))
	}
	if more > 0 {
		out = append(out, fmt.Sprintf("  … and %s", Count(more, "more component")))
	}
	return out
}

var spinner = [...]string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

func (l *live) line(c *componentRun) string {
	e := c.running[0]
	text := fmt.Sprintf("%s: %s %s %s", Clean(c.id), present(e.Op), Clean(shortType(e.Type)), Clean(e.Name))
	if n := len(c.running) - 1; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return l.lively(text, e.Time)
}

// lively is a line about something that began at a time and goes on.
func (l *live) lively(text string, since time.Time) string {
	elapsed := duration(l.now().Sub(since))
	room := max(l.width()-len(elapsed)-6, 10) // spinner, spaces, and a column kept free so that no line wraps
	return l.style.cyan(spinner[l.frame%len(spinner)]) + " " + cut(text, room) + "  " + l.style.faint(elapsed)
}

// cut shortens text to at most n runes.
func cut(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n-1]) + "…"
}
