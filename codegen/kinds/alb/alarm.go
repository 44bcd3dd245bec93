package alb

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
)

// alarms tell of requests that the load balancer refused itself, for want of a target that answers or of its own capacity.
// How the components answer their routes is watched with them.
func (l loadBalancer) alarms() {
	metric := func(id, name string) alarm.Metric {
		return alarm.Metric{
			ID: id, Namespace: "AWS/ApplicationELB", Name: name, Statistic: "Sum",
			Dimensions: component.Fields{{Name: "LoadBalancer", Value: jen.Id("loadBalancer").Dot("ArnSuffix")}},
		}
	}
	alarm.Add(l.Builder,
		alarm.Alarm{
			Part: "errors", Description: "The load balancer " + l.ID() + " answers too many requests with errors of its own.",
			// Requests for which there was no target are not among the requests that CloudWatch counts.
			Expression: "100 * FILL(failed, 0) / (FILL(requests, 0) + FILL(failed, 0))",
			Metrics:    []alarm.Metric{metric("failed", "HTTPCode_ELB_5XX_Count"), metric("requests", "RequestCount")},
			Comparison: alarm.AtLeast, Threshold: alarm.For(l.Builder).Thresholds.HTTP.Error5xxPercent, SilenceIsWell: true,
		},
		alarm.Alarm{
			Part: "rejected", Description: "The load balancer " + l.ID() + " turns connections away, as it has as many as it can.",
			Metric: metric("", "RejectedConnectionCount"), Comparison: alarm.Above, SilenceIsWell: true,
		})
}
