package pod

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/ir"
)

// Insights is where Container Insights keeps what it measures of the cluster. What it calls PodName is the name of what runs
// the pods.
const Insights = "ContainerInsights"

// The metrics of how much pods use of what they may, in percent.
const (
	CPUUse    = "pod_cpu_utilization_over_pod_limit"
	MemoryUse = "pod_memory_utilization_over_pod_limit"
)

// ClusterName is the name of a stack's EKS cluster, of the at most 100 characters that EKS takes. Another network makes it
// another cluster: AWS moves none.
func ClusterName(stack *ir.Stack) string {
	return names.Salted(100, []string{stack.Name, stack.Environment, component.NetworkSalt(stack)}, stack.Name, stack.Environment)
}

// alarms are those on the copies and, behind load balancers, on how they answer.
func (d *Deployment) alarms() {
	limits := alarm.For(d.Builder).Thresholds
	metric := func(id, name string) alarm.Metric {
		return alarm.Metric{ID: id, Namespace: Insights, Name: name, Statistic: "Average", Dimensions: component.Fields{
			{Name: "ClusterName", Value: jen.Id("base").Dot("kubernetesName")},
			{Name: "Namespace", Value: component.Str(Namespace(d.Component()))},
			{Name: "PodName", Value: component.Str(Name(d.Component(), ""))},
		}}
	}
	alarm.Add(d.Builder,
		alarm.Alarm{
			Part: "cpu", Description: "The copies of " + d.ID() + " use most of their CPU.",
			Metric: metric("", CPUUse), Comparison: alarm.AtLeast, Threshold: limits.Compute.CPUPercent,
		},
		alarm.Alarm{
			Part: "memory", Description: "The copies of " + d.ID() + " use most of their memory.",
			Metric: metric("", MemoryUse), Comparison: alarm.AtLeast, Threshold: limits.Compute.MemoryPercent,
		},
		alarm.Alarm{
			Part: "copies", Description: "Fewer copies of " + d.ID() + " are ready than should be.", Source: d.Place("scaling"),
			Expression: "desired - ready", Metrics: []alarm.Metric{metric("desired", "replicas_desired"), metric("ready", "replicas_ready")},
			Comparison: alarm.AtLeast, Threshold: 1,
		})
	balance.Watch(d.Builder, d.Targets...)
}

// Widgets are the graphs of a component that is pods in the cluster.
func Widgets(stack *ir.Stack, c *ir.Component) []component.Widget {
	of := func(metric, statistic string) component.Series {
		return component.Series{Namespace: Insights, Metric: metric, Statistic: statistic,
			Dimensions: []string{"ClusterName", ClusterName(stack), "Namespace", Namespace(c), "PodName", Name(c, "")}}
	}
	return []component.Widget{
		{Title: "CPU, percent", Series: []component.Series{of(CPUUse, "Average"), of(CPUUse, "Maximum")}},
		{Title: "Memory, percent", Series: []component.Series{of(MemoryUse, "Average"), of(MemoryUse, "Maximum")}},
	}
}
