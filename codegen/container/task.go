package container

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/configfile"
	"github.com/panka-io/panka/codegen/filesystem"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/codegen/tracing"
	"github.com/panka-io/panka/compiler/ir"
)

// Task is an ECS task of a component that is being generated.
type Task struct {
	*component.Builder
	Spec Spec
	// Purpose is what the task is for, a part of the name of its security group; "" for a service.
	Purpose string
	// Ports are those that the container listens on.
	Ports []Port
	// Health is what ECS asks inside the container; nil for nothing.
	Health *Health
	// Variables are environment variables beside those of the spec.
	Variables []EnvVar
	// Statements are what the process may do beside what its references need.
	Statements []iam.Statement
	// WaitFor are local variables of what the task needs without referring to it: grants and network paths.
	WaitFor []string
	// mounts are the file systems that are mounted into the container.
	mounts []filesystem.Mount
	// folders are those of the component's files.
	folders []configfile.Folder
	// tracing is how requests are followed.
	tracing tracing.Settings
}

// EnvVar is an environment variable with its value: a text, or the code of what another resource gives, a Go string or an
// output.
type EnvVar struct {
	Name string
	Text ir.Text
	From jen.Code
}

// Plain is the code of the value, a Go string or an output.
func (v EnvVar) Plain(b *component.Builder) jen.Code {
	if v.From != nil {
		return v.From
	}
	return b.Plain(v.Text)
}

// Health is a command inside the container that must exit with 0. Times are in seconds.
type Health struct {
	Command                    []string
	Interval, Timeout, Retries int
	// StartPeriod is for how long failures do not count, at most 300; 0 for not at all.
	StartPeriod int
}

// Prepare registers everything that the task definition refers to. Its security group is the local variable
// securityGroup.
func (t *Task) Prepare() {
	LookUpSecrets(t.Builder, t.Spec.Secrets)
	t.trace()
	LogGroup(t.Builder, t.Spec)
	t.roles()
	purpose := cmp.Or(t.Purpose, "service")
	t.SecurityGroup("securityGroup", purpose, "Containers of the "+purpose, t.Component().Source)
	t.WaitFor = append(t.WaitFor, network.Out(t.Builder, "securityGroup"))
	t.WaitFor = append(t.WaitFor, network.Paths(t.Builder, "securityGroup")...)
}

// LogGroup registers a workload's log group as the local variable logs.
func LogGroup(b *component.Builder, s Spec) {
	b.Resource(component.Resource{
		Var: "logs", Type: "aws:cloudwatch/logGroup:LogGroup", Part: "logs", What: "log group", Source: b.Place("logging"),
		Args: component.Fields{
			{Name: "Name", Value: component.Str(b.Path())},
			{Name: "RetentionInDays", Value: component.Int(s.Logging.RetentionDays)},
			{Name: "KmsKeyId", Value: b.Key()},
		},
	})
}

// Grants registers the policy of a process's role, the local variable taskRole: what its references need, further
// statements, and what tracing does. It gives the policy's local variable, if there is anything to allow.
func Grants(b *component.Builder, further []iam.Statement, settings tracing.Settings) (waitFor []string) {
	return iam.AddPolicy(b, iam.Policy{
		Var: "grants", Part: "references", What: "policy for what it uses", Role: "taskRole",
		Statements: slices.Concat(iam.References(b), further, sendTraces(settings)),
	})
}

// roles are the role that the process has, with what its references need, and the role by which ECS starts it.
func (t *Task) roles() {
	t.Statement(jen.Id("trust").Op(":=").Add(iam.TrustServices("ecs-tasks.amazonaws.com")), jen.Line())
	t.WaitFor = append(t.WaitFor, iam.AddRole(t.Builder, iam.Role{
		Var: "taskRole", Part: "task", What: "task role", Trust: jen.Id("trust"), Managed: t.Spec.Policies,
	})...)
	t.WaitFor = append(t.WaitFor, Grants(t.Builder, t.Statements, t.tracing)...)
	t.WaitFor = append(t.WaitFor, iam.AddRole(t.Builder, iam.Role{
		Var: "executionRole", Part: "execution", What: "execution role", Trust: jen.Id("trust"),
		Managed: []string{t.AWSPolicy("service-role/AmazonECSTaskExecutionRolePolicy")},
	})...)
	t.WaitFor = append(t.WaitFor, iam.AddPolicy(t.Builder, iam.Policy{
		Var: "secretsPolicy", Part: "secrets", What: "policy for secrets", Role: "executionRole",
		Statements: slices.Concat(iam.ReadSecrets(SecretRefs(t.Spec.Secrets)), ReadCollectorConfig(t.Builder, t.tracing, "ssm:GetParameters")), Source: t.Place("secrets"),
	})...)
}

// Definition registers the task definition as the local variable task.
func (t *Task) Definition() {
	t.mounts = filesystem.Mounts(t.Builder)
	t.folders = configfile.Folders(t.Component().ConfigFiles)
	t.Statement(
		jen.Id("containers").Op(":=").Add(component.Pulumi("JSONMarshal")).Call(component.Objects(t.containers()...)), jen.Line())
	compatibility := "FARGATE"
	if t.Spec.Runtime.Platform == EC2 {
		compatibility = "EC2"
	}
	t.Resource(component.Resource{
		Var: "task", Type: "aws:ecs/taskDefinition:TaskDefinition", Part: "task", What: "task definition", Source: t.Place("image"),
		Args: component.Fields{
			{Name: "Family", Value: t.Physical(255, "")},
			{Name: "RequiresCompatibilities", Value: component.StrArray(component.Str(compatibility))},
			{Name: "NetworkMode", Value: component.Str("awsvpc")},
			{Name: "Cpu", Value: component.Str(strconv.Itoa(t.Spec.Resources.CPU))},
			{Name: "Memory", Value: component.Str(strconv.Itoa(t.Spec.Resources.Memory))},
			{Name: "RuntimePlatform", Value: t.architecture()},
			{Name: "EphemeralStorage", Value: t.disk()},
			{Name: "TaskRoleArn", Value: jen.Id("taskRole").Dot("Arn")},
			{Name: "ExecutionRoleArn", Value: jen.Id("executionRole").Dot("Arn")},
			{Name: "Volumes", Value: t.volumes()},
			{Name: "ContainerDefinitions", Value: jen.Id("containers")},
		},
	})
}

// architecture is left to ECS, which takes x86_64, unless the image needs another.
func (t *Task) architecture() jen.Code {
	if t.Spec.Runtime.Architecture != "arm64" {
		return nil
	}
	return component.Struct(component.AWS("ecs", "TaskDefinitionRuntimePlatformArgs"), component.Fields{
		{Name: "CpuArchitecture", Value: component.Str("ARM64")},
		{Name: "OperatingSystemFamily", Value: component.Str("LINUX")},
	})
}

func (t *Task) disk() jen.Code {
	size := t.Spec.Runtime.EphemeralStorageGB
	if size == nil {
		return nil
	}
	return component.Struct(component.AWS("ecs", "TaskDefinitionEphemeralStorageArgs"), component.Fields{
		{Name: "SizeInGib", Value: component.Int(*size)},
	})
}
