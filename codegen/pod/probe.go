package pod

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// Probes are what the kubelet asks a process: has it started, after which it asks the others; is it alive, or must it be
// started anew; can it take requests. Each is nil for nothing.
type Probes struct{ Startup, Liveness, Readiness *Probe }

// Probe is one question: a GET of Path if that is not "", a connection if there is a Port, else a command inside the
// container. Times are in seconds.
type Probe struct {
	Path    string
	Port    int
	Command []string
	// Delay is for how long nothing is asked after the start.
	Delay, Interval, Timeout int
	// Failures is how many in a row count.
	Failures int
}

// Grace lets failures not count for some seconds after the start, by letting more of them happen: unlike Delay it lets a
// process that is quicker go on.
func (p *Probe) Grace(seconds int) {
	p.Failures += (seconds + p.Interval - 1) / p.Interval
}

// Command is a health check's command as Kubernetes takes it. What ECS would have in front, CMD-SHELL or CMD, tells that it
// is for a shell or, as Kubernetes always has it, not.
func Command(words []string) []string {
	switch {
	case len(words) > 0 && words[0] == "CMD":
		return words[1:]
	case len(words) > 0 && words[0] == "CMD-SHELL":
		return append([]string{"/bin/sh", "-c"}, words[1:]...)
	default:
		return words
	}
}

func (p *Probe) code() jen.Code {
	if p == nil {
		return nil
	}
	fields := component.Fields{}
	add := func(name string, value jen.Code) { fields = append(fields, component.Field{Name: name, Value: value}) }
	switch {
	case p.Path != "":
		add("HttpGet", typed("HTTPGetActionArgs", component.Fields{
			{Name: "Path", Value: component.Str(p.Path)}, {Name: "Port", Value: component.Int(p.Port)},
		}))
	case p.Port != 0:
		add("TcpSocket", typed("TCPSocketActionArgs", component.Fields{{Name: "Port", Value: component.Int(p.Port)}}))
	default:
		add("Exec", typed("ExecActionArgs", component.Fields{{Name: "Command", Value: texts(p.Command)}}))
	}
	add("InitialDelaySeconds", component.If(p.Delay > 0, component.Int(p.Delay)))
	add("PeriodSeconds", component.Int(p.Interval))
	add("TimeoutSeconds", component.Int(p.Timeout))
	add("FailureThreshold", component.Int(p.Failures))
	return typed("ProbeArgs", fields)
}

// typed is a struct of the SDK's package core/v1, by a pointer.
func typed(name string, fields component.Fields) jen.Code {
	return jen.Op("&").Add(component.Struct(component.Kubernetes("core/v1", name), fields))
}

// item is a struct of that package in a list.
func item(name string, fields component.Fields) jen.Code {
	return component.Struct(component.Kubernetes("core/v1", name), fields)
}

// items is a list of that package's, nil for none.
func items(name string, all []jen.Code) jen.Code {
	if len(all) == 0 {
		return nil
	}
	return component.List(component.Kubernetes("core/v1", name), all...)
}

// texts is a list of panka's own or checked texts on one line, nil for none.
func texts(all []string) jen.Code {
	if len(all) == 0 {
		return nil
	}
	var codes []jen.Code
	for _, text := range all {
		codes = append(codes, component.Str(text))
	}
	return component.StrArray(codes...)
}
