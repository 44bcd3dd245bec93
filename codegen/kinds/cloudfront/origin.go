package cloudfront

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/bucketpolicy"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/invoke"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/codegen/network"
)

// accessControl has the distribution sign its requests to buckets, and to functions that ask who calls.
func (d *distribution) accessControl() {
	sign := func(local, part, typ string, of origin) {
		d.Resource(component.Resource{
			Var: local, Type: "aws:cloudfront/originAccessControl:OriginAccessControl", Part: part,
			What: "origin access control", Source: of.Source,
			Args: component.Fields{
				{Name: "Name", Value: d.Physical(64, part)},
				{Name: "OriginAccessControlOriginType", Value: component.Str(typ)},
				{Name: "SigningBehavior", Value: component.Str("always")},
				{Name: "SigningProtocol", Value: component.Str("sigv4")},
			},
		})
	}
	if buckets := d.buckets(); len(buckets) > 0 {
		sign("bucketAccess", "buckets", "s3", buckets[0])
	}
	if functions := d.guardedFunctions(); len(functions) > 0 {
		sign("functionAccess", "functions", "lambda", functions[0])
	}
}

// guardedFunctions are the origins that are functions whose URL takes signed requests only, each component once.
func (d *distribution) guardedFunctions() []origin {
	var all []origin
	for _, o := range d.Origins {
		again := slices.ContainsFunc(all, func(other origin) bool { return other.Component == o.Component })
		if !again && d.guarded(o) {
			all = append(all, o)
		}
	}
	return all
}

func (d *distribution) guarded(o origin) bool {
	target, _ := d.Target(o.Component)
	if target == nil || target.Kind != "Lambda" {
		return false
	}
	authorization := target.Spec.Get("functionUrl", "authorization")
	return authorization != nil && authorization.Text.String() == "AWS_IAM"
}

// addresses are two functions of the generated code that take the host and the path out of a component's address.
func (d *distribution) addresses() {
	if !slices.ContainsFunc(d.Origins, func(o origin) bool { return o.Component != "" && d.hasURL(o) }) {
		return
	}
	parsed := jen.Id("parsed")
	part := func(name string, result jen.Code) {
		d.Statement(jen.Id(name).Op(":=").Func().Params(jen.Id("address").String()).Params(jen.String(), jen.Error()).Block(
			jen.List(jen.Id("parsed"), jen.Err()).Op(":=").Qual("net/url", "Parse").Call(jen.Id("address")),
			jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Lit(""), jen.Err())),
			jen.Return(result, jen.Nil()),
		))
	}
	part("host", parsed.Clone().Dot("Host"))
	part("path", jen.Qual("strings", "TrimSuffix").Call(parsed.Clone().Dot("Path"), jen.Lit("/")))
	d.Statement(jen.Line())
}

// hasURL tells whether a component's address is a URL, else it is the name of a host.
func (d *distribution) hasURL(o origin) bool {
	target, kind := d.Target(o.Component)
	return target != nil && kind != nil &&
		slices.ContainsFunc(kind.Outputs(target), func(output component.Output) bool { return output.Name == "url" })
}

func (d *distribution) origins() jen.Code {
	var items []jen.Code
	for _, o := range d.Origins {
		items = append(items, component.Struct(sdk("OriginArgs"), d.originFields(o)))
	}
	return component.List(sdk("OriginArray"), items...)
}

func (d *distribution) originFields(o origin) component.Fields {
	domain, path := d.address(o)
	fields := component.Fields{
		{Name: "OriginId", Value: component.Str(o.Name)},
		{Name: "DomainName", Value: domain},
		{Name: "OriginPath", Value: path},
		{Name: "ConnectionAttempts", Value: component.Int(o.ConnectionAttempts)},
		{Name: "ConnectionTimeout", Value: component.Int(int(o.ConnectionTimeout))},
		{Name: "CustomHeaders", Value: d.headers(o)},
	}
	if o.OriginShield != "" {
		fields = append(fields, component.Field{Name: "OriginShield", Value: component.Struct(sdk("OriginOriginShieldArgs"), component.Fields{
			{Name: "Enabled", Value: component.Bool(true)},
			{Name: "OriginShieldRegion", Value: component.Str(o.OriginShield)},
		})})
	}
	if o.Bucket != "" {
		return append(fields, component.Field{Name: "OriginAccessControlId", Value: network.ID("bucketAccess")})
	}
	if d.guarded(o) {
		fields = append(fields, component.Field{Name: "OriginAccessControlId", Value: network.ID("functionAccess")})
	}
	return append(fields, component.Field{Name: "CustomOriginConfig", Value: o.connection()})
}

// address is the host of an origin, and what is put in front of the paths of requests: the path of the component's own
// address, then that of the YAML.
func (d *distribution) address(o origin) (domain, path jen.Code) {
	if o.Path != "" {
		path = component.Str(o.Path)
	}
	text := func(of jen.Code, function string) *jen.Statement {
		return jen.Add(of).Dot("ApplyT").Call(jen.Id(function)).Assert(component.Pulumi("StringOutput"))
	}
	switch {
	case o.Bucket != "":
		domain, _ = d.Use(o.Bucket, "domainName", o.Source)
	case o.Domain != "":
		domain = component.Str(o.Domain)
	case d.hasURL(o):
		url, _ := d.Use(o.Component, "url", o.Source)
		domain, path = text(url, "host"), text(url, "path")
		if o.Path != "" {
			path = component.Pulumi("Sprintf").Call(jen.Lit("%s%s"), path, jen.Lit(o.Path))
		}
	default:
		domain, _ = d.Use(o.Component, "dnsName", o.Source)
	}
	return domain, path
}

func (d *distribution) headers(o origin) jen.Code {
	var items []jen.Code
	for _, h := range o.Headers {
		items = append(items, component.Struct(sdk("OriginCustomHeaderArgs"), component.Fields{
			{Name: "Name", Value: component.Str(h.Name)},
			{Name: "Value", Value: d.Text(h.Value)},
		}))
	}
	if len(items) == 0 {
		return nil
	}
	return component.List(sdk("OriginCustomHeaderArray"), items...)
}

// connection is how to connect to an origin that is no bucket.
func (o origin) connection() jen.Code {
	protocol := o.Protocol
	if protocol == "" {
		protocol = "https-only"
	}
	or := func(n *int, usual int) jen.Code {
		if n != nil {
			usual = *n
		}
		return component.Int(usual)
	}
	fields := component.Fields{
		{Name: "OriginProtocolPolicy", Value: component.Str(protocol)},
		{Name: "HttpPort", Value: or(o.HTTPPort, 80)},
		{Name: "HttpsPort", Value: or(o.HTTPSPort, 443)},
		{Name: "OriginSslProtocols", Value: component.StrArray(component.Str("TLSv1.2"))},
	}
	if o.ReadTimeout != nil {
		fields = append(fields, component.Field{Name: "OriginReadTimeout", Value: component.Int(int(*o.ReadTimeout))})
	}
	if o.KeepaliveTimeout != nil {
		fields = append(fields, component.Field{Name: "OriginKeepaliveTimeout", Value: component.Int(int(*o.KeepaliveTimeout))})
	}
	return component.Struct(sdk("OriginCustomOriginConfigArgs"), fields)
}

// policies lets the distribution, and no other, read the buckets among its origins.
func (d *distribution) policies() {
	for _, o := range d.buckets() {
		bucket, _ := d.Target(o.Bucket)
		if bucket == nil {
			continue
		}
		if keeper, _ := bucketpolicy.Keeper(d.Builder, bucket); keeper != d.Component() {
			continue // the bucket reports that it has two
		}
		name, _ := d.Use(o.Bucket, "bucketName", o.Source)
		arn, _ := d.Use(o.Bucket, "arn", o.Source)
		bucketpolicy.Add(d.Builder, bucketpolicy.Policy{
			Part: names.Part("read", bucket.Service, bucket.Name), Component: bucket, Name: name, ARN: arn, Source: o.Source,
			Further: []iam.Statement{{
				Sid: "Distribution", Principal: &iam.Principal{Services: []string{"cloudfront.amazonaws.com"}},
				Actions: []string{"s3:GetObject"}, Resources: []jen.Code{bucketpolicy.Objects(arn)},
				Conditions: []iam.Condition{{
					Operator: "StringEquals", Key: "aws:SourceArn", Values: []jen.Code{jen.Id("distribution").Dot("Arn")},
				}},
			}},
		})
	}
}

// functions lets the distribution call the functions among its origins that ask who calls.
func (d *distribution) functions() {
	for _, o := range d.guardedFunctions() {
		target, _ := d.Target(o.Component)
		invoke.PermitURL(d.Builder, invoke.Permission{
			Function: o.Component, Part: names.Part("call", target.Service, target.Name), Principal: "cloudfront.amazonaws.com",
			On: jen.Id("distribution").Dot("Arn"), Source: o.Source,
		})
	}
}
