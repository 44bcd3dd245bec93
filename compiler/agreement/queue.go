package agreement

import (
	"slices"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// queueRules are about queues that consumers or other queues use.
var queueRules = []rule{
	{"SQS", "deadLetterQueue.component", deadLetters},
	{"SQS", "redriveAllow.queues.*", allowedRedrive},
	{"Lambda", "triggers.*.queue.component", queueTrigger},
}

// deadLetters judges a queue and the one that it leaves to what it could not deliver.
func deadLetters(w wire) diag.List {
	if w.to.Kind != "SQS" {
		return nil
	}
	var found diag.List
	if (fifo(w.from) == nil) != (fifo(w.to) == nil) {
		found.Add(refuse(w.name, "%s is %s, and its dead-letter queue %s is %s", w.from.ID(), order(w.from), w.to.ID(), order(w.to)).
			WithHint("set fifo.enabled alike in both").
			WithRelated(place(w.from, "fifo", "enabled"), "%s is %s", w.from.ID(), order(w.from)).
			WithRelated(place(w.to, "fifo", "enabled"), "%s is %s", w.to.ID(), order(w.to)))
	}
	permission := w.to.Spec.Get("redriveAllow", "permission")
	switch text(permission) {
	case "denyAll":
		found.Add(refuse(w.name, "%s lets no queue use it as its dead-letter queue", w.to.ID()).
			WithHint("set redriveAllow.permission of %s to allowAll, or to byQueue and list %s", w.to.ID(), w.from.ID()).
			WithRelated(permission.Source, "%s forbids it here", w.to.ID()))
	case "byQueue":
		queues := w.to.Spec.Get("redriveAllow", "queues")
		if queues != nil && !slices.ContainsFunc(queues.Items, func(v *ir.Value) bool { return text(v) == w.from.ID() }) {
			found.Add(refuse(w.name, "%s does not let %s use it as its dead-letter queue", w.to.ID(), w.from.ID()).
				WithHint("list %s in redriveAllow.queues of %s", w.from.ID(), w.to.ID()).
				WithRelated(queues.Source, "%s lists those that may here", w.to.ID()))
		}
	}
	return found
}

// order is what a queue is, in words.
func order(queue *ir.Component) string {
	if fifo(queue) != nil {
		return "a FIFO queue"
	}
	return "a standard queue"
}

// allowedRedrive judges a dead-letter queue and one that it says may use it.
func allowedRedrive(w wire) diag.List {
	letters := w.to.Spec.Get("deadLetterQueue")
	if w.to.Kind != "SQS" || letters == nil || on(letters.Get("enabled")) && text(letters.Get("component")) == w.from.ID() {
		return nil
	}
	return diag.List{refuse(w.name, "%s may use %s as its dead-letter queue, but does not", w.to.ID(), w.from.ID()).
		WithHint("set deadLetterQueue.component: %s in %s, or take it off this list", w.from.ID(), w.to.ID()).
		WithRelated(place(w.to, "deadLetterQueue", "component"), "%s says here where its messages go", w.to.ID())}
}

// queueTrigger judges a function and a queue that calls it.
func queueTrigger(w wire) diag.List {
	if w.to.Kind != "SQS" {
		return nil
	}
	var found diag.List
	hidden, timeout := w.to.Spec.Get("visibilityTimeout"), w.from.Spec.Get("timeout")
	if number(hidden) && number(timeout) && hidden.Number < timeout.Number {
		found.Add(refuse(w.name, "%s shows a message again after %gs, while a call of %s may take %gs", w.to.ID(), hidden.Number,
			w.from.ID(), timeout.Number).
			WithHint("set visibilityTimeout of %s to at least the timeout of %s; AWS advises six times that", w.to.ID(), w.from.ID()).
			WithRelated(hidden.Source, "the visibilityTimeout of %s", w.to.ID()).
			WithRelated(timeout.Source, "the timeout of %s", w.from.ID()))
	}
	window, order := w.entry.Get("batchWindow"), fifo(w.to)
	if order != nil && number(window) && window.Number > 0 {
		found.Add(refuse(window, "%s is a FIFO queue, whose messages AWS does not gather", w.to.ID()).
			WithHint("leave batchWindow out, and batchSize at 10 or less").
			WithRelated(order.Source, "%s is made a FIFO queue here", w.to.ID()))
	}
	return found
}

func number(v *ir.Value) bool { return v != nil && v.Kind == ir.Number }

// place is where the longest part of a path into a component's spec that exists stands.
func place(c *ir.Component, path ...string) diag.Position {
	for n := len(path); n > 0; n-- {
		if v := c.Spec.Get(path[:n]...); v != nil && v.Source.IsValid() {
			return v.Source
		}
	}
	return c.Source
}
