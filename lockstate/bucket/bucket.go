// Package bucket stores objects in S3, or in a store that speaks its protocol, with the conditions that make concurrent
// writers safe: an object is written only if it does not exist yet, or only if it is still the one that was read.
//
// What S3 answers is told apart for callers: ErrExists and ErrChanged say that a condition did not hold, ErrNotFound that
// there is no such object. S3 also refuses a conditional write while another one of the same object is under way (409), or
// asks to slow down (503); such calls are made again, with growing pauses, as are those without an answer. As the SDK does
// that too, a write whose condition fails may have been made by an earlier try of the same call: only who knows what
// was written can tell, so callers must compare.
package bucket

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// Errors that callers tell apart with errors.Is.
var (
	ErrNotFound = errors.New("there is no such object")
	ErrExists   = errors.New("the object exists already")
	ErrChanged  = errors.New("the object is not the one that was read")
)

// API is what is needed of S3.
type API interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	DeleteObjects(context.Context, *s3.DeleteObjectsInput, ...func(*s3.Options)) (*s3.DeleteObjectsOutput, error)
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
	ListObjectVersions(context.Context, *s3.ListObjectVersionsInput, ...func(*s3.Options)) (*s3.ListObjectVersionsOutput, error)
}

// Bucket is the part of a bucket whose objects' names begin with a prefix. It is safe for concurrent use.
type Bucket struct {
	api    API
	name   string
	prefix string
}

// maxObject is the size of the largest object that is read, in bytes: a state of it would hold millions of resources.
const maxObject = 1 << 30

// New uses the bucket with that name. prefix is "" or ends in a slash.
func New(api API, name, prefix string) *Bucket { return &Bucket{api: api, name: name, prefix: prefix} }

// Version names what an object held when it was read or written, as S3 does (its ETag).
type Version string

// Object is what was read.
type Object struct {
	Version Version
	Data    []byte
	// Meta is small text beside the data.
	Meta map[string]string
}

// Get reads an object.
func (b *Bucket) Get(ctx context.Context, name string) (Object, error) {
	return b.get(ctx, name, &s3.GetObjectInput{Bucket: &b.name, Key: b.key(name)})
}

func (b *Bucket) get(ctx context.Context, name string, in *s3.GetObjectInput) (Object, error) {
	var o Object
	err := b.retry(ctx, func() error {
		out, err := b.api.GetObject(ctx, in)
		if err != nil {
			return err
		}
		defer out.Body.Close()
		data, err := io.ReadAll(io.LimitReader(out.Body, maxObject+1))
		if err != nil { // the connection was cut: what came is of no use
			return &unanswered{err}
		}
		if len(data) > maxObject {
			return fmt.Errorf("it is larger than %d bytes", maxObject)
		}
		o = Object{Version: Version(aws.ToString(out.ETag)), Data: data, Meta: out.Metadata}
		return nil
	})
	return o, b.wrap("read", name, err)
}

// Head reads all of an object but its data.
func (b *Bucket) Head(ctx context.Context, name string) (Object, error) {
	var o Object
	err := b.retry(ctx, func() error {
		out, err := b.api.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &b.name, Key: b.key(name)})
		if err == nil {
			o = Object{Version: Version(aws.ToString(out.ETag)), Meta: out.Metadata}
		}
		return err
	})
	return o, b.wrap("look at", name, err)
}

// Create writes an object that must not exist; one that does is ErrExists.
func (b *Bucket) Create(ctx context.Context, name string, o Object) (Version, error) {
	return b.put(ctx, name, o, func(in *s3.PutObjectInput) { in.IfNoneMatch = aws.String("*") })
}

// Replace writes an object that must still be as it was at version. If it is not, that is ErrChanged; if it is gone,
// ErrNotFound.
func (b *Bucket) Replace(ctx context.Context, name string, version Version, o Object) (Version, error) {
	return b.put(ctx, name, o, func(in *s3.PutObjectInput) { in.IfMatch = aws.String(string(version)) })
}

func (b *Bucket) put(ctx context.Context, name string, o Object, condition func(*s3.PutObjectInput)) (Version, error) {
	var version Version
	err := b.retry(ctx, func() error {
		in := &s3.PutObjectInput{
			Bucket: &b.name, Key: b.key(name), Body: bytes.NewReader(o.Data), Metadata: o.Meta,
			ContentType: aws.String("application/octet-stream"),
		}
		condition(in)
		out, err := b.api.PutObject(ctx, in)
		if err != nil {
			if status(err) == http.StatusPreconditionFailed && in.IfNoneMatch != nil {
				return ErrExists
			}
			return err
		}
		version = Version(aws.ToString(out.ETag))
		return nil
	})
	return version, b.wrap("write", name, err)
}

// maxDelete is how many objects one call of S3 deletes.
const maxDelete = 1000

// Delete removes objects. Those that are gone already are no error.
func (b *Bucket) Delete(ctx context.Context, names ...string) error {
	for len(names) > 0 {
		some := names[:min(len(names), maxDelete)]
		names = names[len(some):]
		var ids []types.ObjectIdentifier
		for _, name := range some {
			ids = append(ids, types.ObjectIdentifier{Key: b.key(name)})
		}
		err := b.retry(ctx, func() error {
			out, err := b.api.DeleteObjects(ctx, &s3.DeleteObjectsInput{
				Bucket: &b.name, Delete: &types.Delete{Objects: ids, Quiet: aws.Bool(true)},
			})
			if err == nil && len(out.Errors) > 0 {
				err = fmt.Errorf("%s: %s", aws.ToString(out.Errors[0].Code), aws.ToString(out.Errors[0].Message))
			}
			return err
		})
		if err != nil {
			return b.wrap("delete", some[0], err)
		}
	}
	return nil
}

// List gives the names of objects below a folder, "" or one that ends in a slash, in order.
func (b *Bucket) List(ctx context.Context, folder string) ([]string, error) {
	in := &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: b.key(folder)}
	var names []string
	for {
		var out *s3.ListObjectsV2Output
		err := b.retry(ctx, func() (err error) {
			out, err = b.api.ListObjectsV2(ctx, in)
			return err
		})
		if err != nil {
			return nil, b.wrap("list", folder, err)
		}
		for _, o := range out.Contents {
			names = append(names, strings.TrimPrefix(aws.ToString(o.Key), b.prefix))
		}
		if !aws.ToBool(out.IsTruncated) {
			return names, nil
		}
		in.ContinuationToken = out.NextContinuationToken
	}
}

func (b *Bucket) key(name string) *string { return aws.String(b.prefix + name) }

func (b *Bucket) wrap(doing, name string, err error) error {
	if err == nil {
		return nil
	}
	switch status(err) {
	case http.StatusPreconditionFailed:
		err = ErrChanged
	case http.StatusNotFound:
		if !missingBucket(err) {
			err = ErrNotFound
		}
	}
	return fmt.Errorf("%s s3://%s/%s: %w", doing, b.name, b.prefix+name, err)
}

func missingBucket(err error) bool {
	var missing *types.NoSuchBucket
	var coded interface{ ErrorCode() string }
	return errors.As(err, &missing) || errors.As(err, &coded) && coded.ErrorCode() == "NoSuchBucket"
}

// unanswered is an error of the connection rather than an answer.
type unanswered struct{ err error }

func (u *unanswered) Error() string { return u.err.Error() }
func (u *unanswered) Unwrap() error { return u.err }

// tries is how often a call is made, beside the SDK's own repetitions.
const tries = 5

// firstPause is how long the pause before a second try is at most; each one after it is twice as long.
const firstPause = 50 * time.Millisecond

// retry makes a call again when S3 could not do it just then, or did not answer.
func (b *Bucket) retry(ctx context.Context, call func() error) error {
	pause := firstPause
	for try := 1; ; try++ {
		err := call()
		if err == nil || try == tries || !Passing(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-time.After(pause/2 + rand.N(pause/2)):
		}
		pause *= 2
	}
}

// Passing tells whether an error may go away by itself. Where a call gave no answer, nobody knows whether it was carried out.
func Passing(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var cut *unanswered
	if errors.As(err, &cut) {
		return true
	}
	switch code := status(err); {
	case code == 0: // no answer, or an error of our own
		var operation *smithy.OperationError
		return errors.As(err, &operation)
	case code == http.StatusConflict, code == http.StatusTooManyRequests, code == http.StatusRequestTimeout:
		return true
	default:
		return code >= 500
	}
}

// status is the HTTP status of S3's answer, 0 if there was none.
func status(err error) int {
	var response *awshttp.ResponseError
	if errors.As(err, &response) {
		return response.HTTPStatusCode()
	}
	return 0
}
