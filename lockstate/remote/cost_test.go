package remote_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/bucket"
	"github.com/panka-io/panka/lockstate/internal/bucketdouble"
	"github.com/panka-io/panka/lockstate/internal/tabledouble"
	"github.com/panka-io/panka/lockstate/locktable"
	"github.com/panka-io/panka/lockstate/remote"
)

// How large things are in the state of examples/seed-example, in bytes.
const (
	perResource = 2800 // in a snapshot
	perEntry    = 4000 // of the journal; there are two for each resource that changes
	perRecord   = 11000
)

// counted is an S3 and a DynamoDB that count calls, and the bytes of objects that are sent.
type counted struct {
	objects     bucketdouble.Double
	table       tabledouble.Direct
	calls, sent atomic.Int64
}

func newCounted(t *testing.T) *counted {
	return &counted{table: directTable(t)}
}

func (c *counted) GetItem(ctx context.Context, in *dynamodb.GetItemInput, o ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	c.calls.Add(1)
	return c.table.GetItem(ctx, in, o...)
}

func (c *counted) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, o ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	c.calls.Add(1)
	return c.table.UpdateItem(ctx, in, o...)
}

func (c *counted) GetObject(ctx context.Context, in *s3.GetObjectInput, o ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	c.calls.Add(1)
	return c.objects.GetObject(ctx, in, o...)
}

func (c *counted) HeadObject(ctx context.Context, in *s3.HeadObjectInput, o ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	c.calls.Add(1)
	return c.objects.HeadObject(ctx, in, o...)
}

func (c *counted) PutObject(ctx context.Context, in *s3.PutObjectInput, o ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	c.calls.Add(1)
	data, err := io.ReadAll(in.Body)
	if err != nil {
		return nil, err
	}
	c.sent.Add(int64(len(data)))
	in.Body = bytes.NewReader(data)
	return c.objects.PutObject(ctx, in, o...)
}

func (c *counted) DeleteObjects(ctx context.Context, in *s3.DeleteObjectsInput, o ...func(*s3.Options)) (*s3.DeleteObjectsOutput, error) {
	c.calls.Add(1)
	return c.objects.DeleteObjects(ctx, in, o...)
}

func (c *counted) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input, o ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	if in.ContinuationToken == nil { // S3's pages are longer than the double's
		c.calls.Add(1)
	}
	return c.objects.ListObjectsV2(ctx, in, o...)
}

func (c *counted) ListObjectVersions(ctx context.Context, in *s3.ListObjectVersionsInput, o ...func(*s3.Options)) (*s3.ListObjectVersionsOutput, error) {
	c.calls.Add(1)
	return c.objects.ListObjectVersions(ctx, in, o...)
}

// TestCostOfState counts what a run that changes five resources asks of S3 and DynamoDB. What it asks for each of them must
// not depend on how many resources there are; what writing the whole state at each step would cost does.
func TestCostOfState(t *testing.T) {
	const changed = 5
	var steps []spent
	for _, resources := range []int{10, 100, 1000} {
		c := newCounted(t)
		locks, err := locktable.New(c, historyTable, locktable.Options{Lease: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		b := remote.New(bucket.New(c, "states", ""), locks)
		state := bytes.Repeat([]byte("x"), resources*perResource)
		c.run(t, b, 0, 0, state) // what is there before
		idle := c.run(t, b, 1, 0, state)
		busy := c.run(t, b, 2, changed, state)
		step := spent{busy.calls - idle.calls, busy.sent - idle.sent}
		steps = append(steps, step)
		whole := int64(2 * changed * len(state))
		t.Logf("%4d resources: a run makes %d calls and sends %d kB; each changed resource adds %.1f calls and %.1f kB; the whole state at each step: %d calls and %d kB, %.0f times as much",
			resources, idle.calls, idle.sent/1000, float64(step.calls)/changed, float64(step.sent)/changed/1000,
			2, whole/changed/1000, float64(whole)/float64(step.sent))
		if step.calls > 2*changed+1 { // one drops the journal when the run ends
			t.Errorf("%d resources: %d calls for %d changed resources", resources, step.calls, changed)
		}
	}
	for _, s := range steps[1:] {
		if s.calls != steps[0].calls || s.sent > steps[0].sent*101/100 {
			t.Errorf("it depends on how many resources there are: %v", steps)
		}
	}
}

// spent is what a run used.
type spent struct{ calls, sent int64 }

// run is a run as package deploy makes it, that changes some resources.
func (c *counted) run(t *testing.T, b lockstate.Backend, base uint64, changed int, state []byte) spent {
	t.Helper()
	ctx := t.Context()
	key := lockstate.Key{Tenant: "default", Stack: "cost", Environment: "dev"}
	calls, sent := c.calls.Load(), c.sent.Load()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	l, err := b.Acquire(ctx, key, lockstate.Owner{Who: "ada", Operation: "apply"})
	must(err)
	_, err = b.Snapshot(ctx, key)
	must(err)
	_, _, err = b.Journal(ctx, key, base)
	must(err)
	id, record := fmt.Sprintf("r%d", base), bytes.Repeat([]byte("r"), perRecord)
	must(l.PutRecord(ctx, id, record))
	for seq := range uint64(2 * changed) {
		must(l.Append(ctx, base, seq+1, bytes.Repeat([]byte("e"), perEntry)))
	}
	_, err = l.WriteSnapshot(ctx, base, state)
	must(err)
	must(l.PutRecord(ctx, id, record))
	must(l.Release(ctx))
	return spent{c.calls.Load() - calls, c.sent.Load() - sent}
}
