package rds

import (
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/ir"
)

// Widgets are the graphs of the database.
func (Kind) Widgets(stack *ir.Stack, c *ir.Component) []component.Widget {
	of := func(metric, statistic string) component.Series {
		return component.Series{Namespace: "AWS/RDS", Metric: metric, Statistic: statistic,
			Dimensions: []string{"DBInstanceIdentifier", identifier(stack, c)}}
	}
	return []component.Widget{
		{Title: "CPU, percent", Series: []component.Series{of("CPUUtilization", "Average")}},
		{Title: "Connections", Series: []component.Series{of("DatabaseConnections", "Maximum")}},
		{Title: "Free storage, bytes", Series: []component.Series{of("FreeStorageSpace", "Minimum")}},
		{Title: "Latency, seconds", Series: []component.Series{of("ReadLatency", "Average"), of("WriteLatency", "Average")}},
	}
}

// identifier is the name of the database's instance.
func identifier(stack *ir.Stack, c *ir.Component) string {
	return names.Physical(63, stack.Name, stack.Environment, c.Service, c.Name)
}
