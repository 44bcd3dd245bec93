package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	originControlType = "aws:cloudfront/originAccessControl:OriginAccessControl"
	cachePolicyType   = "aws:cloudfront/cachePolicy:CachePolicy"
	originPolicyType  = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"
	headersPolicyType = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
	edgeFunctionType  = "aws:cloudfront/function:Function"
)

const edgeNames = `^[0-9A-Za-z_-]+$`

// taken makes a Conflict for a type of CloudFront.
func taken(code, what string) func(string) error {
	return func(name string) error { return errorf(code, "%s with the name %s already exists.", what, name) }
}

// edgeInUse makes an InUse for a type of CloudFront.
func edgeInUse(code, what string) func(_, _ *store.Resource) error {
	return func(r, by *store.Resource) error {
		return errorf(code, "Cannot delete the %s because it is attached to one or more distributions. (%s, %s)", what, r.ID, by.ID)
	}
}

// createEdge gives a policy of CloudFront its identity; path is what stands before the ID in its ARN.
func createEdge(path string) func(c *Call) (*Made, error) {
	return func(c *Call) (*Made, error) {
		id := c.UUID(path)
		return &Made{ID: id, Outputs: store.Values{"arn": c.GlobalARN("cloudfront", path+"/"+id), "etag": "E" + c.Upper("etag", 13)}}, nil
	}
}

func originAccessControl() *Kind {
	return &Kind{
		Type: originControlType, Label: "CloudFront Origin Access Control", Global: true, Random: true, Name: "name", MaxName: 64,
		Conflict: taken("OriginAccessControlAlreadyExists", "An origin access control"),
		Checks: []Check{characters("name", 1, 64), oneOf("originAccessControlOriginType", "s3", "lambda", "mediastore", "mediapackagev2"),
			oneOf("signingBehavior", "always", "never", "no-override"), oneOf("signingProtocol", "sigv4")},
		Create: func(c *Call) (*Made, error) {
			id := "E" + c.Upper("control", 13)
			return &Made{ID: id, Outputs: store.Values{"arn": c.GlobalARN("cloudfront", "origin-access-control/"+id), "etag": "E" + c.Upper("etag", 13)}}, nil
		},
		InUse: edgeInUse("OriginAccessControlInUse", "origin access control"),
		Usual: Usual{1, 1, 1},
	}
}

func cachePolicy() *Kind {
	const settings = "parametersInCacheKeyAndForwardedToOrigin."
	return &Kind{
		Type: cachePolicyType, Label: "CloudFront Cache Policy", Global: true, Random: true, Name: "name", MaxName: 128,
		Conflict: taken("CachePolicyAlreadyExists", "A cache policy"),
		Checks: []Check{matching("name", edgeNames, "only letters, digits, hyphens and underscores"), characters("comment", 0, 128),
			within("minTtl", 0, 31536000), within("defaultTtl", 0, 31536000), within("maxTtl", 0, 31536000), checkTTLs,
			oneOf(settings+"cookiesConfig.cookieBehavior", "none", "whitelist", "allExcept", "all"), oneOf(settings+"headersConfig.headerBehavior", "none", "whitelist"),
			oneOf(settings+"queryStringsConfig.queryStringBehavior", "none", "whitelist", "allExcept", "all"),
			listed("parametersInCacheKeyAndForwardedToOrigin")},
		Defaults: func(*Call) store.Values { return store.Values{"minTtl": 0, "defaultTtl": 86400, "maxTtl": 31536000} },
		Create:   createEdge("cache-policy"),
		InUse:    edgeInUse("CachePolicyInUse", "cache policy"),
		Usual:    Usual{1, 1, 1},
	}
}

// checkTTLs demands lifetimes in order; what is not given is AWS's.
func checkTTLs(in store.Values) []Problem {
	ttl := func(name string, otherwise float64) float64 {
		if n, ok := at(in, name).(float64); ok {
			return n
		}
		return otherwise
	}
	low, middle, high := ttl("minTtl", 0), ttl("defaultTtl", 86400), ttl("maxTtl", 31536000)
	if low > high || (in.Has("defaultTtl") && middle > high) || (in.Has("defaultTtl") && middle < low) {
		return []Problem{{"defaultTtl", fmt.Sprintf("minTtl, defaultTtl and maxTtl must be in this order, got %v, %v, %v", low, middle, high)}}
	}
	return nil
}

// listed demands items where a behaviour lists them, and only there. under is the object that holds the settings, or "".
func listed(under string) Check {
	return func(in store.Values) []Problem {
		prefix := ""
		if under != "" {
			in, prefix = in.Object(under), under+"."
		}
		var out []Problem
		for _, s := range []struct{ config, behaviour, items string }{{"cookiesConfig", "cookieBehavior", "cookies"},
			{"headersConfig", "headerBehavior", "headers"}, {"queryStringsConfig", "queryStringBehavior", "queryStrings"}} {
			config := in.Object(s.config)
			behaviour := config.String(s.behaviour)
			lists := slices.Contains([]string{"whitelist", "allExcept", "allViewerAndWhitelistCloudFront"}, behaviour)
			if behaviour != "" && lists != config.Has(s.items) {
				out = append(out, Problem{prefix + s.config + "." + s.items, fmt.Sprintf("%s are given exactly if %s lists them, got %q", s.items, s.behaviour, behaviour)})
			}
		}
		return out
	}
}

func originRequestPolicy() *Kind {
	return &Kind{
		Type: originPolicyType, Label: "CloudFront Origin Request Policy", Global: true, Random: true, Name: "name", MaxName: 128,
		Conflict: taken("OriginRequestPolicyAlreadyExists", "An origin request policy"),
		Checks: []Check{matching("name", edgeNames, "only letters, digits, hyphens and underscores"), characters("comment", 0, 128),
			oneOf("cookiesConfig.cookieBehavior", "none", "whitelist", "all", "allExcept"), oneOf("queryStringsConfig.queryStringBehavior", "none", "whitelist", "all", "allExcept"),
			oneOf("headersConfig.headerBehavior", "none", "whitelist", "allViewer", "allViewerAndWhitelistCloudFront", "allExcept"), listed("")},
		Create: createEdge("origin-request-policy"),
		InUse:  edgeInUse("OriginRequestPolicyInUse", "origin request policy"),
		Usual:  Usual{1, 1, 1},
	}
}

func responseHeadersPolicy() *Kind {
	return &Kind{
		Type: headersPolicyType, Label: "CloudFront Response Headers Policy", Global: true, Random: true, Name: "name", MaxName: 128,
		Conflict: taken("ResponseHeadersPolicyAlreadyExists", "A response headers policy"),
		Checks: []Check{matching("name", edgeNames, "only letters, digits, hyphens and underscores"), characters("comment", 0, 128),
			oneOf("securityHeadersConfig.frameOptions.frameOption", "DENY", "SAMEORIGIN"), within("serverTimingHeadersConfig.samplingRate", 0, 100),
			oneOf("securityHeadersConfig.referrerPolicy.referrerPolicy", "no-referrer", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin",
				"same-origin", "strict-origin", "strict-origin-when-cross-origin", "unsafe-url"), checkHeadersPolicy},
		Create: createEdge("response-headers-policy"),
		InUse:  edgeInUse("ResponseHeadersPolicyInUse", "response headers policy"),
		Usual:  Usual{1, 1, 1},
	}
}

// checkHeadersPolicy demands that the policy does something, and custom headers that have no setting of their own.
func checkHeadersPolicy(in store.Values) []Problem {
	configs := []string{"corsConfig", "customHeadersConfig", "removeHeadersConfig", "securityHeadersConfig", "serverTimingHeadersConfig"}
	if !slices.ContainsFunc(configs, in.Has) {
		return []Problem{{"customHeadersConfig", "at least one of " + strings.Join(configs, ", ") + " must be given"}}
	}
	own := []string{"content-security-policy", "strict-transport-security", "x-content-type-options", "x-frame-options", "referrer-policy", "x-xss-protection"}
	for _, h := range in.Object("customHeadersConfig").Objects("items") {
		if name := strings.ToLower(h.String("header")); slices.Contains(own, name) {
			return []Problem{{"customHeadersConfig.items", fmt.Sprintf("%s is a security header: set it in securityHeadersConfig", h.String("header"))}}
		}
	}
	return nil
}

func edgeFunction() *Kind {
	return &Kind{
		Type: edgeFunctionType, Label: "CloudFront Function", Global: true, Name: "name", MaxName: 64,
		Conflict: taken("FunctionAlreadyExists", "A function"),
		Replace:  []string{"name"},
		Checks: []Check{matching("name", `^[0-9A-Za-z_-]{1,64}$`, "up to 64 letters, digits, hyphens and underscores"),
			oneOf("runtime", "cloudfront-js-1.0", "cloudfront-js-2.0"), characters("code", 1, 10240)},
		Defaults: func(*Call) store.Values { return store.Values{"publish": true} },
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("name")
			return &Made{ID: name, Outputs: edgeStages(c).Over(store.Values{"arn": c.GlobalARN("cloudfront", "function/"+name)})}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return &Made{Outputs: edgeStages(c)}, nil },
		InUse:  edgeInUse("FunctionInUse", "function"),
		Usual:  Usual{5, 5, 2},
	}
}

// edgeStages gives what changes with a function's code.
func edgeStages(c *Call) store.Values {
	etag := "E" + strings.ToUpper(digest(c.In.String("code"), 13))
	out := store.Values{"etag": etag, "status": "UNPUBLISHED"}
	if !c.In.Has("publish") || c.In.Bool("publish") {
		out["status"], out["liveStageEtag"] = "UNASSOCIATED", etag
	}
	return out
}
