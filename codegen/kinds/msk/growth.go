package msk

import (
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// fullPercent is how full the disks may be before AWS makes them larger.
const fullPercent = 70

// growth makes the disks larger as they fill, up to the YAML's limit.
func (c cluster) growth() {
	if c.Brokers.Storage == nil || c.Brokers.Storage.MaxSizeGB == nil {
		return
	}
	source := c.Place("brokers", "storage", "maxSizeGB")
	c.Resource(component.Resource{
		Var: "scaling", Type: "aws:appautoscaling/target:Target", Part: "scaling", What: "scaling target", Source: source,
		Args: component.Fields{
			{Name: "ServiceNamespace", Value: component.Str("kafka")},
			{Name: "ScalableDimension", Value: component.Str("kafka:broker-storage:VolumeSize")},
			{Name: "ResourceId", Value: jen.Id("cluster").Dot("Arn")},
			{Name: "MinCapacity", Value: component.Int(1)},
			{Name: "MaxCapacity", Value: component.Int(*c.Brokers.Storage.MaxSizeGB)},
		},
	})
	const policy = "PolicyTargetTrackingScalingPolicyConfiguration"
	c.Resource(component.Resource{
		Type: "aws:appautoscaling/policy:Policy", Part: "storage", What: "scaling policy", Source: source,
		Args: component.Fields{
			{Name: "Name", Value: c.Physical(255, "storage")},
			{Name: "PolicyType", Value: component.Str("TargetTrackingScaling")},
			{Name: "ServiceNamespace", Value: jen.Id("scaling").Dot("ServiceNamespace")},
			{Name: "ScalableDimension", Value: jen.Id("scaling").Dot("ScalableDimension")},
			{Name: "ResourceId", Value: jen.Id("scaling").Dot("ResourceId")},
			{Name: "TargetTrackingScalingPolicyConfiguration", Value: component.Struct(component.AWS("appautoscaling", policy+"Args"), component.Fields{
				{Name: "TargetValue", Value: component.Float(fullPercent)},
				{Name: "DisableScaleIn", Value: component.Bool(true)}, // disks cannot become smaller
				{Name: "PredefinedMetricSpecification", Value: component.Struct(
					component.AWS("appautoscaling", policy+"PredefinedMetricSpecificationArgs"), component.Fields{
						{Name: "PredefinedMetricType", Value: component.Str("KafkaBrokerStorageUtilization")},
					})},
			})},
		},
	})
}

// alarms are those of each broker, and of the cluster on parts of topics that nobody can use. CloudWatch gets the number of
// parts with too few copies only with finer monitoring.
func (c cluster) alarms() {
	limits := alarm.For(c.Builder).Thresholds.Stream
	metric := func(id, name, statistic, broker string) alarm.Metric {
		m := alarm.Metric{ID: id, Namespace: "AWS/Kafka", Name: name, Statistic: statistic,
			Dimensions: component.Fields{{Name: "Cluster Name", Value: jen.Id("cluster").Dot("ClusterName")}}}
		if broker != "" {
			m.Dimensions = append(m.Dimensions, component.Field{Name: "Broker ID", Value: component.Str(broker)})
		}
		return m
	}
	alarm.Add(c.Builder, alarm.Alarm{
		Part: "offline", Description: "Some data of " + c.ID() + " can neither be read nor written.",
		Metric: metric("", "OfflinePartitionsCount", "Maximum", ""), Comparison: alarm.Above, Threshold: 0,
	})
	for i := range c.Brokers.Count {
		number := strconv.Itoa(i + 1)
		alarm.Add(c.Builder, alarm.Alarm{
			Part: "cpu-" + number, Description: "The CPU of broker " + number + " of " + c.ID() + " is busy.",
			Expression: "user + system", Metrics: []alarm.Metric{metric("user", "CpuUser", "Average", number), metric("system", "CpuSystem", "Average", number)},
			Comparison: alarm.AtLeast, Threshold: limits.CPUPercent,
		})
		if !c.express() {
			alarm.Add(c.Builder, alarm.Alarm{
				Part: "disk-" + number, Description: "The disk of broker " + number + " of " + c.ID() + " is filling up.",
				Metric: metric("", "KafkaDataLogsDiskUsed", "Maximum", number), Comparison: alarm.AtLeast, Threshold: limits.DiskPercent,
			})
		}
		if c.Monitoring != "DEFAULT" {
			alarm.Add(c.Builder, alarm.Alarm{
				Part: "copies-" + number, Description: "Data on broker " + number + " of " + c.ID() + " has too few copies.",
				Metric: metric("", "UnderReplicatedPartitions", "Maximum", number), Comparison: alarm.AtLeast,
				Threshold: float64(limits.UnderReplicatedPartitions),
			})
		}
	}
}

// Widgets are the graphs of a provisioned cluster, with a line for each broker.
func (Kind) Widgets(stack *ir.Stack, c *ir.Component) []component.Widget {
	s, ds := decode(stack, c)
	if ds.HasErrors() || s.serverless() {
		return nil
	}
	graph := func(title, metric string) component.Widget {
		w := component.Widget{Title: title}
		for i := range s.Brokers.Count {
			w.Series = append(w.Series, component.Series{Namespace: "AWS/Kafka", Metric: metric, Statistic: "Average", Dimensions: []string{
				"Cluster Name", component.PhysicalName(maxName, stack, c, ""), "Broker ID", strconv.Itoa(i + 1),
			}})
		}
		return w
	}
	widgets := []component.Widget{graph("CPU of processes, percent", "CpuUser"), graph("Bytes in, a second", "BytesInPerSec")}
	if !s.express() {
		widgets = append(widgets, graph("Disk, percent", "KafkaDataLogsDiskUsed"))
	}
	return widgets
}
