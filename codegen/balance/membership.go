package balance

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// Membership is a target group that the copies of the component that is being generated are in.
type Membership struct {
	// Group is the local variable that holds the target group.
	Group string
	// Port is the copies' port that gets the traffic.
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

// Counted is the target group whose requests a workload is scaled by: what scales counts in one, so there must be just one
// that an ALB sends to. If there is not, that is reported where the YAML asks for it.
func Counted(b *component.Builder, memberships []Membership) (Membership, bool) {
	source := b.Place("scaling", "autoscaling", "targetRequestsPerReplica")
	var found []Membership
	for _, m := range memberships {
		if m.Application {
			found = append(found, m)
		}
	}
	switch len(found) {
	case 1:
		return found[0], true
	case 0:
		b.Fail(diag.Errorf(source, component.Code, "%s gets no requests from a load balancer that could be counted", b.ID()).
			WithHint("set networking.loadBalancer.enabled, name it in a route of an ALB, or leave targetRequestsPerReplica out"))
	default:
		b.Fail(diag.Errorf(source, component.Code, "requests are counted for one route, and %s gets them by %d", b.ID(), len(found)).
			WithHint("scale by CPU use instead, or join the routes").
			WithRelated(found[1].Source, "another one is here"))
	}
	return Membership{}, false
}

// Watch registers the alarms on target groups: copies that do not answer and, where requests can be told apart, errors and
// slowness.
func Watch(b *component.Builder, memberships ...Membership) {
	limits := alarm.For(b).Thresholds
	for _, m := range memberships {
		watch(b, m, limits)
	}
}

// GroupPart is the part of the target group's own name.
func (m Membership) GroupPart() string {
	if m.Part == "" {
		return "targets"
	}
	return m.Part
}

// AlarmPart is the part of the group's alarm of that name.
func (m Membership) AlarmPart(name string) string { return strings.TrimPrefix(m.Part+"-"+name, "-") }

// watch is Watch of one target group.
func watch(b *component.Builder, m Membership, limits alarm.Thresholds) {
	namespace, from := "AWS/ApplicationELB", "its load balancer"
	if !m.Application {
		namespace = "AWS/NetworkELB"
	}
	if !m.Own {
		from = m.Part
	}
	dimensions := component.Fields{
		{Name: "LoadBalancer", Value: m.LoadBalancer}, {Name: "TargetGroup", Value: jen.Id(m.Group).Dot("ArnSuffix")},
	}
	metric := func(id, name, statistic string) alarm.Metric {
		return alarm.Metric{ID: id, Namespace: namespace, Name: name, Statistic: statistic, Dimensions: dimensions}
	}
	alarm.Add(b, alarm.Alarm{
		Part: m.AlarmPart("unhealthy"), Description: "Copies of " + b.ID() + " do not answer " + from + ".", Source: m.Source,
		Metric: metric("", "UnHealthyHostCount", "Maximum"), Comparison: alarm.AtLeast, Threshold: float64(limits.HTTP.UnhealthyTargets),
	})
	if !m.Application {
		return
	}
	share := "100 * FILL(failed, 0) / requests"
	metrics := []alarm.Metric{metric("failed", "HTTPCode_Target_5XX_Count", "Sum"), metric("requests", "RequestCount", "Sum")}
	if m.Own { // then what it could not pass on, which is not among the requests, counts too
		refused := metric("refused", "HTTPCode_ELB_5XX_Count", "Sum")
		refused.Dimensions = dimensions[:1]
		share = "100 * (FILL(failed, 0) + FILL(refused, 0)) / (FILL(requests, 0) + FILL(refused, 0))"
		metrics = append(metrics, refused)
	}
	alarm.Add(b,
		alarm.Alarm{
			Part: m.AlarmPart("errors"), Description: "Too many requests to " + b.ID() + " by " + from + " fail.", Source: m.Source,
			Expression: share, Metrics: metrics,
			Comparison: alarm.AtLeast, Threshold: limits.HTTP.Error5xxPercent, SilenceIsWell: true,
		},
		alarm.Alarm{
			Part: m.AlarmPart("latency"), Description: "Requests to " + b.ID() + " by " + from + " take too long.", Source: m.Source,
			Metric: metric("", "TargetResponseTime", "p95"), Comparison: alarm.AtLeast,
			Threshold: float64(limits.HTTP.LatencyP95Millis) / 1000, SilenceIsWell: true,
		})
}
