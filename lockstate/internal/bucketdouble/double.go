// Package bucketdouble is an S3 for tests, in memory and without a network: a bucket.API with S3's conditions.
package bucketdouble

import (
	"bytes"
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Double is an S3 with any bucket one asks for. The zero value is empty.
type Double struct {
	mu      sync.Mutex
	objects map[string]object
	earlier map[string][]object // what was overwritten or deleted, oldest first
}

type object struct {
	data []byte
	meta map[string]string
	etag string
}

// Answer is the error that the SDK makes of an answer with an HTTP status.
func Answer(status int) error {
	return &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}}, Err: errors.New(http.StatusText(status)),
	}}
}

func name(bucket, key *string) string { return aws.ToString(bucket) + "\x00" + aws.ToString(key) }

// GetObject implements bucket.API.
func (d *Double) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o, ok := d.objects[name(in.Bucket, in.Key)]
	if in.VersionId != nil {
		var i int
		_, err := fmt.Sscanf(*in.VersionId, "v%d", &i)
		if ok = err == nil && i < len(d.earlier[name(in.Bucket, in.Key)]); ok {
			o = d.earlier[name(in.Bucket, in.Key)][i]
		}
	}
	if !ok {
		return nil, Answer(http.StatusNotFound)
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(bytes.NewReader(o.data)), ETag: &o.etag, Metadata: maps.Clone(o.meta)}, nil
}

// HeadObject implements bucket.API.
func (d *Double) HeadObject(_ context.Context, in *s3.HeadObjectInput, _ ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o, ok := d.objects[name(in.Bucket, in.Key)]
	if !ok {
		return nil, Answer(http.StatusNotFound)
	}
	return &s3.HeadObjectOutput{ETag: &o.etag, Metadata: maps.Clone(o.meta)}, nil
}

// PutObject implements bucket.API.
func (d *Double) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	data, err := io.ReadAll(in.Body)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	old, exists := d.objects[name(in.Bucket, in.Key)]
	switch {
	case in.IfNoneMatch != nil && exists, in.IfMatch != nil && exists && *in.IfMatch != old.etag:
		return nil, Answer(http.StatusPreconditionFailed)
	case in.IfMatch != nil && !exists:
		return nil, Answer(http.StatusNotFound)
	}
	if d.objects == nil {
		d.objects, d.earlier = map[string]object{}, map[string][]object{}
	}
	if exists {
		d.earlier[name(in.Bucket, in.Key)] = append(d.earlier[name(in.Bucket, in.Key)], old)
	}
	o := object{data: data, meta: maps.Clone(in.Metadata), etag: fmt.Sprintf("%q", fmt.Sprintf("%x", md5.Sum(data)))}
	d.objects[name(in.Bucket, in.Key)] = o
	return &s3.PutObjectOutput{ETag: &o.etag}, nil
}

// DeleteObjects implements bucket.API.
func (d *Double) DeleteObjects(_ context.Context, in *s3.DeleteObjectsInput, _ ...func(*s3.Options)) (*s3.DeleteObjectsOutput, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range in.Delete.Objects {
		full := name(in.Bucket, id.Key)
		if o, ok := d.objects[full]; ok {
			d.earlier[full] = append(d.earlier[full], o)
		}
		delete(d.objects, full)
	}
	return &s3.DeleteObjectsOutput{}, nil
}

// ListObjectsV2 implements bucket.API. It gives a few names at a time, so that callers must go on.
func (d *Double) ListObjectsV2(_ context.Context, in *s3.ListObjectsV2Input, _ ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	const page = 3
	d.mu.Lock()
	defer d.mu.Unlock()
	out := &s3.ListObjectsV2Output{IsTruncated: aws.Bool(false)}
	for _, full := range slices.Sorted(maps.Keys(d.objects)) {
		key, ok := strings.CutPrefix(full, aws.ToString(in.Bucket)+"\x00")
		if !ok || !strings.HasPrefix(key, aws.ToString(in.Prefix)) || key <= aws.ToString(in.ContinuationToken) {
			continue
		}
		if len(out.Contents) == page {
			out.IsTruncated, out.NextContinuationToken = aws.Bool(true), out.Contents[page-1].Key
			break
		}
		out.Contents = append(out.Contents, types.Object{Key: aws.String(key)})
	}
	return out, nil
}

// ListObjectVersions implements bucket.API, but for versions that are the latest.
func (d *Double) ListObjectVersions(_ context.Context, in *s3.ListObjectVersionsInput, _ ...func(*s3.Options)) (*s3.ListObjectVersionsOutput, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := &s3.ListObjectVersionsOutput{IsTruncated: aws.Bool(false)}
	for _, full := range slices.Sorted(maps.Keys(d.earlier)) {
		key, ok := strings.CutPrefix(full, aws.ToString(in.Bucket)+"\x00")
		if !ok || !strings.HasPrefix(key, aws.ToString(in.Prefix)) {
			continue
		}
		for i := len(d.earlier[full]) - 1; i >= 0; i-- {
			out.Versions = append(out.Versions, types.ObjectVersion{
				Key: aws.String(key), VersionId: aws.String(fmt.Sprintf("v%d", i)), IsLatest: aws.Bool(false),
			})
		}
	}
	return out, nil
}
