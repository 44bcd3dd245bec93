// Package dynamodb generates DynamoDB: one table with its indexes, encrypted with the KMS key of the YAML or the stack's,
// else with one that DynamoDB owns, with continuous backups, and with alarms for requests that are refused or fail.
//
// Capacity that stands ready can follow the load. What autoscaling has made of the table's capacity a deployment then
// leaves alone: the YAML's is the least. It cannot do so for indexes, because the engine can leave out fields of list
// items only as long as the list keeps its length; after a refresh a deployment sets them back to the least, from where
// autoscaling raises them again.
package dynamodb

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of DynamoDB.
type Kind struct{}

// Name is DynamoDB.
func (Kind) Name() string { return "DynamoDB" }

// Stateful is true: a table holds data.
func (Kind) Stateful() bool { return true }

// Outputs are the table's names, and its stream's if it has one.
func (Kind) Outputs(c *ir.Component) []component.Output {
	outputs := []component.Output{
		{Name: "arn", Type: component.StringOutput},
		{Name: "tableName", Type: component.StringOutput},
	}
	if s, ds := decode(c); !ds.HasErrors() && s.Stream != nil {
		outputs = append(outputs, component.Output{Name: "streamArn", Type: component.StringOutput})
	}
	return outputs
}

// table is a DynamoDB being generated.
type table struct {
	*component.Builder
	specification
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	t := &table{Builder: b, specification: s}
	t.check()
	t.create()
	t.autoscale()
	t.insights()
	t.alarms()

	t.Output("arn", jen.Id("table").Dot("Arn"))
	t.Output("tableName", name())
	if s.Stream != nil {
		t.Output("streamArn", jen.Id("table").Dot("StreamArn"))
	}
}

// check reports what only the rest of the stack makes wrong.
func (t *table) check() {
	for _, r := range t.Replicas {
		if r.Region == t.Stack().Region {
			t.Fail(diag.Errorf(r.Source, component.Code, "the table itself is in %s, where it cannot have a copy", r.Region).
				WithHint("name another region, or take this replica out"))
		}
		if t.Key() != nil && len(r.KeyARN) == 0 {
			t.Fail(diag.Errorf(r.Source, component.Code,
				"%s is encrypted with the stack's KMS key, so its copy in %s needs a kmsKeyArn of that region", t.ID(), r.Region).
				WithHint("keys do not leave their region; AWS wants copies encrypted as the table is"))
		}
	}
}

// name is the code of the table's name.
func name() jen.Code { return jen.Id("table").Dot("Name") }

// physicalName is the table's name in AWS.
func physicalName(stack *ir.Stack, c *ir.Component, s specification) string {
	if s.TableName != "" {
		return s.TableName
	}
	return component.PhysicalName(255, stack, c, "")
}
