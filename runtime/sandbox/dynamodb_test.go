package sandbox

import (
	"strings"
	"testing"
)

const (
	tDynamo   = "aws:dynamodb/table:Table"
	tReplica  = "aws:dynamodb/tableReplica:TableReplica"
	tInsights = "aws:dynamodb/contributorInsights:ContributorInsights"
)

func orders(change props) props {
	return with(props{"name": "orders", "billingMode": "PAY_PER_REQUEST", "hashKey": "id", "rangeKey": "day", "streamEnabled": true,
		"streamViewType": "NEW_AND_OLD_IMAGES", "ttl": props{"enabled": true, "attributeName": "until"},
		"attributes":             []any{props{"name": "id", "type": "S"}, props{"name": "day", "type": "N"}},
		"globalSecondaryIndexes": []any{props{"name": "by-day", "hashKey": "day", "projectionType": "ALL"}}}, change)
}

func TestDynamoDB(t *testing.T) {
	w := newWorld(t, "")
	table := w.create(tDynamo, "orders", orders(nil))
	if table.id != "orders" || table.out("arn") != "arn:aws:dynamodb:us-east-1:123456789012:table/orders" ||
		!strings.HasPrefix(table.out("streamArn"), table.out("arn")+"/stream/20") {
		t.Errorf("table %s has ARN %s and stream %s", table.id, table.out("arn"), table.out("streamArn"))
	}
	insights := w.create(tInsights, "insights", props{"tableName": table.id, "indexName": "by-day"})
	indexes := []any{props{"name": "by-day", "hashKey": "day", "projectionType": "ALL"}, props{"name": "by-id", "hashKey": "id", "projectionType": "ALL"}}
	two := w.create(tDynamo, "two", orders(props{"name": "two", "globalSecondaryIndexes": indexes}))
	w.alters(t, map[string]alteration{
		"billing":             {table, props{"billingMode": "PROVISIONED", "readCapacity": 1, "writeCapacity": 1}, "billingMode readCapacity writeCapacity", ""},
		"name":                {table, props{"name": "other"}, "name", "name"},
		"hash key":            {table, props{"hashKey": "day", "rangeKey": "id"}, "hashKey rangeKey", "hashKey rangeKey"},
		"local indexes":       {table, props{"localSecondaryIndexes": []any{props{"name": "loc", "rangeKey": "day", "projectionType": "ALL"}}}, "localSecondaryIndexes", "localSecondaryIndexes"},
		"index order":         {two, props{"globalSecondaryIndexes": []any{indexes[1], indexes[0]}}, "", ""},
		"attribute order":     {table, props{"attributes": []any{props{"name": "day", "type": "N"}, props{"name": "id", "type": "S"}}}, "", ""},
		"index more":          {table, props{"globalSecondaryIndexes": indexes}, "globalSecondaryIndexes", ""},
		"protection":          {table, props{"deletionProtectionEnabled": true}, "deletionProtectionEnabled", ""},
		"insights of another": {insights, props{"tableName": "two"}, "tableName", "tableName"},
	})
	stream := table.out("streamArn")
	if err := w.update(table, orders(props{"deletionProtectionEnabled": true})); err != nil {
		t.Fatal(err)
	}
	if table.out("streamArn") != stream {
		t.Errorf("an update that leaves the stream gives it the ARN %s", table.out("streamArn"))
	}
	wantError(t, w.delete(table), "currently protected against deletion")
	wantError(t, w.update(table, orders(props{"ttl": props{"enabled": true, "attributeName": "other"}})), "TimeToLive is active on a different AttributeName")
	retyped := []any{props{"name": "id", "type": "S"}, props{"name": "day", "type": "S"}}
	wantError(t, w.update(table, orders(props{"attributes": retyped})), "the key attribute day has the type N, which no update changes to S")
	if err := w.update(table, orders(props{"streamEnabled": nil, "streamViewType": nil})); err != nil {
		t.Fatal(err)
	}
	if table.out("streamArn") != "" {
		t.Errorf("without a stream the table has the stream %s", table.out("streamArn"))
	}
	w.lives(t, table, two, insights)
}

func TestDynamoDBRefusals(t *testing.T) {
	w := newWorld(t, "")
	w.create(tDynamo, "orders", orders(nil))
	index := func(change props) []any {
		return []any{with(props{"name": "by-day", "hashKey": "day", "projectionType": "ALL"}, change)}
	}
	other := func(change props) props { return with(orders(props{"name": "other"}), change) }
	w.refuses(t, map[string]refusal{
		"name taken":         {tDynamo, orders(nil), "ResourceInUseException: Table already exists: orders"},
		"short name":         {tDynamo, orders(props{"name": "ab"}), "invalid value for name"},
		"no hash key":        {tDynamo, other(props{"hashKey": nil}), "hashKey is required"},
		"undeclared key":     {tDynamo, other(props{"rangeKey": "week"}), `Unmatched indexes: ["week"]`},
		"unused attribute":   {tDynamo, other(props{"attributes": append(orders(nil)["attributes"].([]any), props{"name": "x", "type": "S"})}), `Unused attributes: ["x"]`},
		"attribute type":     {tDynamo, other(props{"attributes": []any{props{"name": "id", "type": "T"}}}), "to be one of S, N, B"},
		"billing":            {tDynamo, other(props{"billingMode": "FREE"}), "expected billingMode to be one of"},
		"no capacity":        {tDynamo, other(props{"billingMode": "PROVISIONED"}), "must both be specified when BillingMode is PROVISIONED"},
		"index capacity":     {tDynamo, other(props{"billingMode": "PROVISIONED", "readCapacity": 1, "writeCapacity": 1}), "ProvisionedThroughput is not specified for index: by-day"},
		"projection":         {tDynamo, other(props{"globalSecondaryIndexes": index(props{"projectionType": "INCLUDE"})}), "NonKeyAttributes is not specified"},
		"projection of all":  {tDynamo, other(props{"globalSecondaryIndexes": index(props{"nonKeyAttributes": []any{"a"}})}), "ProjectionType is ALL, but NonKeyAttributes is specified"},
		"local without key":  {tDynamo, other(props{"rangeKey": nil, "localSecondaryIndexes": []any{props{"name": "loc", "rangeKey": "day", "projectionType": "ALL"}}}), "Table KeySchema does not have a range key"},
		"stream":             {tDynamo, other(props{"streamViewType": nil}), "streamViewType is required"},
		"replica here":       {tDynamo, other(props{"replicas": []any{props{"regionName": "us-east-1"}}}), "the local region"},
		"key":                {tDynamo, other(props{"serverSideEncryption": props{"enabled": true, "kmsKeyArn": "alias/none"}}), "NotFoundException"},
		"recovery":           {tDynamo, other(props{"pointInTimeRecovery": props{"enabled": true, "recoveryPeriodInDays": 40}}), "range 1 to 35"},
		"insights of none":   {tInsights, props{"tableName": "none"}, "ResourceNotFoundException: Requested resource not found: Table: none not found"},
		"insights' index":    {tInsights, props{"tableName": "orders", "indexName": "none"}, "Index: none not found"},
		"replica of none":    {tReplica, props{"globalTableArn": "arn:aws:dynamodb:eu-west-1:123456789012:table/none"}, "ResourceNotFoundException"},
		"replica beside it":  {tReplica, props{"globalTableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/orders"}, "Cannot add, delete, or update the local region"},
		"scaling of none":    {tScalable, props{"resourceId": "table/none", "minCapacity": 1, "maxCapacity": 2, "serviceNamespace": "dynamodb", "scalableDimension": "dynamodb:table:ReadCapacityUnits"}, "DynamoDB table does not exist: table/none"},
		"scaling of no such": {tScalable, props{"resourceId": "table/orders", "minCapacity": 1, "maxCapacity": 2, "serviceNamespace": "dynamodb", "scalableDimension": "dynamodb:table:Reads"}, "expected scalableDimension to be one of"},
	})
}

// TestTableScalesInTwoDimensions: both are kept, each with its policy.
func TestTableScalesInTwoDimensions(t *testing.T) {
	w := newWorld(t, "")
	table := w.create(tDynamo, "orders", orders(props{"billingMode": "PROVISIONED", "readCapacity": 1, "writeCapacity": 1, "globalSecondaryIndexes": nil}))
	things := []*thing{table}
	for _, kind := range []string{"Read", "Write"} {
		in := props{"resourceId": "table/orders", "serviceNamespace": "dynamodb", "scalableDimension": "dynamodb:table:" + kind + "CapacityUnits"}
		things = append(things, w.create(tScalable, kind, with(in, props{"minCapacity": 1, "maxCapacity": 10})))
		things = append(things, w.create(tScaling, kind, with(in, props{"name": kind, "policyType": "TargetTrackingScaling",
			"targetTrackingScalingPolicyConfiguration": props{"targetValue": 70.0,
				"predefinedMetricSpecification": props{"predefinedMetricType": "DynamoDB" + kind + "CapacityUtilization"}}})))
	}
	if err := w.delete(things[1]); err != nil { // takes its own policy along
		t.Fatal(err)
	}
	if w.read(things[2]).Found || !w.read(things[4]).Found {
		t.Error("deleting the target of reads must delete its policy, and no other")
	}
	w.lives(t, table, things[3], things[4])
}

func TestTableReplica(t *testing.T) {
	w := newWorld(t, "")
	table := w.create(tDynamo, "orders", orders(nil))
	far := &world{t: t, dir: w.dir, account: w.account, p: w.account.Provider("eu-west-1")}
	replica := far.create(tReplica, "copy", props{"globalTableArn": table.out("arn")})
	if replica.id != "orders:us-east-1:eu-west-1" || replica.out("arn") != "arn:aws:dynamodb:eu-west-1:123456789012:table/orders" {
		t.Errorf("the replica is %s with ARN %s", replica.id, replica.out("arn"))
	}
	far.alters(t, map[string]alteration{"replica's recovery": {replica, props{"pointInTimeRecovery": true}, "pointInTimeRecovery", ""}})
	if err := far.delete(replica); err != nil {
		t.Fatal(err)
	}
	w.lives(t, table)
	plain := w.create(tDynamo, "plain", orders(props{"streamViewType": "KEYS_ONLY"}))
	_, err := far.tryCreate(tReplica, "copy", props{"globalTableArn": plain.out("arn")})
	wantError(t, err, "NEW_AND_OLD_IMAGES")
}
