package ec2instance

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
)

// alarms tell of busy CPUs, of a single machine that AWS finds broken, of a group with too few machines, and of machines
// that do not answer their load balancers.
func (m *machine) alarms() {
	limits := alarm.For(m.Builder).Thresholds
	dimensions := component.Fields{{Name: "InstanceId", Value: jen.Id("instance").Dot("ID").Call()}}
	if m.Group != nil {
		dimensions = component.Fields{{Name: "AutoScalingGroupName", Value: jen.Id("group").Dot("Name")}}
	}
	metric := func(namespace, name, statistic string) alarm.Metric {
		return alarm.Metric{Namespace: namespace, Name: name, Statistic: statistic, Dimensions: dimensions}
	}
	every := 300
	if m.DetailedMonitoring {
		every = 60
	}
	alarm.Add(m.Builder, alarm.Alarm{
		Every: every, Part: "cpu", Description: "The machines of " + m.ID() + " use most of their CPU.", Metric: metric("AWS/EC2", "CPUUtilization", "Average"),
		Comparison: alarm.AtLeast, Threshold: limits.Compute.CPUPercent,
	})
	if m.Group == nil {
		alarm.Add(m.Builder, alarm.Alarm{
			Part: "status", Description: "The machine of " + m.ID() + " or what it runs on is broken.",
			Metric: metric("AWS/EC2", "StatusCheckFailed", "Maximum"), Comparison: alarm.AtLeast, Threshold: 1,
		})
	} else {
		few := func(id, name string) alarm.Metric {
			found := metric("AWS/AutoScaling", name, "Average")
			found.ID = id
			return found
		}
		alarm.Add(m.Builder, alarm.Alarm{
			Part: "machines", Description: "Fewer machines of " + m.ID() + " run than should.", Expression: "desired - running",
			Metrics:    []alarm.Metric{few("desired", "GroupDesiredCapacity"), few("running", "GroupInServiceInstances")},
			Comparison: alarm.AtLeast, Threshold: 1, Source: m.Place("group"),
		})
	}
	for _, t := range m.targets {
		namespace := "AWS/NetworkELB"
		if t.Application {
			namespace = "AWS/ApplicationELB"
		}
		alarm.Add(m.Builder, alarm.Alarm{
			Part: t.Part + "-unhealthy", Description: "Machines of " + m.ID() + " do not answer " + t.Balancer + ".", Source: t.Source,
			Comparison: alarm.AtLeast, Threshold: float64(limits.HTTP.UnhealthyTargets),
			Metric: alarm.Metric{Namespace: namespace, Name: "UnHealthyHostCount", Statistic: "Maximum", Dimensions: component.Fields{
				{Name: "LoadBalancer", Value: t.Suffix(m.Builder)}, {Name: "TargetGroup", Value: jen.Id(t.Group).Dot("ArnSuffix")},
			}},
		})
	}
}
