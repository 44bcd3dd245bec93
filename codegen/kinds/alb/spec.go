package alb

import (
	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of an ALB, as the schema completes it.
type specification struct {
	Scheme string `yaml:"scheme"`
	HTTPS  *struct {
		CertificateARN            string   `yaml:"certificateArn"`
		AdditionalCertificateARNs []string `yaml:"additionalCertificateArns"`
		Port                      int      `yaml:"port"`
		TLSPolicy                 string   `yaml:"tlsPolicy"`
	} `yaml:"https"`
	HTTP struct {
		Enabled bool   `yaml:"enabled"`
		Port    int    `yaml:"port"`
		Action  string `yaml:"action"`
	} `yaml:"http"`
	Routes             []balance.ALBRoute  `yaml:"routes"`
	DefaultResponse    balance.Response    `yaml:"defaultResponse"`
	AllowFrom          []string            `yaml:"allowFrom"`
	IPAddressType      string              `yaml:"ipAddressType"`
	IdleTimeout        spec.Seconds        `yaml:"idleTimeout"`
	HTTP2              bool                `yaml:"http2"`
	DropInvalidHeaders bool                `yaml:"dropInvalidHeaders"`
	DesyncMitigation   string              `yaml:"desyncMitigation"`
	ForwardedFor       string              `yaml:"forwardedFor"`
	WebACLARN          string              `yaml:"webAclArn"`
	AccessLogs         *balance.AccessLogs `yaml:"accessLogs"`
	DeletionProtection *bool               `yaml:"deletionProtection"`
	DependsOn          []string            `yaml:"dependsOn"` // in the graph already
	Tags               map[string]ir.Text  `yaml:"tags"`      // laid on by the builder
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}

// ports are those that it listens on, the one with the routes first.
func (s specification) ports() []int {
	var ports []int
	if s.HTTPS != nil {
		ports = append(ports, s.HTTPS.Port)
	}
	if s.HTTP.Enabled {
		ports = append(ports, s.HTTP.Port)
	}
	return ports
}
