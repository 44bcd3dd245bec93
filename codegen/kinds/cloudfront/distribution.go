package cloudfront

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

func sdk(name string) *jen.Statement { return component.AWS("cloudfront", "Distribution"+name) }

func (d *distribution) create() {
	d.addresses()
	args := component.Fields{
		{Name: "Comment", Value: component.Str(d.ID())},
		{Name: "Enabled", Value: component.Bool(d.Enabled)},
		{Name: "Aliases", Value: texts(d.Aliases)},
		{Name: "ViewerCertificate", Value: d.certificate()},
		{Name: "HttpVersion", Value: component.Str(d.HTTPVersion)},
		{Name: "IsIpv6Enabled", Value: component.Bool(d.IPv6)},
		{Name: "PriceClass", Value: component.Str(d.PriceClass)},
		{Name: "DefaultRootObject", Value: component.If(d.DefaultRootObject != "", component.Str(d.DefaultRootObject))},
		{Name: "Origins", Value: d.origins()},
		{Name: "DefaultCacheBehavior", Value: component.Struct(sdk("DefaultCacheBehaviorArgs"), d.behavior(d.DefaultBehavior, "DefaultCacheBehavior"))},
		{Name: "OrderedCacheBehaviors", Value: d.behaviors()},
		{Name: "CustomErrorResponses", Value: d.errorResponses()},
		{Name: "Restrictions", Value: d.restrictions()},
		{Name: "WebAclId", Value: d.firewall()},
		{Name: "LoggingConfig", Value: d.logging()},
		{Name: "WaitForDeployment", Value: component.Bool(d.WaitForDeployment)},
	}
	d.Resource(component.Resource{
		Var: "distribution", Type: "aws:cloudfront/distribution:Distribution", What: "distribution", Args: args,
		Source: d.Component().Source,
	})
}

// texts is a list of texts, nil for none.
func texts(items []string) jen.Code {
	if len(items) == 0 {
		return nil
	}
	var codes []jen.Code
	for _, item := range items {
		codes = append(codes, component.Str(item))
	}
	return component.StrArray(codes...)
}

func (d *distribution) certificate() jen.Code {
	fields := component.Fields{{Name: "CloudfrontDefaultCertificate", Value: component.Bool(true)}}
	if d.CertificateARN != "" {
		fields = component.Fields{
			{Name: "AcmCertificateArn", Value: component.Str(d.CertificateARN)},
			{Name: "MinimumProtocolVersion", Value: component.Str(d.MinimumTLS)},
			{Name: "SslSupportMethod", Value: component.Str("sni-only")},
		}
	}
	return component.Struct(sdk("ViewerCertificateArgs"), fields)
}

// behavior are the fields of what happens to some requests, in the type that begins with typ.
func (d *distribution) behavior(b behavior, typ string) component.Fields {
	methods := []string{"GET", "HEAD"}
	cached := methods
	switch b.AllowedMethods {
	case "GET_HEAD_OPTIONS":
		methods = append(methods, "OPTIONS")
		cached = methods
	case "ALL":
		methods = append(methods, "OPTIONS", "PUT", "POST", "PATCH", "DELETE")
	}
	policy := func(managed map[string]string, name string) jen.Code {
		return component.If(name != "", component.Str(policyID(managed, name)))
	}
	return component.Fields{
		{Name: "PathPattern", Value: component.If(b.Path != "", component.Str(b.Path))},
		{Name: "TargetOriginId", Value: component.Str(d.origin(b).Name)},
		{Name: "ViewerProtocolPolicy", Value: component.Str(b.ViewerProtocol)},
		{Name: "AllowedMethods", Value: texts(methods)},
		{Name: "CachedMethods", Value: texts(cached)},
		{Name: "CachePolicyId", Value: policy(cachePolicies, b.CachePolicy)},
		{Name: "OriginRequestPolicyId", Value: policy(originRequestPolicies, b.OriginRequestPolicy)},
		{Name: "ResponseHeadersPolicyId", Value: policy(responseHeadersPolicies, b.ResponseHeadersPolicy)},
		{Name: "Compress", Value: component.Bool(b.Compress)},
		{Name: "FunctionAssociations", Value: b.functions(typ, "FunctionAssociation", "FunctionArn", "arn:aws:cloudfront:")},
		{Name: "LambdaFunctionAssociations", Value: b.functions(typ, "LambdaFunctionAssociation", "LambdaArn", "arn:aws:lambda:")},
		{Name: "TrustedKeyGroups", Value: texts(b.TrustedKeyGroups)},
	}
}

// functions are those of one sort, told by how their ARNs begin, that see requests and answers.
func (b behavior) functions(typ, association, field, prefix string) jen.Code {
	var items []jen.Code
	for _, f := range []struct{ event, arn string }{
		{"viewer-request", b.ViewerRequestFunctionARN}, {"viewer-response", b.ViewerResponseFunctionARN},
	} {
		if !strings.HasPrefix(f.arn, prefix) {
			continue
		}
		items = append(items, component.Struct(sdk(typ+association+"Args"), component.Fields{
			{Name: "EventType", Value: component.Str(f.event)},
			{Name: field, Value: component.Str(f.arn)},
		}))
	}
	if len(items) == 0 {
		return nil
	}
	return component.List(sdk(typ+association+"Array"), items...)
}

func (d *distribution) behaviors() jen.Code {
	var items []jen.Code
	for _, b := range d.Behaviors {
		items = append(items, component.Struct(sdk("OrderedCacheBehaviorArgs"), d.behavior(b, "OrderedCacheBehavior")))
	}
	if len(items) == 0 {
		return nil
	}
	return component.List(sdk("OrderedCacheBehaviorArray"), items...)
}

func (d *distribution) errorResponses() jen.Code {
	var items []jen.Code
	for _, e := range d.ErrorResponses {
		fields := component.Fields{
			{Name: "ErrorCode", Value: component.Int(e.Status)},
			{Name: "ErrorCachingMinTtl", Value: component.Int(int(e.CacheFor))},
		}
		if e.Answer != nil {
			fields = append(fields,
				component.Field{Name: "ResponseCode", Value: component.Int(*e.Answer)},
				component.Field{Name: "ResponsePagePath", Value: component.Str(e.Page)})
		}
		items = append(items, component.Struct(sdk("CustomErrorResponseArgs"), fields))
	}
	if len(items) == 0 {
		return nil
	}
	return component.List(sdk("CustomErrorResponseArray"), items...)
}

// restrictions must be there even when there are none.
func (d *distribution) restrictions() jen.Code {
	fields := component.Fields{{Name: "RestrictionType", Value: component.Str("none")}}
	if g := d.GeoRestriction; g != nil {
		typ := map[string]string{"allow": "whitelist", "deny": "blacklist"}[g.Type]
		fields = component.Fields{
			{Name: "RestrictionType", Value: component.Str(typ)},
			{Name: "Locations", Value: texts(g.Countries)},
		}
	}
	return component.Struct(sdk("RestrictionsArgs"), component.Fields{
		{Name: "GeoRestriction", Value: component.Struct(sdk("RestrictionsGeoRestrictionArgs"), fields)},
	})
}

// firewall is the web ACL of the YAML, or the one that the Security document has for distributions.
func (d *distribution) firewall() jen.Code {
	if d.WebACLARN != "" {
		return component.Str(d.WebACLARN)
	}
	if acl := d.Stack().Security.Get("waf", "cloudFrontWebAclArn"); acl != nil {
		return d.Text(acl.Text)
	}
	return nil
}

// logging names the bucket by its name as a host.
func (d *distribution) logging() jen.Code {
	if d.AccessLogs == nil {
		return nil
	}
	bucket, _ := d.Use(d.AccessLogs.Component, "bucketName", d.AccessLogs.Source)
	return component.Struct(sdk("LoggingConfigArgs"), component.Fields{
		{Name: "Bucket", Value: component.Pulumi("Sprintf").Call(jen.Lit("%s.s3.amazonaws.com"), bucket)},
		{Name: "Prefix", Value: component.If(d.AccessLogs.Prefix != "", component.Str(d.AccessLogs.Prefix))},
		{Name: "IncludeCookies", Value: component.Bool(d.AccessLogs.Cookies)},
	})
}
