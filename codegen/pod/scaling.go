package pod

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
)

// Kubernetes's own pace of adding copies, of which the faster counts: so many, or so many percent of those that run, in a
// period. scaleOutCooldown is another period.
const (
	paceCopies  = 4
	pacePercent = 100
)

// ScaledByEvents tells whether autoscaling needs KEDA: Kubernetes itself counts no requests and messages, knows no schedule,
// and starts nothing that does not run.
func ScaledByEvents(a container.Autoscaling) bool {
	return a.Enabled && (a.TargetRequestsPerReplica != nil || a.TargetMessagesPerReplica != nil || len(a.Schedules) > 0 || a.MinReplicas == 0)
}

// autoscale lets Kubernetes set the number of copies by their use of CPU and memory, or KEDA by what else there is too. Of
// several targets the one that wants the most copies wins.
func (d *Deployment) autoscale() {
	a := d.Scaling.Autoscaling
	if ScaledByEvents(a) {
		d.scaleByEvents()
		return
	}
	metrics := []jen.Code{utilization("cpu", a.TargetCPUPercent)}
	if a.TargetMemoryPercent != nil {
		metrics = append(metrics, utilization("memory", *a.TargetMemoryPercent))
	}
	d.object(component.Manifest{
		// When KEDA is to follow, this one goes only after KEDA's is there, which its webhook would refuse.
		Annotations: component.Fields{{Name: "validations.keda.sh/hpa-ownership", Value: component.Str("false")}},
		API:         "autoscaling/v2", Kind: "HorizontalPodAutoscaler", Part: "scaling", What: "autoscaling", Name: component.Str(Name(d.Component(), "")),
		Source: a.Source, Options: []jen.Code{component.DependsOn(deployment)},
		Fields: component.Fields{{Name: "Spec", Value: jen.Op("&").Add(scaler("HorizontalPodAutoscalerSpecArgs", component.Fields{
			{Name: "ScaleTargetRef", Value: jen.Op("&").Add(scaler("CrossVersionObjectReferenceArgs", component.Fields{
				{Name: "ApiVersion", Value: component.Str("apps/v1")},
				{Name: "Kind", Value: component.Str("Deployment")},
				{Name: "Name", Value: component.Str(Name(d.Component(), ""))},
			}))},
			{Name: "MinReplicas", Value: component.Int(a.MinReplicas)},
			{Name: "MaxReplicas", Value: component.Int(a.MaxReplicas)},
			{Name: "Metrics", Value: component.List(component.Kubernetes("autoscaling/v2", "MetricSpecArray"), metrics...)},
			{Name: "Behavior", Value: behavior(a)},
		}))}},
	})
}

// scaler is a struct of the SDK's package autoscaling/v2.
func scaler(name string, fields component.Fields) *jen.Statement {
	return jen.Add(component.Struct(component.Kubernetes("autoscaling/v2", name), fields))
}

// utilization is a target for the average use of what the copies may use.
func utilization(resource string, percent float64) jen.Code {
	return scaler("MetricSpecArgs", component.Fields{
		{Name: "Type", Value: component.Str("Resource")},
		{Name: "Resource", Value: jen.Op("&").Add(scaler("ResourceMetricSourceArgs", component.Fields{
			{Name: "Name", Value: component.Str(resource)},
			{Name: "Target", Value: jen.Op("&").Add(scaler("MetricTargetArgs", component.Fields{
				{Name: "Type", Value: component.Str("Utilization")},
				{Name: "AverageUtilization", Value: component.Int(int(percent))},
			}))},
		}))},
	})
}

// behavior is how fast copies come and go; nil for Kubernetes's own pace. Copies go only once, for as long as
// scaleInCooldown, fewer would have done.
func behavior(a container.Autoscaling) jen.Code {
	up, down := outPeriod(a), a.ScaleInCooldown
	if up == 0 && down == nil {
		return nil
	}
	fields := component.Fields{}
	if up > 0 {
		pace := func(typ string, value int) jen.Code {
			return scaler("HPAScalingPolicyArgs", component.Fields{
				{Name: "Type", Value: component.Str(typ)}, {Name: "Value", Value: component.Int(value)}, {Name: "PeriodSeconds", Value: component.Int(up)},
			})
		}
		fields = append(fields, component.Field{Name: "ScaleUp", Value: jen.Op("&").Add(scaler("HPAScalingRulesArgs", component.Fields{
			{Name: "Policies", Value: component.List(component.Kubernetes("autoscaling/v2", "HPAScalingPolicyArray"),
				pace("Pods", paceCopies), pace("Percent", pacePercent))},
		}))})
	}
	if down != nil {
		fields = append(fields, component.Field{Name: "ScaleDown", Value: jen.Op("&").Add(scaler("HPAScalingRulesArgs", component.Fields{
			{Name: "StabilizationWindowSeconds", Value: component.Int(int(*down))},
		}))})
	}
	return jen.Op("&").Add(scaler("HorizontalPodAutoscalerBehaviorArgs", fields))
}

// outPeriod is the period in seconds in which copies are added once; 0 for Kubernetes's own.
func outPeriod(a container.Autoscaling) int {
	if a.ScaleOutCooldown == nil {
		return 0
	}
	return int(*a.ScaleOutCooldown)
}
