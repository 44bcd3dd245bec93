// Package rds generates RDS: one database instance, encrypted at rest and in transit, in private subnets, behind a
// security group that only the components which refer to it may enter.
//
// The instance and what it hangs on have fixed names, since a database is never replaced lightly. The password is read
// from its secret when the program runs; neither the generated code nor the plan holds it, and the state keeps it
// encrypted.
package rds

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of RDS.
type Kind struct{}

// Name is RDS.
func (Kind) Name() string { return "RDS" }

// Stateful is true: a database holds data.
func (Kind) Stateful() bool { return true }

// Outputs are where the database is and what it is called.
func (Kind) Outputs(*ir.Component) []component.Output {
	return []component.Output{
		{Name: "address", Type: component.StringOutput},
		{Name: "arn", Type: component.StringOutput},
		{Name: "databaseName", Type: component.StringOutput},
		{Name: "endpoint", Type: component.StringOutput},
		{Name: "port", Type: component.IntOutput},
		{Name: "securityGroupId", Type: component.StringOutput},
	}
}

// Entry is the database's security group at its port.
func (Kind) Entry(c *ir.Component) (component.Entry, bool) {
	s, ds := decode(c)
	if ds.HasErrors() {
		return component.Entry{}, false
	}
	return component.Entry{SecurityGroup: "securityGroupId", Ports: []int{s.port()}}, true
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	b.Version(ir.Literal(s.Engine.Type + " " + s.Engine.Version))
	password(b, s)
	b.SecurityGroup("securityGroup", "access", "Who may connect to the database", b.Component().Source)
	subnetGroup(b)
	parameterGroup(b, s)
	instance(b, s)

	db := func(field string) jen.Code { return jen.Id("instance").Dot(field) }
	b.Output("address", db("Address"))
	b.Output("arn", db("Arn"))
	b.Output("databaseName", db("DbName"))
	b.Output("endpoint", db("Endpoint"))
	b.Output("port", db("Port"))
	b.Output("securityGroupId", jen.Id("securityGroup").Dot("ID").Call())
}

// password reads the administrator's password when the program runs, as an output that stays marked as a secret. Errors
// never carry a part of it.
func password(b *component.Builder, s specification) {
	ref, source := s.Database.PasswordSecret.Ref, b.Place("database", "passwordSecret", "ref")
	b.Secret(ref, source)
	b.Statement(
		jen.Id("secret").Op(":=").Add(component.AWS("secretsmanager", "LookupSecretVersionOutput")).Call(jen.Id("ctx"),
			component.Struct(component.AWS("secretsmanager", "LookupSecretVersionOutputArgs"), component.Fields{
				{Name: "SecretId", Value: component.Str(ref)},
			})),
	)
	value := jen.Id("secret").Dot("SecretString").Call()
	if key := s.Database.PasswordSecret.Key; key != "" {
		b.Statement(jen.Id("field").Op(":=").Func().Params(jen.Id("text").String()).Params(jen.String(), jen.Error()).Block(
			jen.Var().Id("fields").Map(jen.String()).Any(),
			jen.If(jen.Qual("encoding/json", "Unmarshal").Call(jen.Index().Byte().Parens(jen.Id("text")), jen.Op("&").Id("fields")).Op("!=").Nil()).
				Block(jen.Return(jen.Lit(""), failure("the secret "+ref+" is not a JSON object"))),
			jen.List(jen.Id("plain"), jen.Id("ok")).Op(":=").Id("fields").Index(jen.Lit(key)).Assert(jen.String()),
			jen.If(jen.Op("!").Id("ok")).Block(jen.Return(jen.Lit(""), failure("the secret "+ref+" has no text called "+key))),
			jen.Return(jen.Id("plain"), jen.Nil()),
		))
		value = value.Dot("ApplyT").Call(jen.Id("field"))
	}
	b.Statement(
		jen.Id("password").Op(":=").Add(component.Pulumi("ToSecret")).
			Call(value).Assert(component.Pulumi("StringOutput")),
		jen.Line(),
	)
}

func failure(text string) jen.Code { return jen.Qual("errors", "New").Call(jen.Lit(text)) }

func subnetGroup(b *component.Builder) {
	b.Resource(component.Resource{
		Var: "subnets", Type: "aws:rds/subnetGroup:SubnetGroup", Part: "subnets", What: "subnet group",
		Args: component.Fields{
			{Name: "Name", Value: b.Physical(255, "")},
			{Name: "SubnetIds", Value: jen.Id("base").Dot("privateSubnetIDs")},
		},
	})
}

func parameterGroup(b *component.Builder, s specification) {
	var params []jen.Code
	for _, p := range s.parameters() {
		params = append(params, component.Struct(component.AWS("rds", "ParameterGroupParameterArgs"), component.Fields{
			{Name: "Name", Value: component.Str(p.name)},
			{Name: "Value", Value: b.Text(p.value)},
			{Name: "ApplyMethod", Value: component.Str(p.apply)},
		}))
	}
	b.Resource(component.Resource{
		Var: "parameters", Type: "aws:rds/parameterGroup:ParameterGroup", Part: "parameters", What: "parameter group",
		Source: b.Place("engine"),
		Args: component.Fields{
			{Name: "Name", Value: b.Salted(255, "", s.family())},
			{Name: "Family", Value: component.Str(s.family())},
			{Name: "Parameters", Value: component.List(component.AWS("rds", "ParameterGroupParameterArray"), params...)},
		},
		Options: []jen.Code{component.CreateFirst()},
	})
}

func instance(b *component.Builder, s specification) {
	stack, c := b.Stack(), b.Component()
	identifier := identifier(stack, c)
	protected := stack.Protected
	deletionProtection := protected
	if s.DeletionProtection != nil {
		deletionProtection = *s.DeletionProtection
	}
	storage := s.Instance.Storage
	b.Resource(component.Resource{
		Var: "instance", Type: "aws:rds/instance:Instance", What: "database", Stateful: true, Source: b.Place("instance"),
		Args: component.Fields{
			{Name: "Identifier", Value: component.Str(identifier)},
			{Name: "Engine", Value: component.Str(s.Engine.Type)},
			{Name: "EngineVersion", Value: component.Str(s.Engine.Version)},
			// With a full version in the YAML an upgrade by AWS would only be undone by the next deployment.
			{Name: "AutoMinorVersionUpgrade", Value: component.Bool(!s.pinned())},
			// Whoever changes the version in the YAML wants the upgrade; the plan shows it.
			{Name: "AllowMajorVersionUpgrade", Value: component.Bool(true)},
			{Name: "InstanceClass", Value: component.Str(s.Instance.Class)},
			{Name: "MultiAz", Value: component.Bool(s.Instance.MultiAZ)},
			{Name: "StorageType", Value: component.Str(storage.Type)},
			{Name: "AllocatedStorage", Value: component.Int(storage.AllocatedGB)},
			{Name: "MaxAllocatedStorage", Value: optional(storage.MaxAllocatedGB)},
			{Name: "Iops", Value: optional(storage.IOPS)},
			{Name: "StorageEncrypted", Value: component.Bool(true)},
			{Name: "DbName", Value: component.Str(s.Database.Name)},
			{Name: "Username", Value: component.Str(s.Database.Username)},
			{Name: "Password", Value: jen.Id("password")},
			{Name: "Port", Value: component.Int(s.port())},
			{Name: "DbSubnetGroupName", Value: jen.Id("subnets").Dot("Name")},
			{Name: "ParameterGroupName", Value: jen.Id("parameters").Dot("Name")},
			{Name: "VpcSecurityGroupIds", Value: component.StrArray(jen.Id("securityGroup").Dot("ID").Call())},
			{Name: "PubliclyAccessible", Value: component.Bool(false)},
			{Name: "BackupRetentionPeriod", Value: component.Int(s.Backup.RetentionDays)},
			{Name: "BackupWindow", Value: component.If(s.Backup.Window != "", component.Str(s.Backup.Window))},
			{Name: "MaintenanceWindow", Value: component.If(s.Maintenance.Window != "", component.Str(s.Maintenance.Window))},
			{Name: "CopyTagsToSnapshot", Value: component.Bool(true)},
			{Name: "PerformanceInsightsEnabled", Value: component.Bool(s.PerformanceInsights.Enabled)},
			{Name: "ApplyImmediately", Value: component.Bool(true)},
			{Name: "DeletionProtection", Value: component.Bool(deletionProtection)},
			{Name: "SkipFinalSnapshot", Value: component.Bool(!protected)},
			{Name: "FinalSnapshotIdentifier", Value: component.If(protected, component.Str(identifier+"-final"))},
		},
	})
}

func optional(n *int) jen.Code {
	if n == nil {
		return nil
	}
	return component.Int(*n)
}
