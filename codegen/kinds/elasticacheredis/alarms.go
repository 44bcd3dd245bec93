package elasticacheredis

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
)

// mostMetrics is how many metrics CloudWatch takes into one alarm.
const mostMetrics = 10

// alarms watch the worst node. ElastiCache measures each node by itself, so an alarm is on as many as CloudWatch allows,
// and there are more alarms of the same sort for further nodes.
func (g *group) alarms() {
	limits := alarm.For(g.Builder).Thresholds.Cache
	for i, nodes := range slices.Collect(slices.Chunk(g.nodes(), mostMetrics)) {
		alarm.Add(g.Builder,
			// The engine answers on one thread, so the whole machine's CPU would say little.
			g.worst(i, nodes, alarm.Alarm{
				Part: "cpu", Description: "A node of the cache " + g.ID() + " uses much of its CPU", Threshold: limits.CPUPercent,
			}, "EngineCPUUtilization", "Maximum"),
			g.worst(i, nodes, alarm.Alarm{
				Part: "memory", Description: "A node of the cache " + g.ID() + " uses much of its memory", Threshold: limits.MemoryPercent,
			}, "DatabaseMemoryUsagePercentage", "Maximum"),
			g.worst(i, nodes, alarm.Alarm{
				Part: "evictions", Description: "A node of the cache " + g.ID() + " throws out entries for want of memory",
				Threshold: float64(limits.Evictions), SilenceIsWell: true,
			}, "Evictions", "Sum"),
		)
	}
}

// worst completes an alarm on a metric of the i-th lot of nodes.
func (g *group) worst(i int, nodes []string, a alarm.Alarm, metric, statistic string) alarm.Alarm {
	a.Comparison, a.Source = alarm.AtLeast, g.Place("nodeType")
	if i > 0 {
		a.Part += "-" + strconv.Itoa(i+1)
	}
	var ids []string
	for n, node := range nodes {
		id := fmt.Sprintf("node%d", n+1)
		ids = append(ids, id)
		a.Metrics = append(a.Metrics, alarm.Metric{
			ID: id, Namespace: "AWS/ElastiCache", Name: metric, Statistic: statistic,
			Dimensions: component.Fields{{Name: "CacheClusterId", Value: component.Str(node)}},
		})
	}
	if len(nodes) == 1 {
		a.Metric, a.Metrics = a.Metrics[0], nil
		return a
	}
	a.Expression = "MAX([" + strings.Join(ids, ", ") + "])"
	return a
}
