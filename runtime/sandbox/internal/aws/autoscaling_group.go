package aws

import (
	"fmt"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const groupType = "aws:autoscaling/group:Group"

func autoscalingGroup() *Kind {
	const mixed = "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification."
	template := missing("ValidationError", "You must use a valid fully-formed launch template. The specified launch template, %s, does not exist.")
	return &Kind{
		Type: groupType, Label: "Auto Scaling Group", Regional: true,
		Name: "name", MaxName: 255,
		Conflict: func(name string) error {
			return errorf("AlreadyExists", "AutoScalingGroup by this name already exists - A group with the name %s already exists", name)
		},
		Replace: []string{"name", "namePrefix"},
		Ordered: []string{"terminationPolicies"},
		Checks: []Check{
			longest("name", 255), within("minSize", 0, 1e6), within("maxSize", 0, 1e6), within("desiredCapacity", 0, 1e6),
			exactlyOne("launchConfiguration", "launchTemplate", "mixedInstancesPolicy"), atMostOne("availabilityZones", "vpcZoneIdentifiers"),
			oneOf("healthCheckType", "EC2", "ELB", "EBS", "VPC_LATTICE"), within("healthCheckGracePeriod", 0, 7200),
			oneOf("desiredCapacityType", "units", "vcpu", "memory-mib"), oneOf("instanceRefresh.strategy", "Rolling"),
			within("instanceRefresh.preferences.minHealthyPercentage", 0, 100), within("instanceRefresh.preferences.maxHealthyPercentage", 100, 200),
			oneOf("mixedInstancesPolicy.instancesDistribution.spotAllocationStrategy", "lowest-price", "capacity-optimized", "capacity-optimized-prioritized", "price-capacity-optimized"),
			within("mixedInstancesPolicy.instancesDistribution.onDemandPercentageAboveBaseCapacity", 0, 100),
			checkCapacity, checkLifetime, checkTemplateReference, checkSuspended,
		},
		Defaults: func(c *Call) store.Values {
			return store.Values{"desiredCapacity": c.In.Int("minSize"), "defaultCooldown": 300, "healthCheckGracePeriod": 300, "healthCheckType": "EC2",
				"forceDelete": false, "metricsGranularity": "1Minute", "protectFromScaleIn": false, "waitForCapacityTimeout": "10m", "maxInstanceLifetime": 0,
				"capacityRebalance": false, "serviceLinkedRoleArn": c.GlobalARN("iam", "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling")}
		},
		Refs: []Ref{
			{Path: "vpcZoneIdentifiers[]", To: subnetType, Missing: missing("ValidationError", "The subnet ID '%s' does not exist")},
			{Path: "targetGroupArns[]", To: targetGroupType, Loose: true, Missing: func(string) error {
				return errorf("ValidationError", "Provided Target Groups may not be valid. Please ensure they exist and try again.")
			}},
			{Path: "launchTemplate.id", To: launchTemplateType, Loose: true, Missing: template},
			{Path: "launchTemplate.name", To: launchTemplateType, Loose: true, Missing: template},
			{Path: mixed + "launchTemplateId", To: launchTemplateType, Loose: true, Missing: template},
			{Path: mixed + "launchTemplateName", To: launchTemplateType, Loose: true, Missing: template},
		},
		Create: func(c *Call) (*Made, error) {
			if err := groupFits(c); err != nil {
				return nil, err
			}
			name := c.In.String("name")
			return &Made{ID: name, Outputs: store.Values{"predictedCapacity": 0, "warmPoolSize": 0,
				"arn": c.ARN("autoscaling", "autoScalingGroup:"+c.UUID("group")+":autoScalingGroupName/"+name)}}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, groupFits(c) },
		Unwell: groupUnwell,
		Detail: func(_ *Call, r *store.Resource) string {
			n := number(r, "desiredCapacity")
			return fmt.Sprintf("%v/%v instances in service", n, n)
		},
		Steady: func(in store.Values) bool { return in.String("waitForCapacityTimeout") != "0" },
		Usual:  Usual{60, 30, 90},
	}
}

func checkCapacity(in store.Values) []Problem {
	low, ok1 := at(in, "minSize").(float64)
	high, ok2 := at(in, "maxSize").(float64)
	desired, ok3 := at(in, "desiredCapacity").(float64)
	switch {
	case ok1 && ok2 && low > high:
		return []Problem{{"maxSize", fmt.Sprintf("Max bound, %v, must be greater than or equal to min bound, %v", high, low)}}
	case ok1 && ok2 && ok3 && (desired < low || desired > high):
		return []Problem{{"desiredCapacity", fmt.Sprintf("Desired capacity:%v must be between the specified min size:%v and max size:%v", desired, low, high)}}
	case !in.Has("availabilityZones") && !in.Has("vpcZoneIdentifiers"):
		return []Problem{{"vpcZoneIdentifiers", "At least one Availability Zone or VPC Subnet is required."}}
	}
	return nil
}

func checkLifetime(in store.Values) []Problem {
	if n, ok := at(in, "maxInstanceLifetime").(float64); ok && n != 0 && (n < 86400 || n > 31536000) {
		return []Problem{{"maxInstanceLifetime", fmt.Sprintf("expected maxInstanceLifetime to be 0 or in the range 86400 to 31536000, got %v", n)}}
	}
	return nil
}

func checkTemplateReference(in store.Values) []Problem {
	if t := in.Object("launchTemplate"); t != nil && t.Has("id") == t.Has("name") {
		return []Problem{{"launchTemplate", "exactly one of launchTemplate.id, launchTemplate.name must be given"}}
	}
	return nil
}

func checkSuspended(in store.Values) []Problem {
	return eachString("suspendedProcesses", `^(Launch|Terminate|HealthCheck|ReplaceUnhealthy|AZRebalance|AlarmNotification|ScheduledActions|AddToLoadBalancer|InstanceRefresh)$`,
		"a process such as AZRebalance")(in)
}

// templateOf gives the launch template of a group's inputs, or nil.
func (c *Call) templateOf(in store.Values) *store.Resource {
	spec := in.Object("mixedInstancesPolicy").Object("launchTemplate").Object("launchTemplateSpecification")
	for _, value := range []string{in.Object("launchTemplate").String("id"), in.Object("launchTemplate").String("name"),
		spec.String("launchTemplateId"), spec.String("launchTemplateName")} {
		if r := c.Find(launchTemplateType, value); r != nil {
			return r
		}
	}
	return nil
}

// groupFits demands that the template can launch instances and that the target groups take them.
func groupFits(c *Call) error {
	if t := c.templateOf(c.In); t != nil {
		sized := t.Inputs.Has("instanceType") || t.Inputs.Has("instanceRequirements") ||
			len(c.In.Object("mixedInstancesPolicy").Object("launchTemplate").Objects("overrides")) > 0
		switch {
		case !t.Inputs.Has("imageId"):
			return errorf("ValidationError", "You must use a valid fully-formed launch template. The request must contain the parameter ImageId")
		case !sized:
			return errorf("ValidationError", "You must use a valid fully-formed launch template. The request must contain the parameter InstanceType")
		}
		if why := c.unlaunchable(t); why != "" {
			return errorf("ValidationError", "You must use a valid fully-formed launch template. %s", why)
		}
	}
	for _, arn := range c.In.Strings("targetGroupArns") {
		if g := c.Find(targetGroupType, arn); g != nil && g.Property("targetType") != "instance" {
			return errorf("ValidationError", "Provided Target Group has invalid target type. Please ensure all provided Target Groups have target type of instance.")
		}
	}
	return nil
}

// unlaunchable says what a launch template names that does not exist, or "".
func (c *Call) unlaunchable(t *store.Resource) string {
	groups := t.Inputs.Strings("vpcSecurityGroupIds")
	for _, n := range t.Inputs.Objects("networkInterfaces") {
		groups = append(groups, n.Strings("securityGroups")...)
	}
	for _, g := range groups {
		if c.Find(securityGroupType, g) == nil {
			return fmt.Sprintf("The security group '%s' does not exist", g)
		}
	}
	profile := t.Inputs.Object("iamInstanceProfile")
	for _, p := range []string{profile.String("name"), profile.String("arn")} {
		if p != "" && c.Find(instanceProfileType, p) == nil {
			return fmt.Sprintf("Invalid IamInstanceProfile: %s", p)
		}
	}
	return ""
}

func groupUnwell(c *Call, r *store.Resource) string {
	desired := number(r, "desiredCapacity")
	if desired == 0 || r.Inputs.Has("launchConfiguration") {
		return ""
	}
	t := c.templateOf(r.Inputs)
	if t == nil {
		return fmt.Sprintf("0/%v instances in service: the launch template does not exist", desired)
	}
	if why := c.unlaunchable(t); why != "" {
		return fmt.Sprintf("0/%v instances in service: %s. Launching EC2 instance failed.", desired, why)
	}
	return ""
}
