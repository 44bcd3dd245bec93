package lambda

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
)

// alarms tell of calls that fail, that are refused for want of capacity, and that take nearly as long as they may.
func (f *function) alarms() {
	limits := alarm.For(f.Builder).Thresholds.Function
	metric := func(id, name, statistic string) alarm.Metric {
		return alarm.Metric{ID: id, Namespace: "AWS/Lambda", Name: name, Statistic: statistic,
			Dimensions: component.Fields{{Name: "FunctionName", Value: jen.Id("function").Dot("Name")}}}
	}
	all := []alarm.Alarm{
		{
			Part: "errors", Description: "Too many calls of the function fail", Comparison: alarm.AtLeast, Threshold: limits.ErrorPercent,
			Expression:    "IF(calls > 0, 100 * errors / calls, 0)",
			Metrics:       []alarm.Metric{metric("errors", "Errors", "Sum"), metric("calls", "Invocations", "Sum")},
			SilenceIsWell: true,
		},
		{
			Part: "throttles", Description: "Calls of the function are refused for want of capacity", Comparison: alarm.AtLeast,
			Threshold: float64(limits.Throttles), Metric: metric("", "Throttles", "Sum"), SilenceIsWell: true,
			Source: f.Place("concurrency", "reserved"),
		},
		{
			Part: "duration", Description: "Calls of the function take nearly as long as they may", Comparison: alarm.AtLeast,
			Threshold: float64(f.Timeout) * 1000 * limits.DurationPercent / 100, Metric: metric("", "Duration", "Maximum"),
			SilenceIsWell: true, Source: f.Place("timeout"),
		},
	}
	if f.Async.OnFailure != "" || f.Async.OnSuccess != "" {
		all = append(all, alarm.Alarm{
			Part: "destinations", Description: "What became of calls could not be reported", Comparison: alarm.AtLeast, Threshold: 1,
			Metric: metric("", "DestinationDeliveryFailures", "Sum"), SilenceIsWell: true, Source: f.Place("async"),
		})
	}
	alarm.Add(f.Builder, all...)
}
