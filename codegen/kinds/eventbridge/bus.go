package eventbridge

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/compiler/ir"
)

// bus is a component of the kind that is being generated.
type bus struct {
	*component.Builder
	specification
}

func (e bus) main() {
	if e.isDefault() {
		return
	}
	e.Resource(component.Resource{
		Var: "bus", Type: "aws:cloudwatch/eventBus:EventBus", What: "event bus", Source: e.Place("bus"),
		Args: component.Fields{
			{Name: "Name", Value: component.Str(busName(e.Stack(), e.Component()))},
			{Name: "KmsKeyIdentifier", Value: e.Key()},
		},
	})
}

// policy lets others send. Components of the stack have it in their roles' policies.
func (e bus) policy() {
	var statements []iam.Statement
	for _, w := range e.Policy {
		w.Actions = []string{"events:PutEvents"}
		statements = append(statements, w.Statements(e.arn())...)
	}
	if len(statements) == 0 {
		return
	}
	e.Resource(component.Resource{
		Type: "aws:cloudwatch/eventBusPolicy:EventBusPolicy", Part: "policy", What: "policy of the event bus", Source: e.Place("policy"),
		Args: component.Fields{
			{Name: "EventBusName", Value: e.name()},
			{Name: "Policy", Value: iam.Document(statements...)},
		},
	})
}

func (e bus) archive() {
	if e.Archive == nil {
		return
	}
	e.Resource(component.Resource{
		Type: "aws:cloudwatch/eventArchive:EventArchive", Part: "archive", What: "archive", Source: e.Place("archive"),
		Args: component.Fields{
			{Name: "Name", Value: e.Physical(48, "")},
			{Name: "EventSourceArn", Value: e.arn()},
			{Name: "RetentionDays", Value: component.Int(e.Archive.RetentionDays)},
			{Name: "EventPattern", Value: e.pattern(e.Archive.Pattern)},
		},
	})
}

// pattern is the JSON of a pattern, nil for none.
func (e bus) pattern(p *ir.Value) jen.Code {
	if p == nil {
		return nil
	}
	return component.Pulumi("JSONMarshal").Call(e.JSON(p))
}

func (e bus) discover() {
	if !e.SchemaDiscovery.Enabled {
		return
	}
	e.Resource(component.Resource{
		Type: "aws:schemas/discoverer:Discoverer", Part: "discovery", What: "schema discovery", Source: e.Place("schemaDiscovery"),
		Args: component.Fields{{Name: "SourceArn", Value: e.arn()}},
	})
}

// alarms tell, for each rule, of events that could not be delivered, and of those that were then lost even to the
// dead-letter queue.
func (e bus) alarms() {
	limit := float64(alarm.For(e.Builder).Thresholds.Delivery.Failures)
	for _, r := range e.Rules {
		dimensions := component.Fields{{Name: "RuleName", Value: jen.Id(r.local()).Dot("Name")}}
		if !e.onDefault(r) {
			dimensions = append(component.Fields{{Name: "EventBusName", Value: e.name()}}, dimensions...)
		}
		failed := func(part, metric, description string) alarm.Alarm {
			return alarm.Alarm{
				Part: part + "-" + r.Name, Description: description, Comparison: alarm.AtLeast, Threshold: limit, SilenceIsWell: true,
				Metric: alarm.Metric{Namespace: "AWS/Events", Name: metric, Statistic: "Sum", Dimensions: dimensions}, Source: r.Source,
			}
		}
		alarm.Add(e.Builder, failed("failures", "FailedInvocations", "Events of the rule "+r.Name+" could not be delivered"))
		for _, t := range r.Targets {
			if t.DeadLetterQueue != "" {
				alarm.Add(e.Builder, failed("lost", "InvocationsFailedToBeSentToDlq",
					"Events of the rule "+r.Name+" that could not be delivered did not reach the dead-letter queue either"))
				break
			}
		}
	}
}
