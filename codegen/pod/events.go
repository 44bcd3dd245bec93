package pod

import (
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/crontab"
	"github.com/panka-io/panka/compiler/diag"
)

// keda is the API of KEDA, whose operator looks after the number of copies by what it counts in AWS, as itself.
const keda = "keda.sh/v1alpha1"

// scaleByEvents lets KEDA set the number of copies. It follows each queue for itself, so that the longest one counts.
func (d *Deployment) scaleByEvents() {
	a := d.Scaling.Autoscaling
	triggers := []jen.Code{use("cpu", a.TargetCPUPercent)}
	if a.TargetMemoryPercent != nil {
		triggers = append(triggers, use("memory", *a.TargetMemoryPercent))
	}
	counted := d.requests()
	counted = append(counted, d.messages()...)
	hours, least := d.hours()
	if len(counted) > 0 {
		d.object(component.Manifest{
			Var: "scalerAccess", API: keda, Kind: "TriggerAuthentication", Part: "scaling", What: "access of autoscaling",
			Name: component.Str(Name(d.Component(), "")), Source: a.Source,
			Fields: component.Fields{{Name: "spec", Value: untyped(component.Fields{
				{Name: "podIdentity", Value: untyped(component.Fields{{Name: "provider", Value: component.Str("aws")}})},
			})}},
		})
	}
	fields := component.Fields{
		{Name: "scaleTargetRef", Value: untyped(component.Fields{
			{Name: "apiVersion", Value: component.Str("apps/v1")},
			{Name: "kind", Value: component.Str("Deployment")},
			{Name: "name", Value: component.Str(Name(d.Component(), ""))},
		})},
		{Name: "minReplicaCount", Value: component.Int(least)},
		{Name: "maxReplicaCount", Value: component.Int(a.MaxReplicas)},
	}
	if a.ScaleInCooldown != nil {
		fields = append(fields, component.Field{Name: "cooldownPeriod", Value: component.Int(int(*a.ScaleInCooldown))})
	}
	fields = append(fields,
		component.Field{Name: "advanced", Value: pace(a)},
		component.Field{Name: "triggers", Value: list(append(append(triggers, counted...), hours...)...)})
	waitFor := []string{deployment}
	if len(counted) > 0 {
		waitFor = append(waitFor, "scalerAccess")
	}
	d.object(component.Manifest{
		API: keda, Kind: "ScaledObject", Part: "scaling", What: "autoscaling", Name: component.Str(Name(d.Component(), "")),
		Source: a.Source, Options: []jen.Code{component.DependsOn(waitFor...)},
		Fields: component.Fields{{Name: "spec", Value: untyped(fields)}},
	})
}

// pace is the behavior of the HorizontalPodAutoscaler that KEDA makes.
func pace(a container.Autoscaling) jen.Code {
	fields := component.Fields{}
	if up := outPeriod(a); up > 0 {
		policy := func(typ string, value int) jen.Code {
			return untyped(component.Fields{
				{Name: "type", Value: component.Str(typ)}, {Name: "value", Value: component.Int(value)}, {Name: "periodSeconds", Value: component.Int(up)},
			})
		}
		fields = append(fields, component.Field{Name: "scaleUp", Value: untyped(component.Fields{
			{Name: "policies", Value: list(policy("Pods", paceCopies), policy("Percent", pacePercent))},
		})})
	}
	if down := a.ScaleInCooldown; down != nil {
		fields = append(fields, component.Field{Name: "scaleDown", Value: untyped(component.Fields{
			{Name: "stabilizationWindowSeconds", Value: component.Int(int(*down))},
		})})
	}
	if len(fields) == 0 {
		return nil
	}
	return untyped(component.Fields{{Name: "horizontalPodAutoscalerConfig", Value: untyped(component.Fields{
		{Name: "behavior", Value: untyped(fields)},
	})}})
}

// use is the trigger that keeps the use of CPU or memory near a percentage.
func use(resource string, percent float64) jen.Code {
	return untyped(component.Fields{
		{Name: "type", Value: component.Str(resource)},
		{Name: "metricType", Value: component.Str("Utilization")},
		{Name: "metadata", Value: untyped(component.Fields{{Name: "value", Value: component.Str(number(percent))}})},
	})
}

// counting is a trigger that needs access to AWS.
func (d *Deployment) counting(typ string, metadata component.Fields) jen.Code {
	metadata = append(metadata, component.Field{Name: "awsRegion", Value: component.Str(d.Stack().Region)})
	return untyped(component.Fields{
		{Name: "type", Value: component.Str(typ)},
		{Name: "authenticationRef", Value: untyped(component.Fields{{Name: "name", Value: component.Str(Name(d.Component(), ""))}})},
		{Name: "metadata", Value: untyped(metadata)},
	})
}

// requests is the trigger that spreads the requests a minute to the target group of an ALB.
func (d *Deployment) requests() []jen.Code {
	target := d.Scaling.Autoscaling.TargetRequestsPerReplica
	if target == nil {
		return nil
	}
	t, ok := balance.Counted(d.Builder, d.Targets)
	if !ok {
		return nil
	}
	return []jen.Code{d.counting("aws-cloudwatch", component.Fields{
		{Name: "namespace", Value: component.Str("AWS/ApplicationELB")},
		{Name: "metricName", Value: component.Str("RequestCount")},
		{Name: "dimensionName", Value: component.Str("LoadBalancer;TargetGroup")},
		{Name: "dimensionValue", Value: component.Pulumi("Sprintf").Call(jen.Lit("%s;%s"), t.LoadBalancer, jen.Id(t.Group).Dot("ArnSuffix"))},
		{Name: "metricStat", Value: component.Str("Sum")},
		{Name: "metricStatPeriod", Value: component.Str("60")},
		{Name: "metricEndTimeOffset", Value: component.Str("60")}, // CloudWatch has the last minute's later
		{Name: "targetMetricValue", Value: component.Str(number(*target))},
		{Name: "minMetricValue", Value: component.Str("0")},
	})}
}

// messages are the triggers that spread the messages waiting in queues. Those that a copy works on are not counted, as they
// are not on ECS.
func (d *Deployment) messages() []jen.Code {
	target := d.Scaling.Autoscaling.TargetMessagesPerReplica
	if target == nil {
		return nil
	}
	var all []jen.Code
	for _, q := range d.Queues {
		url, _ := d.Use(q.Component, "url", q.Source)
		all = append(all, d.counting("aws-sqs-queue", component.Fields{
			{Name: "queueURL", Value: url},
			{Name: "queueLength", Value: component.Str(number(*target))},
			{Name: "scaleOnInFlight", Value: component.Str("false")},
		}))
	}
	return all
}

// hours is the trigger that keeps more copies from one time to another, and how many there are at least else. KEDA knows
// spans of time and no bounds that hold until others do; two schedules are the two ends of one.
func (d *Deployment) hours() (triggers []jen.Code, least int) {
	a := d.Scaling.Autoscaling
	if len(a.Schedules) == 0 {
		return nil, a.MinReplicas
	}
	if !d.checkHours() {
		return nil, a.MinReplicas
	}
	more, fewer := a.Schedules[0], a.Schedules[1]
	if more.MinReplicas < fewer.MinReplicas {
		more, fewer = fewer, more
	}
	start, _ := crontab.Of(more.Schedule)
	end, _ := crontab.Of(fewer.Schedule)
	return []jen.Code{untyped(component.Fields{
		{Name: "type", Value: component.Str("cron")},
		{Name: "metadata", Value: untyped(component.Fields{
			{Name: "timezone", Value: component.Str(more.Timezone)},
			{Name: "start", Value: component.Str(start)},
			{Name: "end", Value: component.Str(end)},
			{Name: "desiredReplicas", Value: component.Str(strconv.Itoa(more.MinReplicas))},
		})},
	})}, fewer.MinReplicas
}

// checkHours reports schedules that are not the two ends of a span of time.
func (d *Deployment) checkHours() bool {
	a := d.Scaling.Autoscaling
	sound := true
	refuse := func(at diag.Position, hint, format string, args ...any) {
		sound = false
		d.Fail(diag.Errorf(at, component.Code, format, args...).WithHint("%s", hint))
	}
	if len(a.Schedules) != 2 {
		refuse(a.Schedules[len(a.Schedules)-1].Source, "keep one with more copies and one with fewer, or set runtime.platform: fargate",
			"on eks two schedules take turns, and %s has %d", d.ID(), len(a.Schedules))
		return false
	}
	for _, s := range a.Schedules {
		if _, ok := crontab.Of(s.Schedule); !ok {
			refuse(s.Source, "on eks write cron(…) with * for the year and without L, W and #", "KEDA cannot follow the schedule %q", s.Schedule)
		}
		if s.MaxReplicas != a.MaxReplicas {
			refuse(s.Source, "write the maxReplicas of autoscaling, "+strconv.Itoa(a.MaxReplicas)+", in each schedule",
				"on eks a schedule changes only the least number of copies, and %s has %d as the most", s.Name, s.MaxReplicas)
		}
	}
	first, second := a.Schedules[0], a.Schedules[1]
	switch {
	case first.Timezone != second.Timezone:
		refuse(second.Source, "write both times in one time zone", "on eks two schedules that take turns have one time zone, not %s and %s",
			first.Timezone, second.Timezone)
	case first.Schedule == second.Schedule || first.MinReplicas == second.MinReplicas:
		refuse(second.Source, "give them other times and numbers, or remove both", "the schedules %s and %s change nothing", first.Name, second.Name)
	}
	return sound
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
