package pod

import (
	"fmt"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/compiler/ir"
)

// join puts the pods into the target groups, by a Service that knows which of them are ready: the AWS Load Balancer
// Controller registers those with each group that a TargetGroupBinding names. It has no part in security groups, whose
// rules stand in the program. Pods that come later than the binding are ready only when their load balancer finds them
// well.
func (d *Deployment) join() {
	if len(d.Targets) == 0 {
		return
	}
	var ports []jen.Code
	for _, p := range d.Ports {
		if slices.ContainsFunc(d.Targets, func(t balance.Membership) bool { return t.Port == p.Port }) {
			ports = append(ports, item("ServicePortArgs", component.Fields{
				{Name: "Name", Value: component.Str(portName(p))},
				{Name: "Protocol", Value: component.Str(protocol(p))},
				{Name: "Port", Value: component.Int(p.Port)},
				{Name: "TargetPort", Value: component.Int(p.Port)},
			}))
		}
	}
	d.object(component.Manifest{
		Var: "copies", API: "core/v1", Kind: "Service", Part: "copies", What: "service of Kubernetes", Name: component.Str(Name(d.Component(), "")),
		Source: d.Place("ports"),
		Fields: component.Fields{{Name: "Spec", Value: typed("ServiceSpecArgs", component.Fields{
			{Name: "Type", Value: component.Str("ClusterIP")},
			{Name: "Selector", Value: component.Map(component.Pulumi("StringMap"), Selector(d.Component()))},
			{Name: "Ports", Value: items("ServicePortArray", ports)},
		})}},
		// Pulumi would wait for pods, and those wait for it.
		Annotations: component.Fields{{Name: "pulumi.com/skipAwait", Value: component.Str("true")}},
	})
	for _, t := range d.Targets {
		d.bind(t)
	}
}

func (d *Deployment) bind(t balance.Membership) {
	local := t.Group + "Binding"
	i := slices.IndexFunc(d.Ports, func(p container.Port) bool { return p.Port == t.Port })
	d.object(component.Manifest{
		Var: local, API: "elbv2.k8s.aws/v1beta1", Kind: "TargetGroupBinding", Part: t.GroupPart(), What: "binding to the target group",
		Name: component.Str(bindingName(d.Component(), t)), Source: t.Source,
		Fields: component.Fields{{Name: "spec", Value: untyped(component.Fields{
			{Name: "targetGroupARN", Value: jen.Id(t.Group).Dot("Arn")},
			{Name: "targetType", Value: component.Str("ip")},
			{Name: "serviceRef", Value: untyped(component.Fields{
				{Name: "name", Value: component.Str(Name(d.Component(), ""))},
				{Name: "port", Value: component.Str(portName(d.Ports[i]))},
			})},
		})}},
		// The controller lets no binding go over to another target group.
		Options: []jen.Code{
			component.DependsOn("copies"), component.Pulumi("ReplaceOnChanges").Call(component.Strings("spec.targetGroupARN")),
			component.Pulumi("DeleteBeforeReplace").Call(jen.True()),
		},
	})
	d.await(local)
}

// bindingName is a binding's name. It becomes part of a condition of the pods, whose names are as short as labels.
func bindingName(c *ir.Component, t balance.Membership) string {
	if name := Name(c, t.GroupPart()); len(name) <= maxLabel {
		return name
	}
	return label(c, t.GroupPart())
}

// portName names a port of a Service.
func portName(p container.Port) string { return fmt.Sprintf("port-%d-%s", p.Port, p.Protocol) }
