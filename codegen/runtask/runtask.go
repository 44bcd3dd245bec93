// Package runtask lets services of AWS start tasks that run to their end, in the stack's cluster: the schedule of a CronJob
// its own, and an event bus those of the CronJobs that its rules name.
//
// Whoever starts a task needs its definition, its roles, which it hands to the task, and its security group. In the file of
// the task's component these are local variables; for others they are outputs.
package runtask

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is a kind whose components are tasks that others can start. They have the Outputs of this package.
type Kind interface {
	component.Kind
	// Run is how the component's task is started.
	Run(c *ir.Component) Run
}

// Run is how a task is started.
type Run struct {
	Runtime container.Runtime
	// Copies are how many, from 1 to 10.
	Copies int
}

// Task is the code of what starting a task takes.
type Task struct {
	// Definition is the ARN of its newest definition, and Family that ARN without the revision.
	Definition, Family jen.Code
	// Role is the process's, ExecutionRole that with which ECS starts it.
	Role, ExecutionRole jen.Code
	SecurityGroup       jen.Code
}

// Own is the task of the component that is being generated, once its definition is registered.
func Own() Task {
	return Task{
		Definition: jen.Id("task").Dot("Arn"), Family: jen.Id("task").Dot("ArnWithoutRevision"),
		Role: jen.Id("taskRole").Dot("Arn"), ExecutionRole: jen.Id("executionRole").Dot("Arn"),
		SecurityGroup: network.ID("securityGroup"),
	}
}

// The outputs by which others find a task.
const (
	definition    = "taskDefinitionArn"
	family        = "taskFamilyArn"
	role          = "taskRoleArn"
	executionRole = "executionRoleArn"
	securityGroup = "securityGroupId"
)

// Outputs are those of a component that others can start, sorted by name. They are internal.
func Outputs() []component.Output {
	var all []component.Output
	for _, name := range []string{executionRole, securityGroup, definition, family, role} {
		all = append(all, component.Output{Name: name, Type: component.StringOutput, Internal: true})
	}
	return all
}

// Publish sets the Outputs of the component that is being generated.
func Publish(b *component.Builder) {
	t := Own()
	b.Output(definition, t.Definition)
	b.Output(family, t.Family)
	b.Output(role, t.Role)
	b.Output(executionRole, t.ExecutionRole)
	b.Output(securityGroup, t.SecurityGroup)
}

// Of is the task of another component of the stack, which source names.
func Of(b *component.Builder, id string, source diag.Position) Task {
	use := func(output string) jen.Code { return b.UseText(id, output, source) }
	return Task{
		Definition: use(definition), Family: use(family), Role: use(role), ExecutionRole: use(executionRole), SecurityGroup: use(securityGroup),
	}
}

// Statements let a role start any revision of the tasks in the stack's cluster, tag what it starts, and hand it its roles.
func Statements(b *component.Builder, tasks ...Task) []iam.Statement {
	var revisions, roles []jen.Code
	for _, t := range tasks {
		revisions = append(revisions, component.Pulumi("Sprintf").Call(jen.Lit("%s:*"), t.Family))
		roles = append(roles, t.Role, t.ExecutionRole)
	}
	return []iam.Statement{
		{
			Sid: "Run", Actions: []string{"ecs:RunTask"}, Resources: revisions,
			Conditions: []iam.Condition{{Operator: "ArnEquals", Key: "ecs:cluster", Values: []jen.Code{Cluster()}}},
		},
		{
			Sid: "Tag", Actions: []string{"ecs:TagResource"}, Resources: []jen.Code{started(b)},
			Conditions: []iam.Condition{{Operator: "StringEquals", Key: "ecs:CreateAction", Values: []jen.Code{jen.Lit("RunTask")}}},
		},
		{
			Sid: "HandRoles", Actions: []string{"iam:PassRole"}, Resources: roles,
			Conditions: []iam.Condition{{Operator: "StringEquals", Key: "iam:PassedToService",
				Values: []jen.Code{jen.Lit("ecs-tasks.amazonaws.com")}}},
		},
	}
}

// Cluster is the code of the ARN of the cluster, which is what is asked to start tasks.
func Cluster() jen.Code { return jen.Id("base").Dot("clusterARN") }

// started are the ARNs of all tasks of the stack's cluster, of which those that are just started can be tagged.
func started(b *component.Builder) jen.Code {
	region := b.Stack().Region
	return component.Pulumi("Sprintf").Call(jen.Lit("arn:"+component.Partition(region)+":ecs:"+region+":%s:task/%s/*"),
		jen.Id("base").Dot("accountID"), jen.Id("base").Dot("clusterName"))
}

// Parameters say how a task is started. The name of the SDK's type in pkg begins with prefix, as those of its parts do.
func Parameters(pkg, prefix string, t Task, run Run) jen.Code {
	args := component.Fields{
		{Name: "TaskDefinitionArn", Value: t.Definition},
		{Name: "TaskCount", Value: component.Int(run.Copies)},
	}
	args = append(args, run.Runtime.Launch(pkg, prefix)...)
	return component.Struct(component.AWS(pkg, prefix+"Args"), append(args, component.Fields{
		placement(pkg, prefix, run.Runtime),
		{Name: "NetworkConfiguration", Value: run.Runtime.Network(pkg, prefix, t.SecurityGroup)},
		{Name: "EnableEcsManagedTags", Value: component.Bool(true)},
		{Name: "PropagateTags", Value: component.Str("TASK_DEFINITION")},
	}...))
}

// placement puts copies on the fullest machine that has room, so that jobs keep no machine from becoming empty. EventBridge's
// rules call it otherwise than Scheduler does.
func placement(pkg, prefix string, r container.Runtime) component.Field {
	field, typ := "OrderedPlacementStrategies", prefix+"OrderedPlacementStrategy"
	if pkg == "scheduler" {
		field, typ = "PlacementStrategies", prefix+"PlacementStrategy"
	}
	return component.Field{Name: field, Value: component.If(r.Platform == container.EC2,
		component.List(component.AWS(pkg, typ+"Array"), component.Struct(component.AWS(pkg, typ+"Args"), component.Fields{
			{Name: "Type", Value: component.Str("binpack")}, {Name: "Field", Value: component.Str("memory")},
		})))}
}
