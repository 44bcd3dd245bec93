package pod

import (
	"fmt"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
)

// settle is how many seconds Pulumi waits longer than Kubernetes for a new version, so that Kubernetes can say why not.
const settle = 60

// Deployment keeps copies of a pod running and replaces them when its template changes. If the new version does not become
// ready, the copies of the last one stay and the deployment fails; unlike ECS, Kubernetes does not go back by itself.
type Deployment struct {
	*Pod
	Rollout container.Deployment
	Scaling container.Scaling
	// Targets are the target groups that the copies are in.
	Targets []balance.Membership
	// Queues are the components of kind SQS whose messages autoscaling counts.
	Queues []container.Queue
}

// MostCopies is how many copies there can be at a time, but for those of a rollout.
func MostCopies(s container.Scaling) int {
	if !s.Autoscaling.Enabled {
		return s.Replicas
	}
	return max(s.Replicas, s.Autoscaling.MaxReplicas)
}

// deployment is the local variable that holds the Deployment, for what scales it.
const deployment = "deployment"

// Run registers the Deployment, with what joins it to target groups, its autoscaling and
// its alarms. The pods must have been prepared.
func (d *Deployment) Run() {
	d.join()
	d.keep()
	d.disruptions()
	if d.Scaling.Autoscaling.Enabled {
		d.autoscale()
	}
	d.alarms()
}

// keep registers the Deployment itself.
func (d *Deployment) keep() {
	local := ""
	if d.Scaling.Autoscaling.Enabled {
		local = deployment
	}
	least, most := d.Rollout.Bounds()
	d.object(component.Manifest{
		Var: local, API: "apps/v1", Kind: "Deployment", What: "deployment", Name: component.Str(Name(d.Component(), "")),
		Source: d.Component().Source, Options: d.options(),
		Fields: component.Fields{{Name: "Spec", Value: apps("DeploymentSpecArgs", component.Fields{
			{Name: "Replicas", Value: component.Int(d.Scaling.Replicas)},
			{Name: "ProgressDeadlineSeconds", Value: component.If(d.Rollout.Timeout > 0, component.Int(int(d.Rollout.Timeout)))},
			{Name: "Selector", Value: selector(d.Builder)},
			{Name: "Strategy", Value: apps("DeploymentStrategyArgs", component.Fields{
				{Name: "Type", Value: component.Str("RollingUpdate")},
				{Name: "RollingUpdate", Value: apps("RollingUpdateDeploymentArgs", component.Fields{
					{Name: "MaxUnavailable", Value: percent(100 - least)},
					{Name: "MaxSurge", Value: percent(most - 100)},
				})},
			})},
			{Name: "Template", Value: d.Template()},
		})}},
	})
}

// options make the Deployment wait for what its pods could not start without, and leave the number of copies to autoscaling
// once it is on.
func (d *Deployment) options() []jen.Code {
	options := []jen.Code{d.DependsOnAll()}
	if d.Scaling.Autoscaling.Enabled {
		options = append(options, component.Pulumi("IgnoreChanges").Call(component.Strings("spec.replicas")))
	}
	if timeout := d.Rollout.Timeout; timeout > 0 {
		length := jen.Lit(fmt.Sprintf("%ds", int(timeout)+settle))
		options = append(options, component.Pulumi("Timeouts").Call(jen.Op("&").Add(component.Pulumi("CustomTimeouts")).Values(
			jen.Id("Create").Op(":").Add(length), jen.Id("Update").Op(":").Add(length))))
	}
	return options
}

// disruptions lets whoever empties a node take one copy at a time, and any that is not well.
func (d *Deployment) disruptions() {
	if d.Most <= 1 {
		return
	}
	d.object(component.Manifest{
		API: "policy/v1", Kind: "PodDisruptionBudget", Part: "disruptions", What: "disruption budget", Name: component.Str(Name(d.Component(), "")),
		Source: d.Place("scaling"),
		Fields: component.Fields{{Name: "Spec", Value: jen.Op("&").Add(component.Struct(
			component.Kubernetes("policy/v1", "PodDisruptionBudgetSpecArgs"), component.Fields{
				{Name: "MaxUnavailable", Value: component.Int(1)},
				{Name: "Selector", Value: selector(d.Builder)},
				{Name: "UnhealthyPodEvictionPolicy", Value: component.Str("AlwaysAllow")},
			}))}},
	})
}

// apps is a struct of the SDK's package apps/v1, by a pointer.
func apps(name string, fields component.Fields) jen.Code {
	return jen.Op("&").Add(component.Struct(component.Kubernetes("apps/v1", name), fields))
}

func percent(n int) jen.Code { return component.Str(strconv.Itoa(n) + "%") }
