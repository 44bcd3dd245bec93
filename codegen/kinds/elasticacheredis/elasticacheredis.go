// Package elasticacheredis generates ElastiCacheRedis: a replication group of Redis or Valkey, encrypted at rest and in
// transit, in private subnets, behind a security group that only the components which refer to it may enter.
//
// The group has a fixed name, since AWS replaces it only for what it cannot change; turning cluster mode on or off is
// such a change, and gives it another name. A new token takes effect beside the old one, which AWS forgets with the next
// change, so that clients are not locked out meanwhile. A log's group stands under /aws/vendedlogs, where AWS needs no
// entry for it in the account's one policy for log delivery.
package elasticacheredis

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/database"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/codegen/password"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of ElastiCacheRedis.
type Kind struct{}

// Name is ElastiCacheRedis.
func (Kind) Name() string { return "ElastiCacheRedis" }

// Stateful is true: what it holds may stand nowhere else.
func (Kind) Stateful() bool { return true }

// Outputs are where the cache is.
func (Kind) Outputs(*ir.Component) []component.Output {
	return []component.Output{
		{Name: "endpoint", Type: component.StringOutput},
		{Name: "port", Type: component.IntOutput},
		{Name: "readerEndpoint", Type: component.StringOutput},
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

// OwnKey is kmsKeyArn.
func (Kind) OwnKey(c *ir.Component) ir.Text {
	if key := c.Spec.Get("kmsKeyArn"); key != nil {
		return key.Text
	}
	return nil
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if _, set := s.Parameters[clusterEnabled]; set {
		ds.Add(diag.Errorf(b.Place("parameters", clusterEnabled), component.Code,
			"clusterMode says whether the parameter %s is on", clusterEnabled))
	}
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	g := &group{Builder: b, specification: s}
	b.Version(ir.Literal(s.Engine.Type + " " + s.Engine.Version))
	if secret := s.Auth.TokenSecret; secret != nil {
		password.Read(b, password.Secret{Spec: *secret, Var: "token"})
	}
	database.Access(b, "cache")
	database.SubnetGroup(b, "elasticache")
	database.ParameterGroup(b, "elasticache", "ParameterGroup", s.family(), s.parameters())
	g.register(g.logs())
	g.alarms()
	g.outputs()
}

func (g *group) outputs() {
	endpoint, reader := "PrimaryEndpointAddress", "ReaderEndpointAddress"
	if g.ClusterMode {
		endpoint, reader = "ConfigurationEndpointAddress", "ConfigurationEndpointAddress"
	}
	g.Output("endpoint", jen.Id("group").Dot(endpoint))
	g.Output("port", jen.Id("group").Dot("Port").Dot("Elem").Call())
	g.Output("readerEndpoint", jen.Id("group").Dot(reader))
	g.Output("securityGroupId", network.ID("securityGroup"))
}
