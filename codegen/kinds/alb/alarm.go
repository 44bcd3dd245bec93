package alb

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/balance"
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
	expression, metrics := "100 * FILL(failed, 0) / (FILL(requests, 0) + FILL(failed, 0))",
		[]alarm.Metric{metric("failed", "HTTPCode_ELB_5XX_Count")}
	if l.answersErrors() {
		expression = "100 * (FILL(broken, 0) + FILL(late, 0)) / (FILL(requests, 0) + FILL(broken, 0) + FILL(late, 0))"
		metrics = []alarm.Metric{metric("broken", "HTTPCode_ELB_502_Count"), metric("late", "HTTPCode_ELB_504_Count")}
	}
	alarm.Add(l.Builder,
		alarm.Alarm{
			Part: "errors", Description: "The load balancer " + l.ID() + " answers too many requests with errors of its own.",
			// Requests for which there was no target are not among the requests that CloudWatch counts.
			Expression: expression, Metrics: append(metrics, metric("requests", "RequestCount")),
			Comparison: alarm.AtLeast, Threshold: alarm.For(l.Builder).Thresholds.HTTP.Error5xxPercent, SilenceIsWell: true,
		},
		alarm.Alarm{
			Part: "rejected", Description: "The load balancer " + l.ID() + " turns connections away, as it has as many as it can.",
			Metric: metric("", "RejectedConnectionCount"), Comparison: alarm.Above, SilenceIsWell: true,
		})
}

// answersErrors tells whether the YAML itself answers some requests with an error, which CloudWatch counts like others.
func (l loadBalancer) answersErrors() bool {
	return l.DefaultResponse.Status >= 500 || slices.ContainsFunc(l.Routes, func(r balance.ALBRoute) bool {
		return r.Response != nil && r.Response.Status >= 500
	})
}
