package sqs

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
)

// alarms tell of messages that wait too long, of too many of them if the YAML says how many are, and of dead letters.
func (q queue) alarms(letters target) {
	own := jen.Id("queue").Dot("Name")
	defaults := alarm.For(q.Builder).Thresholds.Queue
	age := defaults.OldestMessageAge
	if q.Alarms.OldestMessageAge != nil {
		age = *q.Alarms.OldestMessageAge
	}
	all := []alarm.Alarm{{
		Part: "age", Description: "Messages wait too long in the queue", Comparison: alarm.AtLeast, Threshold: float64(age),
		Metric: metric("ApproximateAgeOfOldestMessage", own), SilenceIsWell: true, Source: q.Place("alarms", "oldestMessageAge"),
	}}
	if most := q.Alarms.VisibleMessages; most != nil {
		all = append(all, alarm.Alarm{
			Part: "backlog", Description: "Too many messages wait in the queue", Comparison: alarm.AtLeast, Threshold: float64(*most),
			Metric: metric("ApproximateNumberOfMessagesVisible", own), SilenceIsWell: true, Source: q.Place("alarms", "visibleMessages"),
		})
	}
	if letters.name != nil {
		most := defaults.DeadLetters
		if q.Alarms.DeadLetters != nil {
			most = *q.Alarms.DeadLetters
		}
		all = append(all, alarm.Alarm{
			Part: "dead-letters", Description: "Messages that could not be processed lie in the queue for dead letters",
			Comparison: alarm.AtLeast, Threshold: float64(most), Metric: metric("ApproximateNumberOfMessagesVisible", letters.name),
			SilenceIsWell: true, Once: true, Source: q.Place("alarms", "deadLetters"),
		})
	}
	alarm.Add(q.Builder, all...)
}

// metric is one of a queue. SQS sends none for queues that nobody uses.
func metric(name string, queue jen.Code) alarm.Metric {
	return alarm.Metric{
		Namespace: "AWS/SQS", Name: name, Statistic: "Maximum",
		Dimensions: component.Fields{{Name: "QueueName", Value: queue}},
	}
}
