package documentdb

import (
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/database"
	"github.com/panka-io/panka/compiler/diag"
)

// cluster is a DocumentDB being generated.
type cluster struct {
	*component.Builder
	specification
}

func (c *cluster) identifier() string {
	return component.PhysicalName(63, c.Stack(), c.Component(), "")
}

// checkExports reports a log that is exported and yet kept from being written by a parameter.
func (c *cluster) checkExports() {
	for _, export := range c.LogExports {
		name := writes(export)
		own, set := c.Parameters[name]
		if value, static := own.Static(); set && static && (value == "disabled" || value == "none") {
			c.Fail(diag.Errorf(c.Place("parameters", name), component.Code,
				"the parameter %s is %s, so that the log %s of logExports would stay empty", name, value, export).
				WithHint("leave the parameter out: panka turns it on for logExports"))
		}
	}
}

// logs are the log groups of the logs that it exports. DocumentDB gives them their names.
func (c *cluster) logs() (waitFor []string) {
	return database.Logs{
		Exports: c.LogExports, Prefix: "/aws/docdb/" + c.identifier(), RetentionDays: c.Logging.RetentionDays,
	}.Add(c.Builder)
}

func (c *cluster) register(waitFor []string) {
	protected := c.Stack().Protected
	c.Resource(component.Resource{
		Var: "cluster", Type: "aws:docdb/cluster:Cluster", What: "cluster", Stateful: true, Source: c.Place("database"),
		Args: component.Fields{
			{Name: "ClusterIdentifier", Value: component.Str(c.identifier())},
			{Name: "Engine", Value: component.Str("docdb")},
			{Name: "EngineVersion", Value: component.Str(c.EngineVersion)},
			// Whoever changes the version in the YAML wants the upgrade; the plan shows it.
			{Name: "AllowMajorVersionUpgrade", Value: component.Bool(true)},
			{Name: "SnapshotIdentifier", Value: component.If(c.Snapshot != "", component.Str(c.Snapshot))},
			{Name: "MasterUsername", Value: component.Str(c.Database.Username)},
			{Name: "MasterPassword", Value: jen.Id("password")},
			{Name: "Port", Value: component.Int(c.Database.Port)},
			{Name: "StorageType", Value: component.Str(c.StorageType)},
			{Name: "StorageEncrypted", Value: component.Bool(true)},
			{Name: "KmsKeyId", Value: c.Key()},
			{Name: "DbSubnetGroupName", Value: jen.Id("subnets").Dot("Name")},
			{Name: "DbClusterParameterGroupName", Value: jen.Id("parameters").Dot("Name")},
			{Name: "VpcSecurityGroupIds", Value: database.Guard()},
			{Name: "BackupRetentionPeriod", Value: component.Int(c.Backup.RetentionDays)},
			{Name: "PreferredBackupWindow", Value: database.Window(c.Backup.Window)},
			{Name: "PreferredMaintenanceWindow", Value: database.Window(c.Maintenance.Window)},
			{Name: "EnabledCloudwatchLogsExports", Value: database.Names(c.LogExports)},
			{Name: "ApplyImmediately", Value: component.Bool(true)},
			{Name: "DeletionProtection", Value: component.Bool(database.Setting(c.DeletionProtection, protected))},
			{Name: "SkipFinalSnapshot", Value: component.Bool(!database.Setting(c.FinalSnapshot, protected))},
			// It is always there, so that it is in the state when the environment becomes a protected one.
			{Name: "FinalSnapshotIdentifier", Value: database.FinalSnapshot(c.Builder,
				c.Database.Username, strconv.Itoa(c.Database.Port), c.Snapshot)},
		},
		Options: database.WaitFor(waitFor),
	})
}

// instances are the machines of the cluster. They hold no data: that is the cluster's.
func (c *cluster) instances() {
	insights := c.PerformanceInsights.Enabled
	for n := 1; n <= c.Instances.Count; n++ {
		number := strconv.Itoa(n)
		c.Resource(component.Resource{
			Type: "aws:docdb/clusterInstance:ClusterInstance", Part: number, What: "instance " + number, Source: c.Place("instances"),
			Args: component.Fields{
				{Name: "Identifier", Value: c.Physical(63, number)},
				{Name: "ClusterIdentifier", Value: jen.Id("cluster").Dot("ClusterIdentifier")},
				{Name: "InstanceClass", Value: component.Str(c.Instances.Class)},
				{Name: "PreferredMaintenanceWindow", Value: database.Window(c.Maintenance.Window)},
				{Name: "EnablePerformanceInsights", Value: component.Bool(insights)},
				{Name: "PerformanceInsightsKmsKeyId", Value: component.If(insights, c.Key())},
				{Name: "CopyTagsToSnapshot", Value: component.Bool(true)},
				{Name: "ApplyImmediately", Value: component.Bool(true)},
			},
		})
	}
}
