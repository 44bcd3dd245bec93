// Package elasticachememcached generates ElastiCacheMemcached: a cluster of Memcached nodes, encrypted in transit, in
// private subnets, behind a security group that only the components which refer to it may enter.
//
// Nothing in it lasts: AWS empties the nodes for most changes anyway. So what AWS cannot change in place, a new version
// included, makes a new cluster under another name before the old one goes, and its clients are never without one.
package elasticachememcached

import (
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/database"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of ElastiCacheMemcached.
type Kind struct{}

// Name is ElastiCacheMemcached.
func (Kind) Name() string { return "ElastiCacheMemcached" }

// Outputs are where the cache is.
func (Kind) Outputs(*ir.Component) []component.Output {
	return []component.Output{
		{Name: "endpoint", Type: component.StringOutput},
		{Name: "port", Type: component.IntOutput},
		{Name: "securityGroupId", Type: component.StringOutput},
	}
}

// Entry is the cache's security group at its port.
func (Kind) Entry(c *ir.Component) (component.Entry, bool) {
	s, ds := decode(c)
	if ds.HasErrors() {
		return component.Entry{}, false
	}
	return component.Entry{SecurityGroup: "securityGroupId", Ports: []int{s.Port}}, true
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	b.Version(ir.Literal("memcached " + s.EngineVersion))
	database.Access(b, "cache")
	database.SubnetGroup(b, "elasticache")
	database.ParameterGroup(b, "elasticache", "ParameterGroup", s.family(), database.Parameters(s.Parameters, ""))
	cluster(b, s)
	alarms(b, s)
	b.Output("endpoint", jen.Id("cluster").Dot("ClusterAddress"))
	b.Output("port", jen.Id("cluster").Dot("Port"))
	b.Output("securityGroupId", network.ID("securityGroup"))
}

// cluster registers the nodes. Its name changes with all that replaces it.
func cluster(b *component.Builder, s specification) {
	zones := "single-az"
	if s.MultiAZ {
		zones = "cross-az"
	}
	b.Resource(component.Resource{
		Var: "cluster", Type: "aws:elasticache/cluster:Cluster", What: "cluster", Source: b.Place("nodeType"),
		Args: component.Fields{
			{Name: "ClusterId", Value: b.Salted(50, "", b.NetworkSalt(), s.EngineVersion, s.NodeType, strconv.Itoa(s.Port),
				strconv.FormatBool(s.TransitEncryption), zones)},
			{Name: "Engine", Value: component.Str("memcached")},
			{Name: "EngineVersion", Value: component.Str(s.EngineVersion)},
			{Name: "NodeType", Value: component.Str(s.NodeType)},
			{Name: "NumCacheNodes", Value: component.Int(s.Nodes)},
			{Name: "AzMode", Value: component.Str(zones)},
			{Name: "Port", Value: component.Int(s.Port)},
			{Name: "SubnetGroupName", Value: jen.Id("subnets").Dot("Name")},
			{Name: "ParameterGroupName", Value: jen.Id("parameters").Dot("Name")},
			{Name: "SecurityGroupIds", Value: database.Guard()},
			{Name: "TransitEncryptionEnabled", Value: component.If(s.TransitEncryption, component.Bool(true))},
			{Name: "MaintenanceWindow", Value: database.Window(s.Maintenance.Window)},
			{Name: "ApplyImmediately", Value: component.Bool(true)},
		},
		Options: []jen.Code{component.CreateFirst()},
	})
}

// alarms watch the worst node. There is none on memory, which Memcached fills and keeps full by design: that there is too
// little of it shows in what it throws out.
func alarms(b *component.Builder, s specification) {
	limits, source := alarm.For(b).Thresholds.Cache, b.Place("nodeType")
	metric := func(name, statistic string) alarm.Metric {
		return alarm.Metric{
			Namespace: "AWS/ElastiCache", Name: name, Statistic: statistic,
			Dimensions: component.Fields{{Name: "CacheClusterId", Value: jen.Id("cluster").Dot("ClusterId")}},
		}
	}
	alarm.Add(b,
		alarm.Alarm{
			Part: "cpu", Description: "A node of the cache " + b.ID() + " uses much of its CPU", Metric: metric("CPUUtilization", "Maximum"),
			Comparison: alarm.AtLeast, Threshold: limits.CPUPercent, Source: source,
		},
		alarm.Alarm{
			Part: "evictions", Description: "The cache " + b.ID() + " throws out entries for want of memory", Metric: metric("Evictions", "Sum"),
			Comparison: alarm.AtLeast, Threshold: float64(limits.Evictions), SilenceIsWell: true, Source: source,
		},
	)
}

// family is the parameter group family, such as memcached1.6.
func (s specification) family() string {
	parts := strings.Split(s.EngineVersion, ".")
	return "memcached" + strings.Join(parts[:min(2, len(parts))], ".")
}
