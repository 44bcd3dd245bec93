package aws

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const targetGroupType = "aws:lb/targetGroup:TargetGroup"

func targetGroup() *Kind {
	return &Kind{
		Type: targetGroupType, Label: "ELBv2 Target Group",
		Name: "name", MaxName: 32,
		Conflict: func(name string) error {
			return errorf("DuplicateTargetGroupName", "A target group with the same name '%s' exists, but with different settings", name)
		},
		Replace: []string{"name", "namePrefix", "port", "protocol", "protocolVersion", "targetType", "vpcId", "ipAddressType"},
		Checks: append(targetGroupChecks(),
			matching("name", `^.{1,32}$`, "cannot be longer than 32 characters"),
			matching("name", balancerNames, "only letters, digits and single hyphens are allowed, a hyphen neither first nor last"),
			oneOf("protocol", "HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"),
			oneOf("targetType", "instance", "ip", "lambda", "alb"),
			oneOf("protocolVersion", "HTTP1", "HTTP2", "GRPC"), oneOf("ipAddressType", "ipv4", "ipv6"),
			within("port", 1, 65535), within("deregistrationDelay", 0, 3600), checkTarget,
		),
		Defaults: targetGroupDefaults,
		Refs:     []Ref{{Path: "vpcId", To: vpcType, Missing: missing("ValidationError", "The VPC ID '%s' is not found")}},
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

// targetGroupDefaults depend on the layer that the group works on: requests, connections, or calls of a function.
func targetGroupDefaults(c *Call) store.Values {
	check := map[string]any{"enabled": true, "interval": 30, "healthyThreshold": 5, "unhealthyThreshold": 2, "port": "traffic-port"}
	out := store.Values{"targetType": "instance", "deregistrationDelay": 300, "slowStart": 0, "proxyProtocolV2": false,
		"lambdaMultiValueHeadersEnabled": false, "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration", "healthCheck": check}
	stickiness := map[string]any{"enabled": false, "type": "lb_cookie", "cookieDuration": 86400}
	switch kind := c.In.String("targetType"); {
	case kind == "lambda":
		check["enabled"], check["interval"], check["timeout"], check["path"], check["matcher"] = false, 35, 30, "/", "200"
		delete(check, "port")
		return out
	case isHTTP(c.In.String("protocol")):
		check["timeout"], check["path"], check["protocol"], check["matcher"] = 5, "/", "HTTP", "200"
		out["loadBalancingAlgorithmType"], out["loadBalancingAnomalyMitigation"] = "round_robin", "off"
		out["protocolVersion"] = "HTTP1"
		if c.In.String("protocolVersion") == "GRPC" {
			check["path"], check["matcher"] = "/AWS.ALB/healthcheck", "12"
		}
	case kind == "alb":
		check["timeout"], check["path"], check["protocol"], check["matcher"] = 6, "/", "HTTP", "200-399"
		stickiness["type"] = "source_ip"
	default:
		check["timeout"], check["protocol"] = 10, "TCP"
		stickiness["type"] = "source_ip"
		out["connectionTermination"] = false
		out["preserveClientIp"] = fmt.Sprint(kind != "ip" || strings.Contains(c.In.String("protocol"), "UDP"))
	}
	if c.In.String("targetType") != "alb" {
		out["ipAddressType"] = "ipv4"
	}
	out["stickiness"] = stickiness
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
