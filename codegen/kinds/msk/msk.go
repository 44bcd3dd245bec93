// Package msk generates MSK: a Kafka cluster of AWS's, with brokers of a chosen size or serverless, encrypted at rest and in
// transit, in private subnets, behind a security group that only the components which refer to it may enter, at the ports
// of the ways in that are open.
//
// Clients that use IAM are granted what their access says, on all topics and groups of the cluster. With several ways
// in, bootstrapBrokers has the addresses of the first of IAM, SCRAM, certificates, and no authentication.
//
// A provisioned cluster always has a configuration, as AWS cannot take one away again; what the YAML does not set is as
// MSK has it. Disks only grow, by the YAML or, with maxSizeGB, by themselves.
package msk

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of MSK.
type Kind struct{}

// Name is MSK.
func (Kind) Name() string { return "MSK" }

// Stateful is true: a cluster holds messages.
func (Kind) Stateful() bool { return true }

// The internal outputs: the ARNs that those of the cluster's topics, groups and transactions begin with.
const (
	topicsARN       = "topicsArn"
	groupsARN       = "groupsArn"
	transactionsARN = "transactionsArn"
)

// Outputs are where the cluster is; zookeeperConnect only where there is a ZooKeeper.
func (Kind) Outputs(c *ir.Component) []component.Output {
	text := func(name string, internal bool) component.Output {
		return component.Output{Name: name, Type: component.StringOutput, Internal: internal}
	}
	outputs := []component.Output{text("arn", false), text("bootstrapBrokers", false)}
	s, ds := decode(nil, c)
	if s.Authentication.IAM {
		outputs = append(outputs, text(groupsARN, true))
	}
	outputs = append(outputs, text("securityGroupId", false))
	if s.Authentication.IAM {
		outputs = append(outputs, text(topicsARN, true), text(transactionsARN, true))
	}
	if !ds.HasErrors() && s.zookeeper() {
		outputs = append(outputs, text("zookeeperConnect", false))
	}
	return outputs
}

// Entry is the cluster's security group at the ports of the ways in, and at ZooKeeper's for TLS.
func (Kind) Entry(c *ir.Component) (component.Entry, bool) {
	s, ds := decode(nil, c)
	if ds.HasErrors() {
		return component.Entry{}, false
	}
	entry := component.Entry{SecurityGroup: "securityGroupId"}
	for _, w := range s.ways() {
		entry.Ports = append(entry.Ports, w.port)
	}
	if s.zookeeper() {
		entry.Ports = append(entry.Ports, 2182)
	}
	return entry, true
}

// OwnKey is the key of the YAML.
func (Kind) OwnKey(c *ir.Component) ir.Text {
	if key := c.Spec.Get("encryption", "kmsKeyArn"); key != nil {
		return key.Text
	}
	return nil
}

// Grants are what consumers and producers do that use IAM: what they send and get is Kafka's own protocol, which KMS has
// no part in.
func (Kind) Grants(c *ir.Component, access string) []component.Grant {
	s, ds := decode(nil, c)
	if ds.HasErrors() || !s.Authentication.IAM {
		return nil
	}
	cluster := []string{"kafka-cluster:Connect", "kafka-cluster:DescribeCluster"}
	topic := []string{"kafka-cluster:DescribeTopic", "kafka-cluster:DescribeTopicDynamicConfiguration"}
	if access != "read" {
		cluster = append(cluster, "kafka-cluster:WriteDataIdempotently")
		topic = append(topic, "kafka-cluster:WriteData")
	}
	if access != "write" {
		topic = append(topic, "kafka-cluster:ReadData")
	}
	grants := []component.Grant{
		{Actions: cluster, On: []component.Target{{Output: "arn"}}},
		{Actions: topic, On: []component.Target{{Output: topicsARN, Suffix: "/*"}}},
	}
	if access != "write" {
		grants = append(grants, component.Grant{
			Actions: []string{"kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"},
			On:      []component.Target{{Output: groupsARN, Suffix: "/*"}},
		})
	}
	if access != "read" {
		grants = append(grants, component.Grant{
			Actions: []string{"kafka-cluster:AlterTransactionalId", "kafka-cluster:DescribeTransactionalId"},
			On:      []component.Target{{Output: transactionsARN, Suffix: "/*"}},
		})
	}
	return grants
}

// cluster is an MSK being generated.
type cluster struct {
	*component.Builder
	specification
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Stack(), b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	c := cluster{Builder: b, specification: s}
	if !c.check() {
		return
	}
	b.SecurityGroup("securityGroup", "access", "Who may connect to the cluster", b.Component().Source)
	if s.serverless() {
		b.Version(ir.Literal("serverless"))
		c.serverlessCluster()
	} else {
		b.Version(ir.Literal("kafka " + s.Version))
		c.logGroup()
		c.configuration()
		c.provisioned()
		c.secrets()
		c.growth()
		c.alarms()
	}
	c.outputs()
}

// check reports what AWS would refuse.
func (c cluster) check() bool {
	if c.serverless() && c.Encryption.KMSKeyARN != nil {
		c.Fail(diag.Errorf(c.Place("encryption", "kmsKeyArn"), component.Code,
			"%s is serverless, and AWS encrypts those with a key of its own", c.ID()).WithHint("leave out encryption.kmsKeyArn"))
		return false
	}
	b := c.Brokers
	switch zones := network.Zones(c.Stack()); {
	case c.serverless():
	case zones < b.Zones:
		c.Fail(diag.Errorf(c.Place("brokers", "zones"), component.Code,
			"the brokers of %s are in %d availability zones, and the network has %d", c.ID(), b.Zones, zones).
			WithHint("set vpc.availabilityZones: 3 in the Networking document, or brokers.zones: 2 and an even number of brokers"))
		return false
	case c.express() && b.Zones != 3:
		c.Fail(diag.Errorf(c.Place("brokers", "instanceType"), component.Code,
			"express brokers need three availability zones, and the network has %d", zones).
			WithHint("set vpc.availabilityZones: 3 in the Networking document"))
		return false
	case b.Count%b.Zones != 0:
		c.Fail(diag.Errorf(c.Place("brokers", "count"), component.Code,
			"%d brokers cannot be spread evenly over the %d availability zones of the network", b.Count, b.Zones).
			WithHint("choose a multiple of %d", b.Zones))
		return false
	case c.Stack().Protected && b.Count < 3:
		c.Fail(diag.Errorf(c.Place("brokers"), component.Code,
			"%d brokers, one in each availability zone, keep at most %d copies of a message, and take no more when one of them fails", b.Count, b.Count).
			WithHint("set brokers.count: 4, or vpc.availabilityZones: 3 in the Networking document"))
		return false
	}
	if size := c.Brokers.Storage; size != nil && size.ThroughputMBps != nil && size.SizeGB < 10 {
		c.Fail(diag.Errorf(c.Place("brokers", "storage", "throughputMBps"), component.Code,
			"provisioned throughput takes disks of at least 10 GiB, and those of %s have %d", c.ID(), size.SizeGB).
			WithHint("set storage.sizeGB: 10 or more"))
		return false
	}
	return true
}

func (c cluster) outputs() {
	of := func(field string) jen.Code { return jen.Id("cluster").Dot(field) }
	c.Output("arn", of("Arn"))
	c.Output("bootstrapBrokers", of(c.ways()[0].addresses))
	c.Output("securityGroupId", jen.Id("securityGroup").Dot("ID").Call())
	if c.zookeeper() {
		c.Output("zookeeperConnect", of("ZookeeperConnectStringTls"))
	}
	if !c.Authentication.IAM {
		return
	}
	c.Statement(jen.Id("inside").Op(":=").Func().Params(jen.Id("resource").String()).Add(component.Pulumi("StringOutput")).Block(
		jen.Return(jen.Id("cluster").Dot("Arn").Dot("ApplyT").Call(jen.Func().Params(jen.Id("arn").String()).String().Block(
			jen.Return(jen.Qual("strings", "Replace").Call(jen.Id("arn"), jen.Lit(":cluster/"), jen.Lit(":").Op("+").Id("resource").Op("+").Lit("/"), jen.Lit(1))),
		)).Assert(component.Pulumi("StringOutput"))),
	), jen.Line())
	c.Output(groupsARN, jen.Id("inside").Call(jen.Lit("group")))
	c.Output(topicsARN, jen.Id("inside").Call(jen.Lit("topic")))
	c.Output(transactionsARN, jen.Id("inside").Call(jen.Lit("transactional-id")))
}
