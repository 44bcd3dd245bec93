package aws

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const distributionType = "aws:cloudfront/distribution:Distribution"

// behaviours are the lists of a distribution's cache behaviours.
func behaviours(in store.Values) []store.Values {
	return append([]store.Values{in.Object("defaultCacheBehavior")}, in.Objects("orderedCacheBehaviors")...)
}

func distribution() *Kind {
	return &Kind{
		Type: distributionType, Label: "CloudFront Distribution", Global: true, Random: true,
		Replace: []string{"staging"},
		Checks: []Check{
			oneOf("priceClass", "PriceClass_All", "PriceClass_200", "PriceClass_100"), oneOf("httpVersion", "http1.1", "http2", "http2and3", "http3"),
			characters("comment", 0, 128), notBeginning("defaultRootObject", "/"), oneOf("restrictions.geoRestriction.restrictionType", "none", "whitelist", "blacklist"),
			oneOf("viewerCertificate.sslSupportMethod", "sni-only", "vip", "static-ip"), oneOf("viewerCertificate.minimumProtocolVersion",
				"SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016", "TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"),
			eachObject("origins", within("connectionAttempts", 1, 3), within("connectionTimeout", 1, 10), matching("originPath", `^(/.*[^/])?$`, "must begin with / and not end with it"),
				oneOf("customOriginConfig.originProtocolPolicy", "http-only", "https-only", "match-viewer"), within("customOriginConfig.originReadTimeout", 1, 180)),
			eachObject("customErrorResponses", among("errorCode", 400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)), checkBehaviours,
		},
		Defaults: func(*Call) store.Values {
			return store.Values{"priceClass": "PriceClass_All", "httpVersion": "http2", "isIpv6Enabled": false, "retainOnDelete": false,
				"waitForDeployment": true, "staging": false}
		},
		Refs: behaviourRefs(),
		Create: func(c *Call) (*Made, error) {
			if err := distributionFits(c, nil); err != nil {
				return nil, err
			}
			id := "E" + c.Upper("distribution", 13)
			none := []map[string]any{{"enabled": false, "items": []any{}}}
			return &Made{ID: id, Outputs: store.Values{"arn": c.GlobalARN("cloudfront", "distribution/"+id), "status": "Deployed", "hostedZoneId": distributionZone,
				"domainName": "d" + c.gatewayID("domain", 13) + ".cloudfront.net", "etag": "E" + c.Upper("etag", 13), "callerReference": "terraform-" + c.Hex("caller", 26),
				"lastModifiedTime": c.Now.UTC().Format(time.RFC3339), "inProgressValidationBatches": 0, "trustedSigners": none, "trustedKeyGroups": none}}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) { return nil, distributionFits(c, prior) },
		Usual:  Usual{200, 180, 260},
	}
}

// behaviourRefs are what a distribution's origins and behaviours name.
func behaviourRefs() []Ref {
	refs := []Ref{{Path: "origins[].originAccessControlId", To: originControlType, Missing: missing("InvalidArgument", "The specified origin access control does not exist or is not valid: %s")}}
	for _, at := range []string{"defaultCacheBehavior.", "orderedCacheBehaviors[]."} {
		refs = append(refs,
			Ref{Path: at + "cachePolicyId", To: cachePolicyType, Builtin: isManaged, Missing: missing("NoSuchCachePolicy", "The specified cache policy does not exist: %s")},
			Ref{Path: at + "originRequestPolicyId", To: originPolicyType, Builtin: isManaged, Missing: missing("NoSuchOriginRequestPolicy", "The specified origin request policy does not exist: %s")},
			Ref{Path: at + "responseHeadersPolicyId", To: headersPolicyType, Builtin: isManaged, Missing: missing("NoSuchResponseHeadersPolicy", "The specified response headers policy does not exist: %s")},
			Ref{Path: at + "functionAssociations[].functionArn", To: edgeFunctionType, Missing: missing("InvalidFunctionAssociation", "The function ARN is not valid: %s")})
	}
	return refs
}

var behaviourChecks = []Check{
	oneOf("viewerProtocolPolicy", "allow-all", "https-only", "redirect-to-https"),
	eachObject("functionAssociations", oneOf("eventType", "viewer-request", "viewer-response")),
	eachObject("lambdaFunctionAssociations", oneOf("eventType", "viewer-request", "viewer-response", "origin-request", "origin-response"),
		matching("lambdaArn", `^arn:aws:lambda:us-east-1:\d{12}:function:[^:]+:\d+$`, "must be a version of a function in us-east-1")),
}

// checkBehaviours applies the rules for behaviours to all of them: either a cache policy or the older settings, and
// methods in AWS's sets.
func checkBehaviours(in store.Values) []Problem {
	var out []Problem
	for i, b := range behaviours(in) {
		at := "defaultCacheBehavior"
		if i > 0 {
			at = fmt.Sprintf("orderedCacheBehaviors[%d]", i-1)
		}
		for _, check := range behaviourChecks {
			for _, p := range check(b) {
				out = append(out, Problem{at + "." + p.Property, p.Reason})
			}
		}
		if b != nil && b.Has("cachePolicyId") && (b.Has("forwardedValues") || b.Has("minTtl") || b.Has("defaultTtl") || b.Has("maxTtl")) {
			out = append(out, Problem{at + ".cachePolicyId", "cachePolicyId cannot be combined with forwardedValues, minTtl, defaultTtl or maxTtl"})
		}
		if b != nil && !b.Has("cachePolicyId") && !b.Has("forwardedValues") {
			out = append(out, Problem{at + ".forwardedValues", "one of cachePolicyId, forwardedValues must be given"})
		}
		if n := len(b.Strings("allowedMethods")); n != 0 && n != 2 && n != 3 && n != 7 {
			out = append(out, Problem{at + ".allowedMethods", "must be GET and HEAD, these and OPTIONS, or all seven methods"})
		}
	}
	return out
}

// distributionFits demands origins for all behaviours, a certificate for its names, and names of its own.
func distributionFits(c *Call, prior *store.Resource) error {
	var origins []string
	for _, o := range append(c.In.Objects("origins"), c.In.Objects("originGroups")...) {
		if slices.Contains(origins, o.String("originId")) {
			return errorf("InvalidArgument", "Duplicate origin id: %s", o.String("originId"))
		}
		origins = append(origins, o.String("originId"))
	}
	for _, o := range c.In.Objects("origins") {
		if err := originFits(o); err != nil {
			return err
		}
	}
	for _, b := range behaviours(c.In) {
		if id := b.String("targetOriginId"); !slices.Contains(origins, id) {
			return errorf("NoSuchOrigin", "One or more of your origins or origin groups do not exist: %s", id)
		}
	}
	geo := c.In.Object("restrictions").Object("geoRestriction")
	if (geo.String("restrictionType") == "none") == (len(geo.Strings("locations")) > 0) {
		return errorf("InvalidGeoRestrictionParameter", "The parameter GeoRestriction should have locations exactly if its type is not none.")
	}
	return namesFit(c, prior)
}

// originFits demands one kind of origin, and secured buckets addressed by their regional names.
func originFits(o store.Values) error {
	bucket := strings.HasSuffix(o.String("domainName"), ".amazonaws.com") && strings.Contains(o.String("domainName"), ".s3.")
	switch {
	case strings.Contains(o.String("domainName"), "/"):
		return errorf("InvalidArgument", "The parameter origin name cannot contain a colon or a slash: %s", o.String("domainName"))
	case o.Has("s3OriginConfig") && o.Has("customOriginConfig"):
		return errorf("InvalidOrigin", "You must specify either a CustomOrigin or an S3Origin. You cannot specify both.")
	case o.Has("s3OriginConfig") && !bucket:
		return errorf("InvalidArgument", "The parameter Origin DomainName does not refer to a valid S3 bucket: %s", o.String("domainName"))
	case o.Has("originAccessControlId") && o.Object("s3OriginConfig").String("originAccessIdentity") != "":
		return errorf("InvalidArgument", "Cannot use both Origin Access Control and Origin Access Identity on an origin")
	case !bucket && !o.Has("customOriginConfig") && !o.Has("vpcOriginConfig") && !o.Has("originAccessControlId"):
		return errorf("InvalidArgument", "The parameter Origin DomainName does not refer to a valid S3 bucket: %s", o.String("domainName"))
	}
	return nil
}

func namesFit(c *Call, prior *store.Resource) error {
	aliases, viewer := c.In.Strings("aliases"), c.In.Object("viewerCertificate")
	for _, alias := range aliases {
		for _, r := range c.all(distributionType) {
			if slices.Contains(r.Inputs.Strings("aliases"), alias) && (prior == nil || prior.Key != r.Key) {
				return errorf("CNAMEAlreadyExists", "One or more of the CNAMEs you provided are already associated with a different resource.")
			}
		}
	}
	arn := viewer.String("acmCertificateArn")
	switch {
	case len(aliases) > 0 && arn == "" && !viewer.Has("iamCertificateId"):
		return errorf("InvalidViewerCertificate", "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate that validates your authorization to use the domain name.")
	case arn == "":
		return nil
	case !viewer.Has("sslSupportMethod"):
		return errorf("InvalidViewerCertificate", "sslSupportMethod is required with a certificate of ACM")
	case !strings.HasPrefix(arn, "arn:aws:acm:us-east-1:"):
		return errorf("InvalidViewerCertificate", "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.")
	}
	certificate := c.certificateIn("us-east-1", arn)
	if certificate == nil || !c.issued(certificate) {
		return errorf("InvalidViewerCertificate", "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.")
	}
	for _, alias := range aliases {
		if !covers(certificate, alias) {
			return errorf("InvalidViewerCertificate", "The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) that you're trying to add: %s", alias)
		}
	}
	return nil
}
