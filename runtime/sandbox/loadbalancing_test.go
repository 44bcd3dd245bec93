package sandbox

import (
	"strings"
	"testing"
)

const (
	tRule        = "aws:lb/listenerRule:ListenerRule"
	tListenerTLS = "aws:lb/listenerCertificate:ListenerCertificate"
	tTarget      = "aws:lb/targetGroupAttachment:TargetGroupAttachment"

	certificateARN = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-4333-a444-555555555555"
	otherARN       = "arn:aws:acm:us-east-1:123456789012:certificate/99999999-2222-4333-a444-555555555555"
	certificates   = "certificates: {shop.example.com: {arn: \"" + certificateARN + "\"}, other.example.com: {arn: \"" + otherARN + "\"}}\n"
)

func forward(targets string) []any { return []any{props{"type": "forward", "targetGroupArn": targets}} }

func pathRule(listener, targets string, priority any) props {
	return props{"listenerArn": listener, "priority": priority, "actions": forward(targets),
		"conditions": []any{props{"pathPattern": props{"values": []any{"/api/*"}}}}}
}

// newBalancers makes an application and a network load balancer with listeners, rules and targets of every sort.
func newBalancers(t *testing.T) *estate {
	t.Helper()
	s := newEstate(t, certificates)
	vpc, subnets := s.network()
	app := s.add("app", tLB, props{"name": "app", "subnets": subnets, "internal": true})
	targets := s.add("targets", tTargets, props{"name": "web", "port": 80, "protocol": "HTTP", "targetType": "ip", "vpcId": vpc,
		"stickiness": props{"type": "app_cookie", "cookieName": "session"}})
	function := s.add("function", tTargets, props{"name": "function", "targetType": "lambda"})
	listener := s.add("listener", tListener, props{"loadBalancerArn": app.id, "port": 443, "protocol": "HTTPS", "certificateArn": certificateARN,
		"defaultActions": []any{props{"type": "fixed-response", "fixedResponse": props{"contentType": "text/plain", "statusCode": "404"}}}})
	s.add("certificate", tListenerTLS, props{"listenerArn": listener.id, "certificateArn": otherARN})
	s.add("rule", tRule, pathRule(listener.id, targets.id, 10))
	s.add("next", tRule, with(pathRule(listener.id, "", nil), props{"actions": []any{props{"type": "forward", "forward": props{
		"targetGroups": []any{props{"arn": targets.id, "weight": 9}, props{"arn": function.id, "weight": 1}}}}}}))
	s.add("address", tTarget, props{"targetGroupArn": targets.id, "targetId": "172.31.0.9", "port": 80})
	s.add("lambda", tTarget, props{"targetGroupArn": function.id, "targetId": "arn:aws:lambda:us-east-1:123456789012:function:f"})
	net := s.add("net", tLB, props{"name": "net", "loadBalancerType": "network", "subnets": subnets, "internal": true})
	tcp := s.add("tcp", tTargets, props{"name": "tcp", "port": 443, "protocol": "TCP", "targetType": "alb", "vpcId": vpc,
		"healthCheck": props{"protocol": "HTTPS", "path": "/"}})
	s.add("behind", tTarget, props{"targetGroupArn": tcp.id, "targetId": app.id, "port": 443})
	s.add("stream", tListener, props{"loadBalancerArn": net.id, "port": 443, "protocol": "TCP", "defaultActions": forward(tcp.id)})
	return s
}

func TestLoadBalancing(t *testing.T) {
	s := newBalancers(t)
	if got := s.things["next"].outputs["priority"].NumberValue(); got != 11 {
		t.Errorf("the rule without a priority has %v, want the one after the last, 11", got)
	}
	if arn := s.things["rule"].out("arn"); !strings.HasPrefix(arn, strings.Replace(s.things["listener"].id, ":listener/", ":listener-rule/", 1)+"/") {
		t.Errorf("the rule's ARN is %s", arn)
	}
	if dns := s.things["net"].out("dnsName"); !strings.HasSuffix(dns, ".elb.us-east-1.amazonaws.com") {
		t.Errorf("the network load balancer is %s", dns)
	}
	if _, given := s.things["net"].outputs["idleTimeout"]; given || s.things["net"].outputs["enableCrossZoneLoadBalancing"].BoolValue() {
		t.Error("a network load balancer has the defaults of an application load balancer")
	}
	if check := s.things["tcp"].outputs["healthCheck"].ObjectValue(); check["path"].StringValue() != "/" {
		t.Errorf("health check is %v", check)
	}
	if n := len(s.things["app"].outputs["securityGroups"].ArrayValue()); n != 1 {
		t.Errorf("the application load balancer has %d security groups, want the network's default one", n)
	}
	wantError(t, s.delete(s.things["function"]), "is currently in use by a listener or a rule")
	s.verify()
}

// TestBalancerTakesItsRulesAlong: listeners go with their load balancer, and rules with their listeners.
func TestBalancerTakesItsRulesAlong(t *testing.T) {
	s := newBalancers(t)
	if err := s.delete(s.things["app"]); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"listener", "certificate", "rule", "next"} {
		if s.read(s.things[key]).Found {
			t.Errorf("%s outlives its load balancer", key)
		}
	}
	if !s.read(s.things["targets"]).Found || !s.read(s.things["address"]).Found {
		t.Error("target groups and their targets outlive the load balancer")
	}
}

func TestLoadBalancingRefusals(t *testing.T) {
	s := newBalancers(t)
	listener, targets, tcp := s.things["listener"].id, s.things["targets"].id, s.things["tcp"].id
	other := s.create(tVpc, "other", props{"cidrBlock": "10.9.0.0/16"})
	far := s.create(tTargets, "far", props{"name": "far", "port": 80, "protocol": "HTTP", "targetType": "ip", "vpcId": other.id})
	rule := pathRule(listener, targets, 20)
	s.refuse(map[string]refusal{
		"priority taken":         {tRule, with(rule, props{"priority": 10}), "PriorityInUse: Priority '10' is currently in use"},
		"priority range":         {tRule, with(rule, props{"priority": 50001}), "range 1 to 50000"},
		"rule of no listener":    {tRule, with(rule, props{"listenerArn": "arn:none"}), "ListenerNotFound"},
		"rule on network":        {tRule, with(rule, props{"listenerArn": s.things["stream"].id}), "UnsupportedOperation"},
		"rule to no group":       {tRule, with(rule, props{"actions": forward("arn:none")}), "TargetGroupNotFound"},
		"rule without condition": {tRule, with(rule, props{"conditions": []any{}}), "at least one condition"},
		"condition of two kinds": {tRule, with(rule, props{"conditions": []any{props{"pathPattern": props{"values": []any{"/"}}, "hostHeader": props{"values": []any{"a"}}}}}), "exactly one of hostHeader"},
		"six values":             {tRule, with(rule, props{"conditions": []any{props{"pathPattern": props{"values": []any{"a", "b", "c", "d", "e", "f"}}}}}), "up to 5 condition values"},
		"sender":                 {tRule, with(rule, props{"conditions": []any{props{"sourceIp": props{"values": []any{"10.0.0.1/8"}}}}}), "not a valid CIDR block"},
		"forward to nothing":     {tRule, with(rule, props{"actions": []any{props{"type": "forward"}}}), "exactly one of targetGroupArn, forward"},
		"redirect to nothing":    {tRule, with(rule, props{"actions": []any{props{"type": "redirect"}}}), "redirect is required when type is redirect"},
		"response status":        {tRule, with(rule, props{"actions": []any{props{"type": "fixed-response", "fixedResponse": props{"contentType": "text/plain", "statusCode": "301"}}}}), "must be 2XX, 4XX or 5XX"},
		"weight":                 {tRule, with(rule, props{"actions": []any{props{"type": "forward", "forward": props{"targetGroups": []any{props{"arn": targets, "weight": 1000}}}}}}), "range 0 to 999"},
		"group of another VPC":   {tRule, with(rule, props{"actions": forward(far.id)}), "not in the VPC"},
		"group of another layer": {tRule, with(rule, props{"actions": forward(tcp)}), "TargetGroupAssociationLimit"},
		"listener's layer":       {tListener, with(s.given("stream"), props{"port": 80, "protocol": "HTTP"}), "Listener protocol 'HTTP' must be one of 'TCP, TLS, UDP, TCP_UDP'"},
		"response on network":    {tListener, with(s.given("stream"), props{"port": 80, "defaultActions": s.given("listener")["defaultActions"]}), "InvalidLoadBalancerAction"},
		"needless certificate":   {tListener, with(s.given("listener"), props{"port": 80, "protocol": "HTTP"}), "Certificates are not supported for HTTP listeners"},
		"further certificate":    {tListenerTLS, props{"listenerArn": listener, "certificateArn": "arn:aws:acm:none"}, "CertificateNotFound"},
		"certificate on TCP":     {tListenerTLS, props{"listenerArn": s.things["stream"].id, "certificateArn": otherARN}, "not supported for TCP listeners"},
		"address outside":        {tTarget, props{"targetGroupArn": targets, "targetId": "10.1.1.1"}, "Availability Zone of 'all'"},
		"no address":             {tTarget, props{"targetGroupArn": targets, "targetId": "i-0123"}, "not a valid IPv4 address"},
		"no balancer behind":     {tTarget, props{"targetGroupArn": tcp, "targetId": s.things["net"].id}, "is not an Application Load Balancer"},
		"second function":        {tTarget, props{"targetGroupArn": s.things["function"].id, "targetId": "arn:aws:lambda:us-east-1:123456789012:function:g"}, "TooManyTargets"},
		"TCP check of HTTP":      {tTargets, with(s.given("targets"), props{"name": "x", "healthCheck": props{"protocol": "TCP"}}), "not supported for target groups with protocol HTTP"},
		"path of TCP check":      {tTargets, with(s.given("tcp"), props{"name": "x", "targetType": "ip", "healthCheck": props{"protocol": "TCP", "path": "/"}}), "healthCheck.path cannot be specified"},
		"cookie on TCP":          {tTargets, with(s.given("tcp"), props{"name": "x", "stickiness": props{"type": "lb_cookie"}}), "Stickiness type 'lb_cookie' is not supported"},
		"cookie without name":    {tTargets, with(s.given("targets"), props{"name": "x", "stickiness": props{"type": "app_cookie"}}), "stickiness.cookieName is required"},
		"slow start":             {tTargets, with(s.given("targets"), props{"name": "x", "slowStart": 10}), "0 or in the range 30 to 900"},
		"balancer as HTTP":       {tTargets, with(s.given("tcp"), props{"name": "x", "protocol": "HTTP"}), "must be TCP"},
		"subnets twice":          {tLB, with(s.given("net"), props{"name": "x", "subnetMappings": []any{}}), "exactly one of subnets, subnetMappings"},
		"fixed address":          {tLB, with(s.given("app"), props{"name": "x", "subnets": nil, "subnetMappings": []any{props{"subnetId": s.things["app"].inputs["subnets"].ArrayValue()[0], "privateIpv4Address": "172.31.0.4"}}}), "Fixed addresses are supported for network load balancers only"},
	})
}

func TestLoadBalancingChanges(t *testing.T) {
	s := newBalancers(t)
	subnets := s.things["net"].inputs["subnets"].ArrayValue()
	s.diffs(map[string]change{
		"priority":              {"rule", props{"priority": 12}, ""},
		"conditions":            {"rule", props{"conditions": []any{props{"hostHeader": props{"values": []any{"a"}}}}}, ""},
		"rule's listener":       {"rule", props{"listenerArn": "other"}, "listenerArn"},
		"certificate":           {"certificate", props{"certificateArn": "other"}, "certificateArn"},
		"target":                {"address", props{"targetId": "172.31.0.10"}, "targetId"},
		"port of target":        {"address", props{"port": 81}, "port"},
		"stickiness":            {"targets", props{"stickiness": props{"type": "lb_cookie"}}, ""},
		"first security group":  {"net", props{"securityGroups": []any{"sg-1"}}, "securityGroups"},
		"group of application":  {"app", props{"securityGroups": []any{"sg-1"}}, ""},
		"subnet less":           {"net", props{"subnets": []any{subnets[0], subnets[1]}}, "subnets"},
		"subnet of application": {"app", props{"subnets": []any{subnets[0], subnets[1]}}, ""},
		"fixed response":        {"listener", props{"defaultActions": forward("other")}, ""},
	})
	rule := s.things["rule"]
	wantError(t, s.update(rule, with(mappable(rule), props{"priority": 11})), "PriorityInUse")
	if err := s.update(rule, with(mappable(rule), props{"priority": 12})); err != nil {
		t.Fatal(err)
	}
	if err := s.update(s.things["app"], with(s.given("app"), props{"enableDeletionProtection": true})); err != nil {
		t.Fatal(err)
	}
	wantError(t, s.delete(s.things["app"]), "deletion protection is enabled")
}
