package cloudfront

import (
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of a CloudFront, as the schema completes it.
type specification struct {
	Enabled           bool            `yaml:"enabled"`
	Origins           []origin        `yaml:"origins"`
	DefaultBehavior   behavior        `yaml:"defaultBehavior"`
	Behaviors         []behavior      `yaml:"behaviors"`
	DefaultRootObject string          `yaml:"defaultRootObject"`
	Aliases           []string        `yaml:"aliases"`
	CertificateARN    string          `yaml:"certificateArn"`
	MinimumTLS        string          `yaml:"minimumTLS"`
	HTTPVersion       string          `yaml:"httpVersion"`
	IPv6              bool            `yaml:"ipv6"`
	PriceClass        string          `yaml:"priceClass"`
	ErrorResponses    []errorResponse `yaml:"errorResponses"`
	GeoRestriction    *struct {
		Type      string   `yaml:"type"`
		Countries []string `yaml:"countries"`
	} `yaml:"geoRestriction"`
	WebACLARN  string `yaml:"webAclArn"`
	AccessLogs *struct {
		Component string        `yaml:"component"`
		Prefix    string        `yaml:"prefix"`
		Cookies   bool          `yaml:"cookies"`
		Source    diag.Position `yaml:"-"`
	} `yaml:"accessLogs"`
	WaitForDeployment bool               `yaml:"waitForDeployment"`
	DependsOn         []string           `yaml:"dependsOn"` // in the graph already
	Tags              map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

// origin is where content comes from: exactly one of a bucket, another component and any other host.
type origin struct {
	Name               string        `yaml:"name"`
	Bucket             string        `yaml:"bucket"`
	Component          string        `yaml:"component"`
	Domain             string        `yaml:"domain"`
	Path               string        `yaml:"path"`
	Protocol           string        `yaml:"protocol"`
	HTTPPort           *int          `yaml:"httpPort"`
	HTTPSPort          *int          `yaml:"httpsPort"`
	ReadTimeout        *spec.Seconds `yaml:"readTimeout"`
	KeepaliveTimeout   *spec.Seconds `yaml:"keepaliveTimeout"`
	ConnectionAttempts int           `yaml:"connectionAttempts"`
	ConnectionTimeout  spec.Seconds  `yaml:"connectionTimeout"`
	Headers            []struct {
		Name  string  `yaml:"name"`
		Value ir.Text `yaml:"value"`
	} `yaml:"headers"`
	OriginShield string        `yaml:"originShield"`
	Source       diag.Position `yaml:"-"`
}

// behavior is what happens to some requests; the default one has neither name nor path.
type behavior struct {
	Name                      string        `yaml:"name"`
	Path                      string        `yaml:"path"`
	Origin                    string        `yaml:"origin"`
	ViewerProtocol            string        `yaml:"viewerProtocol"`
	AllowedMethods            string        `yaml:"allowedMethods"`
	CachePolicy               string        `yaml:"cachePolicy"`
	OriginRequestPolicy       string        `yaml:"originRequestPolicy"`
	ResponseHeadersPolicy     string        `yaml:"responseHeadersPolicy"`
	Compress                  bool          `yaml:"compress"`
	ViewerRequestFunctionARN  string        `yaml:"viewerRequestFunctionArn"`
	ViewerResponseFunctionARN string        `yaml:"viewerResponseFunctionArn"`
	TrustedKeyGroups          []string      `yaml:"trustedKeyGroups"`
	Source                    diag.Position `yaml:"-"`
}

type errorResponse struct {
	Status   int          `yaml:"status"`
	Page     string       `yaml:"page"`
	Answer   *int         `yaml:"answer"`
	CacheFor spec.Seconds `yaml:"cacheFor"`
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}

// buckets are the IDs of the buckets among the origins, each once.
func (s specification) buckets() []origin {
	var all []origin
	seen := map[string]bool{}
	for _, o := range s.Origins {
		if o.Bucket != "" && !seen[o.Bucket] {
			seen[o.Bucket] = true
			all = append(all, o)
		}
	}
	return all
}

// origin is the one that a behavior names, or the first.
func (s specification) origin(b behavior) origin {
	for _, o := range s.Origins {
		if o.Name == b.Origin {
			return o
		}
	}
	return s.Origins[0]
}
