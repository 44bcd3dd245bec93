package documentdb

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
)

// alarms watch the worst instance of the cluster. Its storage grows by itself, so there is none on it.
func (c *cluster) alarms() {
	limits, source := alarm.For(c.Builder).Thresholds.Database, c.Place("instances")
	all := []alarm.Alarm{
		{
			Part: "cpu", Description: "An instance of the database " + c.ID() + " uses much of its CPU",
			Metric: c.metric("", "CPUUtilization"), Comparison: alarm.AtLeast, Threshold: limits.CPUPercent, Source: source,
		},
		{
			Part: "connections", Description: "An instance of the database " + c.ID() + " has nearly as many connections as it allows",
			Expression: "100*used/allowed",
			Metrics:    []alarm.Metric{c.metric("used", "DatabaseConnections"), c.metric("allowed", "DatabaseConnectionsLimit")},
			Comparison: alarm.AtLeast, Threshold: limits.ConnectionsPercent, Source: source,
		},
	}
	if c.Instances.Count > 1 {
		all = append(all, alarm.Alarm{
			Part: "lag", Description: "A reader of the database " + c.ID() + " lags behind",
			Metric: c.metric("", "DBClusterReplicaLagMaximum"), Comparison: alarm.AtLeast,
			Threshold: 1000 * float64(limits.ReplicaLag), Source: source, // the metric is in milliseconds
		})
	}
	alarm.Add(c.Builder, all...)
}

func (c *cluster) metric(id, name string) alarm.Metric {
	return alarm.Metric{
		ID: id, Namespace: "AWS/DocDB", Name: name, Statistic: "Maximum",
		Dimensions: component.Fields{{Name: "DBClusterIdentifier", Value: jen.Id("cluster").Dot("ClusterIdentifier")}},
	}
}
