package aws

import (
	"fmt"
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// shifts tells whether a deployment strategy shifts requests between two target groups.
func shifts(strategy string) bool {
	return strategy == "BLUE_GREEN" || strategy == "LINEAR" || strategy == "CANARY"
}

// maxBake is how many minutes CloudFormation lets a deployment wait in all.
const maxBake = 33 * 60

// checkShift demands that the parts of a deployment's configuration go together.
func checkShift(in store.Values) []Problem {
	d := in.Object("deploymentConfiguration")
	canary, strategy := d.Object("canaryConfiguration"), d.String("strategy")
	switch {
	case canary != nil && strategy != "CANARY":
		return []Problem{{"deploymentConfiguration.canaryConfiguration", "CanaryConfiguration can only be specified with the CANARY deployment strategy"}}
	case d.Has("bakeTimeInMinutes") && !shifts(strategy):
		return []Problem{{"deploymentConfiguration.bakeTimeInMinutes", "BakeTimeInMinutes can only be specified with strategies that shift traffic"}}
	case d.Int("bakeTimeInMinutes")+canary.Int("canaryBakeTimeInMinutes") > maxBake:
		return []Problem{{"deploymentConfiguration", fmt.Sprintf("the deployment would take more than %d hours", maxBake/60)}}
	}
	return nil
}

// shiftFits demands that the requests to a service can be shifted, if its deployments do: between two target groups
// behind the load balancer, by a rule that forwards to one of them and that the role may change.
func (c *Call) shiftFits() error {
	if !shifts(c.In.Object("deploymentConfiguration").String("strategy")) {
		return nil
	}
	for _, lb := range c.In.Objects("loadBalancers") {
		advanced := lb.Object("advancedConfiguration")
		for _, field := range []string{"alternateTargetGroupArn", "productionListenerRule", "roleArn"} {
			if advanced.String(field) == "" {
				return errorf("InvalidParameterException", "%s is required in advancedConfiguration for services that use a load balancer with this deployment strategy.", field)
			}
		}
		if err := c.pairFits(lb.String("targetGroupArn"), advanced); err != nil {
			return err
		}
	}
	return nil
}

func (c *Call) pairFits(first string, advanced store.Values) error {
	second, ruleARN, roleARN := advanced.String("alternateTargetGroupArn"), advanced.String("productionListenerRule"), advanced.String("roleArn")
	if first == second {
		return errorf("InvalidParameterException", "The alternate target group must differ from the target group.")
	}
	a, b := c.Find(targetGroupType, first), c.Find(targetGroupType, second)
	if b == nil {
		return errorf("InvalidParameterException", "The target group %s does not exist.", second)
	}
	if a != nil && (a.Property("targetType") != b.Property("targetType") || a.Property("vpcId") != b.Property("vpcId")) {
		return errorf("InvalidParameterException", "The target groups %s and %s are not alike.", first, second)
	}
	if len(c.loadBalancersOf(b)) == 0 {
		return errorf("InvalidParameterException", "The target group with targetGroupArn %s does not have an associated load balancer.", second)
	}
	rule := c.Find(listenerRuleType, ruleARN)
	if rule == nil {
		return errorf("InvalidParameterException", "The listener rule %s does not exist.", ruleARN)
	}
	forwards := append(rule.Inputs.At("actions[].targetGroupArn"), rule.Inputs.At("actions[].forward.targetGroups[].arn")...)
	if !slices.Contains(forwards, first) && !slices.Contains(forwards, second) {
		return errorf("InvalidParameterException", "The listener rule %s forwards to neither of the target groups.", ruleARN)
	}
	if slices.ContainsFunc(rule.Inputs.Objects("actions"), func(a store.Values) bool { return a.String("type") != "forward" }) {
		return errorf("InvalidParameterException", "The listener rule %s has actions other than forward.", ruleARN)
	}
	role := c.Find(roleType, roleARN)
	if role == nil || !assumable(role, "ecs.amazonaws.com") {
		return errorf("InvalidParameterException", "Unable to assume the role %s. Verify that ECS can take it.", roleARN)
	}
	if why := c.notGranted(role, "elasticloadbalancing:ModifyRule", ruleARN); why != "" {
		return errorf("InvalidParameterException", "%s", why)
	}
	return nil
}
