package aws

import (
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const serviceType = "aws:ecs/service:Service"

func ecsService() *Kind {
	return &Kind{
		Type: serviceType, Label: "ECS Service",
		Name: "name", MaxName: 255,
		Conflict: func(string) error {
			return errorf("InvalidParameterException", "Creation of service was not idempotent.")
		},
		Replace:   []string{"cluster", "launchType", "name", "schedulingStrategy", "iamRole", "deploymentController"},
		ReplaceIf: replaceStrategy,
		Checks: []Check{
			oneOf("deploymentController.type", "ECS", "CODE_DEPLOY", "EXTERNAL"),
			eachObject("capacityProviderStrategies", within("base", 0, 100000), within("weight", 0, 1000)), checkLaunch,
			matching("name", `^[0-9A-Za-z_-]{1,255}$`, "only letters, digits, hyphens and underscores, up to 255"),
			oneOf("launchType", "EC2", "FARGATE", "EXTERNAL"),
			oneOf("schedulingStrategy", "REPLICA", "DAEMON"),
			oneOf("propagateTags", "SERVICE", "TASK_DEFINITION", "NONE"),
			oneOf("availabilityZoneRebalancing", "ENABLED", "DISABLED"),
			within("desiredCount", 0, 5000), within("healthCheckGracePeriodSeconds", 0, 2147483647),
			within("deploymentMinimumHealthyPercent", 0, 100), within("deploymentMaximumPercent", 1, 200000),
			eachObject("loadBalancers", within("containerPort", 0, 65535)),
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"deploymentMaximumPercent": 200, "deploymentMinimumHealthyPercent": 100, "desiredCount": 0,
				"schedulingStrategy": "REPLICA", "platformVersion": "LATEST", "propagateTags": "NONE",
				"enableEcsManagedTags": false, "enableExecuteCommand": false, "waitForSteadyState": false,
				"iamRole": "/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS", "availabilityZoneRebalancing": "DISABLED",
				"deploymentController": map[string]any{"type": "ECS"}}
			if !c.In.Has("capacityProviderStrategies") {
				out["launchType"] = "EC2"
			}
			return out
		},
		Refs: []Ref{
			{Path: "cluster", To: clusterType, Missing: func(string) error { return errorf("ClusterNotFoundException", "Cluster not found.") }},
			{Path: "taskDefinition", To: taskDefinitionType, Loose: true,
				Missing: func(string) error { return errorf("ClientException", "TaskDefinition not found.") }},
			{Path: "networkConfiguration.subnets[]", To: subnetType, Missing: missing("InvalidParameterException",
				"Error retrieving subnet information for [%[1]s]: The subnet ID '%[1]s' does not exist (ErrorCode: InvalidSubnetID.NotFound)")},
			{Path: "networkConfiguration.securityGroups[]", To: securityGroupType, Missing: missing("InvalidParameterException",
				"Error retrieving security group information for [%[1]s]: The security group '%[1]s' does not exist (ErrorCode: InvalidGroup.NotFound)")},
			{Path: "loadBalancers[].targetGroupArn", To: targetGroupType, Loose: true,
				Missing: missing("InvalidParameterException", "The target group %s does not exist.")},
			{Path: "serviceRegistries.registryArn", To: discoveryServiceType,
				Missing: missing("InvalidParameterException", "The service registry %s does not exist.")},
		},
		Create: func(c *Call) (*Made, error) {
			if c.Find(clusterType, clusterName(c.In.String("cluster"))) == nil {
				return nil, errorf("ClusterNotFoundException", "Cluster not found.")
			}
			if err := serviceFits(c); err != nil {
				return nil, err
			}
			return &Made{ID: c.ARN("ecs", "service/"+clusterName(c.In.String("cluster"))+"/"+c.In.String("name"))}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) {
			if err := controllerAllows(c.In, prior.Inputs); err != nil {
				return nil, err
			}
			return nil, serviceFits(c)
		},
		Unwell: serviceUnwell,
		Detail: serviceDetail,
		Steady: func(in store.Values) bool { return in.Bool("waitForSteadyState") },
		Usual:  Usual{60, 90, 45},
	}
}

// serviceFits demands that the service and its task definition, network and target groups go together.
func serviceFits(c *Call) error {
	task := c.Find(taskDefinitionType, c.In.String("taskDefinition"))
	if task == nil {
		return errorf("InvalidParameterException", "TaskDefinition can not be blank.")
	}
	if c.In.String("launchType") == "FARGATE" && !slices.Contains(task.Inputs.Strings("requiresCompatibilities"), "FARGATE") {
		return errorf("InvalidParameterException", "Task definition does not support launch_type FARGATE.")
	}
	if err := c.strategyFits(task); err != nil {
		return err
	}
	network := c.In.Object("networkConfiguration")
	isVpc := task.Inputs.String("networkMode") == "awsvpc"
	if isVpc && network == nil {
		return errorf("InvalidParameterException", "Network Configuration must be provided when networkMode 'awsvpc' is specified.")
	}
	if isVpc {
		for _, s := range c.subnetsOf(network.Strings("subnets")) {
			for _, g := range network.Strings("securityGroups") {
				if c.vpcOf(securityGroupType, g) != s.Property("vpcId") {
					return errorf("InvalidParameterException", "Security groups [%s] and subnets [%s] belong to different networks.", g, s.ID)
				}
			}
		}
	}
	for _, lb := range c.In.Objects("loadBalancers") {
		if err := targetFits(c, task, lb, isVpc); err != nil {
			return err
		}
	}
	return nil
}

func targetFits(c *Call, task *store.Resource, lb store.Values, isVpc bool) error {
	name, port := lb.String("containerName"), lb.Int("containerPort")
	containers := task.Derived.Objects("containers")
	i := slices.IndexFunc(containers, func(v store.Values) bool { return v.String("name") == name })
	if i < 0 {
		return errorf("InvalidParameterException", "The container %s does not exist in the task definition.", name)
	}
	if ports, _ := containers[i]["ports"].([]any); !slices.Contains(ports, any(float64(port))) {
		return errorf("InvalidParameterException", "The container %s did not have a container port %d defined.", name, port)
	}
	group := c.Find(targetGroupType, lb.String("targetGroupArn"))
	if group == nil {
		return nil
	}
	if t := group.Property("targetType"); isVpc && t != "ip" {
		return errorf("InvalidParameterException", "The provided target group %s has target type %s, which is incompatible with "+
			"the awsvpc network mode specified in the task definition.", group.ID, t)
	}
	if len(c.loadBalancersOf(group)) == 0 {
		return errorf("InvalidParameterException", "The target group with targetGroupArn %s does not have an associated load balancer.", group.ID)
	}
	return nil
}
