package apigateway

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// restful writes an API of protocol REST.
func (a api) restful() {
	if a.private() {
		a.restEndpoint()
	}
	a.Resource(component.Resource{
		Var: "api", Type: "aws:apigateway/restApi:RestApi", What: "API", Source: a.Component().Source,
		Args: component.Fields{
			{Name: "Name", Value: a.Physical(128, "")},
			{Name: "EndpointConfiguration", Value: component.Struct(component.AWS("apigateway", "RestApiEndpointConfigurationArgs"), component.Fields{
				{Name: "Types", Value: component.Str(a.Endpoint)},
				{Name: "VpcEndpointIds", Value: component.If(a.private(), component.StrArray(jen.Id("endpoint").Dot("ID").Call()))},
			})},
			{Name: "DisableExecuteApiEndpoint", Value: component.Bool(!a.DefaultEndpoint)},
			{Name: "Policy", Value: a.restPolicy()},
		},
	})
	a.restLinks()
	for _, au := range a.Authorizers {
		a.restAuthorizer(au)
	}
	a.restRoutes()
	a.permissions()
	a.restStage()
	a.restFirewall()
	if a.Domain != nil {
		a.restDomain()
	}
	a.restPlans()
}

// restEndpoint is what lets the VPC reach a private API. Without a DNS name of its own several can stand in one VPC.
func (a api) restEndpoint() {
	source := a.Place("endpoint")
	a.SecurityGroup("endpointGroup", "endpoint", "Who may call the API", source)
	network.Admit(a.Builder, network.Admission{
		Group: "endpointGroup", Ports: []network.Port{{Protocol: "tcp", Port: 443}}, Source: source,
	})
	a.Resource(component.Resource{
		Var: "endpoint", Type: "aws:ec2/vpcEndpoint:VpcEndpoint", Part: "endpoint", What: "VPC endpoint", Source: source,
		Args: component.Fields{
			{Name: "VpcId", Value: jen.Id("base").Dot("vpcID")},
			{Name: "ServiceName", Value: component.Str("com.amazonaws." + a.Stack().Region + ".execute-api")},
			{Name: "VpcEndpointType", Value: component.Str("Interface")},
			{Name: "SubnetIds", Value: jen.Id("base").Dot("privateSubnetIDs")},
			{Name: "SecurityGroupIds", Value: component.StrArray(network.ID("endpointGroup"))},
			{Name: "PrivateDnsEnabled", Value: component.Bool(false)},
		},
	})
}

// restPolicy limits who may call by where the call comes from: a private API by its endpoint, another one by the addresses
// that the Security document allows. Nil is no limit.
func (a api) restPolicy() jen.Code {
	allow := iam.Statement{
		Principal: &iam.Principal{Everyone: true}, Actions: []string{"execute-api:Invoke"}, Resources: []jen.Code{jen.Lit("execute-api:/*")},
	}
	allowed := a.Stack().Security.Get("ingress", "allowedCIDRs")
	switch {
	case a.private():
		allow.Conditions = []iam.Condition{{
			Operator: "StringEquals", Key: "aws:SourceVpce", Values: []jen.Code{jen.Id("endpoint").Dot("ID").Call()},
		}}
	case allowed != nil:
		on := iam.Condition{Operator: "IpAddress", Key: "aws:SourceIp"}
		for _, item := range allowed.Items {
			on.Values = append(on.Values, jen.Lit(item.Text.String()))
		}
		allow.Conditions = []iam.Condition{on}
	default:
		return nil
	}
	return iam.Document(allow)
}

// restLinks are the ways into the VPC: one to each NLB, be it the service itself or one in front of it.
func (a api) restLinks() {
	var done []string
	for _, r := range a.Routes {
		if r.Service == "" || slices.Contains(done, r.Service) {
			continue
		}
		done = append(done, r.Service)
		part := a.partOf(r.Service)
		to, _ := a.backend(r)
		var balancer jen.Code
		var options []jen.Code
		if to.nlb {
			balancer, _ = a.Use(r.Service, "arn", r.Source)
		} else {
			own := a.relayOf(to, r)
			options = []jen.Code{component.DependsOn(a.relay(own)...)}
			balancer = jen.Id(own.local).Dot("Arn")
		}
		a.Resource(component.Resource{
			Var: local("link", part), Type: "aws:apigateway/vpcLink:VpcLink", Part: "link-" + part, What: "VPC link", Source: r.Source,
			Args: component.Fields{
				{Name: "Name", Value: a.Physical(255, part)},
				{Name: "TargetArn", Value: balancer},
			},
			Options: options,
		})
	}
}

func (a api) restAuthorizer(au authorizer) {
	args := component.Fields{
		{Name: "RestApi", Value: jen.Id("api").Dot("ID").Call()},
		{Name: "Name", Value: component.Str(au.Name)},
		{Name: "IdentitySource", Value: component.Str("method.request.header." + au.Header)},
		{Name: "AuthorizerResultTtlInSeconds", Value: component.Int(int(au.CacheFor))},
	}
	if au.UserPoolARN != "" {
		args = append(args, component.Field{Name: "Type", Value: component.Str("COGNITO_USER_POOLS")},
			component.Field{Name: "ProviderArns", Value: component.StrArray(component.Str(au.UserPoolARN))})
	} else {
		args = append(args, component.Field{Name: "Type", Value: component.Str("REQUEST")},
			component.Field{Name: "AuthorizerUri", Value: a.calling(au.Function, au.Source)})
	}
	a.Resource(component.Resource{
		Var: local("authorizer", au.Name), Type: "aws:apigateway/authorizer:Authorizer", Part: "authorizer-" + au.Name,
		What: "authorizer " + au.Name, Source: au.Source, Args: args,
	})
	if au.Function != "" {
		a.permit(au, local("authorizer", au.Name))
	}
}

// restStage is the stage and the deployment that it serves.
func (a api) restStage() {
	name := a.Stage.Name
	if name == "" {
		name = stageName(a.Stack().Environment)
	}
	triggers := component.Fields{{Name: "definition", Value: component.Str(a.definition())}}
	var waitFor []string
	for _, r := range a.Routes {
		to := local("to", r.Name)
		waitFor = append(waitFor, to)
		triggers = append(triggers, component.Field{Name: "route-" + r.Name, Value: jen.Id(to).Dot("Uri").Dot("Elem").Call()})
	}
	if a.CORS != nil {
		for _, path := range a.corsPaths() {
			waitFor = append(waitFor, a.pathLocal(path)+"Headers")
		}
	}
	a.Resource(component.Resource{
		Var: "deployment", Type: "aws:apigateway/deployment:Deployment", Part: "deployment", What: "deployment", Source: a.Place("routes"),
		Args: component.Fields{
			{Name: "RestApi", Value: jen.Id("api").Dot("ID").Call()},
			{Name: "Triggers", Value: component.Map(component.Pulumi("StringMap"), triggers)},
		},
		Options: []jen.Code{component.CreateFirst(), component.DependsOn(waitFor...)},
	})
	var size jen.Code
	if gb := a.Stage.CacheGB; gb != nil {
		size = component.Str(strconv.FormatFloat(*gb, 'f', -1, 64))
	}
	a.Resource(component.Resource{
		Var: "stage", Type: "aws:apigateway/stage:Stage", Part: "stage", What: "stage", Source: a.Place("stage"),
		Args: component.Fields{
			{Name: "RestApi", Value: jen.Id("api").Dot("ID").Call()},
			{Name: "Deployment", Value: jen.Id("deployment").Dot("ID").Call()},
			{Name: "StageName", Value: component.Str(name)},
			{Name: "Variables", Value: a.variables()},
			{Name: "CacheClusterEnabled", Value: component.If(size != nil, component.Bool(true))},
			{Name: "CacheClusterSize", Value: size},
			{Name: "XrayTracingEnabled", Value: component.Bool(a.Stage.Tracing)},
			{Name: "AccessLogSettings", Value: a.accessLogs("apigateway", "requestId", "requestTime", "httpMethod", "path",
				"resourcePath", "protocol", "status", "responseLength", "responseLatency")},
		},
	})
	a.restSettings(size != nil)
}

// definition changes with whatever a deployment is a snapshot of. What other components export is not in it.
func (a api) definition() string {
	routes, authorizers := slices.Clone(a.Routes), slices.Clone(a.Authorizers)
	for i := range routes { // where something stands in the YAML is no part of it
		routes[i].Source = diag.Position{}
	}
	for i := range authorizers {
		authorizers[i].Source = diag.Position{}
	}
	var allowed []string
	a.Stack().Security.Each([]string{"ingress", "allowedCIDRs", "*"}, func(_, v *ir.Value) { allowed = append(allowed, v.Text.String()) })
	text, err := json.Marshal([]any{routes, authorizers, a.CORS, a.Endpoint, allowed})
	if err != nil {
		a.Internal(a.Component().Source, "the definition of %s cannot be written: %v", a.ID(), err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

func (a api) restSettings(cached bool) {
	s := a.Stage
	if s.ThrottlingRate == nil && !cached {
		return
	}
	settings := component.Fields{{Name: "MetricsEnabled", Value: component.Bool(false)}}
	if s.ThrottlingRate != nil && s.ThrottlingBurst != nil {
		settings = append(settings, component.Field{Name: "ThrottlingRateLimit", Value: component.Float(float64(*s.ThrottlingRate))},
			component.Field{Name: "ThrottlingBurstLimit", Value: component.Int(*s.ThrottlingBurst)})
	}
	if cached {
		settings = append(settings, component.Field{Name: "CachingEnabled", Value: component.Bool(true)},
			component.Field{Name: "CacheDataEncrypted", Value: component.Bool(true)})
	}
	a.Resource(component.Resource{
		Type: "aws:apigateway/methodSettings:MethodSettings", Part: "settings", What: "settings of the stage", Source: a.Place("stage"),
		Args: component.Fields{
			{Name: "RestApi", Value: jen.Id("api").Dot("ID").Call()},
			{Name: "StageName", Value: jen.Id("stage").Dot("StageName")},
			{Name: "MethodPath", Value: component.Str("*/*")},
			{Name: "Settings", Value: component.Struct(component.AWS("apigateway", "MethodSettingsSettingsArgs"), settings)},
		},
	})
}

// restFirewall has calls pass the web ACL of the YAML or else that of the Security document.
func (a api) restFirewall() {
	acl, source := a.WebACLARN, a.Place("webAclArn")
	if general := a.Stack().Security.Get("waf", "webAclArn"); acl == "" && general != nil {
		acl, source = general.Text.String(), general.Source
	}
	if acl == "" {
		return
	}
	a.CheckRegion("the web ACL", acl, a.Stack().Region, source)
	a.Resource(component.Resource{
		Type: "aws:wafv2/webAclAssociation:WebAclAssociation", Part: "firewall", What: "web ACL", Source: source,
		Args: component.Fields{
			{Name: "ResourceArn", Value: jen.Id("stage").Dot("Arn")},
			{Name: "WebAclArn", Value: component.Str(acl)},
		},
	})
}

// stageName is an environment's name in the letters that AWS takes.
func stageName(environment string) string {
	name := []byte(environment)
	for i, c := range name {
		if c == '-' {
			name[i] = '_'
		}
	}
	return string(name)
}
