// Package awsmemorydb generates AWSMemoryDB: a cluster of MemoryDB with its users and the access control list that lets
// them in, encrypted at rest and in transit, in private subnets, behind a security group that only the components which
// refer to it may enter.
//
// The cluster has a fixed name, since a database is never replaced lightly. Passwords are read from their secrets when
// the program runs. A component that refers to the database may log in as its users with authentication iam: one that
// only reads as those that may only read, one that writes as the others.
package awsmemorydb

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/database"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of AWSMemoryDB.
type Kind struct{}

// Name is AWSMemoryDB.
func (Kind) Name() string { return "AWSMemoryDB" }

// Stateful is true: a database holds data.
func (Kind) Stateful() bool { return true }

// usersARN is the internal output with the ARN that stands before the names of users.
const usersARN = "usersArn"

// Outputs are where the database is.
func (Kind) Outputs(c *ir.Component) []component.Output {
	outputs := []component.Output{
		{Name: "arn", Type: component.StringOutput},
		{Name: "endpoint", Type: component.StringOutput},
		{Name: "port", Type: component.IntOutput},
		{Name: "securityGroupId", Type: component.StringOutput},
	}
	if s, ds := decode(c); !ds.HasErrors() && s.identities() {
		outputs = append(outputs, component.Output{Name: usersARN, Type: component.StringOutput, Internal: true})
	}
	return outputs
}

// Entry is the cluster's security group at its port.
func (Kind) Entry(c *ir.Component) (component.Entry, bool) {
	s, ds := decode(c)
	if ds.HasErrors() {
		return component.Entry{}, false
	}
	return component.Entry{SecurityGroup: "securityGroupId", Ports: []int{s.Port}}, true
}

// Grants let a component log in as the users of its access that are IAM identities, if there are any.
func (Kind) Grants(c *ir.Component, access string) []component.Grant {
	s, ds := decode(c)
	if ds.HasErrors() {
		return nil
	}
	on := []component.Target{{Output: "arn"}}
	for _, u := range s.Logins {
		if u.identity() && u.readsOnly() == (access == "read") {
			on = append(on, component.Target{Output: usersARN, Suffix: "/" + u.Name})
		}
	}
	if len(on) == 1 {
		return nil
	}
	return []component.Grant{{Actions: []string{"memorydb:Connect"}, On: on}} // AWS asks for both the cluster and the user
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
	m := &cluster{Builder: b, specification: s}
	m.users()
	database.Access(b, "database")
	database.SubnetGroup(b, "memorydb")
	database.ParameterGroup(b, "memorydb", "ParameterGroup", s.family(), database.Parameters(s.Parameters, ""))
	m.register()
	m.alarms()
	m.outputs()
}

func (m *cluster) outputs() {
	address := jen.Id("cluster").Dot("ClusterEndpoints").Dot("Index").Call(component.Int(0)).Dot("Address").Call().Dot("Elem").Call()
	m.Output("arn", jen.Id("cluster").Dot("Arn"))
	m.Output("endpoint", address)
	m.Output("port", jen.Id("cluster").Dot("Port"))
	m.Output("securityGroupId", network.ID("securityGroup"))
	if m.identities() {
		m.Output(usersARN, m.AccountARN("memorydb", "user"))
	}
}

// family is the parameter group family, such as memorydb_redis7.
func (s specification) family() string {
	major, _, _ := strings.Cut(s.Engine.Version, ".")
	return "memorydb_" + s.Engine.Type + major
}
