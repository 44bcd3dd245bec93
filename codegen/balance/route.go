package balance

import (
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// The kinds of load balancers: one for requests, one for connections.
const (
	alb = "ALB"
	nlb = "NLB"
)

// ALBRoute is a route of an ALB.
type ALBRoute struct {
	Name      string    `yaml:"name"`
	Priority  *int      `yaml:"priority"`
	Component string    `yaml:"component"`
	Port      string    `yaml:"port"`
	Redirect  *Redirect `yaml:"redirect"`
	Response  *Response `yaml:"response"`

	Hosts           []string      `yaml:"hosts"`
	Paths           []string      `yaml:"paths"`
	Methods         []string      `yaml:"methods"`
	Headers         []Header      `yaml:"headers"`
	QueryStrings    []QueryString `yaml:"queryStrings"`
	SourceAddresses []string      `yaml:"sourceAddresses"`

	HealthCheck         *routeHealth  `yaml:"healthCheck"`
	DeregistrationDelay spec.Seconds  `yaml:"deregistrationDelay"`
	SlowStart           *spec.Seconds `yaml:"slowStart"`
	Algorithm           string        `yaml:"algorithm"`
	Stickiness          *spec.Seconds `yaml:"stickiness"`
	ProtocolVersion     string        `yaml:"protocolVersion"`
	Source              diag.Position `yaml:"-"`
}

// Redirect is an address that browsers are sent to.
type Redirect struct {
	Host      string `yaml:"host"`
	Path      string `yaml:"path"`
	Port      *int   `yaml:"port"`
	Permanent bool   `yaml:"permanent"`
}

// Response is an answer that a load balancer gives itself.
type Response struct {
	Status      int     `yaml:"status"`
	ContentType string  `yaml:"contentType"`
	Body        ir.Text `yaml:"body"`
}

// Header is a condition: the header has one of the values.
type Header struct {
	Name   string   `yaml:"name"`
	Values []string `yaml:"values"`
}

// QueryString is a condition: the parameter called Key, or any if that is empty, has the value.
type QueryString struct {
	Key   string `yaml:"key"`
	Value string `yaml:"value"`
}

// NLBRoute is a route of an NLB.
type NLBRoute struct {
	Name                string        `yaml:"name"`
	Port                int           `yaml:"port"`
	Protocol            string        `yaml:"protocol"`
	Component           string        `yaml:"component"`
	TargetPort          string        `yaml:"targetPort"`
	CertificateARN      string        `yaml:"certificateArn"`
	TLSPolicy           string        `yaml:"tlsPolicy"`
	ALPN                string        `yaml:"alpn"`
	HealthCheck         *routeHealth  `yaml:"healthCheck"`
	DeregistrationDelay spec.Seconds  `yaml:"deregistrationDelay"`
	PreserveClientIP    *bool         `yaml:"preserveClientIp"`
	ProxyProtocol       bool          `yaml:"proxyProtocol"`
	Sticky              bool          `yaml:"sticky"`
	IdleTimeout         *spec.Seconds `yaml:"idleTimeout"`
	Source              diag.Position `yaml:"-"`
}

// routeHealth is how a route says that a target is to be asked; what it leaves out is nil or empty.
type routeHealth struct {
	Protocol           string        `yaml:"protocol"`
	Port               *int          `yaml:"port"`
	Path               string        `yaml:"path"`
	Statuses           string        `yaml:"statuses"`
	Interval           spec.Seconds  `yaml:"interval"`
	Timeout            spec.Seconds  `yaml:"timeout"`
	HealthyThreshold   int           `yaml:"healthyThreshold"`
	UnhealthyThreshold int           `yaml:"unhealthyThreshold"`
	Source             diag.Position `yaml:"-"`
}

// Transports are the protocols that connections come by: tcp, udp or both.
func (r NLBRoute) Transports() []string {
	switch r.Protocol {
	case "UDP":
		return []string{"udp"}
	case "TCP_UDP":
		return []string{"tcp", "udp"}
	default:
		return []string{"tcp"}
	}
}

// ALBRoutes are the routes of an ALB, in their order.
func ALBRoutes(c *ir.Component) ([]ALBRoute, diag.List) {
	var routes []ALBRoute
	ds := spec.Decode(c.Spec.Get("routes"), &routes)
	return routes, ds
}

// Listener is a listener of an ALB that has its routes.
type Listener struct {
	// Output is the name of the output with the listener's ARN, LoadBalancer that with the ALB's.
	Output, LoadBalancer string
	Port                 int
	Encrypted            bool
}

// Fronted is a Kind whose components take requests by a listener of a load balancer.
type Fronted interface {
	component.Kind
	// Front is the listener; ok is false if the component has none.
	Front(c *ir.Component) (listener Listener, ok bool)
}

// NLBRoutes are the routes of an NLB, in their order.
func NLBRoutes(c *ir.Component) ([]NLBRoute, diag.List) {
	var routes []NLBRoute
	ds := spec.Decode(c.Spec.Get("routes"), &routes)
	return routes, ds
}

// HTTPListener is the internal output of an ALB that follows its routes without encryption beside those with.
const HTTPListener = "httpListenerArn"

// Listeners are those of an ALB that have its routes: the one for HTTPS, and that for HTTP if it does not redirect.
func Listeners(c *ir.Component) []Listener {
	port := func(listener string) int {
		if v := c.Spec.Get(listener, "port"); v != nil {
			return int(v.Number)
		}
		return 0
	}
	if c.Spec.Get("https") == nil {
		return []Listener{{Output: "listenerArn", LoadBalancer: "arn", Port: port("http")}}
	}
	all := []Listener{{Output: "listenerArn", LoadBalancer: "arn", Port: port("https"), Encrypted: true}}
	if on, action := c.Spec.Get("http", "enabled"), c.Spec.Get("http", "action"); on != nil && on.Bool &&
		action != nil && action.Text.String() == "forward" {
		all = append(all, Listener{Output: HTTPListener, LoadBalancer: "arn", Port: port("http")})
	}
	return all
}

// ReplacedBy is what, when it changes, makes AWS replace a load balancer, also one that a component brings along, and with
// it its target groups: to be given to Builder.Salted.
func ReplacedBy(b *component.Builder, c *ir.Component) []string {
	salt := []string{b.NetworkSalt()}
	for _, path := range [][]string{{"scheme"}, {"networking", "loadBalancer", "scheme"}} {
		if scheme := c.Spec.Get(path...); scheme != nil {
			salt = append(salt, scheme.Text.String())
		}
	}
	if addresses := c.Spec.Get("elasticIpIds"); addresses != nil {
		for _, id := range addresses.Items {
			salt = append(salt, id.Text.String())
		}
	}
	return salt
}
