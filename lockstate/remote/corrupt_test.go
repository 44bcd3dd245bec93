package remote_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/bucket"
	"github.com/panka-io/panka/lockstate/internal/bucketdouble"
	"github.com/panka-io/panka/lockstate/internal/tabledouble"
	"github.com/panka-io/panka/lockstate/locktable"
	"github.com/panka-io/panka/lockstate/remote"
)

var (
	dev  = lockstate.Key{Tenant: "default", Stack: "app", Environment: "dev"}
	prod = lockstate.Key{Tenant: "default", Stack: "app", Environment: "prod"}
)

// ruined is a bucket with the states of dev and prod: snapshot 2, journal entries 1 to 3 in a segment each, and a record.
type ruined struct {
	t       *testing.T
	objects bucketdouble.Double
	table   tabledouble.Direct
	b       *remote.Backend
	old     bucket.Object // snapshot 1 of dev
}

func newRuined(t *testing.T) *ruined {
	r := &ruined{t: t, table: directTable(t)}
	locks, err := locktable.New(r.table, historyTable, locktable.Options{})
	r.check(err)
	r.b = remote.New(bucket.New(&r.objects, "states", ""), locks)
	ctx := t.Context()
	for _, key := range []lockstate.Key{dev, prod} {
		l, err := r.b.Acquire(ctx, key, lockstate.Owner{Who: "ada"})
		r.check(err)
		for base := range uint64(2) {
			_, err := l.WriteSnapshot(ctx, base, fmt.Appendf(nil, "snapshot %d of %s", base+1, key))
			r.check(err)
			if key == dev && base == 0 {
				r.old = r.get(snapshotObject(dev))
			}
		}
		for seq := uint64(1); seq <= 3; seq++ {
			r.check(l.Append(ctx, 2, seq, fmt.Appendf(nil, "entry %d of %s", seq, key)))
		}
		r.check(l.PutRecord(ctx, "r1", []byte("a run of "+key.String())))
		r.check(l.Release(ctx))
	}
	return r
}

func snapshotObject(key lockstate.Key) string { return "states/" + key.String() }

func segmentObject(key lockstate.Key, seq int) string {
	return fmt.Sprintf("journals/%s/00000002/00000001/%08d-%08d", key, seq, seq)
}

func recordObject(key lockstate.Key) string { return "history/" + key.String() + "/r1" }

func (r *ruined) check(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *ruined) get(name string) bucket.Object {
	r.t.Helper()
	out, err := r.objects.GetObject(r.t.Context(), &s3.GetObjectInput{Bucket: aws.String("states"), Key: &name})
	r.check(err)
	data, err := io.ReadAll(out.Body)
	r.check(err)
	return bucket.Object{Data: data, Meta: out.Metadata}
}

func (r *ruined) put(name string, o bucket.Object) {
	r.t.Helper()
	_, err := r.objects.PutObject(r.t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("states"), Key: &name, Body: bytes.NewReader(o.Data), Metadata: o.Meta,
	})
	r.check(err)
}

func (r *ruined) change(name string, change func([]byte) []byte) {
	o := r.get(name)
	o.Data = change(o.Data)
	r.put(name, o)
}

func (r *ruined) remove(name string) {
	_, err := r.objects.DeleteObjects(r.t.Context(), &s3.DeleteObjectsInput{
		Bucket: aws.String("states"), Delete: &s3types.Delete{Objects: []s3types.ObjectIdentifier{{Key: &name}}},
	})
	r.check(err)
}

// lock changes an attribute of dev's lock.
func (r *ruined) lock(attribute string, value types.AttributeValue) {
	_, err := r.table.UpdateItem(r.t.Context(), &dynamodb.UpdateItemInput{
		TableName: aws.String(historyTable), Key: map[string]types.AttributeValue{locktable.KeyAttribute: &types.AttributeValueMemberS{Value: dev.String()}},
		UpdateExpression: aws.String("SET #a = :v"), ExpressionAttributeNames: map[string]string{"#a": attribute},
		ExpressionAttributeValues: map[string]types.AttributeValue{":v": value},
	})
	r.check(err)
}

// TestDamageIsFound damages each kind of object in each way. Reading it says what is wrong, and nothing can be written over
// a damaged snapshot.
func TestDamageIsFound(t *testing.T) {
	cut := func(n int) func([]byte) []byte { return func(b []byte) []byte { return b[:n] } }
	end := func(b []byte) []byte { return b[:len(b)-1] }
	flip := func(i int) func([]byte) []byte {
		return func(b []byte) []byte {
			b[(i+len(b))%len(b)] ^= 0x10
			return b
		}
	}
	for _, c := range []struct {
		name   string
		damage func(r *ruined)
		reader string
		says   string
	}{
		{"snapshot emptied", func(r *ruined) { r.change(snapshotObject(dev), cut(0)) }, "snapshot", "does not begin"},
		{"snapshot's begin left", func(r *ruined) { r.change(snapshotObject(dev), cut(25)) }, "snapshot", "cut short"},
		{"snapshot cut", func(r *ruined) { r.change(snapshotObject(dev), end) }, "snapshot", "cut short"},
		{"snapshot's data", func(r *ruined) { r.change(snapshotObject(dev), flip(-40)) }, "snapshot", "changed"},
		{"snapshot's serial", func(r *ruined) { r.change(snapshotObject(dev), flip(19+21)) }, "snapshot", "changed"},
		{"snapshot of another environment", func(r *ruined) { r.put(snapshotObject(dev), r.get(snapshotObject(prod))) }, "snapshot", "app/prod"},
		{"snapshot rolled back", func(r *ruined) { r.put(snapshotObject(dev), r.old) }, "snapshot", "an old version was put back"},
		{"snapshot gone", func(r *ruined) { r.remove(snapshotObject(dev)) }, "snapshot", "gone"},
		{"segment cut", func(r *ruined) { r.change(segmentObject(dev, 3), end) }, "journal", "changed"},
		{"segment emptied", func(r *ruined) { r.change(segmentObject(dev, 1), cut(0)) }, "journal", "cut short"},
		{"segment's data", func(r *ruined) { r.change(segmentObject(dev, 2), flip(-70)) }, "journal", "changed"},
		{"segments swapped", func(r *ruined) {
			one, two := r.get(segmentObject(dev, 1)), r.get(segmentObject(dev, 2))
			r.put(segmentObject(dev, 1), two)
			r.put(segmentObject(dev, 2), one)
		}, "journal", "it holds entry"},
		{"segment of another environment", func(r *ruined) { r.put(segmentObject(dev, 2), r.get(segmentObject(prod, 2))) }, "journal", "app/prod"},
		{"first segment gone", func(r *ruined) { r.remove(segmentObject(dev, 1)) }, "journal", "entry 1 "},
		{"middle segment gone", func(r *ruined) { r.remove(segmentObject(dev, 2)) }, "journal", "entry 2 "},
		{"record cut", func(r *ruined) { r.change(recordObject(dev), end) }, "history", "cut short"},
		{"record's data", func(r *ruined) { r.change(recordObject(dev), flip(-40)) }, "history", "changed"},
		{"record of another environment", func(r *ruined) { r.put(recordObject(dev), r.get(recordObject(prod))) }, "history", "app/prod"},
		{"lock's token", func(r *ruined) { r.lock("token", &types.AttributeValueMemberS{Value: "x"}) }, "snapshot", "attribute token"},
		{"lock's serial", func(r *ruined) { r.lock("serial", &types.AttributeValueMemberN{Value: "7"}) }, "snapshot", "serial 2, but 7"},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			r := newRuined(t)
			r.t = t
			c.damage(r)
			for reader, err := range r.readAll() {
				wrong := reader == c.reader
				if wrong && (!errors.Is(err, lockstate.ErrCorrupt) || !strings.Contains(err.Error(), c.says)) {
					t.Errorf("%s: got %v, want an error that says %q", reader, err, c.says)
				}
				if !wrong && err != nil {
					t.Errorf("%s: %v", reader, err)
				}
			}
			if c.reader == "snapshot" {
				r.wantNothingWritten()
			}
		})
	}
}

func (r *ruined) readAll() map[string]error {
	ctx := r.t.Context()
	_, snapshot := r.b.Snapshot(ctx, dev)
	_, _, journal := r.b.Journal(ctx, dev, 2)
	_, history := r.b.History(ctx, dev)
	return map[string]error{"snapshot": snapshot, "journal": journal, "history": history}
}

// wantNothingWritten: whoever cannot read a snapshot does not know its serial, so each is tried.
func (r *ruined) wantNothingWritten() {
	ctx := r.t.Context()
	before, err := r.objects.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("states"), Key: aws.String(snapshotObject(dev))})
	l, acquireErr := r.b.Acquire(ctx, dev, lockstate.Owner{Who: "ada"})
	for base := uint64(0); acquireErr == nil && base < 10; base++ {
		if _, err := r.b.Snapshot(ctx, dev); err == nil {
			r.t.Error("the snapshot can be read")
		}
		if _, writeErr := l.WriteSnapshot(ctx, base, []byte("over it")); writeErr == nil {
			r.t.Errorf("a snapshot with base %d was written over a damaged one", base)
			break
		}
	}
	if acquireErr == nil {
		r.check(l.Release(ctx))
	}
	after, afterErr := r.objects.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("states"), Key: aws.String(snapshotObject(dev))})
	if (err == nil) != (afterErr == nil) || err == nil && *before.ETag != *after.ETag {
		r.t.Error("the snapshot was changed")
	}
}
