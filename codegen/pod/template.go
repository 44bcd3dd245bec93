package pod

import (
	"maps"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
)

// LogGroupAnnotation tells what collects the logs of the cluster's pods which log group those of a pod belong to.
const LogGroupAnnotation = "panka.io/log-group"

// usualStop is for how many seconds Kubernetes waits for a process to stop.
const usualStop = 30

// archLabel is the label of nodes with the architecture of their processors. Runnable refuses it in a nodeSelector.
const archLabel = "kubernetes.io/arch"

// Template is the template of the pods, a corev1.PodTemplateSpecArgs by a pointer. Prepare must have been called.
func (p *Pod) Template() jen.Code {
	return typed("PodTemplateSpecArgs", component.Fields{
		{Name: "Metadata", Value: jen.Op("&").Add(component.Struct(component.Kubernetes("meta/v1", "ObjectMetaArgs"), component.Fields{
			{Name: "Labels", Value: jen.Id("labels").Call(component.Map(component.Pulumi("StringMap"), slices.Concat(Selector(p.Component()), p.Labels)))},
			{Name: "Annotations", Value: component.Map(component.Pulumi("StringMap"), append(component.Fields{
				{Name: LogGroupAnnotation, Value: jen.Id("logs").Dot("Name")},
			}, p.Annotations...))},
		}))},
		{Name: "Spec", Value: p.podSpec()},
	})
}

func (p *Pod) podSpec() jen.Code {
	sidecars := slices.Clone(p.First)
	if p.tracing.On() {
		sidecars = append(sidecars, p.tracer())
	}
	return typed("PodSpecArgs", component.Fields{
		{Name: "ServiceAccountName", Value: component.Str(Name(p.Component(), ""))},
		{Name: "AutomountServiceAccountToken", Value: component.Bool(false)},
		{Name: "EnableServiceLinks", Value: component.Bool(false)},
		{Name: "RestartPolicy", Value: component.If(p.Restart != "", component.Str(p.Restart))},
		{Name: "TerminationGracePeriodSeconds", Value: p.stopTimeout()},
		{Name: "SecurityContext", Value: p.context()},
		{Name: "NodeSelector", Value: p.nodes()},
		{Name: "TopologySpreadConstraints", Value: p.spread()},
		{Name: "InitContainers", Value: items("ContainerArray", sidecars)},
		{Name: "Containers", Value: items("ContainerArray", []jen.Code{p.process()})},
		{Name: "Volumes", Value: items("VolumeArray", slices.Concat(p.systemVolumes(), p.folderVolumes(), p.Volumes))},
	})
}

// stopTimeout is what a copy may take to stop, with what it works on before.
func (p *Pod) stopTimeout() jen.Code {
	seconds := usualStop
	if timeout := p.Spec.Runtime.StopTimeout; timeout != nil {
		seconds = int(*timeout)
	}
	return component.Int(seconds + p.Drain)
}

// nodes are the labels of the nodes that may run the pods.
func (p *Pod) nodes() jen.Code {
	architecture := map[string]string{"x86_64": "amd64", "arm64": "arm64"}[container.Architecture(p.Component())]
	fields := component.Fields{{Name: archLabel, Value: component.Str(architecture)}}
	for _, key := range slices.Sorted(maps.Keys(p.Spec.Runtime.NodeSelector)) {
		fields = append(fields, component.Field{Name: key, Value: component.Str(p.Spec.Runtime.NodeSelector[key])})
	}
	return component.Map(component.Pulumi("StringMap"), fields)
}

// spread puts copies of one version into as many zones, and on as many nodes, as there are, but rather runs one beside
// another than not at all.
func (p *Pod) spread() jen.Code {
	if p.Most <= 1 {
		return nil
	}
	var all []jen.Code
	for _, over := range []string{"topology.kubernetes.io/zone", "kubernetes.io/hostname"} {
		all = append(all, item("TopologySpreadConstraintArgs", component.Fields{
			{Name: "MaxSkew", Value: component.Int(1)},
			{Name: "TopologyKey", Value: component.Str(over)},
			{Name: "WhenUnsatisfiable", Value: component.Str("ScheduleAnyway")},
			{Name: "LabelSelector", Value: selector(p.Builder)},
			{Name: "MatchLabelKeys", Value: texts([]string{"pod-template-hash"})},
		}))
	}
	return items("TopologySpreadConstraintArray", all)
}

// selector is the component's Selector as the SDK has it, by a pointer.
func selector(b *component.Builder) jen.Code {
	return jen.Op("&").Add(component.Struct(component.Kubernetes("meta/v1", "LabelSelectorArgs"), component.Fields{
		{Name: "MatchLabels", Value: component.Map(component.Pulumi("StringMap"), Selector(b.Component()))},
	}))
}
