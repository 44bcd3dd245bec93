package remote

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/panka-io/panka/lockstate/bucket"
)

// Finding is one thing that was looked at, or set, in a bucket or table.
type Finding struct {
	What string `json:"what"` // "bucket versioning"
	// State is how it stands.
	State State `json:"state"`
	// Detail says what is wrong, or what was done; it may be empty.
	Detail string `json:"detail,omitempty"`
}

// State is how a Finding stands.
type State string

// The states of findings.
const (
	Well        State = "ok"
	Done        State = "done"        // it was set just now
	Wrong       State = "wrong"       // panka must not be used so
	Unsupported State = "unsupported" // the store, which is not AWS, does not have it
)

// setting is one property of the bucket or the table: how to look at it and how to set it.
type setting struct {
	what string
	// look tells what is wrong; "" if nothing is.
	look func(ctx context.Context) (wrong string, err error)
	set  func(ctx context.Context) error
}

// Create makes the bucket and the table, if they do not exist, and sets what is not set as panka needs it. Doing it again
// changes nothing. The findings tell what was done, up to where it failed.
func Create(ctx context.Context, clients Clients, c Config, kmsKey string) ([]Finding, error) {
	return walk(ctx, settings(clients, c, kmsKey), true)
}

// Check looks at what Create sets, and tries whether the store minds the conditions of writes.
func Check(ctx context.Context, clients Clients, c Config, kmsKey string) ([]Finding, error) {
	return walk(ctx, settings(clients, c, kmsKey), false)
}

func settings(clients Clients, c Config, kmsKey string) []setting {
	b := bucketSetup{api: clients.S3, config: c, key: kmsKey, region: clients.Region}
	t := tableSetup{api: clients.DynamoDB, name: c.Table}
	return append(b.settings(), t.settings()...)
}

func walk(ctx context.Context, all []setting, mend bool) ([]Finding, error) {
	var found []Finding
	for _, s := range all {
		wrong, err := s.look(ctx)
		f := Finding{What: s.what, State: Well}
		switch {
		case unsupported(err):
			f.State, f.Detail, err = Unsupported, "this store does not have it", nil
		case err == nil && wrong != "" && mend && s.set != nil:
			f.State, f.Detail = Done, "was: "+wrong
			if err = s.set(ctx); unsupported(err) {
				f.State, f.Detail, err = Unsupported, "this store does not have it", nil
			}
		case err == nil && wrong != "":
			f.State, f.Detail = Wrong, wrong
		}
		if err != nil {
			return found, fmt.Errorf("%s: %w", s.what, err)
		}
		found = append(found, f)
		if f.State == Wrong && (s.what == bucketExists || s.what == tableExists) {
			return found, nil // there is nothing more to look at
		}
	}
	return found, nil
}

func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// errUnsupported says that the store does not have something, where it did not say so itself.
var errUnsupported = errors.New("the store does not have it")

func unsupported(err error) bool {
	if errors.Is(err, errUnsupported) {
		return true
	}
	switch code(err) {
	case "NotImplemented", "XNotImplemented", "UnknownOperationException", "VersioningNotConfigured":
		return true
	default:
		return false
	}
}

const bucketExists = "bucket"

// bucketSetup sets the bucket up.
type bucketSetup struct {
	api    *s3.Client
	config Config
	key    string
	region string
}

func (b bucketSetup) settings() []setting {
	return []setting{
		{bucketExists, b.lookExists, b.create},
		{"bucket versioning", b.lookVersioning, b.setVersioning},
		{"bucket encryption", b.lookEncryption, b.setEncryption},
		{"bucket public access", b.lookPublicAccess, b.setPublicAccess},
		{"bucket policy", b.lookPolicy, b.setPolicy},
		{"bucket lifecycle", b.lookLifecycle, b.setLifecycle},
		{"conditional writes", b.probe, nil},
	}
}

func (b bucketSetup) name() *string { return aws.String(b.config.Bucket) }

func (b bucketSetup) lookExists(ctx context.Context) (string, error) {
	_, err := b.api.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: b.name()})
	var missing *types.NotFound
	if errors.As(err, &missing) || code(err) == "NoSuchBucket" {
		return "there is no bucket " + b.config.Bucket, nil
	}
	return "", err
}

func (b bucketSetup) create(ctx context.Context) error {
	in := &s3.CreateBucketInput{Bucket: b.name(), ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced}
	if b.region != "us-east-1" { // which takes no constraint
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(b.region)}
	}
	_, err := b.api.CreateBucket(ctx, in)
	if code(err) == "BucketAlreadyOwnedByYou" {
		return nil
	}
	return err
}

func (b bucketSetup) lookVersioning(ctx context.Context) (string, error) {
	out, err := b.api.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: b.name()})
	if err != nil || out.Status == types.BucketVersioningStatusEnabled {
		return "", err
	}
	return "older versions of a state are not kept", nil
}

func (b bucketSetup) setVersioning(ctx context.Context) error {
	_, err := b.api.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket: b.name(), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	return err
}

func (b bucketSetup) lookEncryption(ctx context.Context) (string, error) {
	out, err := b.api.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: b.name()})
	if code(err) == "ServerSideEncryptionConfigurationNotFoundError" {
		return "S3 encrypts with no key of the bucket's own choosing", nil
	}
	if err != nil || b.key == "" {
		return "", err
	}
	for _, rule := range out.ServerSideEncryptionConfiguration.Rules {
		if by := rule.ApplyServerSideEncryptionByDefault; by != nil && by.SSEAlgorithm == types.ServerSideEncryptionAwsKms {
			return "", nil
		}
	}
	return "S3 does not encrypt with KMS", nil
}

func (b bucketSetup) setEncryption(ctx context.Context) error {
	by := &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256}
	if b.key != "" {
		by = &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms, KMSMasterKeyID: &b.key}
	}
	_, err := b.api.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{
		Bucket: b.name(), ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: by, BucketKeyEnabled: aws.Bool(b.key != "")}},
		},
	})
	return err
}

func (b bucketSetup) lookPublicAccess(ctx context.Context) (string, error) {
	out, err := b.api.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: b.name()})
	if code(err) == "NoSuchPublicAccessBlockConfiguration" {
		return "public access is not blocked", nil
	}
	if err != nil {
		return "", err
	}
	c := out.PublicAccessBlockConfiguration
	if aws.ToBool(c.BlockPublicAcls) && aws.ToBool(c.BlockPublicPolicy) && aws.ToBool(c.IgnorePublicAcls) && aws.ToBool(c.RestrictPublicBuckets) {
		return "", nil
	}
	return "public access is not blocked altogether", nil
}

func (b bucketSetup) setPublicAccess(ctx context.Context) error {
	yes := aws.Bool(true)
	_, err := b.api.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
		Bucket: b.name(), PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: yes, BlockPublicPolicy: yes, IgnorePublicAcls: yes, RestrictPublicBuckets: yes,
		},
	})
	return err
}

// probe tries whether the store minds conditions: one that ignores them would let two runs overwrite each other.
func (b bucketSetup) probe(ctx context.Context) (string, error) {
	id := make([]byte, 8)
	_, _ = rand.Read(id) // never fails
	objects, name := bucket.New(b.api, b.config.Bucket, b.config.Prefix), probeFolder+hex.EncodeToString(id)
	version, err := objects.Create(ctx, name, bucket.Object{Data: []byte("first")})
	if err != nil {
		return "", err
	}
	defer func() { _ = objects.Delete(context.WithoutCancel(ctx), name) }()
	const ignored = "this store does not mind the condition %s of writes, so that panka cannot keep states in it safely: use S3, or a store or version that does"
	if _, err := objects.Create(ctx, name, bucket.Object{Data: []byte("second")}); err == nil {
		return fmt.Sprintf(ignored, "If-None-Match"), nil
	} else if !errors.Is(err, bucket.ErrExists) {
		return "", err
	}
	if _, err := objects.Replace(ctx, name, `"00000000000000000000000000000000"`, bucket.Object{Data: []byte("third")}); err == nil {
		return fmt.Sprintf(ignored, "If-Match"), nil
	} else if !errors.Is(err, bucket.ErrChanged) {
		return "", err
	}
	_, err = objects.Replace(ctx, name, version, bucket.Object{Data: []byte("fourth")})
	return "", err
}
