package remote

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/panka-io/panka/lockstate/locktable"
)

const tableExists = "lock table"

// tableWait is how long a table may take to be there.
const tableWait = 3 * time.Minute

// tableSetup sets the lock table up.
type tableSetup struct {
	api  *dynamodb.Client
	name string
}

func (t tableSetup) settings() []setting {
	return []setting{
		{tableExists, t.lookExists, t.create},
		{"lock table recovery", t.lookRecovery, t.setRecovery},
		{"lock table deletion protection", t.lookProtection, t.setProtection},
	}
}

func (t tableSetup) describe(ctx context.Context) (*types.TableDescription, error) {
	out, err := t.api.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &t.name})
	var missing *types.ResourceNotFoundException
	if errors.As(err, &missing) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return out.Table, nil
}

func (t tableSetup) lookExists(ctx context.Context) (string, error) {
	table, err := t.describe(ctx)
	switch {
	case err != nil:
		return "", err
	case table == nil:
		return "there is no table " + t.name, nil
	case len(table.KeySchema) != 1 || aws.ToString(table.KeySchema[0].AttributeName) != locktable.KeyAttribute:
		return "", errors.New("the table " + t.name + " exists and is not panka's: its key is not the string attribute \"" + locktable.KeyAttribute + "\"; name another one with lockTable=")
	default:
		return "", nil
	}
}

func (t tableSetup) create(ctx context.Context) error {
	_, err := t.api.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: &t.name, BillingMode: types.BillingModePayPerRequest, DeletionProtectionEnabled: aws.Bool(true),
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String(locktable.KeyAttribute), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String(locktable.KeyAttribute), KeyType: types.KeyTypeHash}},
	})
	var exists *types.ResourceInUseException
	if err != nil && !errors.As(err, &exists) { // another may be making it at the same moment
		return err
	}
	return dynamodb.NewTableExistsWaiter(t.api).Wait(ctx, &dynamodb.DescribeTableInput{TableName: &t.name}, tableWait)
}

func (t tableSetup) lookRecovery(ctx context.Context) (string, error) {
	out, err := t.api.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: &t.name})
	if err != nil {
		return "", err
	}
	if d := out.ContinuousBackupsDescription; d != nil && d.PointInTimeRecoveryDescription != nil &&
		d.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus == types.PointInTimeRecoveryStatusEnabled {
		return "", nil
	}
	return "it cannot be restored to a moment", nil
}

func (t tableSetup) setRecovery(ctx context.Context) error {
	_, err := t.api.UpdateContinuousBackups(ctx, &dynamodb.UpdateContinuousBackupsInput{
		TableName: &t.name, PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true)},
	})
	return err
}

func (t tableSetup) lookProtection(ctx context.Context) (string, error) {
	table, err := t.describe(ctx)
	if err != nil || table == nil || aws.ToBool(table.DeletionProtectionEnabled) {
		return "", err
	}
	return "it can be deleted by one call", nil
}

func (t tableSetup) setProtection(ctx context.Context) error {
	_, err := t.api.UpdateTable(ctx, &dynamodb.UpdateTableInput{TableName: &t.name, DeletionProtectionEnabled: aws.Bool(true)})
	return err
}
