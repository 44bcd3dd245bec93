package apigateway

import (
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of an APIGateway, as the schema completes it.
type specification struct {
	Protocol    string       `yaml:"protocol"`
	Routes      []route      `yaml:"routes"`
	Authorizers []authorizer `yaml:"authorizers"`
	Stage       struct {
		Name            string             `yaml:"name"`
		ThrottlingRate  *int               `yaml:"throttlingRate"`
		ThrottlingBurst *int               `yaml:"throttlingBurst"`
		Variables       map[string]ir.Text `yaml:"variables"`
		CacheGB         *float64           `yaml:"cacheGB"`
		Tracing         bool               `yaml:"tracing"`
	} `yaml:"stage"`
	CORS *struct {
		AllowOrigins     []string      `yaml:"allowOrigins"`
		AllowMethods     []string      `yaml:"allowMethods"`
		AllowHeaders     []string      `yaml:"allowHeaders"`
		ExposeHeaders    []string      `yaml:"exposeHeaders"`
		AllowCredentials bool          `yaml:"allowCredentials"`
		MaxAge           *spec.Seconds `yaml:"maxAge"`
	} `yaml:"cors"`
	Domain *struct {
		Name           string `yaml:"name"`
		CertificateARN string `yaml:"certificateArn"`
		BasePath       string `yaml:"basePath"`
	} `yaml:"domain"`
	DefaultEndpoint bool        `yaml:"defaultEndpoint"`
	Endpoint        string      `yaml:"endpoint"`
	UsagePlans      []usagePlan `yaml:"usagePlans"`
	WebACLARN       string      `yaml:"webAclArn"`
	AccessLogs      *bool       `yaml:"accessLogs"`
	Logging         struct {
		RetentionDays int `yaml:"retentionDays"`
	} `yaml:"logging"`
	DependsOn []string           `yaml:"dependsOn"` // in the graph already
	Tags      map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

type route struct {
	Name          string        `yaml:"name"`
	Method        string        `yaml:"method"`
	Path          string        `yaml:"path"`
	Function      string        `yaml:"function"`
	Service       string        `yaml:"service"`
	ServerName    string        `yaml:"serverName"`
	URL           ir.Text       `yaml:"url"`
	Timeout       spec.Seconds  `yaml:"timeout"`
	Authorization string        `yaml:"authorization"`
	Authorizer    string        `yaml:"authorizer"`
	Scopes        []string      `yaml:"scopes"`
	APIKey        bool          `yaml:"apiKey"`
	Source        diag.Position `yaml:"-"`
}

type authorizer struct {
	Name string `yaml:"name"`
	JWT  *struct {
		Issuer   ir.Text   `yaml:"issuer"`
		Audience []ir.Text `yaml:"audience"`
	} `yaml:"jwt"`
	Function    string        `yaml:"function"`
	UserPoolARN string        `yaml:"userPoolArn"`
	Header      string        `yaml:"header"`
	CacheFor    spec.Seconds  `yaml:"cacheFor"`
	Source      diag.Position `yaml:"-"`
}

type usagePlan struct {
	Name  string `yaml:"name"`
	Rate  *int   `yaml:"rate"`
	Burst *int   `yaml:"burst"`
	Quota *struct {
		Requests int    `yaml:"requests"`
		Period   string `yaml:"period"`
	} `yaml:"quota"`
	Keys []struct {
		Name string `yaml:"name"`
	} `yaml:"keys"`
	Source diag.Position `yaml:"-"`
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}

// rest tells the two generations of API Gateway apart.
func (s specification) rest() bool { return s.Protocol == "REST" }

// logged tells whether each request is logged. A REST API can only write logs by a role of the account's, which is nobody's
// component.
func (s specification) logged() bool {
	if s.AccessLogs != nil {
		return *s.AccessLogs
	}
	return !s.rest()
}

// private tells whether only the VPC reaches the API.
func (s specification) private() bool { return s.Endpoint == "PRIVATE" }

// authorizer is the one that a route names, nil if it names none.
func (s specification) authorizer(r route) *authorizer {
	for i := range s.Authorizers {
		if s.Authorizers[i].Name == r.Authorizer {
			return &s.Authorizers[i]
		}
	}
	return nil
}
