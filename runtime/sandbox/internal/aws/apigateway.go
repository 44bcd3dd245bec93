package aws

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	restApiType        = "aws:apigateway/restApi:RestApi"
	restDeploymentType = "aws:apigateway/deployment:Deployment"
	restStageType      = "aws:apigateway/stage:Stage"
	usagePlanType      = "aws:apigateway/usagePlan:UsagePlan"
)

// ofRest is the reference of an API's part to its API, with which it vanishes.
var ofRest = Ref{Path: "restApi", To: restApiType, Owned: true, Missing: notFound("API")}

func restApi() *Kind {
	return &Kind{
		Type: restApiType, Label: "API Gateway REST API", Random: true, Name: "name", MaxName: 1024,
		JSON: []string{"policy"},
		Checks: []Check{
			characters("name", 1, 1024), oneOf("apiKeySource", "HEADER", "AUTHORIZER"), oneOf("endpointConfiguration.types", "EDGE", "REGIONAL", "PRIVATE"),
			oneOf("endpointConfiguration.ipAddressType", "ipv4", "dualstack"), oneOf("putRestApiMode", "merge", "overwrite"), jsonText("policy"),
			matching("minimumCompressionSize", `^(-1|\d{1,8})$`, "must be a number of bytes, -1 for none"),
		},
		Defaults: func(*Call) store.Values {
			return store.Values{"apiKeySource": "HEADER", "description": "", "disableExecuteApiEndpoint": false, "minimumCompressionSize": "",
				"endpointConfiguration": map[string]any{"types": "EDGE", "ipAddressType": "ipv4"}}
		},
		Refs: []Ref{{Path: "endpointConfiguration.vpcEndpointIds[]", To: vpcEndpointType,
			Missing: missing("BadRequestException", "Invalid VPC endpoint ID specified: %s")}},
		Create: func(c *Call) (*Made, error) {
			if err := restFits(c); err != nil {
				return nil, err
			}
			id := c.gatewayID("api", 10)
			return &Made{ID: id, Outputs: store.Values{"arn": c.gatewayARN("restapis/" + id), "executionArn": c.ARN("execute-api", id),
				"rootResourceId": c.gatewayID("root", 10), "createdDate": c.Now.UTC().Format(time.RFC3339)}}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, restFits(c) },
		InUse: func(_, by *store.Resource) error {
			return errorf("BadRequestException", "Cannot delete the API: it is used by %s. Please remove it first.", by.ID)
		},
		Usual: Usual{1, 1, 1},
	}
}

func restFits(c *Call) error {
	endpoint := c.In.Object("endpointConfiguration")
	if len(endpoint.Strings("vpcEndpointIds")) > 0 && endpoint.String("types") != "PRIVATE" {
		return errorf("BadRequestException", "VPCEndpoints can only be specified with PRIVATE apis.")
	}
	return nil
}

// methodsOf gives an API's methods.
func (c *Call) methodsOf(api string) []*store.Resource {
	var out []*store.Resource
	for _, r := range c.all(restMethodType) {
		if r.Inputs.String("restApi") == api {
			out = append(out, r)
		}
	}
	return out
}

func restDeployment() *Kind {
	return &Kind{
		Type: restDeploymentType, Label: "API Gateway Deployment", Random: true,
		Replace: []string{"restApi", "stageName", "stageDescription", "triggers", "variables", "canarySettings"},
		Refs:    []Ref{ofRest},
		Create: func(c *Call) (*Made, error) {
			api := c.Find(restApiType, c.In.String("restApi"))
			methods := c.methodsOf(api.ID)
			if len(methods) == 0 && !api.Inputs.Has("body") {
				return nil, errorf("BadRequestException", "The REST API doesn't contain any methods")
			}
			for _, m := range methods {
				if c.integrationOf(m) == nil {
					return nil, errorf("BadRequestException", "No integration defined for method")
				}
			}
			stage := c.In.String("stageName")
			return &Made{ID: c.gatewayID("deployment", 6), Outputs: store.Values{"createdDate": c.Now.UTC().Format(time.RFC3339),
				"executionArn": c.ARN("execute-api", api.ID+"/"+stage), "invokeUrl": c.invokeURL(api.ID, stage)}}, nil
		},
		InUse: func(_, _ *store.Resource) error {
			return errorf("BadRequestException", "Active stages pointing to this deployment must be moved or deleted")
		},
		Usual: Usual{2, 1, 1},
	}
}

func (c *Call) invokeURL(api, stage string) string {
	return fmt.Sprintf("https://%s.execute-api.%s.amazonaws.com/%s", api, c.Region, stage)
}

func restStage() *Kind {
	return &Kind{
		Type: restStageType, Label: "API Gateway Stage", Regional: true,
		Replace: []string{"restApi", "stageName"},
		Checks: []Check{matching("stageName", `^[0-9A-Za-z_-]{1,128}$`, "up to 128 letters, digits, hyphens and underscores"),
			oneOf("cacheClusterSize", "0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"), within("canarySettings.percentTraffic", 0, 100)},
		Defaults: func(*Call) store.Values {
			return store.Values{"cacheClusterEnabled": false, "xrayTracingEnabled": false, "webAclArn": ""}
		},
		Refs: []Ref{ofRest, {Path: "deployment", To: restDeploymentType, Missing: missing("NotFoundException", "Invalid Deployment identifier specified: %s")}},
		Create: func(c *Call) (*Made, error) {
			api, name := c.In.String("restApi"), c.In.String("stageName")
			if c.stage(api, name) != nil {
				return nil, errorf("ConflictException", "Stage already exists")
			}
			if err := c.restStageFits(); err != nil {
				return nil, err
			}
			return &Made{ID: "ags-" + api + "-" + name, Outputs: store.Values{"arn": c.gatewayARN("restapis/" + api + "/stages/" + name),
				"executionArn": c.ARN("execute-api", api+"/"+name), "invokeUrl": c.invokeURL(api, name)}}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, c.restStageFits() },
		// A stage that a usage plan or a domain name uses stays.
		Delete: func(c *Call, r *store.Resource) error {
			for _, p := range c.all(usagePlanType) {
				if slices.ContainsFunc(p.Inputs.Objects("apiStages"), func(s store.Values) bool {
					return s.String("apiId") == r.Inputs.String("restApi") && s.String("stage") == r.Inputs.String("stageName")
				}) {
					return errorf("BadRequestException", "Cannot delete stage %s: usage plan %s uses it", r.Inputs.String("stageName"), p.ID)
				}
			}
			return nil
		},
		Usual: Usual{2, 2, 1},
	}
}

// stage gives a REST API's stage of a name, or nil.
func (c *Call) stage(api, name string) *store.Resource {
	for _, r := range c.all(restStageType) {
		if r.Inputs.String("restApi") == api && r.Inputs.String("stageName") == name {
			return r
		}
	}
	return nil
}

// restStageFits demands the stage's own API's deployment, and for access logs a log group and the account's role.
func (c *Call) restStageFits() error {
	if d := c.Find(restDeploymentType, c.In.String("deployment")); d.Inputs.String("restApi") != c.In.String("restApi") {
		return errorf("BadRequestException", "Deployment %s is not one of API %s", d.ID, c.In.String("restApi"))
	}
	if !c.In.Has("accessLogSettings") {
		return nil
	}
	if !c.gatewayMayLog() {
		return errorf("BadRequestException", "CloudWatch Logs role ARN must be set in account settings to enable logging")
	}
	return c.logDestinationFits()
}

func (c *Call) gatewayMayLog() bool {
	return slices.ContainsFunc(c.all(gatewayAccountType), func(r *store.Resource) bool { return r.Inputs.String("cloudwatchRoleArn") != "" })
}

const gatewayAccountType = "aws:apigateway/account:Account"

// gatewayAccount is the region's settings, which always exist.
func gatewayAccount() *Kind {
	return &Kind{
		Type: gatewayAccountType, Label: "API Gateway Account", Regional: true, Idempotent: true,
		Defaults: func(*Call) store.Values { return store.Values{"cloudwatchRoleArn": "", "resetOnDelete": false} },
		Refs: []Ref{{Path: "cloudwatchRoleArn", To: roleType, Loose: true, Missing: missing("BadRequestException",
			"The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy. (%s)")}},
		Create: func(*Call) (*Made, error) {
			return &Made{ID: "api-gateway-account", Outputs: store.Values{"apiKeyVersion": "4", "features": []string{"UsagePlans"},
				"throttleSettings": []map[string]any{{"burstLimit": 5000, "rateLimit": 10000}}}}, nil
		},
		Usual: Usual{5, 5, 1},
	}
}

func restMethodSettings() *Kind {
	return &Kind{
		Type: "aws:apigateway/methodSettings:MethodSettings", Label: "API Gateway Method Settings", Regional: true, Idempotent: true,
		Replace: []string{"restApi", "stageName", "methodPath"},
		Checks: []Check{oneOf("settings.loggingLevel", "OFF", "ERROR", "INFO"), within("settings.cacheTtlInSeconds", 0, 3600),
			within("settings.throttlingBurstLimit", -1, 2147483647), within("settings.throttlingRateLimit", -1, 1e9),
			oneOf("settings.unauthorizedCacheControlHeaderStrategy", "FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER"),
			matching("methodPath", `^(\*/\*|.+/[A-Z*]+)$`, "must be */* or a resource path and a method, such as orders/GET")},
		Refs: []Ref{ofRest},
		Create: func(c *Call) (*Made, error) {
			parts := []string{c.In.String("restApi"), c.In.String("stageName"), c.In.String("methodPath")}
			return &Made{ID: strings.Join(parts, "-")}, methodSettingsFit(c)
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, methodSettingsFit(c) },
		Usual:  Usual{1, 1, 1},
	}
}

func methodSettingsFit(c *Call) error {
	if c.stage(c.In.String("restApi"), c.In.String("stageName")) == nil {
		return errorf("NotFoundException", "Invalid stage identifier specified")
	}
	settings := c.In.Object("settings")
	if level := settings.String("loggingLevel"); (level == "ERROR" || level == "INFO" || settings.Bool("dataTraceEnabled")) && !c.gatewayMayLog() {
		return errorf("BadRequestException", "CloudWatch Logs role ARN must be set in account settings to enable logging")
	}
	return nil
}
