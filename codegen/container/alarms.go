package container

import (
	"github.com/panka-io/panka/codegen/alarm"
)

// alarms are those on the copies and, behind load balancers, on how they answer.
func (s *Service) alarms() {
	limits := alarm.For(s.Builder).Thresholds
	average := func(name string) alarm.Metric {
		return alarm.Metric{Namespace: "AWS/ECS", Name: name, Statistic: "Average", Dimensions: s.dimensions()}
	}
	alarm.Add(s.Builder,
		alarm.Alarm{
			Part: "cpu", Description: "The copies of " + s.ID() + " use most of their CPU.",
			Metric: average("CPUUtilization"), Comparison: alarm.AtLeast, Threshold: limits.Compute.CPUPercent,
		},
		alarm.Alarm{
			Part: "memory", Description: "The copies of " + s.ID() + " use most of their memory.",
			Metric: average("MemoryUtilization"), Comparison: alarm.AtLeast, Threshold: limits.Compute.MemoryPercent,
		})
	s.copiesAlarm()
	for _, t := range s.Targets {
		s.answers(t, limits)
	}
}

// copiesAlarm tells that fewer copies run than should. How many should run at the moment CloudWatch knows only with
// Container Insights; without it, those are counted that always should.
func (s *Service) copiesAlarm() {
	a := alarm.Alarm{Part: "copies", Description: "Fewer copies of " + s.ID() + " run than should.", Source: s.Place("scaling")}
	insights := s.Stack().ObservabilityOf(s.Component().Service).Get("containerInsights")
	floor := s.Scaling.Replicas
	if auto := s.Scaling.Autoscaling; auto.Enabled {
		floor = auto.MinReplicas
		for _, schedule := range auto.Schedules {
			floor = min(floor, schedule.MinReplicas)
		}
	}
	switch {
	case insights != nil && insights.Text.String() != "disabled":
		count := func(id, name string) alarm.Metric {
			return alarm.Metric{ID: id, Namespace: "ECS/ContainerInsights", Name: name, Statistic: "Average", Dimensions: s.dimensions()}
		}
		a.Expression, a.Metrics = "desired - running", []alarm.Metric{count("desired", "DesiredTaskCount"), count("running", "RunningTaskCount")}
		a.Comparison, a.Threshold = alarm.AtLeast, 1
	case floor > 0:
		a.Expression, a.Metrics = "running / (PERIOD(running) / 60)", []alarm.Metric{s.running()}
		a.Comparison, a.Threshold, a.SilenceIsBad = alarm.Below, float64(floor), true
	default:
		return
	}
	alarm.Add(s.Builder, a)
}

// answers are the alarms on a target group: copies that do not answer and, where requests can be told apart, errors and
// slowness.
func (s *Service) answers(t TargetGroup, limits alarm.Thresholds) {
	from := "its load balancer"
	if !t.Own {
		from = t.Part
	}
	alarm.Add(s.Builder, t.worst("UnHealthyHostCount", "Maximum", alarm.Alarm{
		Part: t.alarmPart("unhealthy"), Description: "Copies of " + s.ID() + " do not answer " + from + ".", Source: t.Source,
		Comparison: alarm.AtLeast, Threshold: float64(limits.HTTP.UnhealthyTargets),
	}))
	if !t.Application {
		return
	}
	share, metrics := t.errors()
	alarm.Add(s.Builder,
		alarm.Alarm{
			Part: t.alarmPart("errors"), Description: "Too many requests to " + s.ID() + " by " + from + " fail.", Source: t.Source,
			Expression: share, Metrics: metrics,
			Comparison: alarm.AtLeast, Threshold: limits.HTTP.Error5xxPercent, SilenceIsWell: true,
		},
		t.worst("TargetResponseTime", "p95", alarm.Alarm{
			Part: t.alarmPart("latency"), Description: "Requests to " + s.ID() + " by " + from + " take too long.", Source: t.Source,
			Comparison: alarm.AtLeast, Threshold: float64(limits.HTTP.LatencyP95Millis) / 1000, SilenceIsWell: true,
		}))
}
