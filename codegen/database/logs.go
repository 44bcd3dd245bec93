package database

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
)

// Logs are logs that a database exports to CloudWatch.
type Logs struct {
	// Exports are the logs, as the service names them.
	Exports []string
	// Prefix stands before the log's name in the name of its log group.
	Prefix string
	// RetentionDays is how long CloudWatch keeps them.
	RetentionDays int
}

// Add registers a log group for each log, so that it has a retention: the service would make one that is kept for ever.
// It gives the local variables, which the database must wait for.
func (l Logs) Add(b *component.Builder) (waitFor []string) {
	for _, export := range l.Exports {
		local := LogVar(export)
		b.Resource(component.Resource{
			Var: local, Type: "aws:cloudwatch/logGroup:LogGroup", Part: "logs-" + export, What: "log group for " + export,
			Source: b.Place("logExports"),
			Args: component.Fields{
				{Name: "Name", Value: component.Str(l.Prefix + "/" + export)},
				{Name: "RetentionInDays", Value: component.Int(l.RetentionDays)},
				{Name: "KmsKeyId", Value: stackKey(b)},
			},
		})
		waitFor = append(waitFor, local)
	}
	return waitFor
}

// LogVar is the local variable of a log's group.
func LogVar(export string) string { return names.Identifier(export, "logs") }

// stackKey encrypts logs. The key that a component's YAML names is for its data: its policy need not let CloudWatch use it.
func stackKey(b *component.Builder) jen.Code {
	return component.If(component.StackHasKey(b.Stack()), jen.Id("base").Dot("kmsKeyARN"))
}
