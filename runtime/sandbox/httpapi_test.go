package sandbox

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/provider"
)

const (
	tApi         = "aws:apigatewayv2/api:Api"
	tApiRoute    = "aws:apigatewayv2/route:Route"
	tIntegration = "aws:apigatewayv2/integration:Integration"
	tAuthorizer  = "aws:apigatewayv2/authorizer:Authorizer"
	tStage       = "aws:apigatewayv2/stage:Stage"
	tDeployment  = "aws:apigatewayv2/deployment:Deployment"
	tVpcLink     = "aws:apigatewayv2/vpcLink:VpcLink"
	tDomain      = "aws:apigatewayv2/domainName:DomainName"
	tMapping     = "aws:apigatewayv2/apiMapping:ApiMapping"

	lambdaARN = "arn:aws:lambda:us-east-1:123456789012:function:orders"
)

func newHTTPApi(t *testing.T) *estate {
	t.Helper()
	s := newEstate(t, certificates)
	vpc, subnets := s.network()
	api := s.add("api", tApi, props{"name": "orders", "protocolType": "HTTP", "corsConfiguration": props{"allowOrigins": []any{"*"}}})
	function := s.add("function", tIntegration, props{"apiId": api.id, "integrationType": "AWS_PROXY", "integrationUri": lambdaARN, "payloadFormatVersion": "2.0"})
	authorizer := s.add("authorizer", tAuthorizer, props{"apiId": api.id, "name": "jwt", "authorizerType": "JWT", "identitySources": []any{"$request.header.Authorization"},
		"jwtConfiguration": props{"issuer": "https://issuer.example.com", "audiences": []any{"orders"}}})
	s.add("route", tApiRoute, props{"apiId": api.id, "routeKey": "GET /orders", "target": "integrations/" + function.id,
		"authorizationType": "JWT", "authorizerId": authorizer.id})
	lb := s.add("lb", tLB, props{"name": "lb", "subnets": subnets, "internal": true})
	targets := s.add("targets", tTargets, props{"name": "web", "port": 80, "protocol": "HTTP", "targetType": "ip", "vpcId": vpc})
	listener := s.add("listener", tListener, props{"loadBalancerArn": lb.id, "port": 80, "protocol": "HTTP", "defaultActions": forward(targets.id)})
	link := s.add("link", tVpcLink, props{"name": "link", "subnetIds": subnets, "securityGroupIds": []any{}})
	private := s.add("private", tIntegration, props{"apiId": api.id, "integrationType": "HTTP_PROXY", "integrationMethod": "ANY", "connectionType": "VPC_LINK",
		"connectionId": link.id, "integrationUri": listener.id})
	s.add("default", tApiRoute, props{"apiId": api.id, "routeKey": "$default", "target": "integrations/" + private.id})
	logs := s.add("logs", tLogs, props{"name": "/api"})
	s.add("stage", tStage, props{"apiId": api.id, "name": "$default", "autoDeploy": true,
		"accessLogSettings": props{"destinationArn": logs.out("arn"), "format": "$context.requestId"}})
	deployment := s.add("deployment", tDeployment, props{"apiId": api.id, "triggers": props{"routes": "1"}})
	s.add("fixed", tStage, props{"apiId": api.id, "name": "v1", "deploymentId": deployment.id})
	domain := s.add("domain", tDomain, props{"domainName": "shop.example.com", "domainNameConfiguration": props{
		"certificateArn": certificateARN, "endpointType": "REGIONAL", "securityPolicy": "TLS_1_2"}})
	s.add("mapping", tMapping, props{"apiId": api.id, "domainName": domain.id, "stage": "$default"})
	return s
}

func TestHTTPApi(t *testing.T) {
	s := newHTTPApi(t)
	api := s.things["api"]
	endpoint := "https://" + api.id + ".execute-api.us-east-1.amazonaws.com"
	for key, want := range map[string]string{"stage": endpoint + "/", "fixed": endpoint + "/v1"} {
		if got := s.things[key].out("invokeUrl"); got != want {
			t.Errorf("%s has URL %s, want %s", key, got, want)
		}
	}
	if got := s.things["fixed"].out("executionArn"); got != "arn:aws:execute-api:us-east-1:123456789012:"+api.id+"/v1" {
		t.Errorf("execution ARN %s", got)
	}
	config := s.things["domain"].outputs["domainNameConfiguration"].ObjectValue()
	if config["hostedZoneId"].StringValue() != "Z1UJRXOUMOOFQ8" || config["endpointType"].StringValue() != "REGIONAL" {
		t.Errorf("the domain's configuration is %v", config)
	}
	for key, want := range map[string]string{
		"api":        "used by the API mapping",
		"function":   "because it is referenced by Routes: GET /orders",
		"authorizer": "referenced by the route GET /orders",
		"deployment": "Active stages pointing to this deployment",
		"link":       "Cannot delete VPC link",
	} {
		wantError(t, s.delete(s.things[key]), want)
	}
	s.verify()
}

// TestApiTakesItsPartsAlong: routes, integrations and stages go with their API.
func TestApiTakesItsPartsAlong(t *testing.T) {
	s := newHTTPApi(t)
	for _, key := range []string{"mapping", "api"} {
		if err := s.delete(s.things[key]); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"function", "route", "authorizer", "stage", "fixed", "deployment"} {
		if s.read(s.things[key]).Found {
			t.Errorf("%s outlives its API", key)
		}
	}
	if !s.read(s.things["link"]).Found {
		t.Error("the VPC link goes with the API")
	}
}

// TestAddedFieldsInPreview: what AWS adds to an object that the program gives is unknown in a preview, and kept by an update.
func TestAddedFieldsInPreview(t *testing.T) {
	s := newHTTPApi(t)
	domain := s.things["domain"]
	_, out, err := s.p.Create(t.Context(), provider.CreateRequest{URN: urnOf(tDomain, "new"), Preview: true,
		Inputs: toMap(with(mappable(domain), props{"domainName": "other.example.com"}))})
	if err != nil {
		t.Fatal(err)
	}
	if config := out["domainNameConfiguration"].ObjectValue(); !config["targetDomainName"].IsComputed() || config["endpointType"].StringValue() != "REGIONAL" {
		t.Errorf("preview gives %v", config)
	}
	target := func(m resource.PropertyMap) string {
		return m["domainNameConfiguration"].ObjectValue()["targetDomainName"].StringValue()
	}
	before := target(domain.outputs)
	if err := s.update(domain, with(mappable(domain), props{"tags": props{"a": "b"}})); err != nil {
		t.Fatal(err)
	}
	if got := target(domain.outputs); got != before {
		t.Errorf("after an update the target is %q, was %q", got, before)
	}
}

func TestHTTPApiRefusals(t *testing.T) {
	s := newHTTPApi(t)
	api := s.things["api"].id
	socket := s.create(tApi, "socket", props{"protocolType": "WEBSOCKET", "routeSelectionExpression": "$request.body.action"})
	empty := s.create(tApi, "empty", props{"protocolType": "HTTP"})
	s.refuse(map[string]refusal{
		"protocol":                 {tApi, props{"protocolType": "REST"}, "expected protocolType to be one of HTTP, WEBSOCKET"},
		"socket without selection": {tApi, props{"protocolType": "WEBSOCKET"}, "RouteSelectionExpression is required"},
		"credentials of all":       {tApi, props{"protocolType": "HTTP", "corsConfiguration": props{"allowCredentials": true, "allowOrigins": []any{"*"}}}, "cannot be combined with the origin *"},
		"route of no API":          {tApiRoute, props{"apiId": "none", "routeKey": "$default"}, "NotFoundException: Invalid API identifier specified: none"},
		"route key":                {tApiRoute, props{"apiId": api, "routeKey": "FETCH /orders"}, "not formatted properly for HTTP protocol"},
		"route twice":              {tApiRoute, props{"apiId": api, "routeKey": "GET /orders"}, "ConflictException: Route with key GET /orders already exists"},
		"route to nothing":         {tApiRoute, props{"apiId": api, "routeKey": "GET /x", "target": "integrations/none"}, "Invalid integration target specified"},
		"route to another's":       {tApiRoute, props{"apiId": empty.id, "routeKey": "GET /x", "target": "integrations/" + s.things["function"].id}, "does not exist in the API"},
		"JWT without authorizer":   {tApiRoute, props{"apiId": api, "routeKey": "GET /x", "authorizationType": "JWT"}, "requires a valid authorizer"},
		"key on HTTP":              {tApiRoute, props{"apiId": api, "routeKey": "GET /x", "apiKeyRequired": true}, "API keys are not supported"},
		"mock on HTTP":             {tIntegration, props{"apiId": api, "integrationType": "MOCK"}, "not supported on protocolType HTTP"},
		"no URI":                   {tIntegration, props{"apiId": api, "integrationType": "AWS_PROXY"}, "Integration URI must be specified"},
		"no function":              {tIntegration, props{"apiId": api, "integrationType": "AWS_PROXY", "integrationUri": "https://example.com"}, "is not the ARN of a function"},
		"private without listener": {tIntegration, with(s.given("private"), props{"integrationUri": "https://example.com"}), "should be a valid ELB listener ARN"},
		"private without link":     {tIntegration, with(s.given("private"), props{"connectionId": "none"}), "VpcLink none not found"},
		"timeout":                  {tIntegration, with(s.given("function"), props{"timeoutMilliseconds": 30001}), "range 50 to 30000"},
		"JWT on socket":            {tAuthorizer, with(s.given("authorizer"), props{"apiId": socket.id}), "supported on protocolType HTTP only"},
		"issuer":                   {tAuthorizer, with(s.given("authorizer"), props{"jwtConfiguration": props{"issuer": "issuer"}}), "well-known/openid-configuration"},
		"stage twice":              {tStage, props{"apiId": api, "name": "v1"}, "ConflictException: Stage already exists"},
		"stage name":               {tStage, props{"apiId": api, "name": "a b"}, "invalid value for name"},
		"stage's logs":             {tStage, props{"apiId": api, "name": "v2", "accessLogSettings": props{"destinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:none", "format": "x"}}, "Log destination does not exist"},
		"tracing on HTTP":          {tStage, props{"apiId": api, "name": "v2", "defaultRouteSettings": props{"loggingLevel": "INFO"}}, "Execution logs are not supported"},
		"settings of no route":     {tStage, props{"apiId": api, "name": "v2", "routeSettings": []any{props{"routeKey": "GET /none"}}}, "Unable to find Route by key GET /none"},
		"deploy nothing":           {tDeployment, props{"apiId": empty.id}, "At least one route is required"},
		"link without subnet":      {tVpcLink, props{"subnetIds": []any{"subnet-0"}, "securityGroupIds": []any{}}, "The subnet ID 'subnet-0' does not exist"},
		"domain twice":             {tDomain, s.given("domain"), "The domain name you provided already exists"},
		"domain of another":        {tDomain, with(s.given("domain"), props{"domainName": "a.example.com"}), "not covered by the provided certificate"},
		"mapping of no stage":      {tMapping, with(s.given("mapping"), props{"stage": "v9", "apiMappingKey": "x"}), "Invalid stage identifier specified: v9"},
		"mapping twice":            {tMapping, s.given("mapping"), "ApiMapping key already exists"},
	})
}

func TestHTTPApiChanges(t *testing.T) {
	s := newHTTPApi(t)
	s.diffs(map[string]change{
		"API name":         {"api", props{"name": "x"}, ""},
		"API protocol":     {"api", props{"protocolType": "WEBSOCKET"}, "protocolType"},
		"route key":        {"route", props{"routeKey": "POST /orders"}, ""},
		"route's API":      {"route", props{"apiId": "x"}, "apiId"},
		"integration URI":  {"function", props{"integrationUri": lambdaARN + ":live"}, ""},
		"integration type": {"function", props{"integrationType": "HTTP_PROXY"}, "integrationType"},
		"stage name":       {"fixed", props{"name": "v2"}, "name"},
		"stage deployment": {"fixed", props{"deploymentId": "x"}, ""},
		"triggers":         {"deployment", props{"triggers": props{"routes": "2"}}, "triggers"},
		"link's subnets":   {"link", props{"subnetIds": []any{"subnet-1"}}, "subnetIds"},
		"link's name":      {"link", props{"name": "x"}, ""},
		"mapping's stage":  {"mapping", props{"stage": "v1"}, ""},
		"certificate":      {"domain", props{"domainNameConfiguration": props{"certificateArn": otherARN, "endpointType": "REGIONAL", "securityPolicy": "TLS_1_2"}}, ""},
	})
}
