package aws

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	bucketType       = "aws:s3/bucketV2:BucketV2"
	bucketObjectType = "aws:s3/bucketObjectv2:BucketObjectv2"
)

// Names of buckets are unique in the world, so buckets and their settings are the same in every region.
func bucket() *Kind {
	return &Kind{
		Type: bucketType, Label: "S3 Bucket", Global: true,
		Name: "bucket", MaxName: 63,
		Conflict: func(string) error {
			return errorf("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
		},
		Replace: []string{"bucket", "bucketPrefix", "objectLockEnabled"},
		JSON:    []string{"policy"},
		Checks:  []Check{checkBucketName, atMostOne("bucket", "bucketPrefix"), checkPolicy("policy")},
		Defaults: func(*Call) store.Values {
			return store.Values{"forceDestroy": false, "objectLockEnabled": false, "requestPayer": "BucketOwner"}
		},
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("bucket")
			return &Made{ID: name, Outputs: store.Values{"arn": bucketARN(name), "bucketDomainName": name + ".s3.amazonaws.com", "region": c.Region,
				"bucketRegionalDomainName": fmt.Sprintf("%s.s3.%s.amazonaws.com", name, c.Region), "hostedZoneId": bucketZone(c.Region)}}, nil
		},
		Delete: emptyBucket,
		Usual:  Usual{3, 2, 2},
	}
}

func bucketARN(name string) string { return "arn:aws:s3:::" + name }

func bucketZone(region string) string {
	if id := map[string]string{"us-east-1": "Z3AQBSTGFJJSTF", "us-east-2": "Z2O1EMRO9K5GLX", "us-west-2": "Z3BJ6K6RIION7M",
		"eu-west-1": "Z1BKCTXD74EZPE", "eu-central-1": "Z21DNDUVLTQW6Q"}[region]; id != "" {
		return id
	}
	return "Z" + strings.ToUpper(digest("s3|"+region, 13))
}

func checkBucketName(in store.Values) []Problem {
	name, ok := at(in, "bucket").(string)
	if !ok {
		return nil
	}
	if problems := matching("bucket", `^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`,
		"3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit first and last")(in); problems != nil {
		return problems
	}
	_, err := netip.ParseAddr(name)
	if err == nil || strings.Contains(name, "..") {
		return []Problem{{"bucket", fmt.Sprintf("invalid value for bucket (%q): neither two dots together nor an IP address", name)}}
	}
	for _, reserved := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
		if strings.HasPrefix(name, reserved) {
			return notBeginning("bucket", reserved)(in)
		}
	}
	for _, reserved := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		if strings.HasSuffix(name, reserved) {
			return []Problem{{"bucket", fmt.Sprintf("invalid value for bucket (%q): cannot end with %q", name, reserved)}}
		}
	}
	return nil
}

// emptyBucket demands that nothing is in a bucket, or deletes what is, where the program says so. The number at
// derived.objects, which people may write into the account's file, stands for objects that others put there.
func emptyBucket(c *Call, r *store.Resource) error {
	var objects []*store.Resource
	for _, o := range c.all(bucketObjectType) {
		if identifies(o.Inputs.String("bucket"), r) {
			objects = append(objects, o)
		}
	}
	if !r.Inputs.Bool("forceDestroy") && (len(objects) > 0 || r.Derived.Int("objects") > 0) {
		return errorf("BucketNotEmpty", "The bucket you tried to delete is not empty")
	}
	for _, o := range objects {
		c.Tx.Remove(o)
	}
	return nil
}

// noSuchBucket is the error for a setting of a bucket that does not exist.
func noSuchBucket(string) error { return errorf("NoSuchBucket", "The specified bucket does not exist") }

// bucketSetting completes the kind of a setting of a bucket, which a later call overwrites and which vanishes with the
// bucket. token names it as the SDK does; fits, which may be nil, checks a new or changed setting.
func bucketSetting(token, label string, k Kind, fits func(c *Call) error) *Kind {
	k.Type = "aws:s3/" + strings.ToLower(token[:1]) + token[1:] + ":" + token
	k.Label, k.Global, k.Idempotent = "S3 Bucket "+label, true, true
	k.Replace = append([]string{"bucket"}, k.Replace...)
	k.Refs = append([]Ref{{Path: "bucket", To: bucketType, Owned: true, Missing: noSuchBucket}}, k.Refs...)
	created := k.Create
	k.Create = func(c *Call) (*Made, error) {
		if fits != nil {
			if err := fits(c); err != nil {
				return nil, err
			}
		}
		if created != nil {
			return created(c)
		}
		return &Made{ID: settingID(c.In)}, nil
	}
	if fits != nil {
		k.Update = func(c *Call, _ *store.Resource) (*Made, error) { return nil, fits(c) }
	}
	k.Usual = Usual{1, 1, 1}
	return &k
}

// settingID is a bucket's name, with the owner's account where the program says whose the bucket must be.
func settingID(in store.Values) string {
	if owner := in.String("expectedBucketOwner"); owner != "" {
		return in.String("bucket") + "," + owner
	}
	return in.String("bucket")
}

// setting gives a bucket's setting of a type, or nil.
func (c *Call) setting(token, bucket string) *store.Resource {
	all := c.all("aws:s3/" + strings.ToLower(token[:1]) + token[1:] + ":" + token)
	if i := slices.IndexFunc(all, func(r *store.Resource) bool { return r.Inputs.String("bucket") == bucket }); i >= 0 {
		return all[i]
	}
	return nil
}
