package aws

import (
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	httpDomainType = "aws:apigatewayv2/domainName:DomainName"
	restDomainType = "aws:apigateway/domainName:DomainName"
)

var certificateRef = missing("BadRequestException", "The provided certificate does not exist: %s")

func domainTaken(name string) error {
	return errorf("BadRequestException", "The domain name you provided already exists. (%s)", name)
}

func httpDomain() *Kind {
	return &Kind{
		Type: httpDomainType, Label: "API Gateway v2 Domain Name", Regional: true, Name: "domainName", Conflict: domainTaken,
		Replace: []string{"domainName"}, Mixed: []string{"domainNameConfiguration"},
		Checks: []Check{characters("domainName", 1, 512), oneOf("domainNameConfiguration.endpointType", "REGIONAL"),
			oneOf("domainNameConfiguration.securityPolicy", "TLS_1_2"), oneOf("domainNameConfiguration.ipAddressType", "ipv4", "dualstack"),
			matching("mutualTlsAuthentication.truststoreUri", `^s3://`, "must be an object of S3")},
		Refs: []Ref{{Path: "domainNameConfiguration.certificateArn", To: certificateType, Missing: certificateRef}},
		Create: func(c *Call) (*Made, error) {
			name, config := c.In.String("domainName"), c.In.Object("domainNameConfiguration")
			if err := c.domainFits(name, config.String("certificateArn")); err != nil {
				return nil, err
			}
			return &Made{ID: name, Outputs: store.Values{"arn": c.gatewayARN("domainnames/" + name),
				"apiMappingSelectionExpression": "$request.basepath",
				"domainNameConfiguration": store.Values{"targetDomainName": c.domainTarget(), "hostedZoneId": gatewayZone(c.Region),
					"ipAddressType": "ipv4"}}}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) {
			return nil, c.domainFits(c.In.String("domainName"), c.In.Object("domainNameConfiguration").String("certificateArn"))
		},
		Usual: Usual{10, 20, 5},
	}
}

// domainFits demands an issued certificate for the domain.
func (c *Call) domainFits(domain, arn string) error {
	if arn == "" {
		return nil
	}
	r := c.Find(certificateType, arn)
	switch {
	case r == nil:
		return certificateRef(arn)
	case !c.issued(r):
		return errorf("BadRequestException", "Certificate must be in an ISSUED state: %s", arn)
	case r.Outputs.String("type") == "AMAZON_ISSUED" && !covers(r, domain):
		return errorf("BadRequestException", "The domain name to be created is not covered by the provided certificate: %s", domain)
	}
	return nil
}

// domainTarget is the name that a domain's records point at.
func (c *Call) domainTarget() string {
	return "d-" + c.gatewayID("domain", 10) + ".execute-api." + c.Region + ".amazonaws.com"
}

func gatewayZone(region string) string {
	if id := map[string]string{"us-east-1": "Z1UJRXOUMOOFQ8", "us-east-2": "ZOJJZC49E0EPZ", "us-west-2": "Z2OJLYMUO9EFXC",
		"eu-west-1": "ZLY8HYME6SFDD", "eu-central-1": "Z1U9ULNL0V5AJ3"}[region]; id != "" {
		return id
	}
	return "Z" + strings.ToUpper(digest("execute-api|"+region, 13))
}

func httpMapping() *Kind {
	return &Kind{
		Type: "aws:apigatewayv2/apiMapping:ApiMapping", Label: "API Gateway v2 API Mapping", Random: true,
		Replace: []string{"apiId", "domainName"},
		Refs: []Ref{
			{Path: "apiId", To: httpApiType, Missing: notFound("API")},
			{Path: "domainName", To: httpDomainType, Owned: true, Missing: notFound("domain name")},
		},
		Create: func(c *Call) (*Made, error) {
			return &Made{ID: c.gatewayID("mapping", 6)}, mappingFits(c, nil)
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) { return nil, mappingFits(c, prior) },
		Usual:  Usual{1, 1, 1},
	}
}

// mappingFits demands a stage of the API and a path that is free.
func mappingFits(c *Call, prior *store.Resource) error {
	found := false
	for _, r := range c.all(httpStageType) {
		found = found || (r.Inputs.String("apiId") == c.In.String("apiId") && r.Property("name") == c.In.String("stage"))
	}
	if !found {
		return errorf("BadRequestException", "Invalid stage identifier specified: %s", c.In.String("stage"))
	}
	for _, r := range c.all("aws:apigatewayv2/apiMapping:ApiMapping") {
		if r.Inputs.String("domainName") == c.In.String("domainName") && r.Inputs.String("apiMappingKey") == c.In.String("apiMappingKey") &&
			(prior == nil || prior.Key != r.Key) {
			return errorf("ConflictException", "ApiMapping key already exists for this domain name")
		}
	}
	return nil
}

func restDomain() *Kind {
	return &Kind{
		Type: restDomainType, Label: "API Gateway Domain Name", Regional: true, Name: "domainName", Conflict: domainTaken,
		Replace: []string{"domainName", "certificateName", "certificateBody", "certificateChain", "certificatePrivateKey"},
		JSON:    []string{"policy"},
		Checks: []Check{oneOf("endpointConfiguration.types", "EDGE", "REGIONAL", "PRIVATE"), oneOf("securityPolicy", "TLS_1_0", "TLS_1_2"),
			matching("mutualTlsAuthentication.truststoreUri", `^s3://`, "must be an object of S3"), jsonText("policy"),
			exactlyOne("certificateArn", "certificateName", "regionalCertificateArn", "regionalCertificateName")},
		Defaults: func(c *Call) store.Values {
			kind := "EDGE"
			if c.In.Has("regionalCertificateArn") {
				kind = "REGIONAL"
			}
			return store.Values{"securityPolicy": "TLS_1_2", "endpointConfiguration": map[string]any{"types": kind, "ipAddressType": "ipv4"}}
		},
		Refs: []Ref{{Path: "regionalCertificateArn", To: certificateType, Missing: certificateRef}},
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("domainName")
			if err := restDomainFits(c); err != nil {
				return nil, err
			}
			out := store.Values{"arn": c.gatewayARN("domainnames/" + name), "regionalDomainName": c.domainTarget(), "regionalZoneId": gatewayZone(c.Region)}
			if c.In.Has("certificateArn") && c.In.Object("endpointConfiguration").String("types") != "PRIVATE" {
				out["cloudfrontDomainName"], out["cloudfrontZoneId"] = "d"+c.gatewayID("edge", 13)+".cloudfront.net", distributionZone
			}
			return &Made{ID: name, Outputs: out}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, restDomainFits(c) },
		Usual:  Usual{20, 20, 5},
	}
}

func restDomainFits(c *Call) error {
	if arn := c.In.String("certificateArn"); arn != "" && c.In.Object("endpointConfiguration").String("types") != "PRIVATE" {
		if r := c.certificateIn("us-east-1", arn); r == nil || !c.issued(r) {
			return errorf("BadRequestException", "The certificate of an edge-optimized domain name must be issued in region us-east-1: %s", arn)
		}
	}
	return c.domainFits(c.In.String("domainName"), c.In.String("regionalCertificateArn"))
}
