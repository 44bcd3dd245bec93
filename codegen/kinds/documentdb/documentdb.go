// Package documentdb generates DocumentDB: a cluster with its instances, encrypted at rest and in transit, in private
// subnets, behind a security group that only the components which refer to it may enter.
//
// The cluster and its instances have fixed names, since a database is never replaced lightly. The password is read from
// its secret when the program runs. Exported logs are switched on by the cluster's parameters too, without which AWS
// would export nothing. IAM has no part in who may read and write: the users of the database have.
package documentdb

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/database"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/codegen/password"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of DocumentDB.
type Kind struct{}

// Name is DocumentDB.
func (Kind) Name() string { return "DocumentDB" }

// Stateful is true: a database holds data.
func (Kind) Stateful() bool { return true }

// Outputs are where the database is.
func (Kind) Outputs(*ir.Component) []component.Output {
	return []component.Output{
		{Name: "arn", Type: component.StringOutput},
		{Name: "endpoint", Type: component.StringOutput},
		{Name: "port", Type: component.IntOutput},
		{Name: "readerEndpoint", Type: component.StringOutput},
		{Name: "securityGroupId", Type: component.StringOutput},
	}
}

// Entry is the cluster's security group at its port.
func (Kind) Entry(c *ir.Component) (component.Entry, bool) {
	s, ds := decode(c)
	if ds.HasErrors() {
		return component.Entry{}, false
	}
	return component.Entry{SecurityGroup: "securityGroupId", Ports: []int{s.Database.Port}}, true
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
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	c := &cluster{Builder: b, specification: s}
	c.checkExports()
	b.Version(ir.Literal("DocumentDB " + s.EngineVersion))
	secret := s.Database.PasswordSecret
	secret.Source = b.Place("database", "passwordSecret", "ref")
	password.Read(b, password.Secret{Spec: secret, Var: "password"})
	database.Access(b, "database")
	database.SubnetGroup(b, "docdb")
	database.ParameterGroup(b, "docdb", "ClusterParameterGroup", s.family(), s.parameters())
	c.register(c.logs())
	c.instances()
	c.alarms()
	c.outputs()
}

func (c *cluster) outputs() {
	at := func(field string) jen.Code {
		return component.Pulumi("Sprintf").Call(jen.Lit("%s:%d"), jen.Id("cluster").Dot(field), c.port())
	}
	c.Output("arn", jen.Id("cluster").Dot("Arn"))
	c.Output("endpoint", at("Endpoint"))
	c.Output("port", c.port())
	c.Output("readerEndpoint", at("ReaderEndpoint"))
	c.Output("securityGroupId", network.ID("securityGroup"))
}

func (c *cluster) port() jen.Code { return jen.Id("cluster").Dot("Port").Dot("Elem").Call() }
