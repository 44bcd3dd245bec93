package elasticacheredis

import (
	"fmt"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/database"
)

// group is the replication group being generated.
type group struct {
	*component.Builder
	specification
}

// identifier is the group's ID. ElastiCache turns cluster mode on in a group only by a detour and never off, so the two
// are different groups.
func (g *group) identifier() string {
	part := ""
	if g.ClusterMode {
		part = "cluster"
	}
	return component.PhysicalName(40, g.Stack(), g.Component(), part)
}

func (g *group) logs() (waitFor []string) {
	return database.Logs{
		Exports: g.LogExports, Prefix: "/aws/vendedlogs" + g.Path(), RetentionDays: g.Logging.RetentionDays,
	}.Add(g.Builder)
}

func (g *group) register(waitFor []string) {
	args := component.Fields{
		{Name: "ReplicationGroupId", Value: component.Str(g.identifier())},
		{Name: "Description", Value: component.Str(g.ID() + " of the stack " + g.Stack().Name + " in " + g.Stack().Environment)},
		{Name: "Engine", Value: component.Str(g.Engine.Type)},
		{Name: "EngineVersion", Value: component.Str(g.Engine.Version)},
		{Name: "AutoMinorVersionUpgrade", Value: component.If(g.upgrades(), component.Bool(g.Maintenance.AutoMinorVersionUpgrade))},
		{Name: "NodeType", Value: component.Str(g.NodeType)},
		{Name: "DataTieringEnabled", Value: component.If(g.DataTiering, component.Bool(true))},
	}
	args = append(args, g.size()...)
	args = append(args, component.Fields{
		{Name: "AutomaticFailoverEnabled", Value: component.Bool(g.failover())},
		{Name: "MultiAzEnabled", Value: component.Bool(g.multiAZ())},
		{Name: "Port", Value: component.Int(g.Port)},
		{Name: "SubnetGroupName", Value: jen.Id("subnets").Dot("Name")},
		{Name: "ParameterGroupName", Value: jen.Id("parameters").Dot("Name")},
		{Name: "SecurityGroupIds", Value: database.Guard()},
		{Name: "AtRestEncryptionEnabled", Value: component.Bool(true)},
		{Name: "KmsKeyId", Value: g.Key()},
		{Name: "TransitEncryptionEnabled", Value: component.Bool(true)},
		{Name: "AuthToken", Value: component.If(g.Auth.TokenSecret != nil, jen.Id("token"))},
		{Name: "AuthTokenUpdateStrategy", Value: component.If(g.Auth.TokenSecret != nil, component.Str("ROTATE"))},
		{Name: "UserGroupIds", Value: component.If(g.Auth.UserGroup != "", component.StrArray(component.Str(g.Auth.UserGroup)))},
		{Name: "MaintenanceWindow", Value: database.Window(g.Maintenance.Window)},
	}...)
	args = append(args, g.Snapshots.Args(g.Builder, "FinalSnapshotIdentifier", g.identifier(), strconv.Itoa(g.Port),
		strconv.FormatBool(g.DataTiering), g.Engine.Type, g.Engine.Version)...)
	args = append(args, component.Field{Name: "LogDeliveryConfigurations", Value: g.deliveries()},
		component.Field{Name: "ApplyImmediately", Value: component.Bool(true)})
	g.Resource(component.Resource{
		Var: "group", Type: "aws:elasticache/replicationGroup:ReplicationGroup", What: "replication group", Stateful: true,
		Source: g.Place("nodeType"), Args: args, Options: database.WaitFor(waitFor),
	})
}

// size is how many nodes there are. ElastiCache counts nodes without cluster mode, and shards and their replicas with it.
func (g *group) size() component.Fields {
	if !g.ClusterMode {
		return component.Fields{{Name: "NumCacheClusters", Value: component.Int(g.Replicas + 1)}}
	}
	return component.Fields{
		{Name: "NumNodeGroups", Value: component.Int(g.Shards)},
		{Name: "ReplicasPerNodeGroup", Value: component.Int(g.Replicas)},
	}
}

// nodes are the IDs of the nodes, which follow from the group's.
func (g *group) nodes() []string {
	var ids []string
	for shard := 1; shard <= g.Shards; shard++ {
		prefix := g.identifier()
		if g.ClusterMode {
			prefix += fmt.Sprintf("-%04d", shard)
		}
		for node := 1; node <= g.Replicas+1; node++ {
			ids = append(ids, fmt.Sprintf("%s-%03d", prefix, node))
		}
	}
	return ids
}

func (g *group) deliveries() jen.Code {
	var items []jen.Code
	for _, export := range g.LogExports {
		items = append(items, component.Struct(component.AWS("elasticache", "ReplicationGroupLogDeliveryConfigurationArgs"), component.Fields{
			{Name: "LogType", Value: component.Str(export)},
			{Name: "LogFormat", Value: component.Str("json")},
			{Name: "DestinationType", Value: component.Str("cloudwatch-logs")},
			{Name: "Destination", Value: jen.Id(database.LogVar(export)).Dot("Name")},
		}))
	}
	return component.If(len(items) > 0, component.List(component.AWS("elasticache", "ReplicationGroupLogDeliveryConfigurationArray"), items...))
}
