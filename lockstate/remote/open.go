package remote

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"github.com/panka-io/panka/lockstate/bucket"
	"github.com/panka-io/panka/lockstate/locktable"
)

// Config says where a Backend is.
type Config struct {
	Bucket string
	// Prefix of all objects' names: "" or ends in a slash.
	Prefix string
	// Region of bucket and table; "" for the one that the AWS SDK finds.
	Region string
	Table  string
	// PathStyle puts the bucket's name into paths, as S3-compatible stores want it.
	PathStyle bool
	// Profile is the AWS profile to use unless the environment names one; "" for the SDK's own choice.
	Profile string
	// Locks are the lease's lengths; the zero value is right for use. Their Space is set by Open.
	Locks locktable.Options
}

// Clients are those of the AWS services that a Backend uses, with credentials and endpoints found as the AWS SDK does.
type Clients struct {
	S3       *s3.Client
	DynamoDB *dynamodb.Client
	KMS      *kms.Client
	STS      *sts.Client
	Region   string
}

// Connect makes clients. It makes no calls but those that finding credentials takes.
func Connect(ctx context.Context, c Config) (Clients, error) {
	options := []func(*config.LoadOptions) error{config.WithLogger(logging.Nop{})} // what matters comes back as an error
	if c.Region != "" {
		options = append(options, config.WithRegion(c.Region))
	}
	if c.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(c.Profile))
	}
	found, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return Clients{}, fmt.Errorf("find the AWS configuration: %w", err)
	}
	if found.Region == "" {
		return Clients{}, fmt.Errorf("no AWS region is known: add ?region=… to the backend's address, or set AWS_REGION")
	}
	return Clients{
		S3:       s3.NewFromConfig(found, func(o *s3.Options) { o.UsePathStyle = c.PathStyle }),
		DynamoDB: dynamodb.NewFromConfig(found), KMS: kms.NewFromConfig(found), STS: sts.NewFromConfig(found),
		Region: found.Region,
	}, nil
}

// Open uses a bucket and a table that exist. It makes no calls.
func Open(clients Clients, c Config) (*Backend, error) {
	c.Locks.Space = c.Bucket + "/" + c.Prefix // a table may serve several buckets, and several parts of one
	locks, err := locktable.New(clients.DynamoDB, c.Table, c.Locks)
	if err != nil {
		return nil, err
	}
	return New(bucket.New(clients.S3, c.Bucket, c.Prefix), locks), nil
}
