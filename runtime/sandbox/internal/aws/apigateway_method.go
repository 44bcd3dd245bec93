package aws

import (
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	restResourceType    = "aws:apigateway/resource:Resource"
	restMethodType      = "aws:apigateway/method:Method"
	restIntegrationType = "aws:apigateway/integration:Integration"
	restAuthorizerType  = "aws:apigateway/authorizer:Authorizer"
	restLinkType        = "aws:apigateway/vpcLink:VpcLink"
)

func restResource() *Kind {
	return &Kind{
		Type: restResourceType, Label: "API Gateway Resource", Random: true,
		Replace: []string{"restApi"},
		Checks: []Check{matching("pathPart", `^([0-9A-Za-z._:-]+|\{[0-9A-Za-z._-]+\+?\})$`,
			"letters, digits, periods, underscores, colons and hyphens, or a parameter in braces")},
		// A resource vanishes with its parent, too.
		Refs: []Ref{ofRest, {Path: "parentId", To: restResourceType, Owned: true, Builtin: anyValue}},
		Create: func(c *Call) (*Made, error) {
			path, err := c.resourcePath(nil)
			return &Made{ID: c.gatewayID("resource", 6), Outputs: store.Values{"path": path}}, err
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) {
			path, err := c.resourcePath(prior)
			return &Made{Outputs: store.Values{"path": path}}, err
		},
		Usual: Usual{1, 1, 1},
	}
}

// resourcePath gives a resource's whole path and demands that it has a parent and no twin.
func (c *Call) resourcePath(prior *store.Resource) (string, error) {
	api, parent, part := c.Find(restApiType, c.In.String("restApi")), c.In.String("parentId"), c.In.String("pathPart")
	base := ""
	if parent != api.Outputs.String("rootResourceId") {
		up := c.Find(restResourceType, parent)
		if up == nil || up.Inputs.String("restApi") != api.ID {
			return "", errorf("NotFoundException", "Invalid Resource identifier specified")
		}
		base = up.Outputs.String("path")
	}
	for _, r := range c.all(restResourceType) {
		if r.Inputs.String("parentId") == parent && r.Inputs.String("pathPart") == part && (prior == nil || prior.Key != r.Key) {
			return "", errorf("ConflictException", "Another resource with the same parent already has this name: %s", part)
		}
	}
	return base + "/" + part, nil
}

// resourceRef is a method's part's reference to its resource; the API's root is one without being made.
var resourceRef = Ref{Path: "resourceId", To: restResourceType, Owned: true, Builtin: anyValue}

var httpMethods = oneOf("httpMethod", "ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

// methodKey names a method: API, resource and HTTP method.
func methodKey(in store.Values) string {
	return strings.Join([]string{in.String("restApi"), in.String("resourceId"), in.String("httpMethod")}, "-")
}

func restMethod() *Kind {
	return &Kind{
		Type: restMethodType, Label: "API Gateway Method", Regional: true,
		Conflict: func(string) error { return errorf("ConflictException", "Method already exists for this resource") },
		Replace:  []string{"restApi", "resourceId", "httpMethod"},
		Checks:   []Check{httpMethods, oneOf("authorization", "NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")},
		Defaults: func(*Call) store.Values { return store.Values{"apiKeyRequired": false} },
		Refs: []Ref{ofRest, resourceRef, {Path: "authorizerId", To: restAuthorizerType, Missing: missing("BadRequestException",
			"Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer. (%s)")}},
		Create: func(c *Call) (*Made, error) {
			api, id := c.Find(restApiType, c.In.String("restApi")), c.In.String("resourceId")
			if r := c.Find(restResourceType, id); id != api.Outputs.String("rootResourceId") && (r == nil || r.Inputs.String("restApi") != api.ID) {
				return nil, errorf("NotFoundException", "Invalid Resource identifier specified")
			}
			return &Made{ID: "agm-" + methodKey(c.In)}, methodFits(c)
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, methodFits(c) },
		// The integration and the responses go with their method.
		Delete: func(c *Call, r *store.Resource) error {
			for _, typ := range []string{restIntegrationType, integrationResponseType, methodResponseType} {
				for _, part := range c.all(typ) {
					if methodKey(part.Inputs) == methodKey(r.Inputs) {
						c.Tx.Remove(part)
					}
				}
			}
			return nil
		},
		Usual: Usual{1, 1, 1},
	}
}

func methodFits(c *Call) error {
	if a := c.In.String("authorization"); (a == "CUSTOM" || a == "COGNITO_USER_POOLS") && !c.In.Has("authorizerId") {
		return errorf("BadRequestException", "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.")
	}
	return nil
}

// method gives the method that the call's inputs name.
func (c *Call) method() (*store.Resource, error) {
	for _, r := range c.all(restMethodType) {
		if methodKey(r.Inputs) == methodKey(c.In) {
			return r, nil
		}
	}
	return nil, errorf("NotFoundException", "Invalid Method identifier specified")
}

// integrationOf gives a method's integration, or nil.
func (c *Call) integrationOf(method *store.Resource) *store.Resource {
	for _, r := range c.all(restIntegrationType) {
		if methodKey(r.Inputs) == methodKey(method.Inputs) {
			return r
		}
	}
	return nil
}

func restIntegration() *Kind {
	return &Kind{
		Type: restIntegrationType, Label: "API Gateway Integration", Regional: true, Idempotent: true,
		Replace: []string{"restApi", "resourceId", "httpMethod", "type", "credentials", "integrationHttpMethod", "passthroughBehavior"},
		Checks: []Check{httpMethods, oneOf("type", "HTTP", "AWS", "MOCK", "HTTP_PROXY", "AWS_PROXY"), oneOf("connectionType", "INTERNET", "VPC_LINK"),
			oneOf("integrationHttpMethod", "ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"),
			oneOf("contentHandling", "CONVERT_TO_BINARY", "CONVERT_TO_TEXT"), oneOf("passthroughBehavior", "WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"),
			within("timeoutMilliseconds", 50, 300000)},
		Defaults: func(c *Call) store.Values {
			return store.Values{"connectionType": "INTERNET", "passthroughBehavior": "WHEN_NO_MATCH", "timeoutMilliseconds": 29000,
				"cacheNamespace": c.In.String("resourceId")}
		},
		Refs: []Ref{ofRest, resourceRef,
			{Path: "connectionId", To: restLinkType, Missing: missing("BadRequestException", "Invalid VPC link ID specified: %s"),
				Builtin: func(v string) bool { return strings.HasPrefix(v, "${stageVariables.") }},
			{Path: "credentials", To: roleType, Loose: true, Missing: missing("BadRequestException", "Invalid ARN specified in the request: %s")}},
		Create: func(c *Call) (*Made, error) {
			if _, err := c.method(); err != nil {
				return nil, err
			}
			return &Made{ID: "agi-" + methodKey(c.In)}, restIntegrationFits(c)
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, restIntegrationFits(c) },
		Usual:  Usual{1, 1, 1},
	}
}

// restIntegrationFits demands what the integration's type needs.
func restIntegrationFits(c *Call) error {
	kind, uri, method := c.In.String("type"), c.In.String("uri"), c.In.String("integrationHttpMethod")
	switch {
	case kind == "MOCK":
		return nil
	case method == "":
		return errorf("BadRequestException", "Enumeration value for HttpMethod must be non-empty")
	case uri == "":
		return errorf("BadRequestException", "Integration URI must be specified for %s integrations", kind)
	case strings.HasPrefix(kind, "HTTP") && !strings.HasPrefix(uri, "http://") && !strings.HasPrefix(uri, "https://"):
		return errorf("BadRequestException", "Invalid HTTP endpoint specified for URI")
	case strings.HasPrefix(kind, "AWS") && !strings.HasPrefix(uri, "arn:aws:apigateway:"):
		return errorf("BadRequestException", "Invalid ARN specified in the request")
	case strings.Contains(uri, ":lambda:path/") && method != "POST":
		return errorf("BadRequestException", "Lambda functions are invoked with POST, not %s", method)
	case c.In.String("connectionType") == "VPC_LINK" && !c.In.Has("connectionId"):
		return errorf("BadRequestException", "VPC link ID must be specified for VPC_LINK connections")
	}
	return nil
}

func restAuthorizer() *Kind {
	return &Kind{
		Type: restAuthorizerType, Label: "API Gateway Authorizer", Random: true, Name: "name", MaxName: 128,
		Replace: []string{"restApi"},
		Checks:  []Check{oneOf("type", "TOKEN", "REQUEST", "COGNITO_USER_POOLS"), within("authorizerResultTtlInSeconds", 0, 3600), checkAuthorizer},
		Defaults: func(*Call) store.Values {
			return store.Values{"type": "TOKEN", "identitySource": "method.request.header.Authorization", "authorizerResultTtlInSeconds": 300}
		},
		Refs: []Ref{ofRest},
		Create: func(c *Call) (*Made, error) {
			id := c.gatewayID("authorizer", 6)
			return &Made{ID: id, Outputs: store.Values{"arn": c.gatewayARN("restapis/" + c.In.String("restApi") + "/authorizers/" + id)}}, nil
		},
		InUse: func(_, by *store.Resource) error {
			return errorf("ConflictException", "Cannot delete authorizer, it is referenced by method: %s", by.ID)
		},
		Usual: Usual{1, 1, 1},
	}
}

// checkAuthorizer demands what the authorizer's type needs.
func checkAuthorizer(in store.Values) []Problem {
	if in.String("type") == "COGNITO_USER_POOLS" {
		if !in.Has("providerArns") {
			return []Problem{{"providerArns", "providerArns must be set when type is COGNITO_USER_POOLS"}}
		}
	} else if (!in.Has("type") || in.Known("type")) && !in.Has("authorizerUri") {
		return []Problem{{"authorizerUri", "authorizerUri must be set when type is TOKEN or REQUEST"}}
	}
	return nil
}

func restVpcLink() *Kind {
	return &Kind{
		Type: restLinkType, Label: "API Gateway VPC Link", Random: true, Name: "name", MaxName: 1024,
		Replace: []string{"targetArn"},
		Refs:    []Ref{{Path: "targetArn", To: loadBalancerType, Missing: missing("BadRequestException", "NLB ARN is malformed or does not exist: %s")}},
		Create: func(c *Call) (*Made, error) {
			if lb := c.Find(loadBalancerType, c.In.String("targetArn")); lb.Property("loadBalancerType") != "network" {
				return nil, errorf("BadRequestException", "NLB ARN is malformed: %s is no network load balancer", lb.ID)
			}
			id := c.gatewayID("link", 6)
			return &Made{ID: id, Outputs: store.Values{"arn": c.gatewayARN("vpclinks/" + id)}}, nil
		},
		InUse: func(r, by *store.Resource) error {
			return errorf("BadRequestException", "Cannot delete vpc link %s. Vpc link is referenced in %s", r.ID, by.ID)
		},
		Usual: Usual{180, 5, 120},
	}
}
