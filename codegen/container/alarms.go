package container

import (
	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/balance"
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
	balance.Watch(s.Builder, s.Targets...)
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
