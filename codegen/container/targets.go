package container

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// TargetGroup is a target group that a service's copies are in.
type TargetGroup struct {
	// Group is the local variable that holds it.
	Group string
	// Alternate and Rule are the local variables of a second group and of the rule that ECS turns between the two, for
	// deployments that shift requests.
	Alternate, Rule string
	// Port is the container's port that gets the traffic.
	Port int
	// LoadBalancer is the code of the last part of the load balancer's ARN, as CloudWatch names it; of an NLB if not
	// Application.
	LoadBalancer jen.Code
	Application  bool
	// Own tells that the load balancer is the component's own, so that its errors are the component's.
	Own bool
	// Part tells the load balancer's alarms apart; "" for its own.
	Part   string
	Source diag.Position
}

// alarmPart is the part of the group's alarm of that name.
func (t TargetGroup) alarmPart(name string) string { return strings.TrimPrefix(t.Part+"-"+name, "-") }

// metric is one that CloudWatch has of a load balancer, and of a group of its targets unless that is "".
func (t TargetGroup) metric(id, group, name, statistic string) alarm.Metric {
	m := alarm.Metric{
		ID: id, Namespace: "AWS/ApplicationELB", Name: name, Statistic: statistic,
		Dimensions: component.Fields{{Name: "LoadBalancer", Value: t.LoadBalancer}},
	}
	if !t.Application {
		m.Namespace = "AWS/NetworkELB"
	}
	if group != "" {
		m.Dimensions = append(m.Dimensions, component.Field{Name: "TargetGroup", Value: jen.Id(group).Dot("ArnSuffix")})
	}
	return m
}

// worst completes an alarm on a metric of the group: of two groups the higher value counts. Of the group that has no copies
// at the moment CloudWatch has none.
func (t TargetGroup) worst(name, statistic string, a alarm.Alarm) alarm.Alarm {
	if t.Alternate == "" {
		a.Metric = t.metric("", t.Group, name, statistic)
		return a
	}
	a.Expression = "MAX([FILL(first, 0), FILL(second, 0)])"
	a.Metrics = []alarm.Metric{t.metric("first", t.Group, name, statistic), t.metric("second", t.Alternate, name, statistic)}
	return a
}

// sum counts something of the group, or of both, as an expression over metrics.
func (t TargetGroup) sum(id, name string) (expression string, metrics []alarm.Metric) {
	first := t.metric(id, t.Group, name, "Sum")
	if t.Alternate == "" {
		return "FILL(" + id + ", 0)", []alarm.Metric{first}
	}
	second := t.metric(id+"2", t.Alternate, name, "Sum")
	return "(FILL(" + id + ", 0) + FILL(" + id + "2, 0))", []alarm.Metric{first, second}
}

// errors is the share of requests that fail, in percent. Those that the component's own load balancer could not pass on,
// which are not among the requests, count too.
func (t TargetGroup) errors() (share string, metrics []alarm.Metric) {
	failed, metrics := t.sum("failed", "HTTPCode_Target_5XX_Count")
	requests, all := t.sum("requests", "RequestCount")
	metrics = append(metrics, all...)
	switch {
	case t.Own:
		metrics = append(metrics, t.metric("refused", "", "HTTPCode_ELB_5XX_Count", "Sum"))
		share = "100 * (" + failed + " + FILL(refused, 0)) / (" + requests + " + FILL(refused, 0))"
	case t.Alternate == "":
		share = "100 * " + failed + " / requests"
	default:
		share = "100 * " + failed + " / " + requests
	}
	return share, metrics
}

// perCopy are the requests for each copy in two groups, of which mostly one gets any.
func (t TargetGroup) perCopy() (expression string, metrics []alarm.Metric) {
	of := func(id, group string) alarm.Metric {
		m := t.metric(id, "", "RequestCountPerTarget", "Sum")
		m.Dimensions = component.Fields{{Name: "TargetGroup", Value: jen.Id(group).Dot("ArnSuffix")}}
		return m
	}
	return "FILL(first, 0) + FILL(second, 0)", []alarm.Metric{of("first", t.Group), of("second", t.Alternate)}
}
