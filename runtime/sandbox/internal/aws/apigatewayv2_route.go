package aws

import (
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	httpRouteType       = "aws:apigatewayv2/route:Route"
	httpIntegrationType = "aws:apigatewayv2/integration:Integration"
	httpAuthorizerType  = "aws:apigatewayv2/authorizer:Authorizer"
	httpLinkType        = "aws:apigatewayv2/vpcLink:VpcLink"
)

func httpRoute() *Kind {
	return &Kind{
		Type: httpRouteType, Label: "API Gateway v2 Route", Random: true,
		Replace:  []string{"apiId"},
		Checks:   []Check{oneOf("authorizationType", "NONE", "AWS_IAM", "CUSTOM", "JWT"), characters("routeKey", 1, 512), characters("target", 0, 128)},
		Defaults: func(*Call) store.Values { return store.Values{"authorizationType": "NONE", "apiKeyRequired": false} },
		Refs: []Ref{ofApi, {Path: "authorizerId", To: httpAuthorizerType, Missing: func(id string) error {
			return errorf("BadRequestException", "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or JWT requires a valid authorizer. (%s)", id)
		}}},
		Create: func(c *Call) (*Made, error) {
			return &Made{ID: c.gatewayID("route", 7)}, routeFits(c, nil)
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) { return nil, routeFits(c, prior) },
		Usual:  Usual{1, 1, 1},
	}
}

// routeFits demands a key of the API's protocol that no other route has, an integration of the API, and an authorizer
// where the authorization needs one.
func routeFits(c *Call, prior *store.Resource) error {
	api, key := c.Find(httpApiType, c.In.String("apiId")), c.In.String("routeKey")
	method, path, ok := strings.Cut(key, " ")
	if api.Inputs.String("protocolType") == "HTTP" && key != "$default" &&
		(!ok || !strings.HasPrefix(path, "/") || !strings.Contains(" ANY GET POST PUT PATCH DELETE HEAD OPTIONS ", " "+method+" ")) {
		return errorf("BadRequestException", "The provided route key is not formatted properly for HTTP protocol. Format should be \"<HTTP METHOD> /<RESOURCE PATH>\" or \"$default\"")
	}
	for _, r := range c.all(httpRouteType) {
		if r.Inputs.String("apiId") == api.ID && r.Inputs.String("routeKey") == key && (prior == nil || r.Key != prior.Key) {
			return errorf("ConflictException", "Route with key %s already exists for this API", key)
		}
	}
	if id, ok := strings.CutPrefix(c.In.String("target"), "integrations/"); ok {
		if i := c.Find(httpIntegrationType, id); i == nil || i.Inputs.String("apiId") != api.ID {
			return errorf("BadRequestException", "Invalid integration target specified: %s does not exist in the API %s", id, api.ID)
		}
	} else if c.In.Has("target") {
		return errorf("BadRequestException", "Target must have the form integrations/<integration ID>, got %s", c.In.String("target"))
	}
	switch kind := c.In.String("authorizationType"); {
	case (kind == "CUSTOM" || kind == "JWT") && !c.In.Has("authorizerId"):
		return errorf("BadRequestException", "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or JWT requires a valid authorizer.")
	case c.In.Bool("apiKeyRequired") && api.Inputs.String("protocolType") == "HTTP":
		return errorf("BadRequestException", "API keys are not supported on protocolType HTTP")
	}
	return nil
}

func httpIntegration() *Kind {
	return &Kind{
		Type: httpIntegrationType, Label: "API Gateway v2 Integration", Random: true,
		Replace: []string{"apiId", "integrationType", "integrationSubtype"},
		Checks: []Check{
			oneOf("integrationType", "AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"), oneOf("connectionType", "INTERNET", "VPC_LINK"),
			oneOf("payloadFormatVersion", "1.0", "2.0"), oneOf("passthroughBehavior", "WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"),
			oneOf("integrationMethod", "ANY", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"),
			within("timeoutMilliseconds", 50, 30000),
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"connectionType": "INTERNET", "payloadFormatVersion": "1.0", "timeoutMilliseconds": 29000}
			if api := c.Find(httpApiType, c.In.String("apiId")); api != nil && api.Inputs.String("protocolType") == "HTTP" {
				out["timeoutMilliseconds"] = 30000
			} else {
				out["passthroughBehavior"] = "WHEN_NO_MATCH"
			}
			return out
		},
		Refs: []Ref{ofApi, {Path: "connectionId", To: httpLinkType, Missing: func(id string) error {
			return errorf("BadRequestException", "VpcLink %s not found", id)
		}}},
		Create: func(c *Call) (*Made, error) {
			return &Made{ID: c.gatewayID("integration", 7)}, integrationFits(c)
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, integrationFits(c) },
		Delete: func(c *Call, r *store.Resource) error {
			for _, route := range c.all(httpRouteType) {
				if route.Inputs.String("target") == "integrations/"+r.ID {
					return errorf("ConflictException", "Cannot delete Integration '%s' because it is referenced by Routes: %s", r.ID, route.Inputs.String("routeKey"))
				}
			}
			return nil
		},
		Usual: Usual{1, 1, 1},
	}
}

// integrationFits demands what the integration's type and connection need.
func integrationFits(c *Call) error {
	kind, uri, link := c.In.String("integrationType"), c.In.String("integrationUri"), c.In.String("connectionType") == "VPC_LINK"
	http := c.Find(httpApiType, c.In.String("apiId")).Inputs.String("protocolType") == "HTTP"
	switch {
	case http && kind != "AWS_PROXY" && kind != "HTTP_PROXY":
		return errorf("BadRequestException", "Integration type %s is not supported on protocolType HTTP", kind)
	case kind == "HTTP_PROXY" && !c.In.Has("integrationMethod"):
		return errorf("BadRequestException", "HttpMethod must be specified for HTTP_PROXY integrations")
	case uri == "" && kind != "MOCK" && !c.In.Has("integrationSubtype"):
		return errorf("BadRequestException", "Integration URI must be specified for %s integrations", kind)
	case link && !c.In.Has("connectionId"):
		return errorf("BadRequestException", "ConnectionId must be specified for VPC_LINK connections")
	case c.In.Has("connectionId") && !link:
		return errorf("BadRequestException", "ConnectionId is supported for VPC_LINK connections only")
	case kind == "AWS_PROXY" && uri != "" && !strings.Contains(uri, ":lambda:"):
		return errorf("BadRequestException", "Invalid integration URI specified: %s is not the ARN of a function", uri)
	case kind == "HTTP_PROXY" && !link && !strings.HasPrefix(uri, "https://") && !strings.HasPrefix(uri, "http://"):
		return errorf("BadRequestException", "Invalid HTTP endpoint specified for URI: %s", uri)
	}
	if link && http {
		return c.privateTargetFits(uri)
	}
	return nil
}

// privateTargetFits demands the listener or the discovery service behind a VPC link.
func (c *Call) privateTargetFits(arn string) error {
	switch {
	case strings.Contains(arn, ":servicediscovery:"):
		if c.Find(discoveryServiceType, arn) == nil {
			return errorf("BadRequestException", "Cloud Map service %s not found", arn)
		}
	case c.Find(listenerType, arn) == nil:
		return errorf("BadRequestException", "For VpcLink connections, integration URI should be a valid ELB listener ARN or Cloud Map service ARN: %s", arn)
	}
	return nil
}

func httpAuthorizer() *Kind {
	return &Kind{
		Type: httpAuthorizerType, Label: "API Gateway v2 Authorizer", Random: true, Name: "name", MaxName: 128,
		Replace: []string{"apiId"},
		Checks: []Check{oneOf("authorizerType", "JWT", "REQUEST"), oneOf("authorizerPayloadFormatVersion", "1.0", "2.0"),
			within("authorizerResultTtlInSeconds", 0, 3600), characters("name", 1, 128)},
		Refs:   []Ref{ofApi},
		Create: func(c *Call) (*Made, error) { return &Made{ID: c.gatewayID("authorizer", 6)}, authorizerFits(c) },
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, authorizerFits(c) },
		InUse: func(_, by *store.Resource) error {
			return errorf("ConflictException", "Cannot delete authorizer: it is referenced by the route %s", by.Property("routeKey"))
		},
		Usual: Usual{1, 1, 1},
	}
}

// authorizerFits demands what the authorizer's type needs.
func authorizerFits(c *Call) error {
	http := c.Find(httpApiType, c.In.String("apiId")).Inputs.String("protocolType") == "HTTP"
	jwt := c.In.Object("jwtConfiguration")
	switch kind := c.In.String("authorizerType"); {
	case kind == "JWT" && !http:
		return errorf("BadRequestException", "JWT authorizers are supported on protocolType HTTP only")
	case kind == "JWT" && (jwt.String("issuer") == "" || len(c.In.Strings("identitySources")) == 0):
		return errorf("BadRequestException", "JWT authorizers need an issuer and an identity source")
	case kind == "JWT" && !strings.HasPrefix(jwt.String("issuer"), "https://"):
		return errorf("BadRequestException", "Caught exception when connecting to %s/.well-known/openid-configuration for issuer %[1]s. Please try again later.", jwt.String("issuer"))
	case kind == "REQUEST" && !c.In.Has("authorizerUri"):
		return errorf("BadRequestException", "AuthorizerUri is required for REQUEST authorizers")
	case kind == "REQUEST" && http && !c.In.Has("authorizerPayloadFormatVersion"):
		return errorf("BadRequestException", "AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer")
	}
	return nil
}

func httpVpcLink() *Kind {
	return &Kind{
		Type: httpLinkType, Label: "API Gateway v2 VPC Link", Random: true, Name: "name", MaxName: 128,
		Replace: []string{"securityGroupIds", "subnetIds"},
		Checks:  []Check{characters("name", 1, 128)},
		Refs: []Ref{
			{Path: "subnetIds[]", To: subnetType, Missing: missing("BadRequestException", "The subnet ID '%s' does not exist")},
			{Path: "securityGroupIds[]", To: securityGroupType, Missing: missing("BadRequestException", "The security group '%s' does not exist")},
		},
		Create: func(c *Call) (*Made, error) {
			if len(c.In.Strings("subnetIds")) == 0 {
				return nil, errorf("BadRequestException", "At least one subnet must be specified")
			}
			id := c.gatewayID("link", 6)
			return &Made{ID: id, Outputs: store.Values{"arn": c.gatewayARN("vpclinks/" + id)}}, nil
		},
		InUse: func(r, by *store.Resource) error {
			return errorf("ConflictException", "Cannot delete VPC link %s: integration %s uses it", r.ID, by.ID)
		},
		Usual: Usual{150, 2, 150},
	}
}
