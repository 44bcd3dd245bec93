package apigateway

import (
	"cmp"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
)

// http writes an API of protocol HTTP. Its stage deploys every change by itself.
func (a api) http() {
	a.Resource(component.Resource{
		Var: "api", Type: "aws:apigatewayv2/api:Api", What: "API", Source: a.Component().Source,
		Args: component.Fields{
			{Name: "Name", Value: a.Physical(128, "")},
			{Name: "ProtocolType", Value: component.Str("HTTP")},
			{Name: "CorsConfiguration", Value: a.httpCORS()},
			{Name: "DisableExecuteApiEndpoint", Value: component.Bool(!a.DefaultEndpoint)},
		},
	})
	if slices.ContainsFunc(a.Routes, func(r route) bool { return r.Service != "" }) {
		a.httpLink()
	}
	for _, au := range a.Authorizers {
		a.httpAuthorizer(au)
	}
	for _, r := range a.Routes {
		a.httpRoute(r)
	}
	a.permissions()
	a.httpStage()
	if a.Domain != nil {
		a.httpDomain()
	}
}

func (a api) httpCORS() jen.Code {
	c := a.CORS
	if c == nil {
		return nil
	}
	var age jen.Code
	if c.MaxAge != nil {
		age = component.Int(int(*c.MaxAge))
	}
	return component.Struct(component.AWS("apigatewayv2", "ApiCorsConfigurationArgs"), component.Fields{
		{Name: "AllowOrigins", Value: texts(c.AllowOrigins)},
		{Name: "AllowMethods", Value: texts(c.AllowMethods)},
		{Name: "AllowHeaders", Value: texts(c.AllowHeaders)},
		{Name: "ExposeHeaders", Value: texts(c.ExposeHeaders)},
		{Name: "AllowCredentials", Value: component.If(c.AllowCredentials, component.Bool(true))},
		{Name: "MaxAge", Value: age},
	})
}

func texts(values []string) jen.Code {
	if len(values) == 0 {
		return nil
	}
	var items []jen.Code
	for _, text := range values {
		items = append(items, component.Str(text))
	}
	return component.StrArray(items...)
}

// httpLink is the way into the VPC, out of a security group that the services' load balancers let in.
func (a api) httpLink() {
	a.SecurityGroup("linkGroup", "link", "Connections of the API", a.Place("routes"))
	waitFor := append([]string{network.Out(a.Builder, "linkGroup")}, network.Paths(a.Builder, "linkGroup")...)
	slices.Sort(waitFor)
	a.Resource(component.Resource{
		Var: "link", Type: "aws:apigatewayv2/vpcLink:VpcLink", Part: "link", What: "VPC link", Source: a.Place("routes"),
		Args: component.Fields{
			{Name: "Name", Value: a.Salted(128, "link", a.NetworkSalt())},
			{Name: "SubnetIds", Value: jen.Id("base").Dot("privateSubnetIDs")},
			{Name: "SecurityGroupIds", Value: component.StrArray(network.ID("linkGroup"))},
		},
		Options: []jen.Code{component.CreateFirst(), component.DependsOn(waitFor...)},
	})
}

func (a api) httpAuthorizer(au authorizer) {
	args := component.Fields{
		{Name: "ApiId", Value: jen.Id("api").Dot("ID").Call()},
		{Name: "Name", Value: component.Str(au.Name)},
		{Name: "IdentitySources", Value: component.StrArray(component.Str("$request.header." + au.Header))},
	}
	if au.JWT != nil {
		var audience []jen.Code
		for _, text := range au.JWT.Audience {
			audience = append(audience, a.Text(text))
		}
		args = append(args, component.Fields{
			{Name: "AuthorizerType", Value: component.Str("JWT")},
			{Name: "JwtConfiguration", Value: component.Struct(component.AWS("apigatewayv2", "AuthorizerJwtConfigurationArgs"), component.Fields{
				{Name: "Issuer", Value: a.Text(au.JWT.Issuer)},
				{Name: "Audiences", Value: component.StrArray(audience...)},
			})},
		}...)
	} else {
		args = append(args, component.Fields{
			{Name: "AuthorizerType", Value: component.Str("REQUEST")},
			{Name: "AuthorizerUri", Value: a.calling(au.Function, au.Source)},
			{Name: "AuthorizerPayloadFormatVersion", Value: component.Str("2.0")},
			{Name: "EnableSimpleResponses", Value: component.Bool(true)},
			{Name: "AuthorizerResultTtlInSeconds", Value: component.Int(int(au.CacheFor))},
		}...)
	}
	a.Resource(component.Resource{
		Var: local("authorizer", au.Name), Type: "aws:apigatewayv2/authorizer:Authorizer", Part: "authorizer-" + au.Name,
		What: "authorizer " + au.Name, Source: au.Source, Args: args,
	})
	if au.Function != "" {
		a.permit(au, local("authorizer", au.Name))
	}
}

func (a api) httpRoute(r route) {
	integration := local("to", r.Name)
	a.Resource(component.Resource{
		Var: integration, Type: "aws:apigatewayv2/integration:Integration", Part: "to-" + r.Name, What: "target of the route " + r.Name,
		Source: r.Source,
		Args: append(append(component.Fields{{Name: "ApiId", Value: jen.Id("api").Dot("ID").Call()}}, a.httpTarget(r)...),
			component.Field{Name: "TimeoutMilliseconds", Value: component.Int(1000 * int(r.Timeout))}),
	})
	key := r.Method + " " + r.Path
	if r.Path == "$default" {
		key = r.Path
	}
	args := component.Fields{
		{Name: "ApiId", Value: jen.Id("api").Dot("ID").Call()},
		{Name: "RouteKey", Value: component.Str(key)},
		{Name: "Target", Value: component.Pulumi("Sprintf").Call(jen.Lit("integrations/%s"), jen.Id(integration).Dot("ID").Call())},
	}
	a.Resource(component.Resource{
		Type: "aws:apigatewayv2/route:Route", Part: "route-" + r.Name, What: "route " + r.Name, Source: r.Source,
		Args: append(args, a.httpAccess(r)...),
	})
}

func (a api) httpAccess(r route) component.Fields {
	au := a.authorizer(r)
	if au == nil {
		authorization := r.Authorization
		if authorization == "" {
			authorization = "NONE"
		}
		return component.Fields{{Name: "AuthorizationType", Value: component.Str(authorization)}}
	}
	typ := "CUSTOM"
	if au.JWT != nil {
		typ = "JWT"
	}
	return component.Fields{
		{Name: "AuthorizationType", Value: component.Str(typ)},
		{Name: "AuthorizerId", Value: jen.Id(local("authorizer", au.Name)).Dot("ID").Call()},
		{Name: "AuthorizationScopes", Value: texts(r.Scopes)},
	}
}

// httpTarget are the arguments of what a route leads to.
func (a api) httpTarget(r route) component.Fields {
	switch {
	case r.Function != "":
		return component.Fields{
			{Name: "IntegrationType", Value: component.Str("AWS_PROXY")},
			{Name: "IntegrationUri", Value: a.calling(r.Function, r.Source)},
			{Name: "PayloadFormatVersion", Value: component.Str("2.0")},
		}
	case r.Service != "":
		to, _ := a.backend(r)
		return component.Fields{
			{Name: "IntegrationType", Value: component.Str("HTTP_PROXY")},
			{Name: "ConnectionType", Value: component.Str("VPC_LINK")},
			{Name: "ConnectionId", Value: jen.Id("link").Dot("ID").Call()},
			{Name: "IntegrationMethod", Value: component.Str("ANY")},
			{Name: "IntegrationUri", Value: a.listenerARN(to, r)},
			{Name: "PayloadFormatVersion", Value: component.Str("1.0")},
			{Name: "RequestParameters", Value: a.withoutStage()},
			{Name: "TlsConfig", Value: serverName(r)},
		}
	default:
		return component.Fields{
			{Name: "IntegrationType", Value: component.Str("HTTP_PROXY")},
			{Name: "IntegrationMethod", Value: component.Str("ANY")},
			{Name: "IntegrationUri", Value: a.Text(r.URL)},
			{Name: "PayloadFormatVersion", Value: component.Str("1.0")},
		}
	}
}

// withoutStage takes a stage's name out of the path that services inside the VPC get. There is none for $default.
func (a api) withoutStage() jen.Code {
	if a.Stage.Name == "" || a.Stage.Name == defaultStage {
		return nil
	}
	return component.Map(component.Pulumi("StringMap"), component.Fields{{Name: "overwrite:path", Value: component.Str("$request.path")}})
}

// defaultStage is the stage that is in no path.
const defaultStage = "$default"

func (a api) httpStage() {
	name := cmp.Or(a.Stage.Name, defaultStage)
	var limits jen.Code
	if a.Stage.ThrottlingRate != nil && a.Stage.ThrottlingBurst != nil {
		limits = component.Struct(component.AWS("apigatewayv2", "StageDefaultRouteSettingsArgs"), component.Fields{
			{Name: "ThrottlingRateLimit", Value: component.Float(float64(*a.Stage.ThrottlingRate))},
			{Name: "ThrottlingBurstLimit", Value: component.Int(*a.Stage.ThrottlingBurst)},
		})
	}
	a.Resource(component.Resource{
		Var: "stage", Type: "aws:apigatewayv2/stage:Stage", Part: "stage", What: "stage", Source: a.Place("stage"),
		Args: component.Fields{
			{Name: "ApiId", Value: jen.Id("api").Dot("ID").Call()},
			{Name: "Name", Value: component.Str(name)},
			{Name: "AutoDeploy", Value: component.Bool(true)},
			{Name: "DefaultRouteSettings", Value: limits},
			{Name: "StageVariables", Value: a.variables()},
			{Name: "AccessLogSettings", Value: a.accessLogs("apigatewayv2", "requestId", "requestTime", "httpMethod", "path", "routeKey",
				"protocol", "status", "responseLength", "responseLatency", "integrationErrorMessage")},
		},
	})
}

func (a api) httpDomain() {
	d := a.Domain
	a.CheckRegion("the certificate", d.CertificateARN, a.Stack().Region, a.Place("domain", "certificateArn"))
	a.Resource(component.Resource{
		Var: "domain", Type: "aws:apigatewayv2/domainName:DomainName", Part: "domain", What: "domain", Source: a.Place("domain"),
		Args: component.Fields{
			{Name: "DomainName", Value: component.Str(d.Name)},
			{Name: "DomainNameConfiguration", Value: component.Struct(component.AWS("apigatewayv2", "DomainNameDomainNameConfigurationArgs"),
				component.Fields{
					{Name: "CertificateArn", Value: component.Str(d.CertificateARN)},
					{Name: "EndpointType", Value: component.Str("REGIONAL")},
					{Name: "SecurityPolicy", Value: component.Str("TLS_1_2")},
				})},
		},
	})
	a.Resource(component.Resource{
		Type: "aws:apigatewayv2/apiMapping:ApiMapping", Part: "mapping", What: "mapping of the domain", Source: a.Place("domain"),
		Args: component.Fields{
			{Name: "ApiId", Value: jen.Id("api").Dot("ID").Call()},
			{Name: "DomainName", Value: jen.Id("domain").Dot("ID").Call()},
			{Name: "Stage", Value: jen.Id("stage").Dot("ID").Call()},
			{Name: "ApiMappingKey", Value: component.If(d.BasePath != "", component.Str(d.BasePath))},
		},
	})
}
