// Package cloudfront generates CloudFront: a distribution, and what lets it alone read the buckets that are its origins.
//
// Buckets stay private. The distribution signs its requests to them (origin access control), and its file writes their
// policies, which name it; see package bucketpolicy. It may read objects and not list them, so that S3 answers 403 for one
// that is missing: an error page is for that status.
//
// Without a certificate a distribution has only its name below cloudfront.net, where AWS chooses the TLS versions.
// CloudFront's metrics are in us-east-1 alone and an alarm must be where its metric is, so that only a stack there has one.
package cloudfront

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/bucketpolicy"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of CloudFront.
type Kind struct{}

// Name is CloudFront.
func (Kind) Name() string { return "CloudFront" }

// Outputs are the distribution's names.
func (Kind) Outputs(*ir.Component) []component.Output {
	return []component.Output{
		{Name: "arn", Type: component.StringOutput},
		{Name: "distributionId", Type: component.StringOutput},
		{Name: "domainName", Type: component.StringOutput},
	}
}

// ReadsBucket tells whether the bucket is an origin.
func (Kind) ReadsBucket(c *ir.Component, bucket string) bool {
	s, _ := decode(c)
	for _, o := range s.Origins {
		if o.Bucket == bucket {
			return true
		}
	}
	return false
}

// Deposits are the logs of requests. CloudFront puts itself on the bucket's access list for them.
func (Kind) Deposits(_ *ir.Stack, c *ir.Component, to string) []bucketpolicy.Deposit {
	s, _ := decode(c)
	if s.AccessLogs == nil || s.AccessLogs.Component != to {
		return nil
	}
	return []bucketpolicy.Deposit{{Principal: "delivery.logs.amazonaws.com", Prefix: s.AccessLogs.Prefix, ByAccessList: true}}
}

// distribution is a CloudFront being generated.
type distribution struct {
	*component.Builder
	specification
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	if len(s.Origins) == 0 { // refused by the schema
		return
	}
	d := &distribution{Builder: b, specification: s}
	d.check()
	d.accessControl()
	d.create()
	d.policies()
	d.functions()
	d.alarm()

	d.Output("arn", jen.Id("distribution").Dot("Arn"))
	d.Output("distributionId", network.ID("distribution"))
	d.Output("domainName", jen.Id("distribution").Dot("DomainName"))
}

// check reports what only the rest of the stack makes wrong.
func (d *distribution) check() {
	security := d.Stack().Security
	if ingress := security.Get("ingress", "internetFacing"); ingress != nil && ingress.Text.String() == "deny" {
		d.Fail(diag.Errorf(d.Component().Source, component.Code,
			"%s answers the whole world, and the Security document lets nothing be open to the internet", d.ID()).
			WithHint("take the distribution out of this environment, or allow it there").
			WithRelated(ingress.Source, "it denies it here"))
	}
	if least := security.Get("tls", "minimumVersion"); least != nil && least.Text.String() == "1.3" {
		d.Fail(diag.Errorf(d.Place("minimumTLS"), component.Code,
			"%s accepts TLS 1.2, and the Security document asks for 1.3 at least, which this version of panka cannot set for distributions", d.ID()).
			WithRelated(least.Source, "it asks for it here"))
	}
	for _, o := range d.Origins {
		if bucket, _ := d.Target(o.Bucket); bucket != nil {
			d.checkBucket(o, bucket)
		}
	}
	for _, b := range append([]behavior{d.DefaultBehavior}, d.Behaviors...) {
		if o := d.origin(b); o.Bucket != "" && b.AllowedMethods == "ALL" {
			place := b.Source
			if b.Name == "" {
				place = d.Place("defaultBehavior", "allowedMethods")
			}
			d.Fail(diag.Errorf(place, component.Code,
				"%s lets all methods through to the bucket %s, which the distribution may only read", d.ID(), o.Bucket).
				WithHint("set allowedMethods: GET_HEAD or GET_HEAD_OPTIONS"))
		}
	}
}

func (d *distribution) checkBucket(o origin, bucket *ir.Component) {
	algorithm := bucket.Spec.Get("encryption", "algorithm")
	if algorithm != nil && algorithm.Text.String() != "AES256" && d.KeyOf(bucket) == nil {
		d.Fail(diag.Errorf(o.Source, component.Code,
			"%s is encrypted with a key of KMS that AWS keeps, which no distribution can use", bucket.ID()).
			WithHint("leave encryption.algorithm out of %s, or name a kmsKeyArn there whose policy lets CloudFront decrypt", bucket.ID()).
			WithRelated(algorithm.Source, "its algorithm"))
	}
}

// alarm is for answers with errors, in the one region that has the metric.
func (d *distribution) alarm() {
	if d.Stack().Region != metricsRegion {
		return
	}
	alarm.Add(d.Builder, alarm.Alarm{
		Part: "errors", Description: "The distribution answers requests with errors", Comparison: alarm.AtLeast,
		Threshold: alarm.For(d.Builder).Thresholds.HTTP.Error5xxPercent, SilenceIsWell: true,
		Metric: alarm.Metric{
			Namespace: "AWS/CloudFront", Name: "5xxErrorRate", Statistic: "Average",
			Dimensions: component.Fields{
				{Name: "DistributionId", Value: network.ID("distribution")},
				{Name: "Region", Value: component.Str("Global")},
			},
		},
	})
}

// metricsRegion is where CloudFront's metrics are.
const metricsRegion = "us-east-1"
