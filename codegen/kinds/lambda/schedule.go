package lambda

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
)

// schedules are the triggers by the clock, and the role with which EventBridge Scheduler calls.
func (f *function) schedules() {
	made := false
	for _, t := range f.Triggers {
		if t.Schedule == nil {
			continue
		}
		if !made {
			f.schedulerRole()
			made = true
		}
		state := "ENABLED"
		if !t.Enabled {
			state = "DISABLED"
		}
		f.Resource(component.Resource{
			Type: "aws:scheduler/schedule:Schedule", Part: t.Name, What: "schedule " + t.Name, Source: t.Source,
			Args: component.Fields{
				{Name: "Name", Value: f.Physical(64, t.Name)},
				{Name: "ScheduleExpression", Value: component.Str(t.Schedule.Expression)},
				{Name: "ScheduleExpressionTimezone", Value: component.Str(t.Schedule.Timezone)},
				{Name: "State", Value: component.Str(state)},
				{Name: "FlexibleTimeWindow", Value: component.Struct(component.AWS("scheduler", "ScheduleFlexibleTimeWindowArgs"),
					component.Fields{{Name: "Mode", Value: component.Str("OFF")}})},
				{Name: "KmsKeyArn", Value: f.Key()},
				{Name: "Target", Value: component.Struct(component.AWS("scheduler", "ScheduleTargetArgs"), component.Fields{
					{Name: "Arn", Value: f.callee("Arn")},
					{Name: "RoleArn", Value: jen.Id("schedulerRole").Dot("Arn")},
					{Name: "Input", Value: component.If(len(t.Schedule.Input) > 0, f.Text(t.Schedule.Input))},
				})},
			},
			Options: []jen.Code{component.DependsOn("mayCall")},
		})
	}
}

func (f *function) schedulerRole() {
	source := f.Place("triggers")
	iam.AddRole(f.Builder, iam.Role{
		Var: "schedulerRole", Part: "scheduler", What: "role of the scheduler", Source: source,
		Trust: iam.TrustServices("scheduler.amazonaws.com"),
	})
	statements := []iam.Statement{{Actions: []string{"lambda:InvokeFunction"}, Resources: []jen.Code{f.callee("Arn")}}}
	if key := f.Key(); key != nil {
		statements = append(statements, iam.Statement{Actions: []string{"kms:Decrypt"}, Resources: []jen.Code{key}})
	}
	iam.AddPolicy(f.Builder, iam.Policy{
		Var: "mayCall", Part: "scheduler", What: "policy of the scheduler", Role: "schedulerRole", Statements: statements, Source: source,
	})
}
