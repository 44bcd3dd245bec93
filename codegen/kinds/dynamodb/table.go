package dynamodb

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

func (t *table) create() {
	protection := t.Stack().Protected
	if t.DeletionProtection != nil {
		protection = *t.DeletionProtection
	}
	var options []jen.Code
	if t.Capacity.scaled() { // which is from then on autoscaling's to set
		options = []jen.Code{component.Pulumi("IgnoreChanges").Call(component.Strings("readCapacity", "writeCapacity"))}
	}
	args := component.Fields{
		{Name: "Name", Value: component.Str(physicalName(t.Stack(), t.Component(), t.specification))},
		{Name: "BillingMode", Value: component.Str(t.BillingMode)},
	}
	if t.provisioned() && t.Capacity != nil {
		args = append(args,
			component.Field{Name: "ReadCapacity", Value: component.Int(t.Capacity.Read)},
			component.Field{Name: "WriteCapacity", Value: component.Int(t.Capacity.Write)})
	}
	args = append(args, component.Fields{
		{Name: "OnDemandThroughput", Value: t.limits()},
		{Name: "HashKey", Value: component.Str(t.HashKey)},
		{Name: "RangeKey", Value: component.If(t.RangeKey != "", component.Str(t.RangeKey))},
		{Name: "Attributes", Value: t.attributes()},
		{Name: "GlobalSecondaryIndexes", Value: t.globalIndexes()},
		{Name: "LocalSecondaryIndexes", Value: t.localIndexes()},
		{Name: "Ttl", Value: t.timeToLive()},
	}...)
	if t.Stream != nil {
		args = append(args,
			component.Field{Name: "StreamEnabled", Value: component.Bool(true)},
			component.Field{Name: "StreamViewType", Value: component.Str(t.Stream.ViewType)})
	}
	args = append(args, component.Fields{
		{Name: "PointInTimeRecovery", Value: t.recovery()},
		{Name: "ServerSideEncryption", Value: t.encryption()},
		{Name: "TableClass", Value: component.If(t.TableClass != "STANDARD", component.Str(t.TableClass))},
		{Name: "Replicas", Value: t.replicas()},
		{Name: "DeletionProtectionEnabled", Value: component.Bool(protection)},
	}...)
	t.Resource(component.Resource{
		Var: "table", Type: "aws:dynamodb/table:Table", What: "table", Stateful: true, Source: t.Component().Source,
		Args: args, Options: options,
	})
}

func sdk(name string) *jen.Statement { return component.AWS("dynamodb", name) }

func (t *table) attributes() jen.Code {
	var items []jen.Code
	for _, a := range t.Attributes {
		items = append(items, component.Struct(sdk("TableAttributeArgs"), component.Fields{
			{Name: "Name", Value: component.Str(a.Name)},
			{Name: "Type", Value: component.Str(a.Type)},
		}))
	}
	return component.List(sdk("TableAttributeArray"), items...)
}

// limits are the most that requests may use.
func (t *table) limits() jen.Code {
	if t.OnDemandLimits == nil {
		return nil
	}
	return component.Struct(sdk("TableOnDemandThroughputArgs"), component.Fields{
		{Name: "MaxReadRequestUnits", Value: number(t.OnDemandLimits.MaxReadUnits)},
		{Name: "MaxWriteRequestUnits", Value: number(t.OnDemandLimits.MaxWriteUnits)},
	})
}

func number(n *int) jen.Code {
	if n == nil {
		return nil
	}
	return component.Int(*n)
}

func (t *table) globalIndexes() jen.Code {
	var items []jen.Code
	for _, x := range t.GlobalIndexes {
		fields := component.Fields{
			{Name: "Name", Value: component.Str(x.Name)},
			{Name: "HashKey", Value: component.Str(x.HashKey)},
			{Name: "RangeKey", Value: component.If(x.RangeKey != "", component.Str(x.RangeKey))},
			{Name: "ProjectionType", Value: component.Str(x.Projection.Type)},
			{Name: "NonKeyAttributes", Value: x.held()},
		}
		if c := t.capacityOf(x); c != nil {
			fields = append(fields,
				component.Field{Name: "ReadCapacity", Value: component.Int(c.Read)},
				component.Field{Name: "WriteCapacity", Value: component.Int(c.Write)})
		}
		items = append(items, component.Struct(sdk("TableGlobalSecondaryIndexArgs"), fields))
	}
	return list("TableGlobalSecondaryIndexArray", items)
}

func (t *table) localIndexes() jen.Code {
	var items []jen.Code
	for _, x := range t.LocalIndexes {
		items = append(items, component.Struct(sdk("TableLocalSecondaryIndexArgs"), component.Fields{
			{Name: "Name", Value: component.Str(x.Name)},
			{Name: "RangeKey", Value: component.Str(x.RangeKey)},
			{Name: "ProjectionType", Value: component.Str(x.Projection.Type)},
			{Name: "NonKeyAttributes", Value: x.held()},
		}))
	}
	return list("TableLocalSecondaryIndexArray", items)
}

func list(typ string, items []jen.Code) jen.Code {
	if len(items) == 0 {
		return nil
	}
	return component.List(sdk(typ), items...)
}

// held are the attributes that an index holds beside the keys.
func (x index) held() jen.Code {
	var items []jen.Code
	for _, attribute := range x.Projection.NonKeyAttributes {
		items = append(items, component.Str(attribute))
	}
	if len(items) == 0 {
		return nil
	}
	return component.StrArray(items...)
}

func (t *table) timeToLive() jen.Code {
	if t.TimeToLive == nil {
		return nil
	}
	return component.Struct(sdk("TableTtlArgs"), component.Fields{
		{Name: "Enabled", Value: component.Bool(true)},
		{Name: "AttributeName", Value: component.Str(t.TimeToLive.Attribute)},
	})
}

func (t *table) recovery() jen.Code {
	return component.Struct(sdk("TablePointInTimeRecoveryArgs"), component.Fields{
		{Name: "Enabled", Value: component.Bool(t.Recovery.Enabled)},
		{Name: "RecoveryPeriodInDays", Value: component.If(t.Recovery.Enabled, component.Int(t.Recovery.PeriodDays))},
	})
}

// encryption is left out where DynamoDB is to use a key that it owns.
func (t *table) encryption() jen.Code {
	key := t.Key()
	if key == nil {
		return nil
	}
	return component.Struct(sdk("TableServerSideEncryptionArgs"), component.Fields{
		{Name: "Enabled", Value: component.Bool(true)},
		{Name: "KmsKeyArn", Value: key},
	})
}

func (t *table) replicas() jen.Code {
	var items []jen.Code
	for _, r := range t.Replicas {
		fields := component.Fields{
			{Name: "RegionName", Value: component.Str(r.Region)},
			{Name: "PointInTimeRecovery", Value: component.Bool(r.Recovery)},
			{Name: "PropagateTags", Value: component.Bool(true)},
		}
		if len(r.KeyARN) > 0 {
			fields = append(fields, component.Field{Name: "KmsKeyArn", Value: t.Text(r.KeyARN)})
		}
		items = append(items, component.Struct(sdk("TableReplicaTypeArgs"), fields))
	}
	return list("TableReplicaTypeArray", items)
}

// insights show which items are used most.
func (t *table) insights() {
	if !t.ContributorInsights {
		return
	}
	t.Resource(component.Resource{
		Type: "aws:dynamodb/contributorInsights:ContributorInsights", Part: "insights", What: "contributor insights",
		Source: t.Place("contributorInsights"),
		Args:   component.Fields{{Name: "TableName", Value: name()}},
	})
}
