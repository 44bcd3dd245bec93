package foundation

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/compiler/ir"
)

// cluster is the ECS cluster that all containers of the stack run in; an empty one costs nothing. key encrypts its logs,
// nil for CloudWatch's own key.
func cluster(b *component.Builder, n networking, key jen.Code) Fields {
	insights := "disabled"
	if v := b.Stack().Observability.Get("containerInsights"); v != nil {
		insights = v.Text.String()
	}
	b.Resource(component.Resource{
		Var: "cluster", Type: "aws:ecs/cluster:Cluster", Part: "cluster", What: "cluster",
		Args: Fields{
			{Name: "Name", Value: component.Str(container.ClusterName(b.Stack()))},
			{Name: "Settings", Value: component.List(component.AWS("ecs", "ClusterSettingArray"),
				component.Struct(component.AWS("ecs", "ClusterSettingArgs"), Fields{
					{Name: "Name", Value: component.Str("containerInsights")},
					{Name: "Value", Value: component.Str(insights)},
				}))},
			{Name: "Configuration", Value: sessions(b, n, key)},
		},
	})
	return Fields{
		{Name: "clusterARN", Value: jen.Id("cluster").Dot("Arn")},
		{Name: "clusterName", Value: jen.Id("cluster").Dot("Name")},
	}
}

// path is the name of a log of the foundation's own.
func path(stack *ir.Stack, part string) string {
	return "/panka/" + stack.Name + "/" + stack.Environment + "/" + part
}

// sessions sends what is typed in sessions of ECS Exec to a log of its own; ECS itself puts it into the container's.
func sessions(b *component.Builder, n networking, key jen.Code) jen.Code {
	if !n.Cluster.ExecuteCommandLogs {
		return nil
	}
	days := 30
	if v := b.Stack().Observability.Get("logs", "retentionDays"); v != nil {
		days = int(v.Number)
	}
	b.Resource(component.Resource{
		Var: "sessions", Type: "aws:cloudwatch/logGroup:LogGroup", Part: "sessions", What: "log group of sessions",
		Source: b.Place("cluster", "executeCommandLogs"),
		Args: Fields{
			{Name: "Name", Value: component.Str(path(b.Stack(), "sessions"))},
			{Name: "RetentionInDays", Value: component.Int(days)},
			{Name: "KmsKeyId", Value: key},
		},
	})
	return component.Struct(component.AWS("ecs", "ClusterConfigurationArgs"), Fields{
		{Name: "ExecuteCommandConfiguration", Value: component.Struct(component.AWS("ecs", "ClusterConfigurationExecuteCommandConfigurationArgs"), Fields{
			{Name: "Logging", Value: component.Str("OVERRIDE")},
			{Name: "LogConfiguration", Value: component.Struct(component.AWS("ecs", "ClusterConfigurationExecuteCommandConfigurationLogConfigurationArgs"), Fields{
				{Name: "CloudWatchLogGroupName", Value: jen.Id("sessions").Dot("Name")},
				{Name: "CloudWatchEncryptionEnabled", Value: component.If(key != nil, component.Bool(true))},
			})},
		})},
	})
}

// namespace is the stack's zone of private names, if the Networking document names one.
func namespace(b *component.Builder, n networking, vpcID jen.Code) Fields {
	if n.ServiceDiscovery == nil {
		return nil
	}
	b.Resource(component.Resource{
		Var: "names", Type: "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace", Part: "names", What: "namespace",
		Source: b.Place("serviceDiscovery"),
		Args: Fields{
			{Name: "Name", Value: component.Str(n.ServiceDiscovery.Namespace)},
			{Name: "Description", Value: component.Str("Private names of the stack " + b.Stack().Name + " in " + b.Stack().Environment)},
			{Name: "Vpc", Value: vpcID},
		},
	})
	return Fields{{Name: "namespaceID", Value: id("names").Dot("ToStringOutput").Call()}}
}
