package sandbox

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/panka-io/panka/runtime/provider"
)

const tCloudControl = "aws:cloudcontrol/resource:Resource"

// desired is the JSON text of a service, with some of its properties changed; nil takes one out.
func (s *estate) desired(change props) string {
	s.t.Helper()
	_, subnets := s.network()
	state := with(props{
		"ServiceName": "web", "Cluster": s.things["cluster"].id, "TaskDefinition": s.things["task"].out("arn"), "LaunchType": "FARGATE",
		"DesiredCount": 2, "PropagateTags": "SERVICE", "Tags": []any{props{"Key": "panka:component", "Value": "app/web"}},
		"NetworkConfiguration": props{"AwsvpcConfiguration": props{"Subnets": subnets, "AssignPublicIp": "ENABLED"}},
		"LoadBalancers":        []any{s.pair(nil)},
		"DeploymentConfiguration": props{"Strategy": "CANARY", "BakeTimeInMinutes": 5,
			"CanaryConfiguration":      props{"CanaryPercent": 10, "CanaryBakeTimeInMinutes": 5},
			"DeploymentCircuitBreaker": props{"Enable": true, "Rollback": true}},
	}, change)
	text, err := json.Marshal(state)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// pair is the service's place behind the load balancer, with some of its advanced configuration changed.
func (s *estate) pair(change props) props {
	return props{"ContainerName": "web", "ContainerPort": 80, "TargetGroupArn": s.things["blue"].id, "AdvancedConfiguration": with(props{
		"AlternateTargetGroupArn": s.things["green"].id, "ProductionListenerRule": s.things["rule"].id, "RoleArn": s.things["role"].out("arn"),
	}, change)}
}

func (s *estate) controlled(change props) props {
	return props{"typeName": "AWS::ECS::Service", "desiredState": s.desired(change)}
}

// newShifted makes a service by Cloud Control that shifts requests, and what it needs.
func newShifted(t *testing.T) *estate {
	t.Helper()
	s := newEstate(t, "")
	vpc, subnets := s.network()
	s.add("cluster", tCluster, props{"name": "shop"})
	lb := s.add("lb", tLB, props{"name": "shop", "subnets": subnets, "internal": true})
	for _, colour := range []string{"blue", "green", "unused"} {
		s.add(colour, tTargets, props{"name": colour, "port": 80, "protocol": "HTTP", "targetType": "ip", "vpcId": vpc})
	}
	listener := s.add("listener", tListener, props{"loadBalancerArn": lb.id, "port": 80, "protocol": "HTTP", "defaultActions": forward(s.things["blue"].id)})
	weighted := func(group string, weight int) props { return props{"arn": s.things[group].id, "weight": weight} }
	s.add("rule", tRule, props{"listenerArn": listener.id, "priority": 1, "conditions": []any{props{"pathPattern": props{"values": []any{"/*"}}}},
		"actions": []any{props{"type": "forward", "forward": props{"targetGroups": []any{weighted("blue", 100), weighted("green", 0)}}}}})
	s.add("elsewhere", tRule, props{"listenerArn": listener.id, "priority": 2, "conditions": []any{props{"pathPattern": props{"values": []any{"/x"}}}},
		"actions": []any{props{"type": "fixed-response", "fixedResponse": props{"contentType": "text/plain", "statusCode": "404"}}}})
	s.add("role", tRole, props{"name": "traffic", "assumeRolePolicy": trustOf("ecs.amazonaws.com")})
	s.add("attached", tAttachment, props{"role": "traffic", "policyArn": "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"})
	s.add("weak", tRole, props{"name": "weak", "assumeRolePolicy": trustOf("ecs.amazonaws.com")})
	s.add("task", tTask, s.taskOf("web:1"))
	service := s.add("service", tCloudControl, s.controlled(nil))
	s.add("scaling", tScalable, props{"serviceNamespace": "ecs", "scalableDimension": "ecs:service:DesiredCount", "resourceId": "service/shop/web", "minCapacity": 2, "maxCapacity": 4})
	if want := s.things["cluster"].id; !strings.HasSuffix(service.id, ":service/shop/web|"+want) {
		t.Errorf("the service's identifier is %s", service.id)
	}
	return s
}

func (s *estate) taskOf(image string) props {
	return props{"family": "web", "requiresCompatibilities": []any{"FARGATE"}, "networkMode": "awsvpc", "cpu": "256", "memory": "512",
		"containerDefinitions": `[{"name":"web","image":"` + image + `","portMappings":[{"containerPort":80}]}]`}
}

func TestShiftedService(t *testing.T) {
	s := newShifted(t)
	wantError(t, s.delete(s.things["cluster"]), "ClusterContainsServicesException")
	_, err := s.tryCreate(tScalable, "other", with(s.given("scaling"), props{"resourceId": "service/shop/none"}))
	wantError(t, err, "ECS service doesn't exist")
	if h := s.health(s.things["service"]); h.Detail != "2/2 tasks running" {
		t.Errorf("it is %s: %s", h.Health, h.Detail)
	}
	s.verify()
}

// TestShiftedServiceGoesBack: a version that does not become well is an error, and what was there stays.
func TestShiftedServiceGoesBack(t *testing.T) {
	s := newShifted(t)
	service := s.things["service"]
	bad := s.create(tTask, "bad", s.taskOf("missing/web:2"))
	before := s.file()
	wantError(t, s.update(service, s.controlled(props{"TaskDefinition": bad.out("arn")})), "AWS went back: 0/2 tasks running: CannotPullContainerError")
	if s.file() != before {
		t.Error("a version that was undone changed the account")
	}
	_, err := s.tryCreate(tCloudControl, "other", s.controlled(props{"ServiceName": "other", "TaskDefinition": bad.out("arn")}))
	wantError(t, err, "AWS went back")
	if s.file() != before {
		t.Error("a service that never was well is in the account")
	}
	good := s.create(tTask, "good", s.taskOf("web:3"))
	if err := s.update(service, s.controlled(props{"TaskDefinition": good.out("arn")})); err != nil {
		t.Fatal(err)
	}
	var now struct{ TaskDefinition, ServiceArn string }
	if err := json.Unmarshal([]byte(service.out("properties")), &now); err != nil || now.TaskDefinition != good.out("arn") || !strings.HasPrefix(service.id, now.ServiceArn+"|") {
		t.Errorf("its properties are %+v, %v", now, err)
	}
}

func TestShiftedServiceFaults(t *testing.T) {
	s := newShifted(t)
	s.account.config.Faults = []faultConfig{{Type: tCloudControl, Operation: "update", Times: 1, Error: "alarm errors went off", Partial: true}}
	more := s.controlled(props{"DesiredCount": 3})
	wantError(t, s.update(s.things["service"], more), "AWS went back: alarm errors went off")
	if err := s.update(s.things["service"], more); err != nil {
		t.Error(err)
	}
}

func TestShiftedServiceRefusals(t *testing.T) {
	s := newShifted(t)
	named := func(change props) props { return s.controlled(with(props{"ServiceName": "x"}, change)) }
	advanced := func(change props) props { return named(props{"LoadBalancers": []any{s.pair(change)}}) }
	deployed := func(d props) props { return named(props{"DeploymentConfiguration": d}) }
	s.refuse(map[string]refusal{
		"another type":     {tCloudControl, props{"typeName": "AWS::S3::Bucket", "desiredState": "{}"}, "typeName"},
		"no JSON":          {tCloudControl, props{"typeName": "AWS::ECS::Service", "desiredState": "{"}, "is not the JSON text of an object"},
		"unknown property": {tCloudControl, named(props{"Servicename": "x"}), "extraneous key [Servicename] is not permitted"},
		"type":             {tCloudControl, named(props{"DesiredCount": "2"}), "expected type: integer, found: string"},
		"name":             {tCloudControl, named(props{"ServiceName": "a b"}), "only letters, digits, hyphens and underscores"},
		"strategy":         {tCloudControl, deployed(props{"Strategy": "BLUEGREEN"}), "BLUEGREEN is not a valid enum value"},
		"canary of another": {tCloudControl, deployed(props{"Strategy": "BLUE_GREEN", "CanaryConfiguration": props{"CanaryPercent": 5}}),
			"can only be specified with the CANARY deployment strategy"},
		"bake of rolling":   {tCloudControl, deployed(props{"Strategy": "ROLLING", "BakeTimeInMinutes": 5}), "strategies that shift traffic"},
		"too long":          {tCloudControl, deployed(props{"Strategy": "CANARY", "BakeTimeInMinutes": 1440, "CanaryConfiguration": props{"CanaryBakeTimeInMinutes": 1440}}), "more than 33 hours"},
		"name taken":        {tCloudControl, s.controlled(nil), "Creation of service was not idempotent"},
		"placement":         {tCloudControl, named(props{"PlacementStrategies": []any{props{"Type": "pack"}}}), "pack is not a valid enum value"},
		"cluster":           {tCloudControl, named(props{"Cluster": "none"}), "Cluster not found"},
		"task":              {tCloudControl, named(props{"TaskDefinition": "none:1"}), "TaskDefinition not found"},
		"container":         {tCloudControl, named(props{"LoadBalancers": []any{with(s.pair(nil), props{"ContainerName": "x"})}}), "container x does not exist"},
		"no alternate":      {tCloudControl, advanced(props{"AlternateTargetGroupArn": nil}), "alternateTargetGroupArn is required"},
		"alternate alike":   {tCloudControl, advanced(props{"AlternateTargetGroupArn": s.things["blue"].id}), "must differ"},
		"alternate nowhere": {tCloudControl, advanced(props{"AlternateTargetGroupArn": s.things["unused"].id}), "does not have an associated load balancer"},
		"rule":              {tCloudControl, advanced(props{"ProductionListenerRule": "arn:none"}), "The listener rule arn:none does not exist"},
		"rule of others":    {tCloudControl, advanced(props{"ProductionListenerRule": s.things["elsewhere"].id}), "forwards to neither"},
		"role":              {tCloudControl, advanced(props{"RoleArn": "arn:aws:iam::123456789012:role/none"}), "Unable to assume the role"},
		"role without":      {tCloudControl, advanced(props{"RoleArn": s.things["weak"].out("arn")}), "not authorized to perform: elasticloadbalancing:ModifyRule"},
	})
}

func TestShiftedServiceChanges(t *testing.T) {
	s := newShifted(t)
	to := func(change props) props { return props{"desiredState": s.desired(change)} }
	s.diffs(map[string]change{
		"task":     {"service", to(props{"TaskDefinition": "web:2"}), ""},
		"strategy": {"service", to(props{"DeploymentConfiguration": props{"Strategy": "BLUE_GREEN"}}), ""},
		"name":     {"service", to(props{"ServiceName": "x"}), "desiredState"},
		"launch":   {"service", to(props{"LaunchType": nil}), "desiredState"},
	})
	d, _ := s.diff(s.things["service"], with(s.given("service"), props{"desiredState": "\n" + s.desired(nil)}))
	if len(d.Changed) > 0 {
		t.Errorf("a space in the text changes %v", d.Changed)
	}
}

// TestShiftedServiceIsFound: what an interrupted run made is found again.
func TestShiftedServiceIsFound(t *testing.T) {
	s := newShifted(t)
	service := s.things["service"]
	id, found, err := s.p.Find(t.Context(), service.urn, service.inputs)
	if err != nil || !found || id != service.id {
		t.Errorf("found %s, %v, %v", id, found, err)
	}
	r, err := s.p.Read(t.Context(), provider.ReadRequest{URN: service.urn, ID: service.id})
	if err != nil || !r.Found || r.Inputs["typeName"].StringValue() != "AWS::ECS::Service" {
		t.Errorf("read %v, %v", r, err)
	}
}
