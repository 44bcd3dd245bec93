package bucket

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Earlier names what an object held before it was overwritten or deleted.
type Earlier struct {
	Name string
	ID   string // S3's version ID
}

// Earlier lists what the store still has of objects whose names begin with a prefix and that were overwritten or deleted:
// for each name the newest first. A bucket without versions has nothing.
func (b *Bucket) Earlier(ctx context.Context, prefix string) ([]Earlier, error) {
	in := &s3.ListObjectVersionsInput{Bucket: &b.name, Prefix: b.key(prefix)}
	var all []Earlier
	for {
		var out *s3.ListObjectVersionsOutput
		err := b.retry(ctx, func() (err error) {
			out, err = b.api.ListObjectVersions(ctx, in)
			return err
		})
		if err != nil {
			return nil, b.wrap("list the versions of", prefix, err)
		}
		for _, v := range out.Versions {
			if !aws.ToBool(v.IsLatest) {
				all = append(all, Earlier{Name: strings.TrimPrefix(aws.ToString(v.Key), b.prefix), ID: aws.ToString(v.VersionId)})
			}
		}
		if !aws.ToBool(out.IsTruncated) {
			return all, nil
		}
		in.KeyMarker, in.VersionIdMarker = out.NextKeyMarker, out.NextVersionIdMarker
	}
}

// GetEarlier reads what an object held before.
func (b *Bucket) GetEarlier(ctx context.Context, e Earlier) (Object, error) {
	return b.get(ctx, e.Name, &s3.GetObjectInput{Bucket: &b.name, Key: b.key(e.Name), VersionId: &e.ID})
}
