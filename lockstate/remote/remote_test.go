package remote_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/bucket"
	"github.com/panka-io/panka/lockstate/conformance"
	"github.com/panka-io/panka/lockstate/locktable"
	"github.com/panka-io/panka/lockstate/remote"
)

var n atomic.Int64

func TestConformance(t *testing.T) {
	creds := credentials.NewStaticCredentialsProvider("test", "testsecret", "")
	objects := s3.New(s3.Options{Region: "us-east-1", Credentials: creds, BaseEndpoint: aws.String("http://127.0.0.1:17070"), UsePathStyle: true})
	table := dynamodb.New(dynamodb.Options{Region: "us-east-1", Credentials: creds, BaseEndpoint: aws.String("http://127.0.0.1:17071")})
	conformance.Run(t, func(t *testing.T) conformance.Store {
		name := fmt.Sprintf("t%d-%d", time.Now().UnixNano(), n.Add(1))
		if _, err := objects.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
			t.Fatal(err)
		}
		if _, err := table.CreateTable(t.Context(), &dynamodb.CreateTableInput{TableName: &name, BillingMode: types.BillingModePayPerRequest,
			AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("state"), AttributeType: "S"}},
			KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("state"), KeyType: "HASH"}}}); err != nil {
			t.Fatal(err)
		}
		return conformance.Store{Notice: time.Second, Open: func() lockstate.Backend {
			locks, err := locktable.New(table, name, locktable.Options{Lease: time.Second, Heartbeat: 100 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			return remote.New(bucket.New(objects, name, "p/"), locks)
		}}
	})
}
