package aws

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func bucketObject() *Kind {
	return &Kind{
		Type: bucketObjectType, Label: "S3 Object", Global: true, Idempotent: true,
		Name: "key", MaxName: 1024,
		Replace: []string{"bucket", "key"},
		Checks: []Check{
			atMostOne("source", "content", "contentBase64"), atMostOne("kmsKeyId", "etag"), atMostLong("key", 1024),
			oneOf("serverSideEncryption", "AES256", "aws:kms", "aws:kms:dsse"),
			oneOf("storageClass", "STANDARD", "REDUCED_REDUNDANCY", "GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR"),
			oneOf("acl", "private", "public-read", "public-read-write", "aws-exec-read", "authenticated-read", "bucket-owner-read", "bucket-owner-full-control"),
			oneOf("objectLockMode", "GOVERNANCE", "COMPLIANCE"), oneOf("objectLockLegalHoldStatus", "ON", "OFF"),
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"bucketKeyEnabled": false, "contentType": "application/octet-stream", "forceDestroy": false,
				"serverSideEncryption": "AES256", "storageClass": "STANDARD"}
			if c.In.Has("kmsKeyId") {
				out["serverSideEncryption"] = "aws:kms"
			}
			return out
		},
		Refs: []Ref{
			{Path: "bucket", To: bucketType, Loose: true, Missing: noSuchBucket}, // the bucket looks at its objects itself
			keyRef("kmsKeyId"),
		},
		Create: func(c *Call) (*Made, error) {
			return &Made{ID: c.In.String("key"), Outputs: c.objectOutputs()}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return &Made{Outputs: c.objectOutputs()}, nil },
		// Buckets may hold objects of the same key.
		Key: func(id string, outputs store.Values) string {
			if path, ok := strings.CutPrefix(outputs.String("arn"), "arn:aws:s3:::"); ok {
				return path
			}
			return id
		},
		Usual: Usual{1, 1, 1},
	}
}

func (c *Call) objectOutputs() store.Values {
	bucket := c.In.String("bucket")
	content := []byte(c.In.String("content") + c.In.String("source") + c.In.String("sourceHash"))
	if decoded, err := base64.StdEncoding.DecodeString(c.In.String("contentBase64")); err == nil && len(decoded) > 0 {
		content = decoded
	}
	sum := md5.Sum(content)
	out := store.Values{"arn": bucketARN(bucket) + "/" + c.In.String("key"), "etag": hex.EncodeToString(sum[:])}
	if c.versioned(bucket) {
		out["versionId"] = spell(c.In.String("key")+out.String("etag"), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._", 32)
	}
	return out
}
