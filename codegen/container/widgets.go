package container

import (
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/ir"
)

// ClusterName is the name of the cluster that a stack's containers run in.
func ClusterName(stack *ir.Stack) string { return names.Physical(255, stack.Name, stack.Environment) }

// ServiceName is the name of a component's ECS service, at most 133 of the 255 characters that ECS takes.
func ServiceName(c *ir.Component) string {
	name := c.Service + "-" + c.Name
	if ShiftsRequests(c) {
		name += shiftSuffix
	}
	return name
}

// Widgets are the graphs of a component that is an ECS service.
func Widgets(stack *ir.Stack, c *ir.Component) []component.Widget {
	of := func(metric, statistic string) component.Series {
		return component.Series{Namespace: "AWS/ECS", Metric: metric, Statistic: statistic,
			Dimensions: []string{"ClusterName", ClusterName(stack), "ServiceName", ServiceName(c)}}
	}
	return []component.Widget{
		{Title: "CPU, percent", Series: []component.Series{of("CPUUtilization", "Average"), of("CPUUtilization", "Maximum")}},
		{Title: "Memory, percent", Series: []component.Series{of("MemoryUtilization", "Average"), of("MemoryUtilization", "Maximum")}},
	}
}
