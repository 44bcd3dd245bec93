package aws

import (
	"cmp"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	deployApplicationType = "aws:codedeploy/application:Application"
	deployConfigType      = "aws:codedeploy/deploymentConfig:DeploymentConfig"
	deployGroupType       = "aws:codedeploy/deploymentGroup:DeploymentGroup"
)

func deployApplication() *Kind {
	return &Kind{
		Type: deployApplicationType, Label: "CodeDeploy Application", Random: true, Name: "name", MaxName: 100,
		Conflict: func(name string) error {
			return errorf("ApplicationAlreadyExistsException", "Application already exists: %s", name)
		},
		Replace:  []string{"computePlatform"},
		Checks:   []Check{characters("name", 1, 100), oneOf("computePlatform", "Server", "Lambda", "ECS")},
		Defaults: func(*Call) store.Values { return store.Values{"computePlatform": "Server"} },
		Create: func(c *Call) (*Made, error) {
			name, id := c.In.String("name"), c.UUID("application")
			return &Made{ID: id + ":" + name, Outputs: store.Values{"applicationId": id, "arn": c.ARN("codedeploy", "application:"+name),
				"linkedToGithub": false, "githubAccountName": ""}}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) {
			return &Made{Outputs: store.Values{"arn": c.ARN("codedeploy", "application:"+c.In.String("name"))}}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

func deployConfig() *Kind {
	all := []string{"deploymentConfigName", "computePlatform", "minimumHealthyHosts", "trafficRoutingConfig", "zonalConfig"}
	return &Kind{
		Type: deployConfigType, Label: "CodeDeploy Deployment Config", Regional: true, Name: "deploymentConfigName", MaxName: 100,
		Conflict: func(name string) error {
			return errorf("DeploymentConfigAlreadyExistsException", "Deployment configuration already exists: %s", name)
		},
		Replace: all,
		Checks: []Check{characters("deploymentConfigName", 1, 100), notBeginning("deploymentConfigName", "CodeDeployDefault."),
			oneOf("computePlatform", "Server", "Lambda", "ECS"), oneOf("minimumHealthyHosts.type", "HOST_COUNT", "FLEET_PERCENT"),
			oneOf("trafficRoutingConfig.type", "TimeBasedCanary", "TimeBasedLinear", "AllAtOnce"), checkRoutingConfig},
		Defaults: func(*Call) store.Values { return store.Values{"computePlatform": "Server"} },
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("deploymentConfigName")
			return &Made{ID: name, Outputs: store.Values{"deploymentConfigId": c.UUID("config"), "arn": c.ARN("codedeploy", "deploymentconfig:"+name)}}, nil
		},
		InUse: func(r, by *store.Resource) error {
			return errorf("DeploymentConfigInUseException", "The deployment configuration %s is still in use by the deployment group %s", r.ID, by.Property("deploymentGroupName"))
		},
		Usual: Usual{1, 1, 1},
	}
}

// checkRoutingConfig demands the settings of the platform and of the kind of routing.
func checkRoutingConfig(in store.Values) []Problem {
	server := !in.Has("computePlatform") || in.String("computePlatform") == "Server"
	routing := in.Object("trafficRoutingConfig")
	switch kind := routing.String("type"); {
	case server && !in.Has("minimumHealthyHosts"):
		return []Problem{{"minimumHealthyHosts", "minimumHealthyHosts is required when computePlatform is Server"}}
	case !server && in.Has("minimumHealthyHosts"):
		return []Problem{{"minimumHealthyHosts", "minimumHealthyHosts is supported only when computePlatform is Server"}}
	case kind == "TimeBasedCanary" && !routing.Has("timeBasedCanary"):
		return []Problem{{"trafficRoutingConfig.timeBasedCanary", "timeBasedCanary is required when type is TimeBasedCanary"}}
	case kind == "TimeBasedLinear" && !routing.Has("timeBasedLinear"):
		return []Problem{{"trafficRoutingConfig.timeBasedLinear", "timeBasedLinear is required when type is TimeBasedLinear"}}
	}
	return slices.Concat(within("timeBasedCanary.percentage", 1, 99)(routing), within("timeBasedLinear.percentage", 1, 99)(routing))
}

func deployGroup() *Kind {
	return &Kind{
		Type: deployGroupType, Label: "CodeDeploy Deployment Group", Random: true,
		Checks: []Check{characters("deploymentGroupName", 1, 100),
			oneOf("deploymentStyle.deploymentOption", "WITH_TRAFFIC_CONTROL", "WITHOUT_TRAFFIC_CONTROL"), oneOf("deploymentStyle.deploymentType", "IN_PLACE", "BLUE_GREEN"),
			oneOf("blueGreenDeploymentConfig.deploymentReadyOption.actionOnTimeout", "CONTINUE_DEPLOYMENT", "STOP_DEPLOYMENT"),
			oneOf("blueGreenDeploymentConfig.terminateBlueInstancesOnDeploymentSuccess.action", "TERMINATE", "KEEP_ALIVE"),
			within("blueGreenDeploymentConfig.terminateBlueInstancesOnDeploymentSuccess.terminationWaitTimeInMinutes", 0, 2880),
			oneOf("outdatedInstancesStrategy", "UPDATE", "IGNORE"), checkRollback},
		Defaults: func(*Call) store.Values {
			return store.Values{"deploymentConfigName": "CodeDeployDefault.OneAtATime", "outdatedInstancesStrategy": "UPDATE", "terminationHookEnabled": false,
				"deploymentStyle": map[string]any{"deploymentOption": "WITHOUT_TRAFFIC_CONTROL", "deploymentType": "IN_PLACE"}}
		},
		Refs: []Ref{
			{Path: "appName", To: deployApplicationType, Owned: true, Missing: missing("ApplicationDoesNotExistException", "No application found for name: %s")},
			{Path: "deploymentConfigName", To: deployConfigType, Builtin: func(v string) bool { return strings.HasPrefix(v, "CodeDeployDefault.") },
				Missing: missing("DeploymentConfigDoesNotExistException", "No deployment configuration found for name: %s")},
			{Path: "serviceRoleArn", To: roleType, Loose: true, Missing: missing("InvalidRoleException", "AWS CodeDeploy does not have the permissions required to assume the role %s.")},
			{Path: "loadBalancerInfo.targetGroupPairInfo.prodTrafficRoute.listenerArns[]", To: listenerType, Loose: true,
				Missing: missing("InvalidTargetGroupPairException", "The listener %s does not exist.")},
			{Path: "loadBalancerInfo.targetGroupPairInfo.testTrafficRoute.listenerArns[]", To: listenerType, Loose: true,
				Missing: missing("InvalidTargetGroupPairException", "The listener %s does not exist.")},
			{Path: "loadBalancerInfo.targetGroupPairInfo.targetGroups[].name", To: targetGroupType, Loose: true,
				Missing: missing("InvalidTargetGroupPairException", "The target group %s does not exist.")},
		},
		Create: func(c *Call) (*Made, error) {
			if err := groupDeployable(c, nil); err != nil {
				return nil, err
			}
			id := c.UUID("group")
			return &Made{ID: id, Outputs: c.deploymentGroupOutputs().Over(store.Values{"deploymentGroupId": id})}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) {
			// The provider changes groups by name within the application that is asked for.
			if c.In.String("appName") != prior.Inputs.String("appName") {
				return nil, errorf("DeploymentGroupDoesNotExistException", "No Deployment Group found for name: %s", prior.Inputs.String("deploymentGroupName"))
			}
			return &Made{Outputs: c.deploymentGroupOutputs()}, groupDeployable(c, prior)
		},
		Usual: Usual{2, 2, 1},
	}
}

func (c *Call) deploymentGroupOutputs() store.Values {
	app := c.Find(deployApplicationType, c.In.String("appName"))
	return store.Values{"computePlatform": app.Property("computePlatform"),
		"arn": c.ARN("codedeploy", "deploymentgroup:"+c.In.String("appName")+"/"+c.In.String("deploymentGroupName"))}
}

func checkRollback(in store.Values) []Problem {
	events := in.Object("autoRollbackConfiguration").Strings("events")
	for _, e := range events {
		if !slices.Contains([]string{"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"}, e) {
			return []Problem{{"autoRollbackConfiguration.events", "expected DEPLOYMENT_FAILURE, DEPLOYMENT_STOP_ON_ALARM or DEPLOYMENT_STOP_ON_REQUEST, got " + e}}
		}
	}
	return nil
}

// groupDeployable demands a free name, a configuration of the application's platform, and for ECS the service, two
// target groups and a blue-green deployment.
func groupDeployable(c *Call, prior *store.Resource) error {
	name := c.In.String("deploymentGroupName")
	for _, r := range c.all(deployGroupType) {
		if r.Inputs.String("appName") == c.In.String("appName") && r.Inputs.String("deploymentGroupName") == name && (prior == nil || prior.Key != r.Key) {
			return errorf("DeploymentGroupAlreadyExistsException", "Deployment group name already exists: %s", name)
		}
	}
	platform := c.Find(deployApplicationType, c.In.String("appName")).Property("computePlatform")
	config := cmp.Or(c.In.String("deploymentConfigName"), "CodeDeployDefault.OneAtATime")
	if has := c.configPlatform(config); has != platform {
		return errorf("InvalidDeploymentConfigNameException", "Deployment configuration %s is for compute platform %s and cannot be used with %s.", config, has, platform)
	}
	style := c.In.Object("deploymentStyle")
	blueGreen := style.String("deploymentType") == "BLUE_GREEN" && style.String("deploymentOption") == "WITH_TRAFFIC_CONTROL"
	switch {
	case platform != "Server" && !blueGreen:
		return errorf("InvalidDeploymentStyleException", "For %s deployment groups, the deployment type must be BLUE_GREEN and the deployment option WITH_TRAFFIC_CONTROL.", platform)
	case platform == "ECS":
		return c.ecsDeployable()
	case c.In.Has("ecsService"):
		return errorf("InvalidInputException", "Deployment groups of compute platform %s cannot have an ECS service.", platform)
	}
	return nil
}

// configPlatform gives the compute platform of a deployment configuration.
func (c *Call) configPlatform(name string) string {
	if r := c.Find(deployConfigType, name); r != nil {
		return r.Property("computePlatform")
	}
	for _, platform := range []string{"ECS", "Lambda"} {
		if strings.HasPrefix(name, "CodeDeployDefault."+platform) {
			return platform
		}
	}
	return "Server"
}

func (c *Call) ecsDeployable() error {
	service := c.In.Object("ecsService")
	if service == nil {
		return errorf("InvalidECSServiceException", "An ECS service must be specified.")
	}
	r := c.Find(serviceType, c.ARN("ecs", "service/"+service.String("clusterName")+"/"+service.String("serviceName")))
	pair := c.In.Object("loadBalancerInfo").Object("targetGroupPairInfo")
	switch {
	case r == nil:
		return errorf("InvalidECSServiceException", "The ECS service cannot be found: %s/%s", service.String("clusterName"), service.String("serviceName"))
	case r.Inputs.Object("deploymentController").String("type") != "CODE_DEPLOY":
		return errorf("InvalidECSServiceException", "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller.")
	case len(pair.Objects("targetGroups")) != 2 || len(pair.Object("prodTrafficRoute").Strings("listenerArns")) == 0:
		return errorf("InvalidLoadBalancerInfoException", "An ECS deployment group needs a pair of target groups and a listener for production traffic.")
	case !c.In.Has("blueGreenDeploymentConfig"):
		return errorf("InvalidBlueGreenDeploymentConfigurationException", "A blue/green deployment configuration is required for ECS deployment groups.")
	}
	return nil
}
