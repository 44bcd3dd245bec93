package pod

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/tracing"
	"github.com/panka-io/panka/compiler/ir"
)

// process is the process's container. Its image is asked for at each start, as ECS does: what is kept of it on the node is
// used if the registry still calls it by that tag.
func (p *Pod) process() jen.Code {
	image := append(append(ir.Text{}, p.Spec.Image.Repository...), ir.Part{Literal: ":"})
	disk := 0
	if size := p.Spec.Runtime.EphemeralStorageGB; size != nil {
		disk = *size
	}
	return item("ContainerArgs", component.Fields{
		{Name: "Name", Value: component.Str(p.Component().Name)},
		{Name: "Image", Value: p.Text(append(image, p.Spec.Image.Tag...))},
		{Name: "ImagePullPolicy", Value: component.Str("Always")},
		{Name: "Command", Value: p.words(p.Spec.EntryPoint)},
		{Name: "Args", Value: p.words(p.Spec.Command)},
		{Name: "Env", Value: items("EnvVarArray", p.environment())},
		{Name: "Ports", Value: items("ContainerPortArray", p.ports())},
		{Name: "Resources", Value: p.own().resources(disk)},
		{Name: "StartupProbe", Value: p.Probes.Startup.code()},
		{Name: "LivenessProbe", Value: p.Probes.Liveness.code()},
		{Name: "ReadinessProbe", Value: p.Probes.Readiness.code()},
		{Name: "Lifecycle", Value: p.lifecycle()},
		{Name: "SecurityContext", Value: p.confinement()},
		{Name: "VolumeMounts", Value: items("VolumeMountArray", p.mountPoints())},
	})
}

func (p *Pod) environment() []jen.Code {
	var all []jen.Code
	add := func(name string, field component.Field) {
		all = append(all, item("EnvVarArgs", component.Fields{{Name: "Name", Value: component.Str(name)}, field}))
	}
	for _, v := range slices.Concat(container.Environment(p.Builder, p.Spec.Environment), p.Variables) {
		value := v.From
		if value == nil {
			value = p.verbatim(v.Text)
		}
		add(v.Name, component.Field{Name: "Value", Value: value})
	}
	for _, s := range p.Spec.Secrets {
		add(s.Variable(), component.Field{Name: "ValueFrom", Value: p.fromSecret(secretsPart, s.Variable())})
	}
	return all
}

// ports are the process's. What Kubernetes takes as a port's name is too short for those of the YAML, so they have none.
func (p *Pod) ports() []jen.Code {
	var all []jen.Code
	for _, port := range p.Ports {
		all = append(all, item("ContainerPortArgs", component.Fields{
			{Name: "ContainerPort", Value: component.Int(port.Port)}, {Name: "Protocol", Value: component.Str(protocol(port))},
		}))
	}
	return all
}

func protocol(port container.Port) string {
	if port.Protocol == "udp" {
		return "UDP"
	}
	return "TCP"
}

// lifecycle lets the process work on for a while before it is asked to stop.
func (p *Pod) lifecycle() jen.Code {
	if p.Drain == 0 {
		return nil
	}
	return typed("LifecycleArgs", component.Fields{{Name: "PreStop", Value: typed("LifecycleHandlerArgs", component.Fields{
		{Name: "Sleep", Value: typed("SleepActionArgs", component.Fields{{Name: "Seconds", Value: component.Int(p.Drain)}})},
	})}})
}

// tracer is the sidecar that hands traces to X-Ray: a container that starts before the process's and stops after it, so that
// the last traces are sent too. It has no probes: a process goes on without it.
func (p *Pod) tracer() jen.Code {
	s := p.tracing.Sidecar()
	env := []jen.Code{item("EnvVarArgs", component.Fields{
		{Name: "Name", Value: component.Str("AWS_REGION")}, {Name: "Value", Value: component.Str(p.Stack().Region)},
	})}
	if p.tracing.CollectorConfig != "" {
		env = append(env, item("EnvVarArgs", component.Fields{
			{Name: "Name", Value: component.Str(tracing.CollectorConfigVariable)},
			{Name: "ValueFrom", Value: p.fromSecret(tracingPart, tracing.CollectorConfigVariable)},
		}))
	}
	return item("ContainerArgs", component.Fields{
		{Name: "Name", Value: component.Str(label(p.Component(), tracingPart))},
		{Name: "Image", Value: component.Str(s.Image)},
		{Name: "ImagePullPolicy", Value: component.Str("Always")},
		{Name: "RestartPolicy", Value: component.Str("Always")},
		{Name: "Args", Value: texts(s.Command)},
		{Name: "Env", Value: items("EnvVarArray", env)},
		{Name: "Resources", Value: size{s.CPU, s.Memory}.resources(0)},
		{Name: "SecurityContext", Value: confined(true, nil)},
	})
}
