package dynamodb

import (
	"fmt"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
)

// operations are those of which DynamoDB counts its own errors, each in a metric of its own. An alarm takes ten.
var operations = []string{
	"BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "TransactGetItems",
	"TransactWriteItems", "UpdateItem",
}

// alarms are for requests that were refused for want of capacity, by the table and by each index, which has its own, and
// for those that failed within DynamoDB.
func (t *table) alarms() {
	least := alarm.For(t.Builder).Thresholds.Table
	refused := func(part, description string, dimensions component.Fields) alarm.Alarm {
		return alarm.Alarm{
			Part: part, Description: description, Comparison: alarm.AtLeast, Threshold: float64(least.ThrottledRequests),
			Expression: "SUM(METRICS())", SilenceIsWell: true,
			Metrics: []alarm.Metric{
				metric("reads", "ReadThrottleEvents", dimensions),
				metric("writes", "WriteThrottleEvents", dimensions),
			},
		}
	}
	own := component.Fields{{Name: "TableName", Value: name()}}
	all := []alarm.Alarm{refused("throttled", "The table refuses requests for want of capacity", own)}
	for _, x := range t.GlobalIndexes {
		all = append(all, refused(names.Part("throttled", x.Name), "An index refuses requests for want of capacity",
			append(own[:1:1], component.Field{Name: "GlobalSecondaryIndexName", Value: component.Str(x.Name)})))
	}
	failed := alarm.Alarm{
		Part: "errors", Description: "Requests fail within DynamoDB", Comparison: alarm.AtLeast, Threshold: float64(least.SystemErrors),
		Expression: "SUM(METRICS())", SilenceIsWell: true,
	}
	for i, operation := range operations {
		failed.Metrics = append(failed.Metrics, metric(fmt.Sprintf("m%d", i+1), "SystemErrors",
			append(own[:1:1], component.Field{Name: "Operation", Value: component.Str(operation)})))
	}
	alarm.Add(t.Builder, append(all, failed)...)
}

func metric(id, name string, dimensions component.Fields) alarm.Metric {
	return alarm.Metric{ID: id, Namespace: "AWS/DynamoDB", Name: name, Statistic: "Sum", Dimensions: dimensions}
}
