package s3

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/bucketpolicy"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// ARN is known before the bucket exists.
func (Kind) ARN(stack *ir.Stack, c *ir.Component) (service, resource string) {
	s, _ := decode(c)
	return "s3", physicalName(stack, c, s)
}

// OwnKey is the KMS key of the YAML.
func (Kind) OwnKey(c *ir.Component) ir.Text {
	s, _ := decode(c)
	return s.Encryption.KeyARN
}

// Openness is access: publicRead, and whether there is a website.
func (Kind) Openness(c *ir.Component) bucketpolicy.Openness {
	s, _ := decode(c)
	return bucketpolicy.Openness{Readable: s.public(), Website: s.Website != nil}
}

// Grants are for objects, and for the bucket what finds and completes them.
func (Kind) Grants(c *ir.Component, access string) []component.Grant {
	s, _ := decode(c)
	reads, writes := access != "write", access != "read"
	bucket := component.Grant{On: []component.Target{{Output: "arn"}}}
	objects := component.Grant{On: []component.Target{{Output: "arn", Suffix: "/*"}}}
	// S3 uses the key in the name of who asks it, and so only through S3.
	key := component.Grant{
		WithKey:    true,
		Conditions: []component.Condition{{Operator: "StringLike", Key: "kms:ViaService", Values: []string{"s3.*"}}},
	}
	if reads {
		bucket.Actions = append(bucket.Actions, "s3:GetBucketLocation", "s3:ListBucket")
		objects.Actions = append(objects.Actions, "s3:GetObject", "s3:GetObjectTagging")
		key.Actions = append(key.Actions, "kms:Decrypt")
		if s.Versioning.Enabled {
			bucket.Actions = append(bucket.Actions, "s3:ListBucketVersions")
			objects.Actions = append(objects.Actions, "s3:GetObjectVersion")
		}
	}
	if writes {
		bucket.Actions = append(bucket.Actions, "s3:ListBucketMultipartUploads")
		objects.Actions = append(objects.Actions, "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListMultipartUploadParts",
			"s3:PutObject", "s3:PutObjectTagging")
		if !reads { // S3 decrypts the parts of an upload to put them together
			key.Actions = append(key.Actions, "kms:Decrypt")
		}
		key.Actions = append(key.Actions, "kms:GenerateDataKey")
	}
	if s.Encryption.Algorithm == ownAlgorithm {
		return []component.Grant{bucket, objects}
	}
	return []component.Grant{bucket, objects, key}
}

// Deposits are the logs of who asked the bucket for what.
func (Kind) Deposits(stack *ir.Stack, c *ir.Component, to string) []bucketpolicy.Deposit {
	s, _ := decode(c)
	if s.AccessLogs == nil || s.AccessLogs.Component != to {
		return nil
	}
	return []bucketpolicy.Deposit{{
		Principal: "logging.s3.amazonaws.com", Prefix: s.AccessLogs.Prefix, Service: "s3", Resource: physicalName(stack, c, s),
	}}
}

// ownership is always written: a bucket from which it is taken falls back to lists of access for each object.
func (k *bucket) ownership() {
	k.setting(component.Resource{
		Type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls", Part: "ownership", What: "ownership of objects",
		Source: k.Place("objectOwnership"),
	}, component.Field{Name: "Rule", Value: component.Struct(component.AWS("s3", "BucketOwnershipControlsRuleArgs"), component.Fields{
		{Name: "ObjectOwnership", Value: component.Str(k.ObjectOwnership)},
	})})
}

// access blocks what would open the bucket, and writes its policy. AWS refuses a policy that lets the world read as long
// as such policies are blocked, and does not take both at once.
func (k *bucket) access() {
	keeper, _ := bucketpolicy.Keeper(k.Builder, k.Component())
	block := ""
	if keeper == nil {
		block = "publicAccess"
	}
	closed := component.Bool(!k.public())
	k.setting(component.Resource{
		Var: block, Type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", Part: "public-access",
		What: "block of public access", Source: k.Place("access"),
	},
		component.Field{Name: "BlockPublicAcls", Value: component.Bool(true)},
		component.Field{Name: "IgnorePublicAcls", Value: component.Bool(true)},
		component.Field{Name: "BlockPublicPolicy", Value: closed},
		component.Field{Name: "RestrictPublicBuckets", Value: closed},
	)
	if keeper != nil {
		return
	}
	bucketpolicy.Add(k.Builder, bucketpolicy.Policy{
		Part: "policy", Component: k.Component(), Name: name(), ARN: jen.Id("bucket").Dot("Arn"),
		WaitFor: []string{block}, Source: k.Place("access"),
	})
}
