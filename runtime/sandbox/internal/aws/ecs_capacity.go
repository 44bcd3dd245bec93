package aws

import (
	"reflect"
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	capacityProviderType = "aws:ecs/capacityProvider:CapacityProvider"
	clusterProvidersType = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
)

func capacityProvider() *Kind {
	return &Kind{
		Type: capacityProviderType, Label: "ECS Capacity Provider", Name: "name", MaxName: 255,
		Conflict: func(string) error {
			return errorf("ClientException", "The specified capacity provider already exists. To change the configuration of an existing capacity provider, update the capacity provider.")
		},
		Replace: []string{"name"},
		ReplaceIf: func(old, new store.Values) []string {
			const list = "autoScalingGroupProvider"
			if !unsure(new[list]) && old.Object(list).String("autoScalingGroupArn") != new.Object(list).String("autoScalingGroupArn") {
				return []string{list}
			}
			return nil
		},
		Checks: []Check{
			matching("name", `^[0-9A-Za-z_-]{1,255}$`, "only letters, digits, hyphens and underscores, up to 255"),
			notBeginning("name", "aws"), notBeginning("name", "ecs"), notBeginning("name", "fargate"),
			matching("autoScalingGroupProvider.autoScalingGroupArn", `^arn:aws:autoscaling:[a-z0-9-]+:\d{12}:autoScalingGroup:.+$`, "must be the ARN of an Auto Scaling group"),
			oneOf("autoScalingGroupProvider.managedTerminationProtection", "ENABLED", "DISABLED"), oneOf("autoScalingGroupProvider.managedDraining", "ENABLED", "DISABLED"),
			oneOf("autoScalingGroupProvider.managedScaling.status", "ENABLED", "DISABLED"),
			within("autoScalingGroupProvider.managedScaling.targetCapacity", 1, 100), within("autoScalingGroupProvider.managedScaling.minimumScalingStepSize", 1, 10000),
			within("autoScalingGroupProvider.managedScaling.maximumScalingStepSize", 1, 10000), within("autoScalingGroupProvider.managedScaling.instanceWarmupPeriod", 0, 10000),
		},
		Create: func(c *Call) (*Made, error) {
			arn := c.ARN("ecs", "capacity-provider/"+c.In.String("name"))
			return &Made{ID: arn, Outputs: store.Values{"arn": arn}}, nil
		},
		InUse: func(_, by *store.Resource) error {
			return errorf("ClientException", "The capacity provider cannot be deleted because it is associated with cluster: %s. Remove the capacity provider from the cluster and try again.", by.ID)
		},
		Usual: Usual{2, 2, 10},
	}
}

func isFargate(provider string) bool { return provider == "FARGATE" || provider == "FARGATE_SPOT" }

func clusterCapacityProviders() *Kind {
	return &Kind{
		Type: clusterProvidersType, Label: "ECS Cluster Capacity Providers", Regional: true, Idempotent: true,
		Replace: []string{"clusterName"},
		Checks:  []Check{eachObject("defaultCapacityProviderStrategies", within("base", 0, 100000), within("weight", 0, 1000))},
		Refs: []Ref{
			{Path: "clusterName", To: clusterType, Owned: true, Missing: func(string) error { return errorf("ClusterNotFoundException", "Cluster not found.") }},
			{Path: "capacityProviders[]", To: capacityProviderType, Builtin: isFargate,
				Missing: missing("InvalidParameterException", "The specified capacity provider '%s' was not found.")},
		},
		Create: func(c *Call) (*Made, error) { return &Made{ID: c.In.String("clusterName")}, defaultStrategyFits(c) },
		Update: func(c *Call, _ *store.Resource) (*Made, error) {
			for _, s := range c.servicesOf(c.In.String("clusterName")) {
				for _, p := range s.Inputs.At("capacityProviderStrategies[].capacityProvider") {
					if !slices.Contains(c.In.Strings("capacityProviders"), p) {
						return nil, providerInUse()
					}
				}
			}
			return nil, defaultStrategyFits(c)
		},
		Delete: func(c *Call, r *store.Resource) error {
			for _, s := range c.servicesOf(r.ID) {
				if len(s.Inputs.Objects("capacityProviderStrategies")) > 0 {
					return providerInUse()
				}
			}
			return nil
		},
		Usual: Usual{5, 5, 5},
	}
}

func providerInUse() error {
	return errorf("ResourceInUseException", "The specified capacity provider is in use and cannot be removed.")
}

func (c *Call) servicesOf(cluster string) []*store.Resource {
	var out []*store.Resource
	for _, s := range c.all(serviceType) {
		if clusterName(s.Inputs.String("cluster")) == cluster {
			out = append(out, s)
		}
	}
	return out
}

func defaultStrategyFits(c *Call) error {
	return fromProviders(c.In.Objects("defaultCapacityProviderStrategies"), c.In.Strings("capacityProviders"))
}

// fromProviders demands a strategy of a cluster's providers, of which at most one has a base.
func fromProviders(strategy []store.Values, providers []string) error {
	bases := 0
	for _, s := range strategy {
		if !slices.Contains(providers, s.String("capacityProvider")) {
			return errorf("InvalidParameterException", "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster.")
		}
		if s.Int("base") > 0 {
			bases++
		}
	}
	if bases > 1 {
		return errorf("InvalidParameterException", "Only one capacity provider in a capacity provider strategy can have a base defined.")
	}
	return nil
}

// strategyFits demands that a service's strategy is of its cluster's providers and that its tasks run there.
func (c *Call) strategyFits(task *store.Resource) error {
	strategy := c.In.Objects("capacityProviderStrategies")
	if len(strategy) == 0 {
		return nil
	}
	var providers []string
	for _, r := range c.all(clusterProvidersType) {
		if r.ID == clusterName(c.In.String("cluster")) {
			providers = r.Inputs.Strings("capacityProviders")
		}
	}
	if err := fromProviders(strategy, providers); err != nil {
		return err
	}
	fargate := isFargate(strategy[0].String("capacityProvider"))
	for _, s := range strategy {
		if isFargate(s.String("capacityProvider")) != fargate {
			return errorf("InvalidParameterException", "A capacity provider strategy cannot contain a mix of capacity providers using Auto Scaling groups and Fargate providers. Specify one or the other and try again.")
		}
	}
	if fargate && !slices.Contains(task.Inputs.Strings("requiresCompatibilities"), "FARGATE") {
		return errorf("InvalidParameterException", "The provided capacity provider strategy is not compatible with the task definition's launch types.")
	}
	return nil
}

// replaceStrategy: without a forced deployment a service keeps its strategy, and with one that it has any.
func replaceStrategy(old, new store.Values) []string {
	const list = "capacityProviderStrategies"
	if unsure(new[list]) || reflect.DeepEqual(old[list], new[list]) {
		return nil
	}
	if new.Bool("forceNewDeployment") && (len(old.Objects(list)) == 0) == (len(new.Objects(list)) == 0) {
		return nil
	}
	return []string{list}
}

// checkLaunch refuses two ways to place tasks, and what a deployment by CodeDeploy does not have.
func checkLaunch(in store.Values) []Problem {
	switch controller := in.Object("deploymentController").String("type"); {
	case in.Has("launchType") && in.Has("capacityProviderStrategies"):
		return []Problem{{"capacityProviderStrategies", "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again."}}
	case controller != "" && controller != "ECS" && in.Object("deploymentCircuitBreaker").Bool("enable"):
		return []Problem{{"deploymentCircuitBreaker", "DeploymentCircuitBreaker feature can be configured only with ECS deployment controller."}}
	case controller == "CODE_DEPLOY" && !in.Has("loadBalancers"):
		return []Problem{{"loadBalancers", "a service with the CODE_DEPLOY deployment controller needs a load balancer"}}
	}
	return nil
}

// controllerAllows refuses changes that only CodeDeploy may make.
func controllerAllows(now, was store.Values) error {
	if now.Object("deploymentController").String("type") != "CODE_DEPLOY" {
		return nil
	}
	for property, what := range map[string]string{"taskDefinition": "task definition", "loadBalancers": "load balancers", "networkConfiguration": "network parameters"} {
		if !reflect.DeepEqual(now[property], was[property]) {
			return errorf("InvalidParameterException", "Unable to update %s on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.", what)
		}
	}
	return nil
}
