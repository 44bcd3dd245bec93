package s3

import (
	"github.com/panka-io/panka/codegen/bucketpolicy"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// The algorithms: S3's own key, and one of KMS.
const (
	ownAlgorithm = "AES256"
	kmsAlgorithm = "aws:kms"
)

// encrypt chooses how objects are encrypted, where the YAML does not say.
func (k *bucket) encrypt() {
	logged := len(bucketpolicy.DepositsIn(k.Builder, k.Component())) > 0
	k.algorithm = k.Encryption.Algorithm
	if k.algorithm == "" {
		k.algorithm = ownAlgorithm
		if k.Key() != nil && !(k.public() || logged) || len(k.Encryption.KeyARN) > 0 {
			k.algorithm = kmsAlgorithm
		}
	}
	if k.algorithm == ownAlgorithm {
		return
	}
	k.key = k.Key()
	if logged && k.key == nil {
		k.Fail(diag.Errorf(k.Place("encryption", "algorithm"), component.Code,
			"AWS writes logs into %s, which it cannot where objects are encrypted with a key of KMS that AWS keeps", k.ID()).
			WithHint("leave encryption out, or name a kmsKeyArn whose policy lets the writer use it"))
	}
	if k.public() {
		k.Fail(diag.Errorf(k.Place("encryption"), component.Code,
			"the world cannot read objects that are encrypted with a KMS key, and access of %s is publicRead", k.ID()).
			WithHint("leave encryption out"))
	}
}

// encryption is always written, so that a drift is seen. Keys of the bucket's own exist for one layer of KMS only.
func (k *bucket) encryption() {
	bucketKey := k.algorithm == kmsAlgorithm && k.Encryption.BucketKey
	byDefault := component.Struct(component.AWS("s3", "BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs"),
		component.Fields{
			{Name: "SseAlgorithm", Value: component.Str(k.algorithm)},
			{Name: "KmsMasterKeyId", Value: k.key},
		})
	k.setting(component.Resource{
		Type: "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", Part: "encryption",
		What: "encryption", Source: k.Place("encryption"),
	}, component.Field{Name: "Rules", Value: component.List(
		component.AWS("s3", "BucketServerSideEncryptionConfigurationV2RuleArray"),
		component.Struct(component.AWS("s3", "BucketServerSideEncryptionConfigurationV2RuleArgs"), component.Fields{
			{Name: "ApplyServerSideEncryptionByDefault", Value: byDefault},
			{Name: "BucketKeyEnabled", Value: component.If(bucketKey, component.Bool(true))},
		}),
	)})
}
