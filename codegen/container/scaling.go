package container

import (
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/diag"
)

// maxQueues is in how many queues messages can be counted: of the ten metrics that a scaling policy takes, two are the
// number of copies and the result.
const maxQueues = 8

// autoscale lets Application Auto Scaling set the number of copies: each target has a policy that tracks it, of which the
// one that wants the most copies wins, and schedules change the bounds.
func (s *Service) autoscale() {
	a := s.Scaling.Autoscaling
	s.Resource(component.Resource{
		Var: "scaling", Type: "aws:appautoscaling/target:Target", Part: "scaling", What: "scaling target", Source: a.Source,
		Args: component.Fields{
			{Name: "ServiceNamespace", Value: component.Str("ecs")},
			{Name: "ScalableDimension", Value: component.Str("ecs:service:DesiredCount")},
			{Name: "ResourceId", Value: component.Pulumi("Sprintf").Call(jen.Lit("service/%s/%s"),
				jen.Id("base").Dot("clusterName"), s.nameCode())},
			{Name: "MinCapacity", Value: component.Int(a.MinReplicas)},
			{Name: "MaxCapacity", Value: component.Int(a.MaxReplicas)},
		},
	})
	s.track("cpu", a.TargetCPUPercent, a.Source, predefined("ECSServiceAverageCPUUtilization", nil))
	if a.TargetMemoryPercent != nil {
		s.track("memory", *a.TargetMemoryPercent, s.Place("scaling", "autoscaling", "targetMemoryPercent"),
			predefined("ECSServiceAverageMemoryUtilization", nil))
	}
	if a.TargetRequestsPerReplica != nil {
		s.trackRequests(*a.TargetRequestsPerReplica)
	}
	if a.TargetMessagesPerReplica != nil {
		s.trackMessages(*a.TargetMessagesPerReplica)
	}
	s.schedules()
}

// scaled are the arguments that tell a policy or a schedule what it scales.
func scaled() component.Fields {
	var fields component.Fields
	for _, name := range []string{"ServiceNamespace", "ScalableDimension", "ResourceId"} {
		fields = append(fields, component.Field{Name: name, Value: jen.Id("scaling").Dot(name)})
	}
	return fields
}

const trackingArgs = "PolicyTargetTrackingScalingPolicyConfiguration"

// track keeps a metric near a target.
func (s *Service) track(part string, target float64, source diag.Position, metric component.Field) {
	a := s.Scaling.Autoscaling
	fields := component.Fields{{Name: "TargetValue", Value: component.Float(target)}, metric}
	if a.ScaleOutCooldown != nil {
		fields = append(fields, component.Field{Name: "ScaleOutCooldown", Value: component.Int(int(*a.ScaleOutCooldown))})
	}
	if a.ScaleInCooldown != nil {
		fields = append(fields, component.Field{Name: "ScaleInCooldown", Value: component.Int(int(*a.ScaleInCooldown))})
	}
	args := component.Fields{
		{Name: "Name", Value: s.Physical(255, part)},
		{Name: "PolicyType", Value: component.Str("TargetTrackingScaling")},
	}
	args = append(append(args, scaled()...), component.Field{Name: "TargetTrackingScalingPolicyConfiguration",
		Value: component.Struct(component.AWS("appautoscaling", trackingArgs+"Args"), fields)})
	s.Resource(component.Resource{
		Type: "aws:appautoscaling/policy:Policy", Part: part, What: "scaling policy " + part, Source: source, Args: args,
	})
}

// predefined is a metric that Application Auto Scaling knows; label says of what, where that is not the service.
func predefined(typ string, label jen.Code) component.Field {
	return component.Field{Name: "PredefinedMetricSpecification", Value: component.Struct(
		component.AWS("appautoscaling", trackingArgs+"PredefinedMetricSpecificationArgs"), component.Fields{
			{Name: "PredefinedMetricType", Value: component.Str(typ)},
			{Name: "ResourceLabel", Value: label},
		})}
}

// trackRequests counts the requests to a target group.
func (s *Service) trackRequests(target float64) {
	t, ok := balance.Counted(s.Builder, s.Targets)
	if !ok {
		return
	}
	source := s.Place("scaling", "autoscaling", "targetRequestsPerReplica")
	if t.Alternate != "" {
		expression, metrics := t.PerCopy()
		s.track("requests", target, source, component.Field{Name: "CustomizedMetricSpecification",
			Value: customized(expression, "requests for each copy", metrics)})
		return
	}
	label := component.Pulumi("Sprintf").Call(jen.Lit("%s/%s"), t.LoadBalancer, jen.Id(t.Group).Dot("ArnSuffix"))
	s.track("requests", target, source, predefined("ALBRequestCountPerTarget", label))
}

// running is the number of copies, which CloudWatch has as the number of reports on their CPU use in a minute.
func (s *Service) running() alarm.Metric {
	return alarm.Metric{ID: "running", Namespace: "AWS/ECS", Name: "CPUUtilization", Statistic: "SampleCount", Dimensions: s.dimensions()}
}

func (s *Service) dimensions() component.Fields {
	return component.Fields{
		{Name: "ClusterName", Value: jen.Id("base").Dot("clusterName")},
		{Name: "ServiceName", Value: s.nameCode()},
	}
}

// trackMessages keeps the messages that wait for each copy near a target. A share for each copy cannot be computed when
// none runs: then an alarm on a single message starts one, and the policy takes over.
func (s *Service) trackMessages(target float64) {
	source := s.Place("scaling", "autoscaling", "targetMessagesPerReplica")
	if len(s.Queues) > maxQueues {
		s.Fail(diag.Errorf(source, component.Code, "messages can be counted in %d queues, and %s has %d", maxQueues, s.ID(), len(s.Queues)).
			WithHint("make several workers of it"))
		return
	}
	var queues []alarm.Metric
	var ids []string
	for i, q := range s.Queues {
		name, _ := s.Use(q.Component, "name", q.Source)
		id := "queue" + strconv.Itoa(i+1)
		ids = append(ids, id)
		queues = append(queues, alarm.Metric{
			ID: id, Namespace: "AWS/SQS", Name: "ApproximateNumberOfMessagesVisible", Statistic: "Maximum",
			Dimensions: component.Fields{{Name: "QueueName", Value: name}},
		})
	}
	waiting, metrics := "("+strings.Join(ids, " + ")+")", append(queues, s.running())
	expression := waiting + " / running"
	if s.Scaling.Autoscaling.reachesZero() {
		expression = "IF(FILL(running, 0) > 0, " + waiting + " / FILL(running, 1), " + waiting + ")"
		s.wake("IF(FILL(running, 0) > 0, 0, "+waiting+")", metrics, source)
	}
	s.track("messages", target, source, component.Field{Name: "CustomizedMetricSpecification", Value: customized(expression, "messages for each copy", metrics)})
}

// reachesZero tells whether there can be times without any copy.
func (a Autoscaling) reachesZero() bool {
	zero := a.MinReplicas == 0
	for _, schedule := range a.Schedules {
		zero = zero || schedule.MinReplicas == 0
	}
	return zero
}

// customized is a metric of one's own: an expression over metrics of CloudWatch.
func customized(expression, label string, metrics []alarm.Metric) jen.Code {
	const typ = trackingArgs + "CustomizedMetricSpecification"
	args := func(name string, fields component.Fields) jen.Code {
		return component.Struct(component.AWS("appautoscaling", typ+name+"Args"), fields)
	}
	var items []jen.Code
	for _, m := range metrics {
		var dimensions []jen.Code
		for _, d := range m.Dimensions {
			dimensions = append(dimensions, args("MetricMetricStatMetricDimension", component.Fields{
				{Name: "Name", Value: component.Str(d.Name)}, {Name: "Value", Value: d.Value},
			}))
		}
		items = append(items, args("Metric", component.Fields{
			{Name: "Id", Value: component.Str(m.ID)},
			{Name: "MetricStat", Value: args("MetricMetricStat", component.Fields{
				{Name: "Metric", Value: args("MetricMetricStatMetric", component.Fields{
					{Name: "Namespace", Value: component.Str(m.Namespace)},
					{Name: "MetricName", Value: component.Str(m.Name)},
					{Name: "Dimensions", Value: component.List(
						component.AWS("appautoscaling", typ+"MetricMetricStatMetricDimensionArray"), dimensions...)},
				})},
				{Name: "Stat", Value: component.Str(m.Statistic)},
			})},
			{Name: "ReturnData", Value: component.Bool(false)},
		}))
	}
	items = append(items, args("Metric", component.Fields{
		{Name: "Id", Value: component.Str("result")},
		{Name: "Expression", Value: component.Str(expression)},
		{Name: "Label", Value: component.Str(label)},
		{Name: "ReturnData", Value: component.Bool(true)},
	}))
	return component.Struct(component.AWS("appautoscaling", typ+"Args"), component.Fields{
		{Name: "Metrics", Value: component.List(component.AWS("appautoscaling", typ+"MetricArray"), items...)},
	})
}

// wake starts a copy when none runs and the expression is 1 or more. Its alarm tells nobody.
func (s *Service) wake(expression string, metrics []alarm.Metric, source diag.Position) {
	const typ = "PolicyStepScalingPolicyConfiguration"
	step := component.Struct(component.AWS("appautoscaling", typ+"StepAdjustmentArgs"), component.Fields{
		{Name: "MetricIntervalLowerBound", Value: component.Str("0")},
		{Name: "ScalingAdjustment", Value: component.Int(1)},
	})
	args := component.Fields{
		{Name: "Name", Value: s.Physical(255, "wake")},
		{Name: "PolicyType", Value: component.Str("StepScaling")},
	}
	args = append(append(args, scaled()...), component.Field{Name: "StepScalingPolicyConfiguration", Value: component.Struct(
		component.AWS("appautoscaling", typ+"Args"), component.Fields{
			{Name: "AdjustmentType", Value: component.Str("ExactCapacity")},
			{Name: "MetricAggregationType", Value: component.Str("Maximum")},
			{Name: "Cooldown", Value: component.Int(60)},
			{Name: "StepAdjustments", Value: component.List(component.AWS("appautoscaling", typ+"StepAdjustmentArray"), step)},
		})})
	s.Resource(component.Resource{
		Var: "wake", Type: "aws:appautoscaling/policy:Policy", Part: "wake", What: "scaling policy wake", Source: source, Args: args,
	})
	s.Resource(component.Resource{
		Type: "aws:cloudwatch/metricAlarm:MetricAlarm", Part: "wake", What: "alarm that starts a copy", Source: source,
		Args: component.Fields{
			{Name: "Name", Value: s.Physical(255, "wake")},
			{Name: "AlarmDescription", Value: component.Str("Messages wait and no copy runs; starts one, and is no reason to worry.")},
			{Name: "ComparisonOperator", Value: component.Str(string(alarm.AtLeast))},
			{Name: "Threshold", Value: component.Float(1)},
			{Name: "EvaluationPeriods", Value: component.Int(1)},
			{Name: "TreatMissingData", Value: component.Str("notBreaching")},
			{Name: "MetricQueries", Value: alarm.Queries("messages without a copy", expression, metrics, 60)},
			{Name: "AlarmActions", Value: component.Pulumi("Array").Values(jen.Id("wake").Dot("Arn"))},
		},
	})
}

// schedules change the bounds at certain times.
func (s *Service) schedules() {
	for _, schedule := range s.Scaling.Autoscaling.Schedules {
		args := component.Fields{{Name: "Name", Value: s.Physical(255, schedule.Name)}}
		args = append(append(args, scaled()...), component.Fields{
			{Name: "Schedule", Value: component.Str(schedule.Schedule)},
			{Name: "Timezone", Value: component.Str(schedule.Timezone)},
			{Name: "ScalableTargetAction", Value: component.Struct(
				component.AWS("appautoscaling", "ScheduledActionScalableTargetActionArgs"), component.Fields{
					{Name: "MinCapacity", Value: component.Int(schedule.MinReplicas)},
					{Name: "MaxCapacity", Value: component.Int(schedule.MaxReplicas)},
				})},
		}...)
		s.Resource(component.Resource{
			Type: "aws:appautoscaling/scheduledAction:ScheduledAction", Part: names.Resource("schedule", schedule.Name),
			What: "scaling schedule " + schedule.Name, Source: schedule.Source, Args: args,
		})
	}
}
