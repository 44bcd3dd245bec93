package component

import "github.com/panka-io/panka/compiler/ir"

// Watched is a Kind whose components have metrics that a dashboard shows.
type Watched interface {
	Kind
	// Widgets are the graphs of a component, in the order of the dashboard. Their metrics are found by names that are
	// known beforehand, so that no dashboard waits for what it shows.
	Widgets(stack *ir.Stack, c *ir.Component) []Widget
}

// Widget is one graph.
type Widget struct {
	Title  string
	Series []Series
}

// Series is one line of a graph: a metric of CloudWatch.
type Series struct {
	Namespace, Metric, Statistic string
	// Dimensions are names and values in turn.
	Dimensions []string
}
