package aws

import (
	"encoding/json"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/panka-io/panka/runtime/sandbox/internal/cfn"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// ecsServiceModel are the properties of AWS::ECS::Service, as far as the simulated service knows what they do.
var ecsServiceModel = cfn.Object(map[string]cfn.Model{
	"ServiceName": cfn.Text, "Cluster": cfn.Text, "TaskDefinition": cfn.Text, "DesiredCount": cfn.Integer(0, 5000),
	"LaunchType": cfn.Choice("EC2", "FARGATE", "EXTERNAL"), "PlatformVersion": cfn.Text,
	"SchedulingStrategy":            cfn.Choice("REPLICA", "DAEMON"),
	"PropagateTags":                 cfn.Choice("SERVICE", "TASK_DEFINITION", "NONE"),
	"HealthCheckGracePeriodSeconds": cfn.Integer(0, math.MaxInt32),
	"CapacityProviderStrategy": cfn.List(cfn.Object(map[string]cfn.Model{
		"CapacityProvider": cfn.Text, "Weight": cfn.Integer(0, 1000), "Base": cfn.Integer(0, 100000)})),
	"PlacementStrategies": cfn.List(cfn.Object(map[string]cfn.Model{
		"Type": cfn.Choice("binpack", "random", "spread"), "Field": cfn.Text})),
	"Tags": cfn.List(cfn.Object(map[string]cfn.Model{"Key": cfn.Text, "Value": cfn.Text})),
	"NetworkConfiguration": cfn.Object(map[string]cfn.Model{"AwsvpcConfiguration": cfn.Object(map[string]cfn.Model{
		"Subnets": cfn.List(cfn.Text), "SecurityGroups": cfn.List(cfn.Text), "AssignPublicIp": cfn.Choice("ENABLED", "DISABLED")})}),
	"LoadBalancers": cfn.List(cfn.Object(map[string]cfn.Model{
		"ContainerName": cfn.Text, "ContainerPort": cfn.Integer(1, 65535), "TargetGroupArn": cfn.Text,
		"AdvancedConfiguration": cfn.Object(map[string]cfn.Model{
			"AlternateTargetGroupArn": cfn.Text, "ProductionListenerRule": cfn.Text, "TestListenerRule": cfn.Text, "RoleArn": cfn.Text})})),
	"DeploymentConfiguration": cfn.Object(map[string]cfn.Model{
		"Strategy": cfn.Choice("ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"), "BakeTimeInMinutes": cfn.Integer(0, 1440),
		"MinimumHealthyPercent": cfn.Integer(0, 100), "MaximumPercent": cfn.Integer(0, 200000),
		"CanaryConfiguration": cfn.Object(map[string]cfn.Model{
			"CanaryPercent": cfn.Number(0.1, 100), "CanaryBakeTimeInMinutes": cfn.Integer(0, 1440)}),
		"DeploymentCircuitBreaker": cfn.Object(map[string]cfn.Model{"Enable": cfn.Truth, "Rollback": cfn.Truth}),
		"Alarms": cfn.Object(map[string]cfn.Model{
			"AlarmNames": cfn.List(cfn.Text), "Enable": cfn.Truth, "Rollback": cfn.Truth}),
	}),
})

// desiredState parses the JSON text of a resource that Cloud Control makes.
func desiredState(in store.Values) (map[string]any, error) {
	var state map[string]any
	err := json.Unmarshal([]byte(in.String("desiredState")), &state)
	return state, err
}

// serviceOf gives an AWS::ECS::Service in the form of the SDK's service, with what that has no arguments for under
// deploymentConfiguration and advancedConfiguration.
func serviceOf(in store.Values) store.Values {
	state, err := desiredState(in)
	if err != nil {
		return store.Values{}
	}
	service := store.Values(lowered(state).(map[string]any))
	move := func(from, to string) {
		if v, ok := service[from]; ok {
			delete(service, from)
			service[to] = v
		}
	}
	move("serviceName", "name")
	move("capacityProviderStrategy", "capacityProviderStrategies")
	move("placementStrategies", "orderedPlacementStrategies")
	if network := service.Object("networkConfiguration").Object("awsvpcConfiguration"); network != nil {
		network["assignPublicIp"] = network.String("assignPublicIp") == "ENABLED"
		service["networkConfiguration"] = map[string]any(network)
	}
	tags := map[string]any{}
	for _, tag := range service.Objects("tags") {
		tags[tag.String("key")] = tag.String("value")
	}
	service["tags"] = tags
	if !service.Has("desiredCount") {
		service["desiredCount"] = 1.0
	}
	return service
}

// lowered gives a value with the first letters of its properties' names in lower case.
func lowered(v any) any {
	switch x := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(x))
		for name, e := range x {
			first, size := utf8.DecodeRuneInString(name)
			out[string(unicode.ToLower(first))+name[size:]] = lowered(e)
		}
		return out
	case []any:
		out := make([]any, len(x))
		for i, e := range x {
			out[i] = lowered(e)
		}
		return out
	}
	return v
}

// serviceARN is the first part of a service's identifier in Cloud Control, which the cluster follows.
func serviceARN(identifier string) string {
	arn, _, _ := strings.Cut(identifier, "|")
	return arn
}
