package apigateway

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
)

// alarms tell of errors of the API and of what is behind it, and of slow answers. The two generations have other metrics.
func (a api) alarms() {
	failed, dimensions := "5xx", component.Fields{{Name: "ApiId", Value: jen.Id("api").Dot("ID").Call()}}
	if a.rest() {
		failed = "5XXError"
		dimensions = component.Fields{
			{Name: "ApiName", Value: jen.Id("api").Dot("Name")}, {Name: "Stage", Value: jen.Id("stage").Dot("StageName")},
		}
	}
	metric := func(id, name, statistic string) alarm.Metric {
		return alarm.Metric{ID: id, Namespace: "AWS/ApiGateway", Name: name, Statistic: statistic, Dimensions: dimensions}
	}
	limits := alarm.For(a.Builder).Thresholds.HTTP
	alarm.Add(a.Builder,
		alarm.Alarm{
			Part: "errors", Description: "Too many calls of the API " + a.ID() + " fail.",
			Expression: "100 * FILL(failed, 0) / calls",
			Metrics:    []alarm.Metric{metric("failed", failed, "Sum"), metric("calls", "Count", "Sum")},
			Comparison: alarm.AtLeast, Threshold: limits.Error5xxPercent, SilenceIsWell: true,
		},
		alarm.Alarm{
			Part: "latency", Description: "Calls of the API " + a.ID() + " take too long.", Metric: metric("", "Latency", "p95"),
			Comparison: alarm.AtLeast, Threshold: float64(limits.LatencyP95Millis), SilenceIsWell: true,
		})
}
