package nlb

import (
	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of an NLB, as the schema completes it.
type specification struct {
	Scheme             string              `yaml:"scheme"`
	Routes             []balance.NLBRoute  `yaml:"routes"`
	AllowFrom          []string            `yaml:"allowFrom"`
	IPAddressType      string              `yaml:"ipAddressType"`
	ElasticIPIDs       []string            `yaml:"elasticIpIds"`
	CrossZone          bool                `yaml:"crossZone"`
	AccessLogs         *balance.AccessLogs `yaml:"accessLogs"`
	DeletionProtection *bool               `yaml:"deletionProtection"`
	DependsOn          []string            `yaml:"dependsOn"` // in the graph already
	Tags               map[string]ir.Text  `yaml:"tags"`      // laid on by the builder
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}

// ports are those that it listens on.
func (s specification) ports() []network.Port {
	var ports []network.Port
	for _, route := range s.Routes {
		for _, transport := range route.Transports() {
			ports = append(ports, network.Port{Protocol: transport, Port: route.Port})
		}
	}
	return ports
}
