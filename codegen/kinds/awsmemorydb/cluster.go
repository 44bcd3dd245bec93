package awsmemorydb

import (
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/database"
)

// cluster is an AWSMemoryDB being generated.
type cluster struct {
	*component.Builder
	specification
}

func (m *cluster) register() {
	args := component.Fields{
		{Name: "Name", Value: m.Physical(40, "")},
		{Name: "Description", Value: component.Str(m.ID() + " of the stack " + m.Stack().Name + " in " + m.Stack().Environment)},
		{Name: "Engine", Value: component.Str(m.Engine.Type)},
		{Name: "EngineVersion", Value: component.Str(m.Engine.Version)},
		{Name: "AutoMinorVersionUpgrade", Value: component.Bool(m.Maintenance.AutoMinorVersionUpgrade)},
		{Name: "NodeType", Value: component.Str(m.NodeType)},
		{Name: "DataTiering", Value: component.If(m.DataTiering, component.Bool(true))},
		{Name: "NumShards", Value: component.Int(m.Shards)},
		{Name: "NumReplicasPerShard", Value: component.Int(m.Replicas)},
		{Name: "Port", Value: component.Int(m.Port)},
		{Name: "AclName", Value: jen.Id("acl").Dot("Name")},
		{Name: "SubnetGroupName", Value: jen.Id("subnets").Dot("Name")},
		{Name: "ParameterGroupName", Value: jen.Id("parameters").Dot("Name")},
		{Name: "SecurityGroupIds", Value: database.Guard()},
		{Name: "TlsEnabled", Value: component.Bool(true)},
		{Name: "KmsKeyArn", Value: m.Key()},
		{Name: "MaintenanceWindow", Value: database.Window(m.Maintenance.Window)},
	}
	args = append(args, m.Snapshots.Args(m.Builder, "FinalSnapshotName", strconv.Itoa(m.Port), strconv.FormatBool(m.DataTiering),
		strconv.FormatBool(m.Maintenance.AutoMinorVersionUpgrade))...)
	m.Resource(component.Resource{
		Var: "cluster", Type: "aws:memorydb/cluster:Cluster", What: "cluster", Stateful: true, Source: m.Place("nodeType"), Args: args,
	})
}

// alarms watch the worst node of the cluster.
func (m *cluster) alarms() {
	limits, source := alarm.For(m.Builder).Thresholds.Cache, m.Place("nodeType")
	metric := func(name, statistic string) alarm.Metric {
		return alarm.Metric{
			Namespace: "AWS/MemoryDB", Name: name, Statistic: statistic,
			Dimensions: component.Fields{{Name: "ClusterName", Value: jen.Id("cluster").Dot("Name")}},
		}
	}
	alarm.Add(m.Builder,
		// The engine answers on one thread, so the whole machine's CPU would say little.
		alarm.Alarm{
			Part: "cpu", Description: "A node of the database " + m.ID() + " uses much of its CPU",
			Metric: metric("EngineCPUUtilization", "Maximum"), Comparison: alarm.AtLeast, Threshold: limits.CPUPercent, Source: source,
		},
		alarm.Alarm{
			Part: "memory", Description: "A node of the database " + m.ID() + " uses much of its memory",
			Metric: metric("DatabaseMemoryUsagePercentage", "Maximum"), Comparison: alarm.AtLeast, Threshold: limits.MemoryPercent, Source: source,
		},
		alarm.Alarm{
			Part: "evictions", Description: "The database " + m.ID() + " throws out entries for want of memory",
			Metric: metric("Evictions", "Sum"), Comparison: alarm.AtLeast, Threshold: float64(limits.Evictions), SilenceIsWell: true, Source: source,
		},
	)
}
