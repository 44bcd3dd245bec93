package tabledouble

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Direct is a client of a Double without a network between, for tests that make very many calls. It knows GetItem and
// UpdateItem.
type Direct struct{ Double *Double }

// GetItem answers as DynamoDB does.
func (c Direct) GetItem(_ context.Context, in *dynamodb.GetItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	out, err := c.Double.do("GetItem", request{TableName: aws.ToString(in.TableName), Key: fromSDK(in.Key)})
	if err != nil {
		return nil, toError(err)
	}
	found, _ := out.(map[string]any)["Item"].(item)
	return &dynamodb.GetItemOutput{Item: toSDK(found)}, nil
}

// UpdateItem answers as DynamoDB does.
func (c Direct) UpdateItem(_ context.Context, in *dynamodb.UpdateItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	out, err := c.Double.do("UpdateItem", request{
		TableName: aws.ToString(in.TableName), Key: fromSDK(in.Key), UpdateExpression: aws.ToString(in.UpdateExpression),
		ConditionExpression: aws.ToString(in.ConditionExpression), ExpressionAttributeNames: in.ExpressionAttributeNames,
		ExpressionAttributeValues: fromSDK(in.ExpressionAttributeValues), ReturnValues: string(in.ReturnValues),
		ReturnValuesOnConditionCheckFailure: string(in.ReturnValuesOnConditionCheckFailure),
	})
	if err != nil {
		return nil, toError(err)
	}
	before, _ := out.(map[string]any)["Attributes"].(item)
	return &dynamodb.UpdateItemOutput{Attributes: toSDK(before)}, nil
}

func toError(err error) error {
	var f *failure
	if errors.As(err, &f) && f.code == "ConditionalCheckFailedException" {
		return &types.ConditionalCheckFailedException{Message: &f.message, Item: toSDK(f.item)}
	}
	return err
}

func fromSDK(attributes map[string]types.AttributeValue) map[string]value {
	all := map[string]value{}
	for name, v := range attributes {
		switch v := v.(type) {
		case *types.AttributeValueMemberS:
			all[name] = value{"S": v.Value}
		case *types.AttributeValueMemberN:
			all[name] = value{"N": v.Value}
		case *types.AttributeValueMemberBOOL:
			all[name] = value{"BOOL": v.Value}
		default:
			panic(fmt.Sprintf("this double has no attributes of type %T", v))
		}
	}
	return all
}

func toSDK(i item) map[string]types.AttributeValue {
	if i == nil {
		return nil
	}
	all := map[string]types.AttributeValue{}
	for name, v := range i {
		if text, ok := v["S"].(string); ok {
			all[name] = &types.AttributeValueMemberS{Value: text}
		} else if number, ok := v["N"].(string); ok {
			all[name] = &types.AttributeValueMemberN{Value: number}
		} else {
			all[name] = &types.AttributeValueMemberBOOL{Value: v["BOOL"] == true}
		}
	}
	return all
}
