// Package bucketpolicy writes the policy of a bucket. S3 keeps one document a bucket, so all statements about it must be
// in one place, whichever component causes them.
//
// Mostly that is the bucket's own file. Of a distribution, though, the bucket must let in exactly the one that reads it,
// and that has no ID before the bucket exists; then the distribution's file writes the whole policy (Keeper tells) and
// the bucket's leaves it out. A policy is never deleted, only forgotten when its bucket goes: when it moves from one file
// to the other, the engine makes it in the new place first, and deleting it in the old one would delete both.
package bucketpolicy

import (
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Bucket is a Kind whose components are buckets.
type Bucket interface {
	component.Kind
	// Openness tells what the bucket's YAML opens to the world.
	Openness(c *ir.Component) Openness
}

// Openness is what a bucket lets the world do.
type Openness struct {
	// Readable by everybody.
	Readable bool
	// Website that S3 serves, which it does over HTTP only.
	Website bool
}

// Distribution is a Kind that reads buckets in the name of CloudFront.
type Distribution interface {
	component.Kind
	// ReadsBucket tells whether the bucket with that ID is an origin of c.
	ReadsBucket(c *ir.Component, bucket string) bool
}

// Depositor is a Kind on behalf of which AWS writes objects, such as logs, into buckets.
type Depositor interface {
	component.Kind
	// Deposits lists what AWS writes on behalf of c into the bucket with that ID.
	Deposits(stack *ir.Stack, c *ir.Component, bucket string) []Deposit
}

// Deposit is one way in which AWS writes into a bucket.
type Deposit struct {
	// Principal is the AWS service that writes, such as logging.s3.amazonaws.com.
	Principal string
	// Prefix is what the keys of the objects begin with; it may hold component.Account.
	Prefix string
	// Anonymous tells that the service does not say for which account it writes. Then the prefix must hold the account.
	Anonymous bool
	// Service and Resource are the parts of the ARN on behalf of which it writes; the resource may hold a *. Both are ""
	// for a service that does not say on whose behalf.
	Service, Resource string
	// OwnedByBucket tells that the service asks for the bucket's ACL first and makes the bucket's owner that of the
	// objects, as the delivery of CloudWatch Logs does.
	OwnedByBucket bool
	// ByAccessList tells that the service puts itself on the bucket's access list and needs no statement, as CloudFront does.
	ByAccessList bool
}

// Keeper is the component whose file writes the policy of a bucket: the first distribution that reads it, or nil if it
// is the bucket's own. More than one distribution there cannot be; the further ones are others.
func Keeper(b *component.Builder, bucket *ir.Component) (keeper *ir.Component, others []component.User) {
	for _, user := range b.UsersOf(bucket.ID()) {
		kind, ok := b.KindOf(user.Component).(Distribution)
		switch {
		case !ok || !kind.ReadsBucket(user.Component, bucket.ID()) || user.Component == keeper:
		case keeper == nil:
			keeper = user.Component
		default:
			others = append(others, user)
		}
	}
	return keeper, others
}

// DepositsIn are the deposits in a bucket on behalf of all that use it, each once.
func DepositsIn(b *component.Builder, bucket *ir.Component) []Deposit {
	var all []Deposit
	for _, user := range b.UsersOf(bucket.ID()) {
		kind, ok := b.KindOf(user.Component).(Depositor)
		if !ok {
			continue
		}
		for _, d := range kind.Deposits(b.Stack(), user.Component, bucket.ID()) {
			if !slices.Contains(all, d) {
				all = append(all, d)
			}
		}
	}
	return all
}

// Policy is the policy of a bucket.
type Policy struct {
	// Part is the last part of its name.
	Part string
	// Component is the bucket; Name and ARN are the code of its name and ARN.
	Component *ir.Component
	Name, ARN jen.Code
	// Further are statements that only the caller knows.
	Further []iam.Statement
	// WaitFor are local variables of what must be there first.
	WaitFor []string
	Source  diag.Position
}

// Add registers a policy: what the bucket itself says, what is deposited in it, and the caller's further statements.
func Add(b *component.Builder, p Policy) {
	options := []jen.Code{component.Pulumi("RetainOnDelete").Call(jen.True())}
	if len(p.WaitFor) > 0 {
		options = append(options, component.DependsOn(p.WaitFor...))
	}
	b.Resource(component.Resource{
		Type: "aws:s3/bucketPolicy:BucketPolicy", Part: p.Part, What: "policy of the bucket", Source: p.Source,
		Args: component.Fields{
			{Name: "Bucket", Value: p.Name},
			{Name: "Policy", Value: iam.Document(p.statements(b)...)},
		},
		Options: options,
	})
}

func (p Policy) statements(b *component.Builder) []iam.Statement {
	var open Openness
	if kind, ok := b.KindOf(p.Component).(Bucket); ok {
		open = kind.Openness(p.Component)
	}
	all := []iam.Statement{p.encrypted(open)}
	if open.Readable {
		all = append(all, iam.Statement{
			Sid: "PublicRead", Principal: &iam.Principal{Everyone: true}, Actions: []string{"s3:GetObject"}, Resources: []jen.Code{Objects(p.ARN)},
		})
	}
	for _, d := range DepositsIn(b, p.Component) {
		if !d.ByAccessList {
			all = append(all, p.deposit(b, d)...)
		}
	}
	return append(all, p.Further...)
}

// encrypted refuses whatever does not come by TLS. S3's own websites have none, so that reading them must be let through.
func (p Policy) encrypted(open Openness) iam.Statement {
	s := iam.Statement{
		Sid: "OnlyTLS", Deny: true, Principal: &iam.Principal{Everyone: true},
		Resources:  []jen.Code{p.ARN, Objects(p.ARN)},
		Conditions: []iam.Condition{{Operator: "Bool", Key: "aws:SecureTransport", Values: []jen.Code{jen.Lit("false")}}},
	}
	if open.Website {
		s.NotActions = []string{"s3:GetObject"}
	} else {
		s.Actions = []string{"s3:*"}
	}
	return s
}

func (p Policy) deposit(b *component.Builder, d Deposit) []iam.Statement {
	service := &iam.Principal{Services: []string{d.Principal}}
	on := []iam.Condition{{Operator: "StringEquals", Key: "aws:SourceAccount", Values: []jen.Code{jen.Id("base").Dot("accountID")}}}
	if d.Service != "" {
		on = append(on, iam.Condition{Operator: "ArnLike", Key: "aws:SourceArn", Values: []jen.Code{b.AccountARN(d.Service, d.Resource)}})
	}
	if d.Anonymous {
		on = nil
	}
	objects := below(p.ARN, "/"+d.Prefix+"*")
	if before, after, holds := strings.Cut(d.Prefix, component.Account); holds {
		objects = component.Pulumi("Sprintf").Call(jen.Lit("%s%s%s%s"), p.ARN, jen.Lit("/"+before),
			jen.Id("base").Dot("accountID"), jen.Lit(after+"*"))
	}
	put := iam.Statement{
		Principal: service, Actions: []string{"s3:PutObject"}, Resources: []jen.Code{objects}, Conditions: on,
	}
	if !d.OwnedByBucket {
		return []iam.Statement{put}
	}
	put.Conditions = append(slices.Clone(on), iam.Condition{
		Operator: "StringEquals", Key: "s3:x-amz-acl", Values: []jen.Code{jen.Lit("bucket-owner-full-control")},
	})
	look := iam.Statement{Principal: service, Actions: []string{"s3:GetBucketAcl"}, Resources: []jen.Code{p.ARN}, Conditions: on}
	return []iam.Statement{put, look}
}

// Objects is the code of the ARN of all objects of a bucket.
func Objects(arn jen.Code) jen.Code { return below(arn, "/*") }

func below(arn jen.Code, suffix string) jen.Code {
	return component.Pulumi("Sprintf").Call(jen.Lit("%s%s"), arn, jen.Lit(suffix))
}
