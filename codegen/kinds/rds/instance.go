package rds

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/database"
	"github.com/panka-io/panka/codegen/iam"
)

// instance is a database instance being generated.
type instance struct {
	*component.Builder
	specification
}

func (i *instance) identifier() string {
	return component.PhysicalName(63, i.Stack(), i.Component(), "")
}

// logs are the log groups of the logs that it exports. RDS gives them their names.
func (i *instance) logs() (waitFor []string) {
	return database.Logs{
		Exports: i.LogExports, Prefix: "/aws/rds/instance/" + i.identifier(), RetentionDays: i.Logging.RetentionDays,
	}.Add(i.Builder)
}

// monitoringRole is the role by which RDS writes measurements of the operating system to CloudWatch.
func (i *instance) monitoringRole() (waitFor []string) {
	if i.EnhancedMonitoring.Interval == 0 {
		return nil
	}
	return iam.AddRole(i.Builder, iam.Role{
		Var: "monitoringRole", Part: "monitoring", What: "monitoring role", Trust: iam.TrustServices("monitoring.rds.amazonaws.com"),
		Managed: []string{i.AWSPolicy("service-role/AmazonRDSEnhancedMonitoringRole")}, Source: i.Place("enhancedMonitoring"),
	})
}

func (i *instance) register(waitFor []string) {
	args := component.Fields{
		{Name: "Identifier", Value: component.Str(i.identifier())},
		{Name: "Engine", Value: component.Str(i.Engine.Type)},
		{Name: "EngineVersion", Value: component.Str(i.Engine.Version)},
		// With a full version in the YAML an upgrade by AWS would only be undone by the next deployment.
		{Name: "AutoMinorVersionUpgrade", Value: component.Bool(!i.pinned())},
		// Whoever changes the version in the YAML wants the upgrade; the plan shows it.
		{Name: "AllowMajorVersionUpgrade", Value: component.Bool(true)},
		{Name: "InstanceClass", Value: component.Str(i.Instance.Class)},
		{Name: "MultiAz", Value: component.Bool(i.Instance.MultiAZ)},
	}
	args = append(args, i.storage()...)
	args = append(args, component.Fields{
		{Name: "DbName", Value: component.Str(i.Database.Name)},
		{Name: "Username", Value: component.Str(i.Database.Username)},
		{Name: "Password", Value: jen.Id("password")},
		{Name: "IamDatabaseAuthenticationEnabled", Value: component.If(len(i.IAMUsers) > 0, component.Bool(true))},
		{Name: "Port", Value: component.Int(i.port())},
		{Name: "DbSubnetGroupName", Value: jen.Id("subnets").Dot("Name")},
		{Name: "ParameterGroupName", Value: jen.Id("parameters").Dot("Name")},
		{Name: "VpcSecurityGroupIds", Value: database.Guard()},
		{Name: "PubliclyAccessible", Value: component.Bool(false)},
		{Name: "BackupRetentionPeriod", Value: component.Int(i.Backup.RetentionDays)},
		{Name: "BackupWindow", Value: database.Window(i.Backup.Window)},
		{Name: "MaintenanceWindow", Value: database.Window(i.Maintenance.Window)},
		{Name: "CopyTagsToSnapshot", Value: component.Bool(true)},
	}...)
	args = append(args, i.monitoring()...)
	args = append(args, i.deletion()...)
	i.Resource(component.Resource{
		Var: "instance", Type: "aws:rds/instance:Instance", What: "database", Stateful: true, Source: i.Place("instance"),
		Args: args, Options: database.WaitFor(waitFor),
	})
}

func (i *instance) storage() component.Fields {
	s := i.Instance.Storage
	return component.Fields{
		{Name: "StorageType", Value: component.Str(s.Type)},
		{Name: "AllocatedStorage", Value: component.Int(s.AllocatedGB)},
		{Name: "MaxAllocatedStorage", Value: database.Optional(s.MaxAllocatedGB)},
		{Name: "Iops", Value: database.Optional(s.IOPS)},
		{Name: "StorageEncrypted", Value: component.Bool(true)},
		{Name: "KmsKeyId", Value: i.Key()},
	}
}

func (i *instance) monitoring() component.Fields {
	insights, interval := i.PerformanceInsights.Enabled, int(i.EnhancedMonitoring.Interval)
	return component.Fields{
		{Name: "PerformanceInsightsEnabled", Value: component.Bool(insights)},
		{Name: "PerformanceInsightsKmsKeyId", Value: component.If(insights, i.Key())},
		{Name: "MonitoringInterval", Value: component.If(interval > 0, component.Int(interval))},
		{Name: "MonitoringRoleArn", Value: component.If(interval > 0, jen.Id("monitoringRole").Dot("Arn"))},
		{Name: "EnabledCloudwatchLogsExports", Value: database.Names(i.LogExports)},
	}
}

// deletion are the arguments that say how easily the database goes. The name of the last snapshot is always there, so that
// it is in the state when the environment becomes a protected one.
func (i *instance) deletion() component.Fields {
	protected := i.Stack().Protected
	return component.Fields{
		{Name: "ApplyImmediately", Value: component.Bool(true)},
		{Name: "DeletionProtection", Value: component.Bool(database.Setting(i.DeletionProtection, protected))},
		{Name: "SkipFinalSnapshot", Value: component.Bool(!database.Setting(i.FinalSnapshot, protected))},
		{Name: "FinalSnapshotIdentifier", Value: database.FinalSnapshot(i.Builder, i.Engine.Type, i.Database.Name, i.Database.Username)},
	}
}
