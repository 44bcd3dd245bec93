package aws

import (
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// tableReplica is a copy of a table in the region of the call.
func tableReplica() *Kind {
	return &Kind{
		Type: "aws:dynamodb/tableReplica:TableReplica", Label: "DynamoDB Table Replica",
		Replace: []string{"globalTableArn", "kmsKeyArn", "tableClassOverride"},
		Checks:  []Check{oneOf("tableClassOverride", "STANDARD", "STANDARD_INFREQUENT_ACCESS")},
		Defaults: func(*Call) store.Values {
			return store.Values{"deletionProtectionEnabled": false, "pointInTimeRecovery": false}
		},
		Refs: []Ref{
			{Path: "globalTableArn", To: tableType, Loose: true, Check: (*Call).mayReplicate},
			keyRef("kmsKeyArn"),
		},
		Create: func(c *Call) (*Made, error) {
			arn := c.In.String("globalTableArn")
			name := arn[strings.LastIndex(arn, "/")+1:]
			return &Made{ID: name + ":" + strings.Split(arn, ":")[3] + ":" + c.Region, Outputs: store.Values{"arn": c.ARN("dynamodb", "table/"+name)}}, nil
		},
		Delete: func(_ *Call, r *store.Resource) error {
			if r.Inputs.Bool("deletionProtectionEnabled") {
				return errorf("ValidationException", "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
			}
			return nil
		},
		Usual: Usual{120, 30, 60},
	}
}

// mayReplicate demands a table of another region that can have replicas, of which none is in this region yet.
func (c *Call) mayReplicate(arn string) error {
	t := c.tableIn(arn)
	if t == nil {
		return errorf("ResourceNotFoundException", "Requested resource not found: Table: %s not found", arn)
	}
	if t.Region == c.Region {
		return errorf("ValidationException", "Cannot add, delete, or update the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or UpdateTable as required.")
	}
	if c.Find(tableType, t.ID) != nil {
		return errorf("ValidationException", "Replica specified in the Replica Update or Replica Delete action of the request already exists as a table: %s", t.ID)
	}
	if !t.Inputs.Bool("streamEnabled") || t.Inputs.String("streamViewType") != "NEW_AND_OLD_IMAGES" {
		return errorf("ValidationException", "One or more parameter values were invalid: Table must have a stream with StreamViewType NEW_AND_OLD_IMAGES to have replicas")
	}
	source := *c
	source.Region = t.Region
	if t.Inputs.String("billingMode") != "PAY_PER_REQUEST" && source.scalableTarget("table/"+t.ID, "dynamodb:table:WriteCapacityUnits") == nil {
		return errorf("ValidationException", "Table write capacity should either be Pay-Per-Request or AutoScaled.")
	}
	return nil
}

func contributorInsights() *Kind {
	return &Kind{
		Type: "aws:dynamodb/contributorInsights:ContributorInsights", Label: "DynamoDB Contributor Insights", Regional: true, Idempotent: true,
		Replace: []string{"tableName", "indexName"},
		Refs: []Ref{{Path: "tableName", To: tableType, Owned: true,
			Missing: missing("ResourceNotFoundException", "Requested resource not found: Table: %s not found")}},
		Create: func(c *Call) (*Made, error) {
			name, index := c.In.String("tableName"), c.In.String("indexName")
			if t := c.Find(tableType, name); index != "" && !c.tableOrIndexExists("table/"+t.ID+"/index/"+index) {
				return nil, errorf("ResourceNotFoundException", "Requested resource not found: Index: %s not found", index)
			}
			return &Made{ID: "name:" + name + "/index:" + index + "/" + c.Account}, nil
		},
		Usual: Usual{30, 30, 30},
	}
}
