package sandbox

import (
	"strings"
	"testing"
)

const (
	tCapacity      = "aws:ecs/capacityProvider:CapacityProvider"
	tProviders     = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
	tApplication   = "aws:codedeploy/application:Application"
	tDeployConfig  = "aws:codedeploy/deploymentConfig:DeploymentConfig"
	tDeployGroup   = "aws:codedeploy/deploymentGroup:DeploymentGroup"
	tNamespace     = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"
	tHTTPNamespace = "aws:servicediscovery/httpNamespace:HttpNamespace"
	tDiscovery     = "aws:servicediscovery/service:Service"
	tEndpoint      = "aws:ec2/vpcEndpoint:VpcEndpoint"
	tFlowLog       = "aws:ec2/flowLog:FlowLog"
)

// newBlueGreen makes a service on capacity providers that CodeDeploy deploys and DNS finds, and its network's parts.
func newBlueGreen(t *testing.T) *estate {
	t.Helper()
	s := newEstate(t, "")
	vpc, subnets := s.network()
	role := s.add("role", tRole, props{"name": "deploy", "assumeRolePolicy": trust})
	cluster := s.add("cluster", tCluster, props{"name": "shop"})
	group := s.add("capacity", tCapacity, props{"name": "machines", "autoScalingGroupProvider": props{
		"autoScalingGroupArn": "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:1:autoScalingGroupName/g"}})
	s.add("providers", tProviders, props{"clusterName": "shop", "capacityProviders": []any{"FARGATE", "FARGATE_SPOT", group.out("name")},
		"defaultCapacityProviderStrategies": []any{props{"capacityProvider": "FARGATE", "base": 1, "weight": 1}}})
	lb := s.add("lb", tLB, props{"name": "shop", "subnets": subnets, "internal": true})
	var groups []any
	for _, colour := range []string{"blue", "green"} {
		g := s.add(colour, tTargets, props{"name": colour, "port": 80, "protocol": "HTTP", "targetType": "ip", "vpcId": vpc})
		groups = append(groups, props{"name": g.out("name")})
	}
	listener := s.add("listener", tListener, props{"loadBalancerArn": lb.id, "port": 80, "protocol": "HTTP", "defaultActions": forward(s.things["blue"].id)})
	task := s.add("task", tTask, props{"family": "web", "requiresCompatibilities": []any{"FARGATE"}, "networkMode": "awsvpc", "cpu": "256", "memory": "512",
		"volumes": []any{props{"name": "data", "efsVolumeConfiguration": props{"fileSystemId": "fs-1", "transitEncryption": "ENABLED",
			"authorizationConfig": props{"accessPointId": "fsap-1", "iam": "ENABLED"}}}},
		"containerDefinitions": `[{"name":"web","image":"web","portMappings":[{"containerPort":80}],"mountPoints":[{"sourceVolume":"data","containerPath":"/data"}]}]`})
	namespace := s.add("namespace", tNamespace, props{"name": "shop.internal", "vpc": vpc})
	discovery := s.add("discovery", tDiscovery, props{"name": "web", "healthCheckCustomConfig": props{},
		"dnsConfig": props{"namespaceId": namespace.id, "dnsRecords": []any{props{"type": "A", "ttl": 10}}}})
	s.add("service", tService, props{"name": "web", "cluster": cluster.id, "taskDefinition": task.out("arn"), "desiredCount": 1,
		"capacityProviderStrategies": []any{props{"capacityProvider": "FARGATE_SPOT", "weight": 1}}, "deploymentController": props{"type": "CODE_DEPLOY"},
		"networkConfiguration": props{"subnets": subnets}, "serviceRegistries": props{"registryArn": discovery.out("arn")},
		"loadBalancers": []any{props{"containerName": "web", "containerPort": 80, "targetGroupArn": s.things["blue"].id}}})
	s.add("application", tApplication, props{"name": "shop", "computePlatform": "ECS"})
	config := s.add("config", tDeployConfig, props{"deploymentConfigName": "slow", "computePlatform": "ECS",
		"trafficRoutingConfig": props{"type": "TimeBasedLinear", "timeBasedLinear": props{"interval": 1, "percentage": 10}}})
	s.add("group", tDeployGroup, props{"appName": "shop", "deploymentGroupName": "web", "serviceRoleArn": role.out("arn"), "deploymentConfigName": config.id,
		"deploymentStyle":           props{"deploymentOption": "WITH_TRAFFIC_CONTROL", "deploymentType": "BLUE_GREEN"},
		"blueGreenDeploymentConfig": props{"deploymentReadyOption": props{"actionOnTimeout": "CONTINUE_DEPLOYMENT"}},
		"ecsService":                props{"clusterName": "shop", "serviceName": "web"},
		"loadBalancerInfo":          props{"targetGroupPairInfo": props{"prodTrafficRoute": props{"listenerArns": []any{listener.id}}, "targetGroups": groups}}})
	s.add("http", tHTTPNamespace, props{"name": "shop"})
	own := s.add("vpc", tVpc, props{"cidrBlock": "10.5.0.0/16"})
	table := s.add("table", tTable, props{"vpcId": own.id})
	s.add("s3", tEndpoint, props{"vpcId": own.id, "serviceName": "com.amazonaws.us-east-1.s3", "routeTableIds": []any{table.id}})
	s.add("secrets", tEndpoint, props{"vpcId": vpc, "serviceName": "com.amazonaws.us-east-1.secretsmanager", "vpcEndpointType": "Interface",
		"subnetIds": subnets, "privateDnsEnabled": true})
	s.add("flow", tFlowLog, props{"vpcId": own.id, "trafficType": "ALL", "logDestinationType": "s3", "logDestination": "arn:aws:s3:::logs"})
	return s
}

func TestBlueGreen(t *testing.T) {
	s := newBlueGreen(t)
	if _, given := s.things["service"].outputs["launchType"]; given {
		t.Error("a service on capacity providers has a launch type")
	}
	if got := s.things["application"].id; !strings.HasSuffix(got, ":shop") {
		t.Errorf("application %s", got)
	}
	if got := s.things["group"].out("computePlatform"); got != "ECS" {
		t.Errorf("the group's platform is %s", got)
	}
	if n := len(s.things["secrets"].outputs["networkInterfaceIds"].ArrayValue()); n != 3 {
		t.Errorf("the interface endpoint has %d interfaces", n)
	}
	list, err := s.invoke("aws:ec2/getPrefixList:getPrefixList", props{"name": "com.amazonaws.us-east-1.s3"})
	if err != nil || list["id"].StringValue() != s.things["s3"].out("prefixListId") {
		t.Errorf("the gateway endpoint's prefix list is %s, the function's %v, %v", s.things["s3"].out("prefixListId"), list["id"], err)
	}
	service := s.things["service"]
	wantError(t, s.update(service, with(mappable(service), props{"taskDefinition": "web:1"})), "Unable to update task definition on services with a CODE_DEPLOY deployment controller")
	for key, want := range map[string]string{
		"capacity": "associated with cluster: shop", "providers": "is in use and cannot be removed", "namespace": "Namespace has associated services",
		"discovery": "contains registered instances", "config": "DeploymentConfigInUseException",
	} {
		wantError(t, s.delete(s.things[key]), want)
	}
	s.verify()
}

func TestBlueGreenRefusals(t *testing.T) {
	s := newBlueGreen(t)
	vpc, subnets := s.network()
	service := with(s.given("service"), props{"name": "x", "deploymentController": nil, "serviceRegistries": nil})
	task := with(s.given("task"), props{"containerDefinitions": `[{"name":"web","image":"web"}]`})
	volume := func(change props) props {
		return with(task, props{"volumes": []any{with(props{"name": "data"}, change)}})
	}
	s.refuse(map[string]refusal{
		"two ways to launch":   {tService, with(service, props{"launchType": "FARGATE"}), "both a launch type and capacity provider strategy"},
		"no such provider":     {tService, with(service, props{"capacityProviderStrategies": []any{props{"capacityProvider": "none"}}}), "not associated with the cluster"},
		"providers mixed":      {tService, with(service, props{"capacityProviderStrategies": []any{props{"capacityProvider": "FARGATE"}, props{"capacityProvider": "machines"}}}), "cannot contain a mix"},
		"two bases":            {tService, with(service, props{"capacityProviderStrategies": []any{props{"capacityProvider": "FARGATE", "base": 1}, props{"capacityProvider": "FARGATE_SPOT", "base": 1}}}), "can have a base defined"},
		"breaker":              {tService, with(s.given("service"), props{"name": "x", "deploymentCircuitBreaker": props{"enable": true, "rollback": true}}), "only with ECS deployment controller"},
		"registry":             {tService, with(service, props{"serviceRegistries": props{"registryArn": "arn:none"}}), "The service registry arn:none does not exist"},
		"unknown volume":       {tTask, with(s.given("task"), props{"volumes": nil}), "Unknown volume 'data'."},
		"volume of host":       {tTask, volume(props{"hostPath": "/data"}), "do not support volumes of the host"},
		"volume unencrypted":   {tTask, volume(props{"efsVolumeConfiguration": props{"fileSystemId": "fs-1", "authorizationConfig": props{"iam": "ENABLED"}}}), "transit encryption must be enabled"},
		"proxy":                {tTask, with(task, props{"volumes": nil, "proxyConfiguration": props{"containerName": "envoy"}}), "envoy is not in the list of containers"},
		"operating system":     {tTask, with(task, props{"runtimePlatform": props{"operatingSystemFamily": "PLAN9"}}), "operatingSystemFamily"},
		"provider's name":      {tCapacity, with(s.given("capacity"), props{"name": "fargate-x"}), "cannot begin with"},
		"provider taken":       {tCapacity, s.given("capacity"), "already exists"},
		"providers of nothing": {tProviders, props{"clusterName": "none"}, "ClusterNotFoundException"},
		"application taken":    {tApplication, s.given("application"), "ApplicationAlreadyExistsException"},
		"config without hosts": {tDeployConfig, props{"deploymentConfigName": "x"}, "minimumHealthyHosts is required"},
		"config's percentage":  {tDeployConfig, with(s.given("config"), props{"deploymentConfigName": "x", "trafficRoutingConfig": props{"type": "TimeBasedCanary", "timeBasedCanary": props{"interval": 1, "percentage": 100}}}), "range 1 to 99"},
		"group taken":          {tDeployGroup, s.given("group"), "DeploymentGroupAlreadyExistsException"},
		"group's application":  {tDeployGroup, with(s.given("group"), props{"appName": "none"}), "No application found for name: none"},
		"group's config":       {tDeployGroup, with(s.given("group"), props{"deploymentGroupName": "x", "deploymentConfigName": nil}), "is for compute platform Server"},
		"group in place":       {tDeployGroup, with(s.given("group"), props{"deploymentGroupName": "x", "deploymentStyle": nil}), "InvalidDeploymentStyleException"},
		"group's service":      {tDeployGroup, with(s.given("group"), props{"deploymentGroupName": "x", "ecsService": props{"clusterName": "shop", "serviceName": "none"}}), "The ECS service cannot be found"},
		"one target group":     {tDeployGroup, with(s.given("group"), props{"deploymentGroupName": "x", "loadBalancerInfo": nil}), "needs a pair of target groups"},
		"namespace taken":      {tNamespace, s.given("namespace"), "NamespaceAlreadyExists"},
		"service of nowhere":   {tDiscovery, props{"name": "x", "namespaceId": "ns-none"}, "The namespace ns-none does not exist"},
		"discovery taken":      {tDiscovery, s.given("discovery"), "ServiceAlreadyExists"},
		"private health check": {tDiscovery, with(s.given("discovery"), props{"name": "x", "healthCheckCustomConfig": nil, "healthCheckConfig": props{"type": "HTTP"}}), "not supported for services of private DNS namespaces"},
		"endpoint's service":   {tEndpoint, props{"vpcId": vpc, "serviceName": "com.amazonaws.eu-west-1.s3"}, "InvalidServiceName"},
		"endpoint's type":      {tEndpoint, props{"vpcId": vpc, "serviceName": "com.amazonaws.us-east-1.secretsmanager"}, "does not match available service types"},
		"endpoint's name":      {tEndpoint, with(s.given("secrets"), props{"subnetIds": []any{subnets[0]}}), "conflicting DNS domain"},
		"endpoint's table":     {tEndpoint, s.given("s3"), "RouteAlreadyExists"},
		"gateway in subnets":   {tEndpoint, props{"vpcId": vpc, "serviceName": "com.amazonaws.us-east-1.s3", "subnetIds": subnets}, "not supported for VPC endpoints of type Gateway"},
		"flow of nothing":      {tFlowLog, props{"trafficType": "ALL"}, "exactly one of"},
		"flow without role":    {tFlowLog, props{"vpcId": vpc, "trafficType": "ALL", "logGroupName": "x"}, "DeliverLogsPermissionArn can't be empty"},
	})
	group := s.things["group"]
	s.create(tApplication, "other", props{"name": "other", "computePlatform": "ECS"})
	wantError(t, s.update(group, with(mappable(group), props{"appName": "other"})), "DeploymentGroupDoesNotExistException")
}

func TestBlueGreenChanges(t *testing.T) {
	s := newBlueGreen(t)
	records := func(typ string, ttl int) props {
		return props{"namespaceId": s.things["namespace"].id, "dnsRecords": []any{props{"type": typ, "ttl": ttl}}}
	}
	spot := []any{props{"capacityProvider": "FARGATE", "weight": 1}}
	s.diffs(map[string]change{
		"strategy":              {"service", props{"capacityProviderStrategies": spot}, "capacityProviderStrategies"},
		"strategy, forced":      {"service", props{"capacityProviderStrategies": spot, "forceNewDeployment": true}, ""},
		"controller":            {"service", props{"deploymentController": props{"type": "EXTERNAL"}}, "deploymentController"},
		"volume":                {"task", props{"volumes": nil}, "volumes"},
		"group's machines":      {"capacity", props{"autoScalingGroupProvider": props{"autoScalingGroupArn": "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:2:autoScalingGroupName/h"}}, "autoScalingGroupProvider"},
		"cluster's providers":   {"providers", props{"capacityProviders": []any{"FARGATE"}}, ""},
		"application name":      {"application", props{"name": "x"}, ""},
		"application platform":  {"application", props{"computePlatform": "Lambda"}, "computePlatform"},
		"routing":               {"config", props{"trafficRoutingConfig": props{"type": "AllAtOnce"}}, "trafficRoutingConfig"},
		"group's name":          {"group", props{"deploymentGroupName": "x"}, ""},
		"record's lifetime":     {"discovery", props{"dnsConfig": records("A", 60)}, ""},
		"record's type":         {"discovery", props{"dnsConfig": records("SRV", 10)}, "dnsConfig"},
		"namespace description": {"namespace", props{"description": "x"}, ""},
		"endpoint's tables":     {"s3", props{"routeTableIds": []any{}}, ""},
		"endpoint's service":    {"s3", props{"serviceName": "com.amazonaws.us-east-1.dynamodb"}, "serviceName"},
		"flow's traffic":        {"flow", props{"trafficType": "REJECT"}, "trafficType"},
	})
}
