package kafka

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/pod"
	"github.com/panka-io/panka/compiler/ir"
)

// measure is where CloudWatch has what it measures of the nodes of a platform.
type measure struct{ namespace, cpu, memory string }

func (s specification) measure() measure {
	if s.onKubernetes() {
		return measure{pod.Insights, pod.CPUUse, pod.MemoryUse}
	}
	return measure{"AWS/ECS", "CPUUtilization", "MemoryUtilization"}
}

// dimensions are a node's, by names that are known before there is anything.
func (s specification) dimensions(stack *ir.Stack, c *ir.Component, n node) []string {
	if s.onKubernetes() {
		return []string{"ClusterName", pod.ClusterName(stack), "Namespace", pod.Namespace(c), "PodName", podName(c, n)}
	}
	return []string{"ClusterName", container.ClusterName(stack), "ServiceName", serviceName(c, n)}
}

// Widgets are the graphs of the cluster, with a line for each node.
func (Kind) Widgets(stack *ir.Stack, c *ir.Component) []component.Widget {
	s, ds := decode(c)
	if ds.HasErrors() {
		return nil
	}
	m := s.measure()
	graph := func(title, metric string) component.Widget {
		w := component.Widget{Title: title}
		for _, n := range s.nodes() {
			w.Series = append(w.Series, component.Series{Namespace: m.namespace, Metric: metric, Statistic: "Average",
				Dimensions: s.dimensions(stack, c, n)})
		}
		return w
	}
	return []component.Widget{graph("CPU, percent", m.cpu), graph("Memory, percent", m.memory)}
}

// alarms are those of each node. How full disks are CloudWatch does not know.
func (c *cluster) alarms() {
	limits := alarm.For(c.Builder).Thresholds.Stream
	m := c.measure()
	for _, n := range c.nodes() {
		alarm.Add(c.Builder, alarm.Alarm{
			Part: "cpu-" + n.name, Description: "The CPU of " + n.name + " of " + c.ID() + " is busy.",
			Metric:     alarm.Metric{Namespace: m.namespace, Name: m.cpu, Statistic: "Average", Dimensions: c.watched(n)},
			Comparison: alarm.AtLeast, Threshold: limits.CPUPercent,
		})
		if !c.onKubernetes() {
			continue
		}
		alarm.Add(c.Builder, alarm.Alarm{
			Part: "ready-" + n.name, Description: "The pod of " + n.name + " of " + c.ID() + " is not ready.",
			Metric:     alarm.Metric{Namespace: m.namespace, Name: "pod_status_ready", Statistic: "Minimum", Dimensions: c.watched(n)},
			Comparison: alarm.Below, Threshold: 1, SilenceIsBad: true,
		})
	}
}

// watched are a node's dimensions in its alarms.
func (c *cluster) watched(n node) component.Fields {
	if c.onKubernetes() {
		return component.Fields{
			{Name: "ClusterName", Value: jen.Id("base").Dot("kubernetesName")},
			{Name: "Namespace", Value: component.Str(pod.Namespace(c.Component()))},
			{Name: "PodName", Value: component.Str(podName(c.Component(), n))},
		}
	}
	return component.Fields{
		{Name: "ClusterName", Value: jen.Id("base").Dot("clusterName")},
		{Name: "ServiceName", Value: jen.Id(variables(n).service).Dot("Name")},
	}
}
