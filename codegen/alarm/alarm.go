// Package alarm writes the CloudWatch alarms of a component, as its Observability says: whether there are any, how long a
// metric must be bad, and who is told.
//
// A kind says which metrics are worth waking somebody for, and takes the thresholds from Thresholds. Alarms that count
// what went wrong treat silence as well; those that watch a level treat it as unknown.
package alarm

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// Comparison of a metric with its threshold, as CloudWatch names it.
type Comparison string

// The comparisons.
const (
	AtLeast Comparison = "GreaterThanOrEqualToThreshold"
	Above   Comparison = "GreaterThanThreshold"
	Below   Comparison = "LessThanThreshold"
)

// Alarm is one alarm of a component: on one metric, or on an expression over several.
type Alarm struct {
	// Part is the last part of its name, such as cpu. Description says what is wrong, for who is woken.
	Part, Description string
	Metric            Metric
	// Expression is computed from Metrics, each under its ID; then Metric is empty.
	Expression string
	Metrics    []Metric
	Comparison Comparison
	Threshold  float64
	// SilenceIsWell tells that no data means that all is well, as for metrics that count failures.
	SilenceIsWell bool
	// SilenceIsBad tells the contrary, as for what reports as long as it runs.
	SilenceIsBad bool
	// Every is how many seconds lie between two values of the metric, if that is more than a minute: a shorter period would
	// find none in most periods.
	Every int
	// Once tells that a single bad period is enough, whatever the Observability document says.
	Once bool
	// Source is the place in the YAML that most causes it; the component's document if not valid.
	Source diag.Position
}

// Metric is one metric of CloudWatch.
type Metric struct {
	// ID names it in an Alarm's Expression: a lower-case letter, then letters and digits.
	ID                         string
	Namespace, Name, Statistic string
	// Dimensions are texts of the code, each a pulumi.StringInput.
	Dimensions component.Fields
}

// Add registers alarms, if the component has any.
func Add(b *component.Builder, alarms ...Alarm) {
	s := For(b)
	if !s.Enabled {
		return
	}
	for _, a := range alarms {
		add(b, s, a)
	}
}

// Name is what the component's alarm with that part is called in AWS.
func Name(b *component.Builder, part string) string {
	return component.PhysicalName(255, b.Stack(), b.Component(), part)
}

func add(b *component.Builder, s Settings, a Alarm) {
	period, datapoints, periods := max(int(s.Evaluation.Period), a.Every), s.Evaluation.Datapoints, s.Evaluation.Periods
	if a.Once {
		datapoints, periods = 1, 1
	}
	silence := "missing"
	switch {
	case a.SilenceIsWell:
		silence = "notBreaching"
	case a.SilenceIsBad:
		silence = "breaching"
	}
	topic := Topic(s)
	args := component.Fields{
		{Name: "Name", Value: component.Str(Name(b, a.Part))},
		{Name: "AlarmDescription", Value: component.Str(a.Description)},
		{Name: "ComparisonOperator", Value: component.Str(string(a.Comparison))},
		{Name: "Threshold", Value: component.Float(a.Threshold)},
		{Name: "EvaluationPeriods", Value: component.Int(periods)},
		{Name: "DatapointsToAlarm", Value: component.Int(datapoints)},
		{Name: "TreatMissingData", Value: component.Str(silence)},
	}
	if a.Expression == "" {
		args = append(args, a.Metric.plain(period)...)
	} else {
		args = append(args, component.Field{Name: "MetricQueries", Value: Queries(a.Part, a.Expression, a.Metrics, period)})
	}
	args = append(args,
		component.Field{Name: "AlarmActions", Value: component.Pulumi("Array").Values(topic)},
		component.Field{Name: "OkActions", Value: component.If(s.NotifyOK, component.Pulumi("Array").Values(topic))})
	b.Resource(component.Resource{
		Type: "aws:cloudwatch/metricAlarm:MetricAlarm", Part: "alarm-" + a.Part, What: "alarm " + a.Part, Args: args, Source: a.Source,
	})
}

// Topic is the code of the ARN of the topic that is told.
func Topic(s Settings) jen.Code {
	if s.TopicARN != "" {
		return component.Str(s.TopicARN)
	}
	return jen.Id("base").Dot("alarmTopicARN")
}

// plain are the arguments of an alarm on one metric.
func (m Metric) plain(period int) component.Fields {
	fields := component.Fields{
		{Name: "Namespace", Value: component.Str(m.Namespace)},
		{Name: "MetricName", Value: component.Str(m.Name)},
		{Name: "Dimensions", Value: component.If(len(m.Dimensions) > 0, component.Map(component.Pulumi("StringMap"), m.Dimensions))},
		{Name: "Period", Value: component.Int(period)},
	}
	name := "Statistic"
	if isPercentile(m.Statistic) {
		name = "ExtendedStatistic"
	}
	return append(fields, component.Field{Name: name, Value: component.Str(m.Statistic)})
}

func isPercentile(statistic string) bool { return len(statistic) > 1 && statistic[0] == 'p' }

// Queries are the argument of an alarm on an expression over metrics, each taken together over a period in seconds.
func Queries(label, expression string, metrics []Metric, period int) jen.Code {
	query := func(fields component.Fields) jen.Code {
		return component.Struct(component.AWS("cloudwatch", "MetricAlarmMetricQueryArgs"), fields)
	}
	items := []jen.Code{query(component.Fields{
		{Name: "Id", Value: component.Str("result")},
		{Name: "Expression", Value: component.Str(expression)},
		{Name: "Label", Value: component.Str(label)},
		{Name: "ReturnData", Value: component.Bool(true)},
	})}
	for _, m := range metrics {
		items = append(items, query(component.Fields{
			{Name: "Id", Value: component.Str(m.ID)},
			{Name: "Metric", Value: component.Struct(component.AWS("cloudwatch", "MetricAlarmMetricQueryMetricArgs"), component.Fields{
				{Name: "Namespace", Value: component.Str(m.Namespace)},
				{Name: "MetricName", Value: component.Str(m.Name)},
				{Name: "Dimensions", Value: component.Map(component.Pulumi("StringMap"), m.Dimensions)},
				{Name: "Period", Value: component.Int(period)},
				{Name: "Stat", Value: component.Str(m.Statistic)},
			})},
		}))
	}
	return component.List(component.AWS("cloudwatch", "MetricAlarmMetricQueryArray"), items...)
}
