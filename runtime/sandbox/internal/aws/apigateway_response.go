package aws

import (
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	methodResponseType      = "aws:apigateway/methodResponse:MethodResponse"
	integrationResponseType = "aws:apigateway/integrationResponse:IntegrationResponse"
)

func restMethodResponse() *Kind {
	return &Kind{
		Type: methodResponseType, Label: "API Gateway Method Response", Regional: true,
		Conflict: func(string) error { return errorf("ConflictException", "Response already exists for this resource") },
		Replace:  []string{"restApi", "resourceId", "httpMethod", "statusCode"},
		Checks:   []Check{httpMethods, matching("statusCode", `^[1-5]\d\d$`, "must be an HTTP status code")},
		Refs:     []Ref{ofRest, resourceRef},
		Create: func(c *Call) (*Made, error) {
			if _, err := c.method(); err != nil {
				return nil, err
			}
			return &Made{ID: "agmr-" + methodKey(c.In) + "-" + c.In.String("statusCode")}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

func restIntegrationResponse() *Kind {
	return &Kind{
		Type: integrationResponseType, Label: "API Gateway Integration Response", Regional: true, Idempotent: true,
		Replace: []string{"restApi", "resourceId", "httpMethod", "statusCode"},
		Checks: []Check{httpMethods, matching("statusCode", `^[1-5]\d\d$`, "must be an HTTP status code"),
			oneOf("contentHandling", "CONVERT_TO_BINARY", "CONVERT_TO_TEXT")},
		Refs: []Ref{ofRest, resourceRef},
		Create: func(c *Call) (*Made, error) {
			m, err := c.method()
			switch {
			case err != nil:
				return nil, err
			case c.integrationOf(m) == nil:
				return nil, errorf("NotFoundException", "Invalid Integration identifier specified")
			}
			for _, r := range c.all(methodResponseType) {
				if methodKey(r.Inputs) == methodKey(c.In) && r.Inputs.String("statusCode") == c.In.String("statusCode") {
					return &Made{ID: "agir-" + methodKey(c.In) + "-" + c.In.String("statusCode")}, nil
				}
			}
			return nil, errorf("NotFoundException", "Invalid Response status code specified")
		},
		Usual: Usual{1, 1, 1},
	}
}

func basePathMapping() *Kind {
	return &Kind{
		Type: "aws:apigateway/basePathMapping:BasePathMapping", Label: "API Gateway Base Path Mapping", Regional: true,
		Conflict: func(string) error {
			return errorf("ConflictException", "Base path already exists for this domain name")
		},
		Replace: []string{"domainName", "domainNameId"},
		Refs: []Ref{{Path: "domainName", To: restDomainType, Owned: true, Missing: notFound("domain name")},
			{Path: "restApi", To: restApiType, Missing: notFound("API")}},
		Create: func(c *Call) (*Made, error) {
			return &Made{ID: c.In.String("domainName") + "/" + c.In.String("basePath")}, basePathFits(c)
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, basePathFits(c) },
		Usual:  Usual{1, 1, 1},
	}
}

func basePathFits(c *Call) error {
	if name := c.In.String("stageName"); name != "" && c.stage(c.In.String("restApi"), name) == nil {
		return errorf("BadRequestException", "Invalid stage identifier specified")
	}
	return nil
}

func usagePlan() *Kind {
	return &Kind{
		Type: usagePlanType, Label: "API Gateway Usage Plan", Random: true, Name: "name", MaxName: 255,
		Checks: []Check{oneOf("quotaSettings.period", "DAY", "WEEK", "MONTH"), within("quotaSettings.limit", 1, 2147483647), within("quotaSettings.offset", 0, 27)},
		Refs:   []Ref{{Path: "apiStages[].apiId", To: restApiType, Missing: notFound("API")}},
		Create: func(c *Call) (*Made, error) {
			id := c.gatewayID("plan", 6)
			return &Made{ID: id, Outputs: store.Values{"arn": c.gatewayARN("usageplans/" + id)}}, usagePlanFits(c)
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, usagePlanFits(c) },
		Usual:  Usual{1, 1, 1},
	}
}

func usagePlanFits(c *Call) error {
	for _, s := range c.In.Objects("apiStages") {
		if c.stage(s.String("apiId"), s.String("stage")) == nil {
			return errorf("NotFoundException", "API Stage not found: %s:%s", s.String("apiId"), s.String("stage"))
		}
	}
	return nil
}

const apiKeyType = "aws:apigateway/apiKey:ApiKey"

func apiKey() *Kind {
	return &Kind{
		Type: apiKeyType, Label: "API Gateway API Key", Random: true, Name: "name", MaxName: 1024,
		Replace:  []string{"value"},
		Checks:   []Check{characters("value", 20, 128)},
		Defaults: func(*Call) store.Values { return store.Values{"enabled": true, "description": ""} },
		Create: func(c *Call) (*Made, error) {
			id, now := c.gatewayID("key", 10), c.Now.UTC().Format("2006-01-02T15:04:05Z")
			return &Made{ID: id, Outputs: store.Values{"arn": c.gatewayARN("apikeys/" + id), "createdDate": now, "lastUpdatedDate": now}}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

func usagePlanKey() *Kind {
	return &Kind{
		Type: "aws:apigateway/usagePlanKey:UsagePlanKey", Label: "API Gateway Usage Plan Key", Regional: true, Random: false,
		Conflict: func(string) error {
			return errorf("ConflictException", "Usage Plan Key already exists in the usage plan")
		},
		Replace: []string{"keyId", "keyType", "usagePlanId"},
		Checks:  []Check{oneOf("keyType", "API_KEY")},
		Refs: []Ref{{Path: "usagePlanId", To: usagePlanType, Owned: true, Missing: notFound("usage plan")},
			{Path: "keyId", To: apiKeyType, Owned: true, Missing: notFound("API key")}},
		Create: func(c *Call) (*Made, error) {
			key := c.Find(apiKeyType, c.In.String("keyId"))
			return &Made{ID: key.ID, Outputs: store.Values{"name": key.Property("name"), "usagePlanId": c.In.String("usagePlanId")}}, nil
		},
		// A key may be in several plans.
		Key:   func(id string, outputs store.Values) string { return outputs.String("usagePlanId") + "/" + id },
		Usual: Usual{1, 1, 1},
	}
}
