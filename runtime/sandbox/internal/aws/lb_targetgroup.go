package aws

import (
	"fmt"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	targetGroupType = "aws:lb/targetGroup:TargetGroup"
	listenerType    = "aws:lb/listener:Listener"
)

func targetGroup() *Kind {
	protocols := []string{"HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"}
	return &Kind{
		Type: targetGroupType, Label: "ELBv2 Target Group",
		Name: "name", MaxName: 32,
		Conflict: func(name string) error {
			return errorf("DuplicateTargetGroupName", "A target group with the same name '%s' exists, but with different settings", name)
		},
		Replace: []string{"name", "namePrefix", "port", "protocol", "protocolVersion", "targetType", "vpcId", "ipAddressType"},
		Checks: []Check{
			matching("name", `^.{1,32}$`, "cannot be longer than 32 characters"),
			matching("name", balancerNames, "only letters, digits and single hyphens are allowed, a hyphen neither first nor last"),
			oneOf("protocol", protocols...), oneOf("targetType", "instance", "ip", "lambda", "alb"),
			oneOf("protocolVersion", "HTTP1", "HTTP2", "GRPC"), oneOf("ipAddressType", "ipv4", "ipv6"),
			oneOf("healthCheck.protocol", append(protocols, "http", "https", "tcp")...),
			matching("healthCheck.path", `^/`, "must begin with /"),
			matching("healthCheck.port", `^(traffic-port|\d{1,5})$`, "must be a port or traffic-port"),
			within("healthCheck.interval", 5, 300), within("healthCheck.timeout", 2, 120), checkTimeout,
			within("healthCheck.healthyThreshold", 2, 10), within("healthCheck.unhealthyThreshold", 2, 10),
			within("port", 1, 65535), within("deregistrationDelay", 0, 3600), checkTarget,
		},
		Defaults: func(*Call) store.Values {
			return store.Values{"targetType": "instance", "deregistrationDelay": 300, "slowStart": 0, "proxyProtocolV2": false,
				"lambdaMultiValueHeadersEnabled": false, "protocolVersion": "HTTP1", "ipAddressType": "ipv4",
				"loadBalancingAlgorithmType": "round_robin", "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration",
				"healthCheck": map[string]any{"enabled": true, "interval": 30, "timeout": 5, "healthyThreshold": 5, "unhealthyThreshold": 2,
					"path": "/", "port": "traffic-port", "protocol": "HTTP", "matcher": "200"},
				"stickiness": map[string]any{"enabled": false, "type": "lb_cookie", "cookieDuration": 86400}}
		},
		Refs: []Ref{{Path: "vpcId", To: vpcType, Missing: missing("ValidationError", "The VPC ID '%s' is not found")}},
		Create: func(c *Call) (*Made, error) {
			suffix := "targetgroup/" + c.In.String("name") + "/" + c.Hex("targetgroup", 16)
			arn := c.ARN("elasticloadbalancing", suffix)
			return &Made{ID: arn, Outputs: store.Values{"arn": arn, "arnSuffix": suffix, "loadBalancerArns": []any{}}}, nil
		},
		InUse: func(r, _ *store.Resource) error {
			return errorf("ResourceInUse", "Target group '%s' is currently in use by a listener or a rule", r.ID)
		},
		Unwell: targetsUnwell,
		Usual:  Usual{2, 2, 2},
	}
}

func checkTimeout(in store.Values) []Problem {
	timeout, ok1 := at(in, "healthCheck.timeout").(float64)
	interval, ok2 := at(in, "healthCheck.interval").(float64)
	if ok1 && ok2 && timeout >= interval {
		return []Problem{{"healthCheck.timeout", fmt.Sprintf("health check timeout %v must be smaller than the interval %v", timeout, interval)}}
	}
	return nil
}

// checkTarget demands what all targets but functions need.
func checkTarget(in store.Values) []Problem {
	if in.Has("targetType") && in.String("targetType") == "lambda" {
		return nil
	}
	var out []Problem
	for _, required := range []string{"port", "protocol", "vpcId"} {
		if !in.Has(required) {
			out = append(out, Problem{required, fmt.Sprintf("%s should be set when targetType is not lambda", required)})
		}
	}
	return out
}

// targetsUnwell says why the tasks behind a target group are not healthy targets.
func targetsUnwell(c *Call, r *store.Resource) string {
	for _, s := range c.all(serviceType) {
		for _, arn := range s.Inputs.At("loadBalancers[].targetGroupArn") {
			if arn != r.ID {
				continue
			}
			if why := serviceUnwell(c, s); why != "" {
				return "no healthy targets: " + why
			}
		}
	}
	return ""
}

func listener() *Kind {
	return &Kind{
		Type: listenerType, Label: "ELBv2 Listener",
		Replace: []string{"loadBalancerArn"},
		Checks: []Check{
			oneOf("protocol", "HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"),
			within("port", 1, 65535),
			eachObject("defaultActions", oneOf("type", "forward", "redirect", "fixed-response", "authenticate-cognito", "authenticate-oidc"),
				oneOf("redirect.statusCode", "HTTP_301", "HTTP_302")),
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{}
			if p := c.In.String("protocol"); p == "HTTPS" || p == "TLS" {
				out["sslPolicy"] = "ELBSecurityPolicy-2016-08"
			}
			return out
		},
		Refs: []Ref{
			{Path: "loadBalancerArn", To: loadBalancerType, Owned: true, Missing: func(arn string) error {
				return errorf("LoadBalancerNotFound", "Load balancer '%s' not found", arn)
			}},
			{Path: "defaultActions[].targetGroupArn", To: targetGroupType, Missing: groupNotFound},
			{Path: "defaultActions[].forward.targetGroups[].arn", To: targetGroupType, Missing: groupNotFound},
		},
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

func groupNotFound(arn string) error {
	return errorf("TargetGroupNotFound", "Target group '%s' not found", arn)
}

func listenerTargets(in store.Values) []string {
	return append(in.At("defaultActions[].targetGroupArn"), in.At("defaultActions[].forward.targetGroups[].arn")...)
}

// listenerFits demands a free port, a certificate where one is needed, and target groups that may be used.
func listenerFits(c *Call, prior *store.Resource) error {
	lb := c.In.String("loadBalancerArn")
	for _, r := range c.all(listenerType) {
		if (prior == nil || r.Key != prior.Key) && r.Inputs.String("loadBalancerArn") == lb && r.Inputs.Int("port") == c.In.Int("port") {
			return errorf("DuplicateListener", "A listener already exists on this port for this load balancer '%s'", lb)
		}
	}
	certificate := c.In.String("certificateArn")
	switch secure := c.In.String("protocol") == "HTTPS" || c.In.String("protocol") == "TLS"; {
	case secure && certificate == "":
		return errorf("ValidationError", "A certificate must be specified for %s listeners", c.In.String("protocol"))
	case certificate != "" && c.Tx.Document().Certificates[certificate] == nil:
		return errorf("CertificateNotFound", "Certificate '%s' not found", certificate)
	}
	for _, arn := range listenerTargets(c.In) {
		group := c.Find(targetGroupType, arn)
		for _, other := range c.loadBalancersOf(group) {
			if other != lb {
				return errorf("TargetGroupAssociationLimit", "The following target groups cannot be associated with more than one load balancer: %s", arn)
			}
		}
	}
	return nil
}
