// Package s3 generates S3: a bucket that is encrypted, versioned and closed to the world, whose policy refuses what does
// not come by TLS, and each of its settings as a resource of its own.
//
// Without a name of its own in the YAML the bucket is called after the component, with the account's number behind it,
// as no two buckets in the world may have one name. Others can so tell its ARN before it exists.
//
// Objects are encrypted with the KMS key of the YAML or else the stack's. A bucket that the world reads and one that AWS
// writes logs into is encrypted with S3's own key: neither could use a KMS key.
//
// The policy of a bucket that a distribution reads is written by the distribution, see package bucketpolicy.
package s3

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/bucketpolicy"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of S3.
type Kind struct{}

// Name is S3.
func (Kind) Name() string { return "S3" }

// Stateful is true: a bucket holds data.
func (Kind) Stateful() bool { return true }

// Outputs are the bucket's names.
func (Kind) Outputs(*ir.Component) []component.Output {
	return []component.Output{
		{Name: "arn", Type: component.StringOutput},
		{Name: "bucketName", Type: component.StringOutput},
		{Name: "domainName", Type: component.StringOutput},
	}
}

// bucket is an S3 being generated.
type bucket struct {
	*component.Builder
	specification
	// algorithm is how objects are encrypted, key with which key of KMS; nil for one that AWS keeps.
	algorithm string
	key       jen.Code
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	k := &bucket{Builder: b, specification: s}
	k.encrypt()
	k.check()
	k.create()
	k.ownership()
	k.access()
	k.encryption()
	k.versioning()
	k.lifecycle()
	k.cors()
	k.website()
	k.logging()
	k.tiering()
	k.acceleration()
	k.replicate()
	k.notify()

	k.Output("arn", jen.Id("bucket").Dot("Arn"))
	k.Output("bucketName", name())
	k.Output("domainName", jen.Id("bucket").Dot("BucketRegionalDomainName"))
}

// check reports what only the rest of the stack makes wrong.
func (k *bucket) check() {
	if ingress := k.Stack().Security.Get("ingress", "internetFacing"); k.public() && ingress != nil && ingress.Text.String() == "deny" {
		k.Fail(diag.Errorf(k.Place("access"), component.Code,
			"%s is for the world to read, and the Security document lets nothing be open to the internet", k.ID()).
			WithHint("set access: private, and put a CloudFront in front of the bucket if the world must read it").
			WithRelated(ingress.Source, "it denies it here"))
	}
	if _, others := bucketpolicy.Keeper(k.Builder, k.Component()); len(others) > 0 {
		k.Fail(diag.Errorf(others[0].Reference.Source, component.Code,
			"%s is an origin of more than one distribution, and its policy can let in one", k.ID()).
			WithHint("give one distribution the behaviors of both, or a bucket to each").
			WithRelated(k.Component().Source, "%s is defined here", k.ID()))
	}
}

// name is the code of the bucket's name, by which its settings name it.
func name() jen.Code { return jen.Id("bucket").Dot("Bucket") }

// physicalName is the bucket's name, which may hold component.Account.
func physicalName(stack *ir.Stack, c *ir.Component, s specification) string {
	if s.BucketName != "" {
		return s.BucketName
	}
	const account = 13 // characters of a dash and the account's number
	return component.PhysicalName(63-account, stack, c, "") + "-" + component.Account
}

func (k *bucket) create() {
	// Object lock is turned on by its own resource, which needs no other bucket for it as the argument here would.
	k.Resource(component.Resource{
		Var: "bucket", Type: "aws:s3/bucketV2:BucketV2", What: "bucket", Stateful: true, Source: k.Component().Source,
		Args: component.Fields{
			{Name: "Bucket", Value: component.WithAccount(physicalName(k.Stack(), k.Component(), k.specification))},
			{Name: "ForceDestroy", Value: component.If(k.ForceDestroy, component.Bool(true))},
		},
	})
}

// setting registers one of the bucket's settings, which is a resource that names it.
func (k *bucket) setting(r component.Resource, args ...component.Field) {
	r.Args = append(component.Fields{{Name: "Bucket", Value: name()}}, args...)
	k.Resource(r)
}
