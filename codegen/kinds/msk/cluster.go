package msk

import (
	"maps"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/ir"
)

func args(name string, fields component.Fields) jen.Code {
	return component.Struct(component.AWS("msk", name+"Args"), fields)
}

// maxName is how long MSK lets a cluster's name be.
const maxName = 64

func (c cluster) logGroup() {
	c.Resource(component.Resource{
		Var: "logs", Type: "aws:cloudwatch/logGroup:LogGroup", Part: "logs", What: "log group", Source: c.Place("logging"),
		Args: component.Fields{
			{Name: "Name", Value: component.Str(c.Path())},
			{Name: "RetentionInDays", Value: component.Int(c.Logging.RetentionDays)},
			// The YAML's own key, if there is one, is for messages: its policy need not know of logs.
			{Name: "KmsKeyId", Value: component.If(component.StackHasKey(c.Stack()), jen.Id("base").Dot("kmsKeyARN"))},
		},
	})
}

// configuration are the brokers' settings, sorted by name.
func (c cluster) configuration() {
	settings := maps.Clone(c.Configuration)
	if settings == nil {
		settings = map[string]ir.Text{}
	}
	const automatic = "auto.create.topics.enable"
	if _, set := settings[automatic]; !set {
		settings[automatic] = ir.Literal("false") // as it is without a configuration
	}
	var text ir.Text
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		text = append(text, ir.Part{Literal: name + "="})
		text = append(append(text, settings[name]...), ir.Part{Literal: "\n"})
	}
	c.Resource(component.Resource{
		Var: "settings", Type: "aws:msk/configuration:Configuration", Part: "settings", What: "configuration", Source: c.Place("configuration"),
		Args: component.Fields{
			{Name: "Name", Value: c.Physical(255, "")},
			{Name: "ServerProperties", Value: c.Text(text)},
		},
	})
}

// provisioned is a cluster with brokers of a chosen size.
func (c cluster) provisioned() {
	mode := "LOCAL"
	if c.Brokers.Storage != nil && c.Brokers.Storage.Tiered {
		mode = "TIERED"
	}
	var options []jen.Code
	if c.Brokers.Storage != nil && c.Brokers.Storage.MaxSizeGB != nil { // then AWS makes them larger
		options = []jen.Code{component.Pulumi("IgnoreChanges").Call(
			component.Strings("brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"))}
	}
	c.Resource(component.Resource{
		Var: "cluster", Type: "aws:msk/cluster:Cluster", What: "cluster", Stateful: true, Source: c.Place("brokers"), Options: options,
		Args: component.Fields{
			{Name: "ClusterName", Value: c.Physical(maxName, "")},
			{Name: "KafkaVersion", Value: component.Str(c.specification.Version)},
			{Name: "NumberOfBrokerNodes", Value: component.Int(c.Brokers.Count)},
			{Name: "BrokerNodeGroupInfo", Value: args("ClusterBrokerNodeGroupInfo", component.Fields{
				{Name: "InstanceType", Value: component.Str(c.Brokers.InstanceType)},
				{Name: "ClientSubnets", Value: c.subnets()},
				{Name: "SecurityGroups", Value: component.StrArray(jen.Id("securityGroup").Dot("ID").Call())},
				{Name: "StorageInfo", Value: c.disks()},
			})},
			{Name: "StorageMode", Value: component.If(!c.express(), component.Str(mode))},
			{Name: "ConfigurationInfo", Value: args("ClusterConfigurationInfo", component.Fields{
				{Name: "Arn", Value: jen.Id("settings").Dot("Arn")},
				{Name: "Revision", Value: jen.Id("settings").Dot("LatestRevision")},
			})},
			{Name: "ClientAuthentication", Value: c.clientAuthentication()},
			{Name: "EncryptionInfo", Value: args("ClusterEncryptionInfo", component.Fields{
				{Name: "EncryptionAtRestKmsKeyArn", Value: c.Key()},
				{Name: "EncryptionInTransit", Value: args("ClusterEncryptionInfoEncryptionInTransit", component.Fields{
					{Name: "ClientBroker", Value: component.Str(c.Encryption.ClientBroker)},
					{Name: "InCluster", Value: component.Bool(true)},
				})},
			})},
			{Name: "EnhancedMonitoring", Value: component.Str(c.Monitoring)},
			{Name: "OpenMonitoring", Value: c.exporters()},
			{Name: "LoggingInfo", Value: args("ClusterLoggingInfo", component.Fields{
				{Name: "BrokerLogs", Value: args("ClusterLoggingInfoBrokerLogs", component.Fields{
					{Name: "CloudwatchLogs", Value: args("ClusterLoggingInfoBrokerLogsCloudwatchLogs", component.Fields{
						{Name: "Enabled", Value: component.Bool(true)},
						{Name: "LogGroup", Value: jen.Id("logs").Dot("Name")},
					})},
				})},
			})},
		},
	})
}

// subnets are one for each zone: all that the network has, or the first of them. They stay the same, as AWS cannot move a
// cluster.
func (c cluster) subnets() jen.Code {
	all := jen.Id("base").Dot("privateSubnetIDs")
	if c.Brokers.Zones == network.Zones(c.Stack()) {
		return all
	}
	var first []jen.Code
	for i := range c.Brokers.Zones {
		first = append(first, all.Clone().Dot("Index").Call(component.Int(i)))
	}
	return component.StrArray(first...)
}

func (c cluster) disks() jen.Code {
	s := c.Brokers.Storage
	if s == nil {
		return nil
	}
	var throughput jen.Code
	if s.ThroughputMBps != nil {
		throughput = args("ClusterBrokerNodeGroupInfoStorageInfoEbsStorageInfoProvisionedThroughput", component.Fields{
			{Name: "Enabled", Value: component.Bool(true)},
			{Name: "VolumeThroughput", Value: component.Int(*s.ThroughputMBps)},
		})
	}
	return args("ClusterBrokerNodeGroupInfoStorageInfo", component.Fields{
		{Name: "EbsStorageInfo", Value: args("ClusterBrokerNodeGroupInfoStorageInfoEbsStorageInfo", component.Fields{
			{Name: "VolumeSize", Value: component.Int(s.SizeGB)},
			{Name: "ProvisionedThroughput", Value: throughput},
		})},
	})
}

func (c cluster) clientAuthentication() jen.Code {
	a := c.Authentication
	var tls jen.Code
	if a.TLS != nil {
		var arns []jen.Code
		for _, arn := range a.TLS.CertificateAuthorityARNs {
			arns = append(arns, component.Str(arn))
		}
		tls = args("ClusterClientAuthenticationTls", component.Fields{{Name: "CertificateAuthorityArns", Value: component.StrArray(arns...)}})
	}
	return args("ClusterClientAuthentication", component.Fields{
		{Name: "Sasl", Value: args("ClusterClientAuthenticationSasl", component.Fields{
			{Name: "Iam", Value: component.Bool(a.IAM)},
			{Name: "Scram", Value: component.Bool(a.SCRAM != nil)},
		})},
		{Name: "Tls", Value: tls},
		{Name: "Unauthenticated", Value: component.Bool(a.Unauthenticated)},
	})
}

func (c cluster) exporters() jen.Code {
	jmx, node := c.OpenMonitoring.JMXExporter, c.OpenMonitoring.NodeExporter
	if !jmx && !node {
		return nil
	}
	return args("ClusterOpenMonitoring", component.Fields{{Name: "Prometheus", Value: args("ClusterOpenMonitoringPrometheus", component.Fields{
		{Name: "JmxExporter", Value: args("ClusterOpenMonitoringPrometheusJmxExporter", component.Fields{
			{Name: "EnabledInBroker", Value: component.Bool(jmx)},
		})},
		{Name: "NodeExporter", Value: args("ClusterOpenMonitoringPrometheusNodeExporter", component.Fields{
			{Name: "EnabledInBroker", Value: component.Bool(node)},
		})},
	})}})
}

// secrets gives the cluster the secrets with the names and passwords of its clients, which AWS reads.
func (c cluster) secrets() {
	if c.Authentication.SCRAM == nil {
		return
	}
	refs := slices.Compact(slices.Sorted(slices.Values(c.Authentication.SCRAM.Secrets)))
	source := c.Place("authentication", "scram", "secrets")
	lookup, arns := []jen.Code{jen.Id("ctx")}, []jen.Code{}
	for _, ref := range refs {
		c.Secret(ref, source)
		if strings.HasPrefix(ref, "arn:") {
			arns = append(arns, component.Str(ref))
			continue
		}
		lookup = append(lookup, jen.Lit(ref))
		arns = append(arns, component.Pulumi("String").Call(jen.Id("secrets").Index(jen.Lit(ref))))
	}
	if len(lookup) > 1 {
		c.LookUpSecrets()
		c.Statement(jen.List(jen.Id("secrets"), jen.Err()).Op(":=").Id("secretARNs").Call(lookup...), c.Check("secrets"), jen.Line())
	}
	c.Resource(component.Resource{
		Type: "aws:msk/scramSecretAssociation:ScramSecretAssociation", Part: "secrets", What: "clients' secrets", Source: source,
		Args: component.Fields{
			{Name: "ClusterArn", Value: jen.Id("cluster").Dot("Arn")},
			{Name: "SecretArnLists", Value: component.StrArray(arns...)},
		},
	})
}

// serverlessCluster is a cluster that AWS sizes.
func (c cluster) serverlessCluster() {
	c.Resource(component.Resource{
		Var: "cluster", Type: "aws:msk/serverlessCluster:ServerlessCluster", What: "cluster", Stateful: true, Source: c.Place("capacity"),
		Args: component.Fields{
			{Name: "ClusterName", Value: c.Physical(maxName, "")},
			{Name: "VpcConfigs", Value: component.List(component.AWS("msk", "ServerlessClusterVpcConfigArray"),
				args("ServerlessClusterVpcConfig", component.Fields{
					{Name: "SubnetIds", Value: jen.Id("base").Dot("privateSubnetIDs")},
					{Name: "SecurityGroupIds", Value: component.StrArray(jen.Id("securityGroup").Dot("ID").Call())},
				}))},
			{Name: "ClientAuthentication", Value: args("ServerlessClusterClientAuthentication", component.Fields{
				{Name: "Sasl", Value: args("ServerlessClusterClientAuthenticationSasl", component.Fields{
					{Name: "Iam", Value: args("ServerlessClusterClientAuthenticationSaslIam", component.Fields{
						{Name: "Enabled", Value: component.Bool(true)},
					})},
				})},
			})},
		},
	})
}
