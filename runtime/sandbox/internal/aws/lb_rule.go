package aws

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	listenerRuleType        = "aws:lb/listenerRule:ListenerRule"
	listenerCertificateType = "aws:lb/listenerCertificate:ListenerCertificate"
)

var listenerMissing = missing("ListenerNotFound", "Listener '%s' not found")

func listenerRule() *Kind {
	return &Kind{
		Type: listenerRuleType, Label: "ELBv2 Listener Rule",
		Replace: []string{"listenerArn"},
		Checks: append(actionChecks("actions"), within("priority", 1, 50000), eachObject("conditions", exactlyOne("hostHeader", "httpHeader",
			"httpRequestMethod", "pathPattern", "queryStrings", "sourceIp"), checkSources), checkConditionValues),
		Refs: append([]Ref{{Path: "listenerArn", To: listenerType, Owned: true, Missing: listenerMissing}}, actionRefs("actions")...),
		Create: func(c *Call) (*Made, error) {
			if err := ruleFits(c, nil); err != nil {
				return nil, err
			}
			l := c.Find(listenerType, c.In.String("listenerArn"))
			arn := c.ARN("elasticloadbalancing", "listener-rule/"+afterKind(l.ID)+"/"+c.Hex("rule", 16))
			return &Made{ID: arn, Outputs: store.Values{"arn": arn, "priority": c.rulePriority()}}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) { return nil, ruleFits(c, prior) },
		Usual:  Usual{1, 1, 1},
	}
}

// afterKind gives what follows the kind in an ARN's resource: app/name/1/2 of listener/app/name/1/2.
func afterKind(arn string) string {
	_, rest, _ := strings.Cut(arn, "/")
	return rest
}

// rulePriority gives the rule's priority: where none is asked for, the one after the listener's last.
func (c *Call) rulePriority() int {
	if n := c.In.Int("priority"); n != 0 {
		return n
	}
	last := 0
	for _, r := range c.rulesOf(c.In.String("listenerArn")) {
		last = max(last, priorityOf(r))
	}
	return last + 1
}

func (c *Call) rulesOf(listener string) []*store.Resource {
	var out []*store.Resource
	for _, r := range c.all(listenerRuleType) {
		if r.Inputs.String("listenerArn") == listener {
			out = append(out, r)
		}
	}
	return out
}

func priorityOf(r *store.Resource) int {
	return max(r.Inputs.Int("priority"), r.Outputs.Int("priority"))
}

// ruleFits demands a free priority and actions that the listener's load balancer can take.
func ruleFits(c *Call, prior *store.Resource) error {
	l := c.Find(listenerType, c.In.String("listenerArn"))
	lb := c.Find(loadBalancerType, l.Inputs.String("loadBalancerArn"))
	if kind := lb.Property("loadBalancerType"); kind != "application" {
		return errorf("UnsupportedOperation", "Rules are unsupported for listeners of load balancers of type '%s'", kind)
	}
	for _, r := range c.rulesOf(l.ID) {
		if (prior == nil || r.Key != prior.Key) && c.In.Has("priority") && priorityOf(r) == c.In.Int("priority") {
			return errorf("PriorityInUse", "Priority '%d' is currently in use", c.In.Int("priority"))
		}
	}
	return c.actionsFit(lb, l.Inputs.String("protocol"), c.In.Objects("actions"))
}

// checkSources demands networks in a condition on the sender.
func checkSources(in store.Values) []Problem {
	for _, s := range in.Object("sourceIp").Strings("values") {
		if p, err := netip.ParsePrefix(s); err != nil || p.Masked() != p {
			return []Problem{{"sourceIp.values", fmt.Sprintf("%q is not a valid CIDR block", s)}}
		}
	}
	return nil
}

// checkConditionValues demands that a rule has at least one and at most five values in its conditions.
func checkConditionValues(in store.Values) []Problem {
	conditions := in.Objects("conditions")
	if in.Known("conditions") && len(conditions) == 0 {
		return []Problem{{"conditions", "a rule must have at least one condition"}}
	}
	n := 0
	for _, c := range conditions {
		n += len(c.Objects("queryStrings"))
		for _, kind := range []string{"hostHeader", "httpHeader", "httpRequestMethod", "pathPattern", "sourceIp"} {
			n += len(c.Object(kind).Strings("values"))
		}
	}
	if n > 5 {
		return []Problem{{"conditions", fmt.Sprintf("a rule can have up to 5 condition values, got %d", n)}}
	}
	return nil
}

func listenerCertificate() *Kind {
	return &Kind{
		Type: listenerCertificateType, Label: "ELBv2 Listener Certificate", Idempotent: true,
		Replace: []string{"listenerArn", "certificateArn"},
		Refs: []Ref{{Path: "listenerArn", To: listenerType, Owned: true, Missing: listenerMissing},
			{Path: "certificateArn", To: certificateType, Missing: missing("CertificateNotFound", "Certificate '%s' not found")}},
		Create: func(c *Call) (*Made, error) {
			l, certificate := c.Find(listenerType, c.In.String("listenerArn")), c.In.String("certificateArn")
			if p := l.Inputs.String("protocol"); p != "HTTPS" && p != "TLS" {
				return nil, errorf("ValidationError", "Certificates are not supported for %s listeners", p)
			}
			if err := c.listenerCertificateFits(certificate); err != nil {
				return nil, err
			}
			return &Made{ID: l.ID + "_" + certificate}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}
