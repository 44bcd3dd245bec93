package sandbox

import (
	"strings"
	"testing"
)

const (
	tDistribution  = "aws:cloudfront/distribution:Distribution"
	tOriginControl = "aws:cloudfront/originAccessControl:OriginAccessControl"
	tCachePolicy   = "aws:cloudfront/cachePolicy:CachePolicy"
	tOriginPolicy  = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"
	tHeadersPolicy = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
	tEdgeFunction  = "aws:cloudfront/function:Function"
)

func newCDN(t *testing.T) *estate {
	t.Helper()
	s := newEstate(t, certificates)
	control := s.add("control", tOriginControl, props{"name": "assets", "originAccessControlOriginType": "s3", "signingBehavior": "always", "signingProtocol": "sigv4"})
	none := props{"cookieBehavior": "none"}
	cache := s.add("cache", tCachePolicy, props{"name": "assets", "defaultTtl": 60, "parametersInCacheKeyAndForwardedToOrigin": props{"cookiesConfig": none,
		"headersConfig": props{"headerBehavior": "whitelist", "headers": props{"items": []any{"Accept"}}}, "queryStringsConfig": props{"queryStringBehavior": "all"}}})
	origin := s.add("origin", tOriginPolicy, props{"name": "assets", "cookiesConfig": none, "headersConfig": props{"headerBehavior": "allViewer"},
		"queryStringsConfig": props{"queryStringBehavior": "none"}})
	headers := s.add("headers", tHeadersPolicy, props{"name": "assets", "securityHeadersConfig": props{"frameOptions": props{"frameOption": "DENY", "override": true}}})
	function := s.add("function", tEdgeFunction, props{"name": "rewrite", "runtime": "cloudfront-js-2.0", "code": "function handler(event) { return event.request }"})
	s.add("distribution", tDistribution, props{"enabled": true, "aliases": []any{"shop.example.com"}, "defaultRootObject": "index.html",
		"origins": []any{props{"originId": "assets", "domainName": "assets.s3.us-east-1.amazonaws.com", "originAccessControlId": control.id},
			props{"originId": "api", "domainName": "api.example.com", "customOriginConfig": props{"httpPort": 80, "httpsPort": 443, "originProtocolPolicy": "https-only", "originSslProtocols": []any{"TLSv1.2"}}}},
		"defaultCacheBehavior": props{"targetOriginId": "assets", "viewerProtocolPolicy": "redirect-to-https", "allowedMethods": []any{"GET", "HEAD"}, "cachedMethods": []any{"GET", "HEAD"},
			"cachePolicyId": cache.id, "originRequestPolicyId": origin.id, "responseHeadersPolicyId": headers.id,
			"functionAssociations": []any{props{"eventType": "viewer-request", "functionArn": function.out("arn")}}},
		"orderedCacheBehaviors": []any{props{"pathPattern": "/api/*", "targetOriginId": "api", "viewerProtocolPolicy": "https-only", "cachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"}},
		"restrictions":          props{"geoRestriction": props{"restrictionType": "none"}},
		"viewerCertificate":     props{"acmCertificateArn": certificateARN, "sslSupportMethod": "sni-only", "minimumProtocolVersion": "TLSv1.2_2021"}})
	return s
}

func TestCDN(t *testing.T) {
	s := newCDN(t)
	d := s.things["distribution"]
	if !strings.HasSuffix(d.out("domainName"), ".cloudfront.net") || d.out("hostedZoneId") != "Z2FDTNDATAQYW2" || len(d.id) != 14 ||
		d.out("arn") != "arn:aws:cloudfront::123456789012:distribution/"+d.id {
		t.Errorf("distribution: %v", d.outputs)
	}
	for key, want := range map[string]string{"control": "OriginAccessControlInUse", "cache": "CachePolicyInUse", "origin": "OriginRequestPolicyInUse",
		"headers": "ResponseHeadersPolicyInUse", "function": "FunctionInUse"} {
		wantError(t, s.delete(s.things[key]), want)
	}
	function := s.things["function"]
	before := function.out("etag")
	if err := s.update(function, with(mappable(function), props{"code": "function handler(event) {}"})); err != nil || function.out("etag") == before {
		t.Errorf("new code has ETag %s, old had %s: %v", function.out("etag"), before, err)
	}
	s.verify()
}

func TestCDNRefusals(t *testing.T) {
	s := newCDN(t)
	d := with(s.given("distribution"), props{"aliases": nil})
	origin := s.things["distribution"].inputs["origins"].ArrayValue()[1].Mappable().(map[string]any)
	behaviour := s.things["distribution"].inputs["defaultCacheBehavior"].ObjectValue().Mappable()
	cache := s.given("cache")
	s.refuse(map[string]refusal{
		"price class":         {tDistribution, with(d, props{"priceClass": "cheap"}), "expected priceClass to be one of"},
		"no such origin":      {tDistribution, with(d, props{"origins": []any{origin}}), "NoSuchOrigin"},
		"origin twice":        {tDistribution, with(d, props{"origins": []any{origin, origin}}), "Duplicate origin id: api"},
		"origin's control":    {tDistribution, with(d, props{"origins": []any{with(origin, props{"originAccessControlId": "E0"})}}), "origin access control does not exist"},
		"origin with scheme":  {tDistribution, with(d, props{"origins": []any{with(origin, props{"domainName": "https://x"})}}), "cannot contain a colon or a slash"},
		"no bucket":           {tDistribution, with(d, props{"origins": []any{with(origin, props{"customOriginConfig": nil})}}), "does not refer to a valid S3 bucket"},
		"cache policy":        {tDistribution, with(d, props{"defaultCacheBehavior": with(behaviour, props{"cachePolicyId": "none"})}), "NoSuchCachePolicy"},
		"function":            {tDistribution, with(d, props{"defaultCacheBehavior": with(behaviour, props{"functionAssociations": []any{props{"eventType": "viewer-request", "functionArn": "arn:none"}}})}), "InvalidFunctionAssociation"},
		"function's event":    {tDistribution, with(d, props{"defaultCacheBehavior": with(behaviour, props{"functionAssociations": []any{props{"eventType": "origin-request", "functionArn": "arn:none"}}})}), "eventType"},
		"policy and lifetime": {tDistribution, with(d, props{"defaultCacheBehavior": with(behaviour, props{"minTtl": 1})}), "cannot be combined with"},
		"methods":             {tDistribution, with(d, props{"defaultCacheBehavior": with(behaviour, props{"allowedMethods": []any{"GET", "HEAD", "POST", "PUT"}})}), "all seven methods"},
		"name taken":          {tDistribution, s.given("distribution"), "CNAMEAlreadyExists"},
		"name uncovered":      {tDistribution, with(d, props{"aliases": []any{"www.example.com"}}), "doesn't cover the alternate domain name"},
		"name uncertified":    {tDistribution, with(d, props{"aliases": []any{"www.example.com"}, "viewerCertificate": props{"cloudfrontDefaultCertificate": true}}), "must attach a trusted certificate"},
		"certificate's place": {tDistribution, with(d, props{"viewerCertificate": props{"acmCertificateArn": "arn:aws:acm:eu-west-1:1:certificate/x", "sslSupportMethod": "sni-only"}}), "isn't in us-east-1 region"},
		"countries":           {tDistribution, with(d, props{"restrictions": props{"geoRestriction": props{"restrictionType": "whitelist"}}}), "InvalidGeoRestrictionParameter"},
		"root with slash":     {tDistribution, with(d, props{"defaultRootObject": "/index.html"}), "cannot begin with"},
		"policy taken":        {tCachePolicy, cache, "CachePolicyAlreadyExists"},
		"lifetimes":           {tCachePolicy, with(cache, props{"name": "x", "minTtl": 61}), "must be in this order"},
		"headers unlisted":    {tOriginPolicy, with(s.given("origin"), props{"name": "x", "headersConfig": props{"headerBehavior": "whitelist"}}), "headers are given exactly if"},
		"headers of nothing":  {tHeadersPolicy, props{"name": "x"}, "at least one of"},
		"own header":          {tHeadersPolicy, props{"name": "x", "customHeadersConfig": props{"items": []any{props{"header": "X-Frame-Options", "override": true, "value": "DENY"}}}}, "is a security header"},
		"function runtime":    {tEdgeFunction, props{"name": "x", "runtime": "nodejs22.x", "code": "x"}, "runtime"},
		"control taken":       {tOriginControl, s.given("control"), "OriginAccessControlAlreadyExists"},
	})
	_, err := s.invoke("aws:cloudfront/getCachePolicy:getCachePolicy", props{"name": "Managed-Nothing"})
	wantError(t, err, "no matching CloudFront cache-policy (Managed-Nothing)")
	mine, err := s.invoke("aws:cloudfront/getCachePolicy:getCachePolicy", props{"name": "assets"})
	if err != nil || mine["id"].StringValue() != s.things["cache"].id || mine["defaultTtl"].NumberValue() != 60 {
		t.Errorf("the account's own policy: %v, %v", mine, err)
	}
}

func TestCDNChanges(t *testing.T) {
	s := newCDN(t)
	s.diffs(map[string]change{
		"price class":       {"distribution", props{"priceClass": "PriceClass_100"}, ""},
		"staging":           {"distribution", props{"staging": true}, "staging"},
		"function's name":   {"function", props{"name": "x"}, "name"},
		"function's code":   {"function", props{"code": "x"}, ""},
		"policy's name":     {"cache", props{"name": "x"}, ""},
		"control's signing": {"control", props{"signingBehavior": "never"}, ""},
	})
}
