package dynamodb

import (
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// ARN is known before the table exists.
func (Kind) ARN(stack *ir.Stack, c *ir.Component) (service, resource string) {
	s, _ := decode(c)
	return "dynamodb", "table/" + physicalName(stack, c, s)
}

// OwnKey is the KMS key of the YAML.
func (Kind) OwnKey(c *ir.Component) ir.Text {
	s, _ := decode(c)
	return s.KeyARN
}

// Grants are for items, by the table and its indexes. Who takes the stream may read that instead of the table.
func (Kind) Grants(c *ir.Component, access string) []component.Grant {
	s, _ := decode(c)
	reads, writes := access != "write", access != "read"
	items := component.Grant{
		Actions: []string{"dynamodb:ConditionCheckItem", "dynamodb:DescribeTable"}, On: []component.Target{{Output: "arn"}},
		Taking: []string{"arn", "tableName"},
	}
	// DynamoDB uses the key in the name of who asks it, and so only through DynamoDB.
	key := component.Grant{
		Actions: []string{"kms:Decrypt", "kms:DescribeKey"}, WithKey: true,
		Conditions: []component.Condition{{Operator: "StringLike", Key: "kms:ViaService", Values: []string{"dynamodb.*"}}},
	}
	if reads {
		items.Actions = append(items.Actions, "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PartiQLSelect",
			"dynamodb:Query", "dynamodb:Scan")
		if len(s.GlobalIndexes)+len(s.LocalIndexes) > 0 {
			items.On = append(items.On, component.Target{Output: "arn", Suffix: "/index/*"})
		}
	}
	if writes {
		items.Actions = append(items.Actions, "dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PartiQLDelete",
			"dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:PutItem", "dynamodb:UpdateItem")
		key.Actions = append(key.Actions, "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
	}
	grants := []component.Grant{items}
	if s.Stream != nil && reads {
		grants = append(grants, component.Grant{
			Actions: []string{"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"},
			// A field that names a table, such as a trigger's, takes no output and means the stream.
			On: []component.Target{{Output: "streamArn"}}, Taking: []string{"streamArn", ""},
		})
	}
	return append(grants, key)
}
