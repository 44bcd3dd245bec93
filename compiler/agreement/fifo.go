package agreement

import (
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// fifoRules are about who can send to FIFO queues and topics. A message to one needs a group that it is ordered in, and
// most services of AWS have no way to give it one.
var fifoRules = []rule{
	{"SNS", "subscriptions.*.queue", topicToQueue},
	{"SNS", "subscriptions.*.deadLetterQueue", topicToLetters},
	{"Lambda", "triggers.*.topic", topicToFunction},
	{"S3", "notifications.*.queue", onlyStandard("a bucket cannot tell a FIFO queue of its events")},
	{"S3", "notifications.*.topic", onlyStandard("a bucket cannot tell a FIFO topic of its events")},
	{"Lambda", "async.onFailure", onlyStandard("a function cannot report its calls to it")},
	{"Lambda", "async.onSuccess", onlyStandard("a function cannot report its calls to it")},
	{"Lambda", "triggers.*.stream.onFailure", onlyStandard("a function cannot report its calls to it")},
	{"EventBridge", "rules.*.targets.*.deadLetterQueue", onlyStandard("EventBridge cannot keep events in it")},
	{"EventBridge", "rules.*.targets.*.component", eventTarget},
}

// fifo is the field that makes a queue or topic a FIFO one, nil if there is none that is true.
func fifo(c *ir.Component) *ir.Value {
	if c.Kind != "SQS" && c.Kind != "SNS" {
		return nil
	}
	if v := c.Spec.Get("fifo", "enabled"); on(v) {
		return v
	}
	return nil
}

// noun is what a queue or topic is called.
func noun(c *ir.Component) string {
	if c.Kind == "SNS" {
		return "topic"
	}
	return "queue"
}

// onlyStandard refuses a FIFO queue or topic, with the reason why.
func onlyStandard(why string) func(wire) diag.List {
	return func(w wire) diag.List {
		order := fifo(w.to)
		if order == nil {
			return nil
		}
		return diag.List{refuse(w.name, "%s is a FIFO %s: %s", w.to.ID(), noun(w.to), why).
			WithHint("name a standard %s", noun(w.to)).
			WithRelated(order.Source, "%s is made a FIFO %s here", w.to.ID(), noun(w.to))}
	}
}

func topicToQueue(w wire) diag.List {
	order := fifo(w.to)
	if order == nil || fifo(w.from) != nil {
		return nil // a FIFO topic delivers to either kind of queue
	}
	return diag.List{refuse(w.name, "%s is a FIFO queue, and a standard topic cannot deliver to it", w.to.ID()).
		WithHint("set fifo.enabled: true in %s, or subscribe a standard queue", w.from.ID()).
		WithRelated(order.Source, "%s is made a FIFO queue here", w.to.ID())}
}

// topicToLetters judges a topic and the queue for what it could not deliver, which must be of the topic's sort.
func topicToLetters(w wire) diag.List {
	if w.to.Kind != "SQS" || (fifo(w.from) == nil) == (fifo(w.to) == nil) {
		return nil
	}
	is := "a standard topic"
	if fifo(w.from) != nil {
		is = "a FIFO topic"
	}
	return diag.List{refuse(w.name, "%s is %s, which cannot keep what %s, %s, does not deliver", w.to.ID(), order(w.to), w.from.ID(), is).
		WithHint("set fifo.enabled alike in both").
		WithRelated(place(w.from, "fifo", "enabled"), "%s is %s", w.from.ID(), is).
		WithRelated(place(w.to, "fifo", "enabled"), "%s is %s", w.to.ID(), order(w.to))}
}

func topicToFunction(w wire) diag.List {
	order := fifo(w.to)
	if order == nil {
		return nil
	}
	return diag.List{refuse(w.name, "%s is a FIFO topic, which delivers to queues only", w.to.ID()).
		WithHint("subscribe a queue to %s and let it trigger %s", w.to.ID(), w.from.ID()).
		WithRelated(order.Source, "%s is made a FIFO topic here", w.to.ID())}
}

func eventTarget(w wire) diag.List {
	order, group := fifo(w.to), w.entry.Get("messageGroupId")
	switch {
	case order != nil && w.to.Kind == "SNS":
		return onlyStandard("EventBridge cannot send to it")(w)
	case order != nil && group == nil:
		return diag.List{refuse(w.name, "%s is a FIFO queue, and the target does not say which group its messages are ordered in", w.to.ID()).
			WithHint("set messageGroupId beside it").
			WithRelated(order.Source, "%s is made a FIFO queue here", w.to.ID())}
	case order == nil && group != nil:
		return diag.List{refuse(group, "messageGroupId is for FIFO queues, and %s is none", w.to.ID()).
			WithHint("leave messageGroupId out, or set fifo.enabled: true in a queue").
			WithRelated(w.to.Source, "%s is defined here", w.to.ID())}
	}
	return nil
}
