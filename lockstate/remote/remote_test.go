package remote_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/bucket"
	"github.com/panka-io/panka/lockstate/conformance"
	"github.com/panka-io/panka/lockstate/internal/bucketdouble"
	"github.com/panka-io/panka/lockstate/internal/tabledouble"
	"github.com/panka-io/panka/lockstate/locktable"
	"github.com/panka-io/panka/lockstate/remote"
	"github.com/panka-io/panka/lockstate/seal"
	"github.com/panka-io/panka/lockstate/testservers"
)

// world is an S3 and a DynamoDB.
type world struct {
	objects *s3.Client
	table   *dynamodb.Client
	count   atomic.Int64
}

func newWorld(t *testing.T) *world { return newWorldWith(t, testservers.DynamoDB(t)) }

// newWorldWith is a world with the DynamoDB at an address.
func newWorldWith(t *testing.T, dynamoDB string) *world {
	return &world{objects: testservers.S3Client(testservers.S3(t)), table: testservers.DynamoDBClient(dynamoDB)}
}

// place makes a bucket and a table with the name that it gives.
func (w *world) place(t *testing.T) string {
	name := fmt.Sprintf("states-%d", w.count.Add(1))
	if _, err := w.objects.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.objects.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: &name, VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled},
	}); err != nil {
		t.Fatal(err)
	}
	w.makeTable(t, name)
	return name
}

// damage is for objects that stay: versitygw takes one that was deleted for one that exists, which S3 does not.
func (w *world) damage(t *testing.T, bucket, object string, change func([]byte) []byte) bool {
	if change([]byte("long enough")) == nil {
		return false
	}
	damage(t, w.objects, bucket, object, change)
	return true
}

// damage changes an object as somebody with the right to do so might.
func damage(t *testing.T, api bucket.API, bucketName, object string, change func([]byte) []byte) {
	out, err := api.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucketName, Key: &object})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	data, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	if data = change(data); data != nil {
		_, err = api.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucketName, Key: &object, Body: bytes.NewReader(data)})
	} else {
		_, err = api.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{
			Bucket: &bucketName, Delete: &s3types.Delete{Objects: []s3types.ObjectIdentifier{{Key: &object}}},
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) makeTable(t *testing.T, name string) {
	key := aws.String(locktable.KeyAttribute)
	if _, err := w.table.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: key, AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: key, KeyType: types.KeyTypeHash}},
	}); err != nil {
		t.Fatal(err)
	}
}

// open gives a backend with locks that renew often.
func (w *world) open(t *testing.T, name string, opts locktable.Options) *remote.Backend {
	return w.openWith(t, w.table, name, opts)
}

func (w *world) openWith(t *testing.T, api locktable.API, name string, opts locktable.Options) *remote.Backend {
	locks, err := locktable.New(api, name, opts)
	if err != nil {
		t.Fatal(err)
	}
	return remote.New(bucket.New(w.objects, name, "p/"), locks)
}

var quick = locktable.Options{Lease: time.Second, Heartbeat: 100 * time.Millisecond}

// mortal is a backend whose connection to the lock table can be cut for good, as when its machine dies.
type mortal struct {
	lockstate.Backend
	locktable.API
	dead atomic.Bool
	died *sync.Map // by lease
}

var errDead = errors.New("the connection is cut")

func (m *mortal) GetItem(ctx context.Context, in *dynamodb.GetItemInput, o ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	if m.dead.Load() {
		return nil, errDead
	}
	return m.API.GetItem(ctx, in, o...)
}

func (m *mortal) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, o ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	if m.dead.Load() {
		return nil, errDead
	}
	return m.API.UpdateItem(ctx, in, o...)
}

func (m *mortal) Acquire(ctx context.Context, key lockstate.Key, owner lockstate.Owner) (lockstate.Lease, error) {
	l, err := m.Backend.Acquire(ctx, key, owner)
	if err == nil {
		m.died.Store(l, m)
	}
	return l, err
}

func TestConformance(t *testing.T) { conform(t, newWorld(t)) }

// TestConformanceDynoxide is the same on a DynamoDB that others wrote: the double may share panka's own mistakes.
func TestConformanceDynoxide(t *testing.T) { conform(t, newWorldWith(t, testservers.Dynoxide(t))) }

func conform(t *testing.T, w *world) {
	conformance.Run(t, func(t *testing.T) conformance.Store {
		name, died := w.place(t), &sync.Map{}
		return conformance.Store{
			Notice: 2 * time.Second, Patience: 10 * time.Second,
			Open: func() lockstate.Backend {
				m := &mortal{API: w.table, died: died}
				m.Backend = w.openWith(t, m, name, quick)
				return m
			},
			Abandon: func(l lockstate.Lease) {
				m, _ := died.Load(l)
				m.(*mortal).dead.Store(true)
			},
			Versions: true, Damage: func(object string, change func([]byte) []byte) bool { return w.damage(t, name, "p/"+object, change) },
		}
	})
}

// TestConformanceDouble is the same on a double of S3, in which what was deleted counts as S3 counts it.
func TestConformanceDouble(t *testing.T) {
	table := &tabledouble.Double{}
	w := &world{table: testservers.DynamoDBClient(testservers.Serve(t, table))}
	conformance.Run(t, func(t *testing.T) conformance.Store {
		name, objects := fmt.Sprintf("states-%d", w.count.Add(1)), &bucketdouble.Double{}
		w.makeTable(t, name)
		return conformance.Store{
			Notice: time.Second,
			Open: func() lockstate.Backend {
				locks, err := locktable.New(w.table, name, quick)
				if err != nil {
					t.Fatal(err)
				}
				return remote.New(bucket.New(objects, name, "p/"), locks)
			},
			Versions: true, Damage: func(object string, change func([]byte) []byte) bool {
				damage(t, objects, name, "p/"+object, change)
				return true
			},
		}
	})
}

func TestConformanceSealed(t *testing.T) {
	w := newWorld(t)
	conformance.Run(t, func(t *testing.T) conformance.Store {
		name, keys := w.place(t), t.TempDir()
		return conformance.Store{
			Notice: time.Second,
			Open: func() lockstate.Backend {
				b, err := seal.Open(w.open(t, name, quick), seal.NewKeyFiles(keys))
				if err != nil {
					t.Fatal(err)
				}
				return b
			},
			Versions: true, Damage: func(object string, change func([]byte) []byte) bool { return w.damage(t, name, "p/"+object, change) },
		}
	})
}
