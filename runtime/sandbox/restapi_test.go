package sandbox

import (
	"strings"
	"testing"
)

const (
	tRest            = "aws:apigateway/restApi:RestApi"
	tRestResource    = "aws:apigateway/resource:Resource"
	tMethod          = "aws:apigateway/method:Method"
	tRestIntegration = "aws:apigateway/integration:Integration"
	tMethodResponse  = "aws:apigateway/methodResponse:MethodResponse"
	tAnswer          = "aws:apigateway/integrationResponse:IntegrationResponse"
	tRestDeployment  = "aws:apigateway/deployment:Deployment"
	tRestStage       = "aws:apigateway/stage:Stage"
	tMethodSettings  = "aws:apigateway/methodSettings:MethodSettings"
	tRestAuthorizer  = "aws:apigateway/authorizer:Authorizer"
	tRestLink        = "aws:apigateway/vpcLink:VpcLink"
	tRestDomain      = "aws:apigateway/domainName:DomainName"
	tBasePath        = "aws:apigateway/basePathMapping:BasePathMapping"
	tUsagePlan       = "aws:apigateway/usagePlan:UsagePlan"
	tApiKey          = "aws:apigateway/apiKey:ApiKey"
	tPlanKey         = "aws:apigateway/usagePlanKey:UsagePlanKey"
	tGatewayAccount  = "aws:apigateway/account:Account"
	tFirewall        = "aws:wafv2/webAclAssociation:WebAclAssociation"

	webACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/11111111-2222-4333-a444-555555555555"
)

func newRestApi(t *testing.T) *estate {
	t.Helper()
	s := newEstate(t, certificates)
	_, subnets := s.network()
	role := s.add("role", tRole, props{"name": "gateway-logs", "assumeRolePolicy": trust})
	s.add("account", tGatewayAccount, props{"cloudwatchRoleArn": role.out("arn")})
	api := s.add("api", tRest, props{"name": "orders", "endpointConfiguration": props{"types": "REGIONAL"}})
	orders := s.add("orders", tRestResource, props{"restApi": api.id, "parentId": api.out("rootResourceId"), "pathPart": "orders"})
	s.add("order", tRestResource, props{"restApi": api.id, "parentId": orders.id, "pathPart": "{id}"})
	authorizer := s.add("authorizer", tRestAuthorizer, props{"restApi": api.id, "name": "token", "authorizerUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + lambdaARN + "/invocations"})
	method := props{"restApi": api.id, "resourceId": orders.id, "httpMethod": "GET"}
	s.add("method", tMethod, with(method, props{"authorization": "CUSTOM", "authorizerId": authorizer.id}))
	net := s.add("net", tLB, props{"name": "net", "loadBalancerType": "network", "subnets": subnets, "internal": true})
	link := s.add("link", tRestLink, props{"name": "link", "targetArn": net.id})
	s.add("integration", tRestIntegration, with(method, props{"type": "HTTP_PROXY", "integrationHttpMethod": "GET", "uri": "http://orders.internal/",
		"connectionType": "VPC_LINK", "connectionId": link.id}))
	s.add("response", tMethodResponse, with(method, props{"statusCode": "200"}))
	s.add("answer", tAnswer, with(method, props{"statusCode": "200"}))
	deployment := s.add("deployment", tRestDeployment, props{"restApi": api.id, "triggers": props{"a": "1"}})
	logs := s.add("logs", tLogs, props{"name": "/api"})
	stage := s.add("stage", tRestStage, props{"restApi": api.id, "stageName": "v1", "deployment": deployment.id,
		"accessLogSettings": props{"destinationArn": logs.out("arn"), "format": "$context.requestId"}})
	s.add("settings", tMethodSettings, props{"restApi": api.id, "stageName": "v1", "methodPath": "*/*", "settings": props{"loggingLevel": "INFO"}})
	domain := s.add("domain", tRestDomain, props{"domainName": "shop.example.com", "regionalCertificateArn": certificateARN,
		"endpointConfiguration": props{"types": "REGIONAL"}})
	s.add("path", tBasePath, props{"domainName": domain.id, "restApi": api.id, "stageName": "v1"})
	plan := s.add("plan", tUsagePlan, props{"name": "basic", "apiStages": []any{props{"apiId": api.id, "stage": "v1"}}})
	key := s.add("key", tApiKey, props{"name": "customer"})
	s.add("plan-key", tPlanKey, props{"keyId": key.id, "keyType": "API_KEY", "usagePlanId": plan.id})
	s.add("firewall", tFirewall, props{"resourceArn": stage.out("arn"), "webAclArn": webACL})
	return s
}

func TestRestApi(t *testing.T) {
	s := newRestApi(t)
	if got := s.things["order"].out("path"); got != "/orders/{id}" {
		t.Errorf("path %s", got)
	}
	if got := s.things["stage"].out("invokeUrl"); got != "https://"+s.things["api"].id+".execute-api.us-east-1.amazonaws.com/v1" {
		t.Errorf("URL %s", got)
	}
	if got := s.things["domain"].out("regionalDomainName"); !strings.HasPrefix(got, "d-") || !strings.HasSuffix(got, ".execute-api.us-east-1.amazonaws.com") {
		t.Errorf("domain name %s", got)
	}
	for key, want := range map[string]string{
		"api":        "Cannot delete the API",
		"deployment": "Active stages pointing to this deployment",
		"stage":      "usage plan",
		"link":       "Vpc link is referenced",
		"authorizer": "Cannot delete authorizer",
	} {
		wantError(t, s.delete(s.things[key]), want)
	}
	s.verify()
}

// TestMethodTakesItsPartsAlong: the integration and the responses go with their method.
func TestMethodTakesItsPartsAlong(t *testing.T) {
	s := newRestApi(t)
	if err := s.delete(s.things["method"]); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"integration", "response", "answer"} {
		if s.read(s.things[key]).Found {
			t.Errorf("%s outlives its method", key)
		}
	}
}

func TestRestApiRefusals(t *testing.T) {
	s := newRestApi(t)
	api, root := s.things["api"], s.things["api"].out("rootResourceId")
	bare := s.create(tRest, "bare", props{"name": "bare"})
	s.create(tMethod, "open", props{"restApi": bare.id, "resourceId": bare.out("rootResourceId"), "httpMethod": "GET", "authorization": "NONE"})
	integration := with(s.given("integration"), props{"connectionType": nil, "connectionId": nil})
	app := s.create(tLB, "app", with(s.given("net"), props{"name": "app", "loadBalancerType": "application"}))
	s.refuse(map[string]refusal{
		"endpoint":                 {tRest, props{"endpointConfiguration": props{"types": "LOCAL"}}, "expected endpointConfiguration.types to be one of"},
		"resource of no parent":    {tRestResource, props{"restApi": api.id, "parentId": "none", "pathPart": "x"}, "Invalid Resource identifier specified"},
		"resource twice":           {tRestResource, props{"restApi": api.id, "parentId": root, "pathPart": "orders"}, "already has this name: orders"},
		"path part":                {tRestResource, props{"restApi": api.id, "parentId": root, "pathPart": "a/b"}, "invalid value for pathPart"},
		"method twice":             {tMethod, s.given("method"), "ConflictException: Method already exists"},
		"method of no resource":    {tMethod, with(s.given("method"), props{"resourceId": "none"}), "Invalid Resource identifier specified"},
		"custom without one":       {tMethod, with(s.given("method"), props{"httpMethod": "PUT", "authorizerId": nil}), "requires a valid authorizer"},
		"integration of no method": {tRestIntegration, with(integration, props{"httpMethod": "PUT"}), "Invalid Method identifier specified"},
		"integration method":       {tRestIntegration, with(integration, props{"integrationHttpMethod": nil}), "Enumeration value for HttpMethod must be non-empty"},
		"integration URI":          {tRestIntegration, with(integration, props{"uri": "orders"}), "Invalid HTTP endpoint"},
		"function by GET":          {tRestIntegration, with(integration, props{"type": "AWS_PROXY", "uri": s.given("authorizer")["authorizerUri"]}), "invoked with POST"},
		"answer of no response":    {tAnswer, with(s.given("answer"), props{"statusCode": "201"}), "Invalid Response status code specified"},
		"deploy without methods":   {tRestDeployment, props{"restApi": s.create(tRest, "e", props{}).id}, "doesn't contain any methods"},
		"deploy half":              {tRestDeployment, props{"restApi": bare.id}, "No integration defined for method"},
		"stage twice":              {tRestStage, s.given("stage"), "Stage already exists"},
		"stage of no deployment":   {tRestStage, with(s.given("stage"), props{"stageName": "x", "deployment": "none"}), "Invalid Deployment identifier"},
		"settings of no stage":     {tMethodSettings, with(s.given("settings"), props{"stageName": "x"}), "Invalid stage identifier"},
		"settings path":            {tMethodSettings, with(s.given("settings"), props{"methodPath": "*"}), "must be */* or"},
		"authorizer without URI":   {tRestAuthorizer, props{"restApi": api.id, "name": "x"}, "authorizerUri must be set"},
		"link to application":      {tRestLink, props{"targetArn": app.id}, "is no network load balancer"},
		"plan of no stage":         {tUsagePlan, props{"apiStages": []any{props{"apiId": api.id, "stage": "x"}}}, "API Stage not found"},
		"key twice":                {tPlanKey, s.given("plan-key"), "already exists in the usage plan"},
		"path twice":               {tBasePath, s.given("path"), "Base path already exists"},
		"edge certificate":         {tRestDomain, props{"domainName": "a.example.com", "certificateArn": "arn:aws:acm:us-east-1:1:certificate/x"}, "must be issued in region us-east-1"},
		"firewall's scope":         {tFirewall, props{"resourceArn": app.id, "webAclArn": strings.Replace(webACL, "regional", "global", 1)}, "The scope is not valid"},
		"firewall of nothing":      {tFirewall, props{"resourceArn": app.id + "0", "webAclArn": webACL}, "WAFUnavailableEntityException"},
		"firewall of network":      {tFirewall, props{"resourceArn": s.things["net"].id, "webAclArn": webACL}, "RESOURCE_ARN"},
	})
	if err := s.delete(s.things["settings"]); err != nil {
		t.Fatal(err)
	}
	if err := s.delete(s.things["account"]); err != nil {
		t.Fatal(err)
	}
	_, err := s.tryCreate(tMethodSettings, "again", s.given("settings"))
	wantError(t, err, "CloudWatch Logs role ARN must be set in account settings")
}

func TestRestApiChanges(t *testing.T) {
	s := newRestApi(t)
	s.diffs(map[string]change{
		"endpoint":           {"api", props{"endpointConfiguration": props{"types": "EDGE"}}, ""},
		"path part":          {"orders", props{"pathPart": "x"}, ""},
		"HTTP method":        {"method", props{"httpMethod": "PUT"}, "httpMethod"},
		"authorization":      {"method", props{"authorization": "NONE"}, ""},
		"integration type":   {"integration", props{"type": "HTTP"}, "type"},
		"integration URI":    {"integration", props{"uri": "http://x/"}, ""},
		"integration method": {"integration", props{"integrationHttpMethod": "POST"}, "integrationHttpMethod"},
		"triggers":           {"deployment", props{"triggers": props{"a": "2"}}, "triggers"},
		"stage's deployment": {"stage", props{"deployment": "x"}, ""},
		"stage name":         {"stage", props{"stageName": "x"}, "stageName"},
		"link's target":      {"link", props{"targetArn": "x"}, "targetArn"},
		"path":               {"path", props{"basePath": "x"}, ""},
		"key's value":        {"key", props{"value": "0123456789012345678901"}, "value"},
		"web ACL":            {"firewall", props{"webAclArn": strings.Replace(webACL, "shop", "x", 1)}, "webAclArn"},
	})
}
