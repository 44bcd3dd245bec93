package balance

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
)

// Watch registers the alarms on target groups: copies that do not answer and, where requests can be told apart, errors and
// slowness.
func Watch(b *component.Builder, memberships ...Membership) {
	limits := alarm.For(b).Thresholds
	for _, m := range memberships {
		watch(b, m, limits)
	}
}

// watch is Watch of one target group.
func watch(b *component.Builder, m Membership, limits alarm.Thresholds) {
	from := "its load balancer"
	if !m.Own {
		from = m.Part
	}
	alarm.Add(b, m.worst("UnHealthyHostCount", "Maximum", alarm.Alarm{
		Part: m.AlarmPart("unhealthy"), Description: "Copies of " + b.ID() + " do not answer " + from + ".", Source: m.Source,
		Comparison: alarm.AtLeast, Threshold: float64(limits.HTTP.UnhealthyTargets),
	}))
	if !m.Application {
		return
	}
	share, metrics := m.errors()
	alarm.Add(b,
		alarm.Alarm{
			Part: m.AlarmPart("errors"), Description: "Too many requests to " + b.ID() + " by " + from + " fail.", Source: m.Source,
			Expression: share, Metrics: metrics,
			Comparison: alarm.AtLeast, Threshold: limits.HTTP.Error5xxPercent, SilenceIsWell: true,
		},
		m.worst("TargetResponseTime", "p95", alarm.Alarm{
			Part: m.AlarmPart("latency"), Description: "Requests to " + b.ID() + " by " + from + " take too long.", Source: m.Source,
			Comparison: alarm.AtLeast, Threshold: float64(limits.HTTP.LatencyP95Millis) / 1000, SilenceIsWell: true,
		}))
}

// metric is one that CloudWatch has of a load balancer, and of a group of its targets unless that is "".
func (m Membership) metric(id, group, name, statistic string) alarm.Metric {
	metric := alarm.Metric{
		ID: id, Namespace: "AWS/ApplicationELB", Name: name, Statistic: statistic,
		Dimensions: component.Fields{{Name: "LoadBalancer", Value: m.LoadBalancer}},
	}
	if !m.Application {
		metric.Namespace = "AWS/NetworkELB"
	}
	if group != "" {
		metric.Dimensions = append(metric.Dimensions, suffixOf(group))
	}
	return metric
}

// suffixOf is the dimension that names a target group.
func suffixOf(group string) component.Field {
	return component.Field{Name: "TargetGroup", Value: jen.Id(group).Dot("ArnSuffix")}
}

// worst completes an alarm on a metric of the group: of two groups the higher value counts. Of the group that has no copies
// at the moment CloudWatch has none.
func (m Membership) worst(name, statistic string, a alarm.Alarm) alarm.Alarm {
	if m.Alternate == "" {
		a.Metric = m.metric("", m.Group, name, statistic)
		return a
	}
	a.Expression = "MAX([FILL(first, 0), FILL(second, 0)])"
	a.Metrics = []alarm.Metric{m.metric("first", m.Group, name, statistic), m.metric("second", m.Alternate, name, statistic)}
	return a
}

// sum counts something of the group, or of both, as an expression over metrics.
func (m Membership) sum(id, name string) (expression string, metrics []alarm.Metric) {
	first := m.metric(id, m.Group, name, "Sum")
	if m.Alternate == "" {
		return "FILL(" + id + ", 0)", []alarm.Metric{first}
	}
	second := m.metric(id+"2", m.Alternate, name, "Sum")
	return "(FILL(" + id + ", 0) + FILL(" + id + "2, 0))", []alarm.Metric{first, second}
}

// errors is the share of requests that fail, in percent. Those that the component's own load balancer could not pass on,
// which are not among the requests, count too.
func (m Membership) errors() (share string, metrics []alarm.Metric) {
	failed, metrics := m.sum("failed", "HTTPCode_Target_5XX_Count")
	requests, all := m.sum("requests", "RequestCount")
	metrics = append(metrics, all...)
	switch {
	case m.Own:
		metrics = append(metrics, m.metric("refused", "", "HTTPCode_ELB_5XX_Count", "Sum"))
		share = "100 * (" + failed + " + FILL(refused, 0)) / (" + requests + " + FILL(refused, 0))"
	case m.Alternate == "":
		share = "100 * " + failed + " / requests"
	default:
		share = "100 * " + failed + " / " + requests
	}
	return share, metrics
}

// PerCopy are the requests for each copy in two groups, of which mostly one gets any, as an expression over metrics of
// CloudWatch. AWS's own metric for that is of one group.
func (m Membership) PerCopy() (expression string, metrics []alarm.Metric) {
	of := func(id, group string) alarm.Metric {
		metric := m.metric(id, "", "RequestCountPerTarget", "Sum")
		metric.Dimensions = component.Fields{suffixOf(group)}
		return metric
	}
	return "FILL(first, 0) + FILL(second, 0)", []alarm.Metric{of("first", m.Group), of("second", m.Alternate)}
}
