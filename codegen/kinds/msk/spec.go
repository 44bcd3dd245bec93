package msk

import (
	"cmp"
	"strings"

	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of an MSK, as the schema completes it.
type specification struct {
	Capacity       string         `yaml:"capacity"`
	Version        string         `yaml:"version"`
	Brokers        brokers        `yaml:"brokers"`
	Authentication authentication `yaml:"authentication"`
	Encryption     struct {
		KMSKeyARN    ir.Text `yaml:"kmsKeyArn"`
		ClientBroker string  `yaml:"clientBroker"`
	} `yaml:"encryption"`
	Configuration  map[string]ir.Text `yaml:"configuration"`
	Monitoring     string             `yaml:"monitoring"`
	OpenMonitoring struct {
		JMXExporter  bool `yaml:"jmxExporter"`
		NodeExporter bool `yaml:"nodeExporter"`
	} `yaml:"openMonitoring"`
	Logging struct {
		RetentionDays int `yaml:"retentionDays"`
	} `yaml:"logging"`
	DependsOn []string           `yaml:"dependsOn"` // in the graph already
	Tags      map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

type brokers struct {
	InstanceType string   `yaml:"instanceType"`
	Count        int      `yaml:"count"` // 0: one in each zone
	Zones        int      `yaml:"zones"` // 0: as many as the stack
	Storage      *storage `yaml:"storage"`
}

type storage struct {
	SizeGB         int  `yaml:"sizeGB"`
	MaxSizeGB      *int `yaml:"maxSizeGB"`
	ThroughputMBps *int `yaml:"throughputMBps"`
	Tiered         bool `yaml:"tiered"`
}

type authentication struct {
	IAM   bool `yaml:"iam"`
	SCRAM *struct {
		Secrets []string `yaml:"secrets"`
	} `yaml:"scram"`
	TLS *struct {
		CertificateAuthorityARNs []string `yaml:"certificateAuthorityArns"`
	} `yaml:"tls"`
	Unauthenticated bool `yaml:"unauthenticated"`
}

// decode reads a spec and, where a stack is given, fills in what depends on it.
func decode(stack *ir.Stack, c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	if s.Brokers.Storage == nil && !s.express() {
		s.Brokers.Storage = &storage{SizeGB: 100}
	}
	if stack != nil {
		s.Brokers.Zones = cmp.Or(s.Brokers.Zones, network.Zones(stack))
		s.Brokers.Count = cmp.Or(s.Brokers.Count, s.Brokers.Zones)
	}
	return s, ds
}

func (s specification) serverless() bool { return s.Capacity == "serverless" }

// express tells whether AWS keeps the brokers' disks.
func (s specification) express() bool { return strings.HasPrefix(s.Brokers.InstanceType, "express.") }

// zookeeper tells whether ZooKeeper keeps the cluster's own data. Releases from 4.0 on have none either; their names all
// end in .kraft.
func (s specification) zookeeper() bool {
	return !s.serverless() && s.Version != "" && !strings.HasSuffix(s.Version, ".kraft")
}

// way is one way in: how clients say who they are, the port for it, and the attribute of the cluster with the addresses.
type way struct {
	port      int
	addresses string
}

// ways are those that are open, the one that clients are pointed to first.
func (s specification) ways() []way {
	var all []way
	a := s.Authentication
	if a.IAM {
		all = append(all, way{9098, "BootstrapBrokersSaslIam"})
	}
	if a.SCRAM != nil {
		all = append(all, way{9096, "BootstrapBrokersSaslScram"})
	}
	if a.TLS != nil || a.Unauthenticated && s.Encryption.ClientBroker != "PLAINTEXT" {
		all = append(all, way{9094, "BootstrapBrokersTls"})
	}
	if a.Unauthenticated && s.Encryption.ClientBroker != "TLS" {
		all = append(all, way{9092, "BootstrapBrokers"})
	}
	return all
}
