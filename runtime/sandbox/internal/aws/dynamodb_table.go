package aws

import (
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const tableType = "aws:dynamodb/table:Table"

func table() *Kind {
	return &Kind{
		Type: tableType, Label: "DynamoDB Table", Regional: true,
		Name: "name", MaxName: 255,
		Conflict: func(name string) error { return errorf("ResourceInUseException", "Table already exists: %s", name) },
		Replace: []string{"name", "hashKey", "rangeKey", "localSecondaryIndexes", "importTable", "restoreDateTime", "restoreSourceName",
			"restoreSourceTableArn", "restoreToLatestTime"},
		Sets: []string{"attributes", "globalSecondaryIndexes", "localSecondaryIndexes", "replicas"},
		Checks: []Check{
			matching("name", `^[0-9A-Za-z_.-]{3,255}$`, "3 to 255 letters, digits and _.-"),
			oneOf("billingMode", "PROVISIONED", "PAY_PER_REQUEST"), oneOf("tableClass", "STANDARD", "STANDARD_INFREQUENT_ACCESS"),
			oneOf("streamViewType", "NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY"),
			eachObject("attributes", oneOf("type", "S", "N", "B"), matching("name", `^[\s\S]{1,255}$`, "1 to 255 characters")),
			eachObject("globalSecondaryIndexes", oneOf("projectionType", "ALL", "KEYS_ONLY", "INCLUDE"), matching("name", `^[0-9A-Za-z_.-]{3,255}$`, "3 to 255 letters, digits and _.-")),
			eachObject("localSecondaryIndexes", oneOf("projectionType", "ALL", "KEYS_ONLY", "INCLUDE"), matching("name", `^[0-9A-Za-z_.-]{3,255}$`, "3 to 255 letters, digits and _.-")),
			within("pointInTimeRecovery.recoveryPeriodInDays", 1, 35), checkTableKeys, checkStream,
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"billingMode": "PROVISIONED", "tableClass": "STANDARD", "deletionProtectionEnabled": false, "streamEnabled": false,
				"pointInTimeRecovery": map[string]any{"enabled": false}, "ttl": map[string]any{"enabled": false}}
			if c.In.String("billingMode") == "PAY_PER_REQUEST" {
				out["readCapacity"], out["writeCapacity"] = 0, 0
			}
			return out
		},
		Refs:   []Ref{keyRef("serverSideEncryption.kmsKeyArn")},
		Create: createTable,
		Update: updateTable,
		Delete: func(_ *Call, r *store.Resource) error {
			if r.Inputs.Bool("deletionProtectionEnabled") {
				return errorf("ValidationException", "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
			}
			return nil
		},
		Detail: func(*Call, *store.Resource) string { return "active" },
		Usual:  Usual{10, 15, 5},
	}
}

// checkTableKeys demands that just the attributes that keys use are declared.
func checkTableKeys(in store.Values) []Problem {
	if in.Has("restoreSourceName") || in.Has("restoreSourceTableArn") {
		return nil
	}
	if !in.Has("hashKey") {
		return []Problem{{"hashKey", "hashKey is required for a table that is no copy"}}
	}
	declared, used := map[string]bool{}, map[string]bool{}
	for _, a := range in.Objects("attributes") {
		if !a.Known("name") {
			return nil
		}
		declared[a.String("name")] = true
	}
	keys := []string{in.String("hashKey"), in.String("rangeKey")}
	for _, index := range append(in.Objects("globalSecondaryIndexes"), in.Objects("localSecondaryIndexes")...) {
		keys = append(keys, index.String("hashKey"), index.String("rangeKey"))
	}
	for _, k := range keys {
		if k != "" && !declared[k] {
			return []Problem{{"attributes", "all indexes must match a defined attribute. Unmatched indexes: [\"" + k + "\"]"}}
		}
		used[k] = true
	}
	for _, a := range in.Objects("attributes") {
		if name := a.String("name"); !used[name] && in.Known("hashKey") && (!in.Has("rangeKey") || in.Known("rangeKey")) {
			return []Problem{{"attributes", "all attributes must be indexed. Unused attributes: [\"" + name + "\"]"}}
		}
	}
	return nil
}

func checkStream(in store.Values) []Problem {
	if in.Bool("streamEnabled") && !in.Has("streamViewType") {
		return []Problem{{"streamViewType", "streamViewType is required when streamEnabled is true"}}
	}
	return nil
}

func createTable(c *Call) (*Made, error) {
	if err := tableFits(c); err != nil {
		return nil, err
	}
	name := c.In.String("name")
	out := store.Values{"arn": c.ARN("dynamodb", "table/"+name)}
	return &Made{ID: name, Outputs: out.Over(c.stream(nil))}, nil
}

// stream gives a table's stream: a new one when it is turned on or tells of other things.
func (c *Call) stream(prior *store.Resource) store.Values {
	if !c.In.Bool("streamEnabled") {
		return store.Values{"streamArn": "", "streamLabel": ""}
	}
	if prior != nil && prior.Inputs.Bool("streamEnabled") && prior.Inputs.String("streamViewType") == c.In.String("streamViewType") {
		return store.Values{"streamArn": prior.Outputs.String("streamArn"), "streamLabel": prior.Outputs.String("streamLabel")}
	}
	label := c.Now.UTC().Format("2006-01-02T15:04:05.000")
	return store.Values{"streamLabel": label, "streamArn": c.ARN("dynamodb", "table/"+c.In.String("name")+"/stream/"+label)}
}

// tableFits demands capacity for the billing mode, sound indexes and what replicas need.
func tableFits(c *Call) error {
	provisioned := c.In.String("billingMode") != "PAY_PER_REQUEST"
	if provisioned && !c.In.Has("restoreSourceName") && !c.In.Has("restoreSourceTableArn") {
		if c.In.Int("readCapacity") < 1 || c.In.Int("writeCapacity") < 1 {
			return errorf("ValidationException", "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
		}
		if c.In.Has("onDemandThroughput") {
			return errorf("ValidationException", "One or more parameter values were invalid: OnDemandThroughput cannot be specified when BillingMode is PROVISIONED")
		}
	}
	if err := indexesFit(c, provisioned); err != nil {
		return err
	}
	return tableReplicasFit(c, provisioned)
}

func indexesFit(c *Call, provisioned bool) error {
	global, local := c.In.Objects("globalSecondaryIndexes"), c.In.Objects("localSecondaryIndexes")
	if len(global) > 20 {
		return errorf("LimitExceededException", "GlobalSecondaryIndex count exceeds the per-table limit of 20")
	}
	if len(local) > 5 {
		return errorf("ValidationException", "One or more parameter values were invalid: Number of LocalSecondaryIndexes exceeds per-table limit of 5")
	}
	if len(local) > 0 && !c.In.Has("rangeKey") {
		return errorf("ValidationException", "One or more parameter values were invalid: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex")
	}
	names := map[string]bool{}
	for i, index := range append(global, local...) {
		name := index.String("name")
		if names[name] {
			return errorf("ValidationException", "One or more parameter values were invalid: Duplicate index name: %s", name)
		}
		names[name] = true
		projection, extra := index.String("projectionType"), len(index.Strings("nonKeyAttributes")) > 0
		if projection == "INCLUDE" && !extra {
			return errorf("ValidationException", "One or more parameter values were invalid: ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
		}
		if projection != "INCLUDE" && extra {
			return errorf("ValidationException", "One or more parameter values were invalid: ProjectionType is %s, but NonKeyAttributes is specified", projection)
		}
		if i < len(global) && provisioned && (index.Int("readCapacity") < 1 || index.Int("writeCapacity") < 1) {
			return errorf("ValidationException", "One or more parameter values were invalid: ProvisionedThroughput is not specified for index: %s", name)
		}
	}
	return nil
}

func tableReplicasFit(c *Call, provisioned bool) error {
	regions := map[string]bool{c.Region: true}
	for _, r := range c.In.Objects("replicas") {
		region := r.String("regionName")
		if regions[region] {
			return errorf("ValidationException", "Cannot add, delete, or update the local region or one region twice through ReplicaUpdates: %s", region)
		}
		regions[region] = true
	}
	if len(regions) == 1 {
		return nil
	}
	if c.In.Bool("streamEnabled") && c.In.String("streamViewType") != "NEW_AND_OLD_IMAGES" {
		return errorf("ValidationException", "One or more parameter values were invalid: Table must have a stream with StreamViewType NEW_AND_OLD_IMAGES to have replicas")
	}
	if provisioned && c.scalableTarget("table/"+c.In.String("name"), "dynamodb:table:WriteCapacityUnits") == nil {
		return errorf("ValidationException", "Table write capacity should either be Pay-Per-Request or AutoScaled.")
	}
	return nil
}

func updateTable(c *Call, prior *store.Resource) (*Made, error) {
	if err := tableFits(c); err != nil {
		return nil, err
	}
	if err := keysKeepTypes(c, prior); err != nil {
		return nil, err
	}
	was, now := prior.Inputs.Object("ttl"), c.In.Object("ttl")
	if was.Bool("enabled") && now.Bool("enabled") && was.String("attributeName") != now.String("attributeName") {
		return nil, errorf("ValidationException", "TimeToLive is active on a different AttributeName: current AttributeName is %s", was.String("attributeName"))
	}
	if prior.Inputs.Has("serverSideEncryption") && c.In.Object("serverSideEncryption").Has("kmsKeyArn") && !c.In.Object("serverSideEncryption").Bool("enabled") {
		return nil, errorf("ValidationException", "One or more parameter values were invalid: KMSMasterKeyId cannot be specified when SSE is disabled")
	}
	return &Made{Outputs: c.stream(prior)}, nil
}

// keysKeepTypes refuses another type for an attribute of the table's key. DynamoDB itself either refuses such an update or
// takes it and keeps the old type, so that the table never becomes what was asked for.
func keysKeepTypes(c *Call, prior *store.Resource) error {
	before := map[string]string{}
	for _, a := range prior.Inputs.Objects("attributes") {
		before[a.String("name")] = a.String("type")
	}
	for _, a := range c.In.Objects("attributes") {
		name := a.String("name")
		if name != c.In.String("hashKey") && name != c.In.String("rangeKey") {
			continue
		}
		if old := before[name]; old != "" && old != a.String("type") {
			return errorf("ValidationException", "the key attribute %s has the type %s, which no update changes to %s: only another table, under another name, can have that",
				name, old, a.String("type"))
		}
	}
	return nil
}

// tableOrIndexExists looks for what a scaling resource ID such as table/orders/index/by-day names.
func (c *Call) tableOrIndexExists(id string) bool {
	for _, t := range c.all(tableType) {
		if id == "table/"+t.ID {
			return true
		}
		if slices.ContainsFunc(t.Inputs.Objects("globalSecondaryIndexes"), func(i store.Values) bool { return id == "table/"+t.ID+"/index/"+i.String("name") }) {
			return true
		}
	}
	return false
}

// tableIn gives the table of any region with an ARN, or nil.
func (c *Call) tableIn(arn string) *store.Resource {
	for _, t := range c.Tx.All(tableType) {
		if t.Outputs.String("arn") == arn {
			return t
		}
	}
	return nil
}
