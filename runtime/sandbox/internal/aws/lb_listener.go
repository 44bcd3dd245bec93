package aws

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const listenerType = "aws:lb/listener:Listener"

func listener() *Kind {
	return &Kind{
		Type: listenerType, Label: "ELBv2 Listener",
		Replace: []string{"loadBalancerArn"},
		Checks: append(actionChecks("defaultActions"),
			oneOf("protocol", "HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"),
			oneOf("alpnPolicy", "HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"),
			oneOf("mutualAuthentication.mode", "off", "verify", "passthrough"),
			within("port", 1, 65535), within("tcpIdleTimeoutSeconds", 60, 6000),
		),
		Defaults: func(c *Call) store.Values {
			out := store.Values{}
			switch c.In.String("protocol") {
			case "HTTPS", "TLS":
				out["sslPolicy"] = "ELBSecurityPolicy-2016-08"
			case "TCP":
				out["tcpIdleTimeoutSeconds"] = 350
			}
			return out
		},
		Refs: append([]Ref{
			{Path: "loadBalancerArn", To: loadBalancerType, Owned: true, Missing: missing("LoadBalancerNotFound", "Load balancer '%s' not found")},
			{Path: "certificateArn", To: certificateType, Missing: missing("CertificateNotFound", "Certificate '%s' not found")},
		}, actionRefs("defaultActions")...),
		Create: func(c *Call) (*Made, error) {
			if err := listenerFits(c, nil); err != nil {
				return nil, err
			}
			lb := c.Find(loadBalancerType, c.In.String("loadBalancerArn"))
			arn := c.ARN("elasticloadbalancing", "listener/"+lb.Outputs.String("arnSuffix")+"/"+c.Hex("listener", 16))
			return &Made{ID: arn, Outputs: store.Values{"arn": arn}}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) { return nil, listenerFits(c, prior) },
		Usual:  Usual{2, 2, 1},
	}
}

// balancerProtocols are the protocols of listeners by the type of their load balancer.
func balancerProtocols(kind string) []string {
	switch kind {
	case "network":
		return []string{"TCP", "TLS", "UDP", "TCP_UDP"}
	case "gateway":
		return []string{"", "GENEVE"}
	}
	return []string{"HTTP", "HTTPS"}
}

// listenerFits demands a free port, a protocol of the load balancer's, a certificate where one is needed, and actions
// that it may take.
func listenerFits(c *Call, prior *store.Resource) error {
	lb := c.Find(loadBalancerType, c.In.String("loadBalancerArn"))
	for _, r := range c.all(listenerType) {
		if (prior == nil || r.Key != prior.Key) && r.Inputs.String("loadBalancerArn") == lb.ID && r.Inputs.Int("port") == c.In.Int("port") {
			return errorf("DuplicateListener", "A listener already exists on this port for this load balancer '%s'", lb.ID)
		}
	}
	kind, protocol := lb.Property("loadBalancerType"), c.In.String("protocol")
	if allowed := balancerProtocols(kind); !slices.Contains(allowed, protocol) {
		return errorf("ValidationError", "Listener protocol '%s' must be one of '%s'", protocol, strings.Join(allowed, ", "))
	}
	certificate := c.In.String("certificateArn")
	secure := protocol == "HTTPS" || protocol == "TLS"
	switch {
	case secure && certificate == "":
		return errorf("ValidationError", "A certificate must be specified for %s listeners", protocol)
	case !secure && certificate != "":
		return errorf("ValidationError", "Certificates are not supported for %s listeners", protocol)
	case c.In.Has("alpnPolicy") && protocol != "TLS":
		return errorf("ValidationError", "ALPN policies are supported for TLS listeners only, not for %s", protocol)
	}
	if certificate != "" {
		if err := c.listenerCertificateFits(certificate); err != nil {
			return err
		}
	}
	return c.actionsFit(lb, protocol, c.In.Objects("defaultActions"))
}

func (c *Call) listenerCertificateFits(arn string) error {
	if !c.issued(c.Find(certificateType, arn)) {
		return errorf("UnsupportedCertificate", "The certificate '%s' must have a fully-qualified domain name, a supported signature, and a supported key size.", arn)
	}
	return nil
}

// actionsFit demands actions that a load balancer can take, and target groups that it may use.
func (c *Call) actionsFit(lb *store.Resource, protocol string, actions []store.Values) error {
	for _, a := range actions {
		if t := a.String("type"); t != "forward" && lb.Property("loadBalancerType") != "application" {
			return errorf("InvalidLoadBalancerAction", "Actions of type '%s' are not supported for load balancers of type '%s'", t, lb.Property("loadBalancerType"))
		} else if strings.HasPrefix(t, "authenticate-") && protocol != "HTTPS" {
			return errorf("InvalidLoadBalancerAction", "Actions of type '%s' are supported only on HTTPS listeners", t)
		}
		for _, arn := range append(a.At("targetGroupArn"), a.At("forward.targetGroups[].arn")...) {
			if err := c.groupFits(lb, protocol, c.Find(targetGroupType, arn)); err != nil {
				return err
			}
		}
	}
	return nil
}

// groupFits demands a target group of the load balancer's network and protocol that no other load balancer has.
func (c *Call) groupFits(lb *store.Resource, protocol string, group *store.Resource) error {
	for _, other := range c.loadBalancersOf(group) {
		if other != lb.ID {
			return errorf("TargetGroupAssociationLimit", "The following target groups cannot be associated with more than one load balancer: %s", group.ID)
		}
	}
	if group.Property("targetType") == "lambda" {
		if lb.Property("loadBalancerType") != "application" {
			return errorf("InvalidConfigurationRequest", "Target groups with target type 'lambda' are not supported for load balancers of type '%s'", lb.Property("loadBalancerType"))
		}
		return nil
	}
	if group.Property("vpcId") != lb.Property("vpcId") {
		return errorf("InvalidConfigurationRequest", "The following target groups are not in the VPC '%s' of the load balancer: %s", lb.Property("vpcId"), group.ID)
	}
	if has := group.Property("protocol"); !forwards(protocol, has) {
		return errorf("IncompatibleProtocols", "The protocol '%s' of target group '%s' is not compatible with the listener protocol '%s'", has, group.ID, protocol)
	}
	return nil
}

// forwards tells whether a listener of one protocol can forward to targets of another.
func forwards(from, to string) bool {
	switch from {
	case "HTTP", "HTTPS":
		return isHTTP(to)
	case "TLS":
		return to == "TLS" || to == "TCP"
	case "TCP":
		return to == "TCP" || to == "TCP_UDP"
	case "UDP":
		return to == "UDP" || to == "TCP_UDP"
	case "":
		return to == "GENEVE"
	}
	return from == to
}

// routes gives the listeners and rules that forward to a target group.
func (c *Call) routes(group string) []*store.Resource {
	var out []*store.Resource
	for typ, actions := range map[string]string{listenerType: "defaultActions", listenerRuleType: "actions"} {
		for _, r := range c.all(typ) {
			targets := append(r.Inputs.At(actions+"[].targetGroupArn"), r.Inputs.At(actions+"[].forward.targetGroups[].arn")...)
			if slices.Contains(targets, group) {
				out = append(out, r)
			}
		}
	}
	return out
}

// loadBalancersOf gives the ARNs of the load balancers whose listeners and rules forward to a target group.
func (c *Call) loadBalancersOf(group *store.Resource) []string {
	var out []string
	for _, r := range c.routes(group.ID) {
		if r.Type == listenerRuleType {
			r = c.Find(listenerType, r.Inputs.String("listenerArn"))
		}
		if r != nil {
			out = append(out, r.Inputs.String("loadBalancerArn"))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
