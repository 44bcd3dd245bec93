// Package rds generates RDS: one database instance, encrypted at rest and in transit, in private subnets, behind a
// security group that only the components which refer to it may enter.
//
// The instance has a fixed name, since a database is never replaced lightly. The password is read from its secret when
// the program runs; neither the generated code nor the plan holds it, and the state keeps it encrypted. Users that log in
// with an IAM identity (iamUsers) have no password: a component that refers to the database may log in as those of its
// access. The users themselves, and what they may do, are made in the database.
package rds

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/database"
	"github.com/panka-io/panka/codegen/password"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of RDS.
type Kind struct{}

// Name is RDS.
func (Kind) Name() string { return "RDS" }

// Stateful is true: a database holds data.
func (Kind) Stateful() bool { return true }

// loginARN is the internal output with the ARN that stands before the names of users in policies.
const loginARN = "loginArn"

// Outputs are where the database is and what it is called.
func (Kind) Outputs(c *ir.Component) []component.Output {
	outputs := []component.Output{
		{Name: "address", Type: component.StringOutput},
		{Name: "arn", Type: component.StringOutput},
		{Name: "databaseName", Type: component.StringOutput},
		{Name: "endpoint", Type: component.StringOutput},
		{Name: "port", Type: component.IntOutput},
		{Name: "securityGroupId", Type: component.StringOutput},
	}
	if s, ds := decode(c); !ds.HasErrors() && len(s.IAMUsers) > 0 {
		outputs = append(outputs, component.Output{Name: loginARN, Type: component.StringOutput, Internal: true})
	}
	return outputs
}

// Entry is the database's security group at its port.
func (Kind) Entry(c *ir.Component) (component.Entry, bool) {
	s, ds := decode(c)
	if ds.HasErrors() {
		return component.Entry{}, false
	}
	return component.Entry{SecurityGroup: "securityGroupId", Ports: []int{s.port()}}, true
}

// Grants let a component log in as the users of its access, if the database has any.
func (Kind) Grants(c *ir.Component, access string) []component.Grant {
	s, ds := decode(c)
	if ds.HasErrors() {
		return nil
	}
	var users []component.Target
	for _, user := range s.IAMUsers {
		if (user.Access == "read") == (access == "read") {
			users = append(users, component.Target{Output: loginARN, Suffix: "/" + user.Name})
		}
	}
	if len(users) == 0 {
		return nil
	}
	return []component.Grant{{Actions: []string{"rds-db:connect"}, On: users}}
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
	b.Version(ir.Literal(s.Engine.Type + " " + s.Engine.Version))
	secret := s.Database.PasswordSecret
	secret.Source = b.Place("database", "passwordSecret", "ref")
	password.Read(b, password.Secret{Spec: secret, Var: "password"})
	database.Access(b, "database")
	database.SubnetGroup(b, "rds")
	database.ParameterGroup(b, "rds", "ParameterGroup", s.family(), s.parameters())
	i := &instance{Builder: b, specification: s}
	waitFor := append(i.logs(), i.monitoringRole()...)
	i.register(waitFor)
	i.alarms()
	i.outputs()
}

func (i *instance) outputs() {
	db := func(field string) jen.Code { return jen.Id("instance").Dot(field) }
	i.Output("address", db("Address"))
	i.Output("arn", db("Arn"))
	i.Output("databaseName", db("DbName"))
	i.Output("endpoint", db("Endpoint"))
	i.Output("port", db("Port"))
	i.Output("securityGroupId", jen.Id("securityGroup").Dot("ID").Call())
	if len(i.IAMUsers) > 0 {
		i.Output(loginARN, component.Pulumi("Sprintf").Call(
			jen.Lit("arn:"+component.Partition(i.Stack().Region)+":rds-db:"+i.Stack().Region+":%s:dbuser:%s"),
			jen.Id("base").Dot("accountID"), db("ResourceId")))
	}
}
