package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// isHTTP tells protocols of requests from those of connections.
func isHTTP(protocol string) bool { return protocol == "HTTP" || protocol == "HTTPS" }

// targetGroupChecks are the rules for how a target group checks and treats its targets.
func targetGroupChecks() []Check {
	return []Check{
		oneOf("healthCheck.protocol", "HTTP", "HTTPS", "TCP", "http", "https", "tcp"),
		matching("healthCheck.path", `^/`, "must begin with /"), characters("healthCheck.path", 1, 1024),
		matching("healthCheck.port", `^(traffic-port|\d{1,5})$`, "must be a port or traffic-port"),
		within("healthCheck.interval", 5, 300), within("healthCheck.timeout", 2, 120), checkTimeout,
		within("healthCheck.healthyThreshold", 2, 10), within("healthCheck.unhealthyThreshold", 2, 10),
		oneOf("stickiness.type", "lb_cookie", "app_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto"),
		within("stickiness.cookieDuration", 0, 604800), checkStickiness, checkHealthProtocol, checkSlowStart,
		oneOf("loadBalancingAlgorithmType", "round_robin", "least_outstanding_requests", "weighted_random"),
		oneOf("loadBalancingAnomalyMitigation", "on", "off"),
		oneOf("loadBalancingCrossZoneEnabled", "true", "false", "use_load_balancer_configuration"),
		oneOf("preserveClientIp", "true", "false"),
	}
}

func checkTimeout(in store.Values) []Problem {
	timeout, ok1 := at(in, "healthCheck.timeout").(float64)
	interval, ok2 := at(in, "healthCheck.interval").(float64)
	// Only checks of requests must end before the next begins; those of connections may overlap.
	if ok1 && ok2 && timeout >= interval && (isHTTP(in.String("protocol")) || in.String("targetType") == "lambda") {
		return []Problem{{"healthCheck.timeout", fmt.Sprintf("health check timeout %v must be smaller than the interval %v", timeout, interval)}}
	}
	return nil
}

// checkTarget demands what all targets but functions need, and what load balancers as targets allow.
func checkTarget(in store.Values) []Problem {
	kind := in.String("targetType")
	if kind == "lambda" || (in.Has("targetType") && !in.Known("targetType")) {
		return nil
	}
	var out []Problem
	for _, required := range []string{"port", "protocol", "vpcId"} {
		if !in.Has(required) {
			out = append(out, Problem{required, fmt.Sprintf("%s should be set when targetType is not lambda", required)})
		}
	}
	if kind == "alb" && in.Known("protocol") && in.String("protocol") != "TCP" {
		out = append(out, Problem{"protocol", fmt.Sprintf("Protocol '%s' is not supported for target groups with target type 'alb': it must be TCP", in.String("protocol"))})
	}
	if in.Has("protocolVersion") && in.Known("protocol") && !isHTTP(in.String("protocol")) {
		out = append(out, Problem{"protocolVersion", fmt.Sprintf("protocolVersion is not supported for target groups with protocol %s", in.String("protocol"))})
	}
	return out
}

func checkHealthProtocol(in store.Values) []Problem {
	protocol := strings.ToUpper(in.Object("healthCheck").String("protocol"))
	switch {
	case protocol == "TCP" && isHTTP(in.String("protocol")):
		return []Problem{{"healthCheck.protocol", "Health check protocol 'TCP' is not supported for target groups with protocol " + in.String("protocol")}}
	case protocol == "TCP" && in.String("targetType") == "alb":
		return []Problem{{"healthCheck.protocol", "Health check protocol 'TCP' is not supported for target groups with target type 'alb'"}}
	case protocol != "TCP":
		return nil
	}
	var out []Problem
	for _, name := range []string{"path", "matcher"} {
		if in.Object("healthCheck").Has(name) {
			out = append(out, Problem{"healthCheck." + name, fmt.Sprintf("healthCheck.%s cannot be specified when healthCheck.protocol is TCP", name)})
		}
	}
	return out
}

// checkStickiness demands a kind of stickiness that the group's protocol can have.
func checkStickiness(in store.Values) []Problem {
	s, protocol := in.Object("stickiness"), in.String("protocol")
	kind := s.String("type")
	if kind == "" || protocol == "" {
		return nil
	}
	cookies := slices.Contains([]string{"lb_cookie", "app_cookie"}, kind)
	switch {
	case cookies != isHTTP(protocol) && protocol != "GENEVE":
		return []Problem{{"stickiness.type", fmt.Sprintf("Stickiness type '%s' is not supported for target groups with the %s protocol", kind, protocol)}}
	case protocol == "TLS" && s.Bool("enabled"):
		return []Problem{{"stickiness.enabled", "You cannot enable stickiness on target groups with the TLS protocol"}}
	case kind == "app_cookie" && !s.Has("cookieName"):
		return []Problem{{"stickiness.cookieName", "stickiness.cookieName is required when stickiness.type is app_cookie"}}
	}
	return nil
}

func checkSlowStart(in store.Values) []Problem {
	n, ok := at(in, "slowStart").(float64)
	if !ok || n == 0 || (n >= 30 && n <= 900) {
		return nil
	}
	return []Problem{{"slowStart", fmt.Sprintf("expected slowStart to be 0 or in the range 30 to 900, got %v", n)}}
}
