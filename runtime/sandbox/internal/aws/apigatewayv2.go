package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	httpApiType        = "aws:apigatewayv2/api:Api"
	httpStageType      = "aws:apigatewayv2/stage:Stage"
	httpDeploymentType = "aws:apigatewayv2/deployment:Deployment"
)

// gatewayID gives n lower-case letters and digits, as API Gateway's identifiers have.
func (c *Call) gatewayID(purpose string, n int) string {
	return spell(c.Entropy+"|"+purpose, "abcdefghijklmnopqrstuvwxyz0123456789", n)
}

// gatewayARN gives the ARN of a part of API Gateway, which names no account.
func (c *Call) gatewayARN(path string) string {
	return fmt.Sprintf("arn:aws:apigateway:%s::/%s", c.Region, path)
}

// notFound is API Gateway's error for a part that is not there.
func notFound(what string) func(string) error {
	return func(id string) error {
		return errorf("NotFoundException", "Invalid %s identifier specified: %s", what, id)
	}
}

func httpApi() *Kind {
	return &Kind{
		Type: httpApiType, Label: "API Gateway v2 API", Random: true, MaxName: 128, Name: "name",
		Replace: []string{"protocolType"},
		Checks: []Check{
			characters("name", 1, 128), characters("description", 0, 1024), characters("version", 1, 64),
			oneOf("protocolType", "HTTP", "WEBSOCKET"), oneOf("ipAddressType", "ipv4", "dualstack"),
			within("corsConfiguration.maxAge", -1, 86400), checkCors,
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"apiKeySelectionExpression": "$request.header.x-api-key", "ipAddressType": "ipv4", "disableExecuteApiEndpoint": false}
			if c.In.String("protocolType") == "HTTP" {
				out["routeSelectionExpression"] = "$request.method $request.path"
			}
			return out
		},
		Create: func(c *Call) (*Made, error) {
			if err := apiFits(c); err != nil {
				return nil, err
			}
			id := c.gatewayID("api", 10)
			scheme := "https"
			if c.In.String("protocolType") == "WEBSOCKET" {
				scheme = "wss"
			}
			return &Made{ID: id, Outputs: store.Values{"arn": c.gatewayARN("apis/" + id), "executionArn": c.ARN("execute-api", id),
				"apiEndpoint": fmt.Sprintf("%s://%s.execute-api.%s.amazonaws.com", scheme, id, c.Region)}}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, apiFits(c) },
		InUse: func(_, by *store.Resource) error {
			return errorf("BadRequestException", "Cannot delete the API: it is used by the API mapping %s of a domain name. Please remove it first.", by.ID)
		},
		Usual: Usual{1, 1, 1},
	}
}

// checkCors refuses the wildcard together with credentials.
func checkCors(in store.Values) []Problem {
	cors := in.Object("corsConfiguration")
	if cors.Bool("allowCredentials") && slices.Contains(cors.Strings("allowOrigins"), "*") {
		return []Problem{{"corsConfiguration.allowOrigins", "allowCredentials cannot be combined with the origin *"}}
	}
	return nil
}

func apiFits(c *Call) error {
	websocket := c.In.String("protocolType") == "WEBSOCKET"
	switch {
	case websocket && !c.In.Has("routeSelectionExpression"):
		return errorf("BadRequestException", "RouteSelectionExpression is required for WEBSOCKET protocol type")
	case websocket && c.In.Has("corsConfiguration"):
		return errorf("BadRequestException", "CORS configuration is supported only for HTTP protocol type")
	case !websocket && c.In.Has("routeSelectionExpression") && c.In.String("routeSelectionExpression") != "$request.method $request.path":
		return errorf("BadRequestException", "RouteSelectionExpression for HTTP protocol type must be $request.method $request.path")
	}
	return nil
}

// ofApi is the reference of an API's part to its API, with which it vanishes.
var ofApi = Ref{Path: "apiId", To: httpApiType, Owned: true, Missing: notFound("API")}

func httpStage() *Kind {
	return &Kind{
		// The ID is the stage's name, which other APIs have, too.
		Type: httpStageType, Label: "API Gateway v2 Stage", Name: "name", MaxName: 128,
		Replace: []string{"apiId", "name"},
		Checks: []Check{
			matching("name", `^([0-9A-Za-z_-]{1,128}|\$default)$`, "up to 128 letters, digits, hyphens and underscores, or $default"),
			oneOf("defaultRouteSettings.loggingLevel", "ERROR", "INFO", "OFF"), within("defaultRouteSettings.throttlingBurstLimit", 0, 2147483647),
			within("defaultRouteSettings.throttlingRateLimit", 0, 1e9), eachObject("routeSettings", oneOf("loggingLevel", "ERROR", "INFO", "OFF")),
		},
		Defaults: func(*Call) store.Values { return store.Values{"autoDeploy": false} },
		Refs: []Ref{ofApi, {Path: "deploymentId", To: httpDeploymentType, Missing: func(id string) error {
			return errorf("BadRequestException", "Deployment id does not exist: %s", id)
		}}},
		Create: func(c *Call) (*Made, error) {
			name, api := c.In.String("name"), c.Find(httpApiType, c.In.String("apiId"))
			for _, r := range c.all(httpStageType) {
				if r.Inputs.String("apiId") == api.ID && r.Property("name") == name {
					return nil, errorf("ConflictException", "Stage already exists")
				}
			}
			if err := c.stageFits(api); err != nil {
				return nil, err
			}
			url := api.Outputs.String("apiEndpoint") + "/"
			if name != "$default" {
				url += name
			}
			return &Made{ID: name, Outputs: store.Values{"arn": c.gatewayARN("apis/" + api.ID + "/stages/" + name), "invokeUrl": url,
				"executionArn": api.Outputs.String("executionArn") + "/" + name}}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) {
			return nil, c.stageFits(c.Find(httpApiType, c.In.String("apiId")))
		},
		Key: keyByARN,
		InUse: func(_, by *store.Resource) error {
			return errorf("BadRequestException", "Active stages pointing to this deployment must be moved or deleted: %s", by.ID)
		},
		Usual: Usual{1, 1, 1},
	}
}

// keyByARN keys types whose IDs repeat by their ARNs.
func keyByARN(id string, outputs store.Values) string {
	if arn := outputs.String("arn"); arn != "" {
		return arn
	}
	return id
}

// stageFits demands settings of the API's protocol, and a log group that is there.
func (c *Call) stageFits(api *store.Resource) error {
	settings := append(c.In.Objects("routeSettings"), c.In.Object("defaultRouteSettings"))
	for _, s := range settings {
		if api.Inputs.String("protocolType") == "HTTP" && (s.Bool("dataTraceEnabled") || (s.Has("loggingLevel") && s.String("loggingLevel") != "OFF")) {
			return errorf("BadRequestException", "Execution logs are not supported on protocolType HTTP")
		}
	}
	for _, s := range c.In.Objects("routeSettings") {
		if key := s.String("routeKey"); !slices.ContainsFunc(c.all(httpRouteType), func(r *store.Resource) bool {
			return r.Inputs.String("apiId") == api.ID && r.Inputs.String("routeKey") == key
		}) {
			return errorf("NotFoundException", "Unable to find Route by key %s within the provided RouteSettings", key)
		}
	}
	return c.logDestinationFits()
}

// logDestinationFits demands the log group or delivery stream of a stage's access logs.
func (c *Call) logDestinationFits() error {
	arn := c.In.Object("accessLogSettings").String("destinationArn")
	if arn == "" || strings.HasPrefix(arn, "arn:aws:firehose:") {
		return nil
	}
	if c.Find(logGroupType, strings.TrimSuffix(arn, ":*")) == nil {
		return errorf("BadRequestException", "Log destination does not exist: %s", arn)
	}
	return nil
}

func httpDeployment() *Kind {
	return &Kind{
		Type: httpDeploymentType, Label: "API Gateway v2 Deployment", Random: true,
		Replace: []string{"apiId", "triggers"},
		Refs:    []Ref{ofApi},
		Create: func(c *Call) (*Made, error) {
			api := c.In.String("apiId")
			if !slices.ContainsFunc(c.all(httpRouteType), func(r *store.Resource) bool { return r.Inputs.String("apiId") == api }) {
				return nil, errorf("BadRequestException", "At least one route is required before deploying the Api.")
			}
			return &Made{ID: c.gatewayID("deployment", 6), Outputs: store.Values{"autoDeployed": false}}, nil
		},
		InUse: func(_, by *store.Resource) error {
			return errorf("BadRequestException", "Active stages pointing to this deployment must be moved or deleted: %s", by.ID)
		},
		Usual: Usual{2, 1, 1},
	}
}
