package microservice

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/ir"
)

func (m *service) taskDefinition() {
	m.Statement(
		jen.Id("containers").Op(":=").Add(component.Pulumi("JSONMarshal")).Call(component.Objects(m.container())), jen.Line())
	m.Resource(component.Resource{
		Var: "task", Type: "aws:ecs/taskDefinition:TaskDefinition", Part: "task", What: "task definition", Source: m.Place("image"),
		Args: component.Fields{
			{Name: "Family", Value: m.Physical(255, "")},
			{Name: "RequiresCompatibilities", Value: component.StrArray(component.Str("FARGATE"))},
			{Name: "NetworkMode", Value: component.Str("awsvpc")},
			{Name: "Cpu", Value: component.Str(strconv.Itoa(m.Resources.CPU))},
			{Name: "Memory", Value: component.Str(strconv.Itoa(m.Resources.Memory))},
			{Name: "TaskRoleArn", Value: jen.Id("taskRole").Dot("Arn")},
			{Name: "ExecutionRoleArn", Value: jen.Id("executionRole").Dot("Arn")},
			{Name: "ContainerDefinitions", Value: jen.Id("containers")},
		},
	})
}

// container is the container's definition, in the JSON that ECS takes.
func (m *service) container() jen.Code {
	image := append(append(ir.Text{}, m.Image.Repository...), ir.Part{Literal: ":"})
	return component.Element(component.Fields{
		{Name: "name", Value: jen.Lit(m.Component().Name)},
		{Name: "image", Value: m.Plain(append(image, m.Image.Tag...))},
		{Name: "essential", Value: jen.True()},
		{Name: "entryPoint", Value: m.texts(m.EntryPoint)},
		{Name: "command", Value: m.texts(m.Command)},
		{Name: "portMappings", Value: objects(m.portMappings())},
		{Name: "environment", Value: objects(m.environment())},
		{Name: "secrets", Value: objects(m.secrets())},
		{Name: "healthCheck", Value: m.containerHealth()},
		{Name: "logConfiguration", Value: component.Object(component.Fields{
			{Name: "logDriver", Value: jen.Lit("awslogs")},
			{Name: "options", Value: component.Object(component.Fields{
				{Name: "awslogs-group", Value: jen.Id("logs").Dot("Name")},
				{Name: "awslogs-region", Value: jen.Lit(m.Stack().Region)},
				{Name: "awslogs-stream-prefix", Value: jen.Lit(m.Component().Name)},
			})},
		})},
	})
}

func objects(items []jen.Code) jen.Code {
	if len(items) == 0 {
		return nil
	}
	return component.Objects(items...)
}

func (m *service) texts(texts []ir.Text) jen.Code {
	if len(texts) == 0 {
		return nil
	}
	return jen.Index().Any().ValuesFunc(func(g *jen.Group) {
		for _, t := range texts {
			g.Add(m.Plain(t))
		}
	})
}

// entry is a small object on one line.
func entry(fields ...jen.Code) jen.Code { return jen.Values(fields...) }

func pair(name string, value jen.Code) jen.Code { return jen.Lit(name).Op(":").Add(value) }

func (m *service) portMappings() []jen.Code {
	var items []jen.Code
	for _, p := range m.Ports {
		items = append(items, entry(pair("name", jen.Lit(p.Name)),
			pair("containerPort", jen.Lit(p.Port)), pair("protocol", jen.Lit(p.Protocol))))
	}
	return items
}

func (m *service) environment() []jen.Code {
	var items []jen.Code
	for _, v := range m.Environment {
		var value jen.Code
		if from := v.ValueFrom; from != nil {
			value = m.UseText(from.Component, from.Output, from.Source)
		} else {
			value = m.Plain(v.Value)
		}
		items = append(items, entry(pair("name", jen.Lit(v.Name)), pair("value", value)))
	}
	return items
}

func (m *service) secrets() []jen.Code {
	var items []jen.Code
	for _, s := range m.Secrets {
		items = append(items, entry(pair("name", jen.Lit(s.variable())),
			pair("valueFrom", jen.Id("secrets").Index(jen.Lit(s.Ref)))))
	}
	return items
}

// containerHealth is what ECS asks inside the container.
func (m *service) containerHealth() jen.Code {
	p := m.HealthCheck.Liveness
	if r := m.HealthCheck.Readiness; p == nil && r != nil && (!m.balanced() || r.Command != nil) {
		p = r
	}
	if p == nil {
		return nil
	}
	start := p.StartPeriod
	if grace := m.grace(); start == nil && grace > 0 {
		// ECS allows at most 300 s here.
		start = new(spec.Seconds)
		*start = min(grace, 300)
	}
	fields := component.Fields{
		{Name: "command", Value: component.Strings(p.containerCommand()...)},
		{Name: "interval", Value: jen.Lit(int(p.Interval))},
		{Name: "timeout", Value: jen.Lit(int(p.Timeout))},
		{Name: "retries", Value: jen.Lit(p.Retries)},
	}
	if start != nil {
		fields = append(fields, component.Field{Name: "startPeriod", Value: jen.Lit(int(*start))})
	}
	return component.Object(fields)
}

// grace is how long the startup probe would let the process take, 0 without one.
func (m *service) grace() spec.Seconds {
	p := m.HealthCheck.Startup
	if p == nil {
		return 0
	}
	grace := p.Interval * spec.Seconds(p.Retries)
	if p.StartPeriod != nil {
		grace += *p.StartPeriod
	}
	return grace
}

// containerCommand asks with what most images have.
func (p *probe) containerCommand() []string {
	switch {
	case p.HTTP != nil:
		url := shellQuoted(fmt.Sprintf("http://127.0.0.1:%d%s", p.HTTP.Port, p.HTTP.Path))
		return []string{"CMD-SHELL", "curl -fsS -o /dev/null " + url + " || wget -q -O /dev/null " + url + " || exit 1"}
	case p.TCP != nil:
		return []string{"CMD-SHELL", fmt.Sprintf("nc -z 127.0.0.1 %d || exit 1", p.TCP.Port)}
	default:
		return append([]string{"CMD"}, p.Command...)
	}
}

func shellQuoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
