package container

import (
	"fmt"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// containers are the definitions of the process's container and of those beside it, in the JSON that ECS takes.
func (t *Task) containers() []jen.Code {
	all := []jen.Code{t.container()}
	if len(t.folders) > 0 {
		all = append(all, t.fillerContainer())
	}
	if t.tracing.On() {
		all = append(all, t.tracingContainer())
	}
	return all
}

// container is the definition of the process's container.
func (t *Task) container() jen.Code {
	c, runtime := t.Component(), t.Spec.Runtime
	image := append(append(ir.Text{}, t.Spec.Image.Repository...), ir.Part{Literal: ":"})
	return component.Element(component.Fields{
		{Name: "name", Value: jen.Lit(c.Name)},
		{Name: "image", Value: t.Plain(append(image, t.Spec.Image.Tag...))},
		{Name: "essential", Value: jen.True()},
		{Name: "cpu", Value: t.share()},
		{Name: "dependsOn", Value: objects(t.dependsOn())},
		{Name: "entryPoint", Value: t.texts(t.Spec.EntryPoint)},
		{Name: "command", Value: t.texts(t.Spec.Command)},
		{Name: "user", Value: component.If(runtime.User != "", jen.Lit(runtime.User))},
		{Name: "readonlyRootFilesystem", Value: component.If(runtime.ReadOnlyRootFilesystem, jen.True())},
		{Name: "stopTimeout", Value: t.stopTimeout()},
		{Name: "portMappings", Value: objects(t.portMappings())},
		{Name: "mountPoints", Value: objects(t.mountPoints())},
		{Name: "environment", Value: objects(t.environment())},
		{Name: "secrets", Value: objects(t.secrets())},
		{Name: "healthCheck", Value: t.Health.code()},
		{Name: "logConfiguration", Value: t.logTo(c.Name)},
	})
}

// logTo sends what a container writes to streams of its own in the component's log group.
func (t *Task) logTo(stream string) jen.Code {
	return component.Object(component.Fields{
		{Name: "logDriver", Value: jen.Lit("awslogs")},
		{Name: "options", Value: component.Object(component.Fields{
			{Name: "awslogs-group", Value: jen.Id("logs").Dot("Name")},
			{Name: "awslogs-region", Value: jen.Lit(t.Stack().Region)},
			{Name: "awslogs-stream-prefix", Value: jen.Lit(stream)},
		})},
	})
}

// share is the process's part of the task's CPU units, which must be said once another container says its own: where CPU
// is scarce, a container that says nothing gets next to nothing.
func (t *Task) share() jen.Code {
	if !t.tracing.On() {
		return nil
	}
	return jen.Lit(t.Spec.Resources.CPU - t.tracing.Sidecar().CPU)
}

// dependsOn is what must have happened to other containers before the process starts. ECS stops containers the other way
// round, so that the last traces are sent too.
func (t *Task) dependsOn() []jen.Code {
	var items []jen.Code
	if len(t.folders) > 0 {
		items = append(items, entry(pair("containerName", jen.Lit(t.filler())), pair("condition", jen.Lit("SUCCESS"))))
	}
	if t.tracing.On() {
		items = append(items, entry(pair("containerName", jen.Lit(t.tracer())), pair("condition", jen.Lit("START"))))
	}
	return items
}

// stopTimeout is written only if it is not ECS's own, which is 30 seconds.
func (t *Task) stopTimeout() jen.Code {
	if timeout := t.Spec.Runtime.StopTimeout; timeout != nil && *timeout != 30 {
		return jen.Lit(int(*timeout))
	}
	return nil
}

func objects(items []jen.Code) jen.Code {
	if len(items) == 0 {
		return nil
	}
	return component.Objects(items...)
}

func (t *Task) texts(texts []ir.Text) jen.Code {
	if len(texts) == 0 {
		return nil
	}
	return jen.Index().Any().ValuesFunc(func(g *jen.Group) {
		for _, text := range texts {
			g.Add(t.Plain(text))
		}
	})
}

// entry is a small object on one line.
func entry(fields ...jen.Code) jen.Code { return jen.Values(fields...) }

func pair(name string, value jen.Code) jen.Code { return jen.Lit(name).Op(":").Add(value) }

func (t *Task) portMappings() []jen.Code {
	var items []jen.Code
	for _, p := range t.Ports {
		items = append(items, entry(pair("name", jen.Lit(p.Name)),
			pair("containerPort", jen.Lit(p.Port)), pair("protocol", jen.Lit(p.Protocol))))
	}
	return items
}

func (t *Task) environment() []jen.Code {
	var items []jen.Code
	for _, v := range append(Environment(t.Builder, t.Spec.Environment), t.Variables...) {
		items = append(items, entry(pair("name", jen.Lit(v.Name)), pair("value", v.Plain(t.Builder))))
	}
	return items
}

// Environment are the environment variables of a spec.
func Environment(b *component.Builder, variables []Variable) []EnvVar {
	var all []EnvVar
	for _, v := range variables {
		value := EnvVar{Name: v.Name}
		if from := v.ValueFrom; from != nil {
			value.From = b.UseTextOf(ir.Reference{Stack: from.Stack, Component: from.Component, Source: from.Source}, from.Output)
		} else {
			value.Text = v.Value
		}
		all = append(all, value)
	}
	return all
}

func (t *Task) secrets() []jen.Code {
	var items []jen.Code
	for _, s := range t.Spec.Secrets {
		items = append(items, entry(pair("name", jen.Lit(s.Variable())),
			pair("valueFrom", jen.Id("secrets").Index(jen.Lit(s.Ref)))))
	}
	return items
}

func (h *Health) code() jen.Code {
	if h == nil {
		return nil
	}
	return component.Object(component.Fields{
		{Name: "command", Value: component.Strings(h.Command...)},
		{Name: "interval", Value: jen.Lit(h.Interval)},
		{Name: "timeout", Value: jen.Lit(h.Timeout)},
		{Name: "retries", Value: jen.Lit(h.Retries)},
		{Name: "startPeriod", Value: component.If(h.StartPeriod > 0, jen.Lit(min(h.StartPeriod, 300)))},
	})
}

// Command is a health check's command as ECS takes it: with how to run it in front, which is directly unless the first
// word says so already.
func Command(words []string) []string {
	if len(words) > 0 && (words[0] == "CMD" || words[0] == "CMD-SHELL") {
		return words
	}
	return append([]string{"CMD"}, words...)
}

// HTTPCommand is a health check's command that gets a path, with what most images have.
func HTTPCommand(port int, path string) []string {
	url := shellQuoted(fmt.Sprintf("http://127.0.0.1:%d%s", port, path))
	return []string{"CMD-SHELL", "curl -fsS -o /dev/null " + url + " || wget -q -O /dev/null " + url + " || exit 1"}
}

// TCPCommand is a health check's command that connects to a port.
func TCPCommand(port int) []string {
	return []string{"CMD-SHELL", fmt.Sprintf("nc -z 127.0.0.1 %d || exit 1", port)}
}

func shellQuoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
