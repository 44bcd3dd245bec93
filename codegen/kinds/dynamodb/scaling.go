package dynamodb

import (
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/diag"
)

// autoscale lets the capacity of the table and of its global indexes follow the load.
func (t *table) autoscale() {
	if !t.provisioned() {
		return
	}
	t.follow(scaled{
		capacity: t.Capacity, dimension: "dynamodb:table:", resource: []jen.Code{jen.Lit("table/%s"), name()},
		source: t.Place("capacity", "autoscaling"),
	})
	for i, x := range t.GlobalIndexes {
		t.follow(scaled{
			capacity: t.capacityOf(x), part: x.Name, local: strconv.Itoa(i + 1), dimension: "dynamodb:index:",
			resource: []jen.Code{jen.Lit("table/%s/index/%s"), name(), jen.Lit(x.Name)}, source: x.Source,
		})
	}
}

// scaled is a table or index whose capacity may follow the load.
type scaled struct {
	*capacity
	// part ends the names of its resources, and local those of its variables; both are "" for the table.
	part, local string
	// dimension begins the name of what is scaled, and resource is how application autoscaling names it.
	dimension string
	resource  []jen.Code
	source    diag.Position
}

// follow scales reads and writes apart.
func (t *table) follow(s scaled) {
	c := s.capacity
	if !c.scaled() {
		return
	}
	for _, way := range []struct {
		name, dimension, metric string
		least, most             int
	}{
		{"read", "ReadCapacityUnits", "DynamoDBReadCapacityUtilization", c.Read, c.Autoscaling.MaxRead},
		{"write", "WriteCapacityUnits", "DynamoDBWriteCapacityUtilization", c.Write, c.Autoscaling.MaxWrite},
	} {
		part, target := names.Part(way.name, s.part), way.name+s.local
		t.Resource(component.Resource{
			Var: target, Type: "aws:appautoscaling/target:Target", Part: part, What: way.name + " capacity", Source: s.source,
			Args: component.Fields{
				{Name: "ServiceNamespace", Value: component.Str("dynamodb")},
				{Name: "ScalableDimension", Value: component.Str(s.dimension + way.dimension)},
				{Name: "ResourceId", Value: component.Pulumi("Sprintf").Call(s.resource...)},
				{Name: "MinCapacity", Value: component.Int(way.least)},
				{Name: "MaxCapacity", Value: component.Int(way.most)},
			},
		})
		field := func(name string) jen.Code { return jen.Id(target).Dot(name) }
		metric := component.Struct(
			component.AWS("appautoscaling", "PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs"),
			component.Fields{{Name: "PredefinedMetricType", Value: component.Str(way.metric)}})
		t.Resource(component.Resource{
			Type: "aws:appautoscaling/policy:Policy", Part: part, What: "scaling of " + way.name + " capacity", Source: s.source,
			Args: component.Fields{
				{Name: "Name", Value: t.Physical(255, part)},
				{Name: "PolicyType", Value: component.Str("TargetTrackingScaling")},
				{Name: "ServiceNamespace", Value: field("ServiceNamespace")},
				{Name: "ScalableDimension", Value: field("ScalableDimension")},
				{Name: "ResourceId", Value: field("ResourceId")},
				{Name: "TargetTrackingScalingPolicyConfiguration", Value: component.Struct(
					component.AWS("appautoscaling", "PolicyTargetTrackingScalingPolicyConfigurationArgs"), component.Fields{
						{Name: "TargetValue", Value: component.Float(float64(c.Autoscaling.TargetPercent))},
						{Name: "PredefinedMetricSpecification", Value: metric},
					})},
			},
		})
	}
}
