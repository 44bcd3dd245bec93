package aws

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// managedGrants gives the actions that AWS's own policies allow, as far as something here depends on them. ok is false
// for a policy whose text is not known here.
func managedGrants(arn string) (actions []string, ok bool) {
	_, name, _ := strings.Cut(arn, ":policy/")
	switch name[strings.LastIndex(name, "/")+1:] {
	case "AdministratorAccess", "PowerUserAccess":
		return []string{"*"}, true
	case "AWSLambdaBasicExecutionRole":
		return []string{"logs:*"}, true
	case "AWSLambdaVPCAccessExecutionRole", "AWSLambdaENIManagementAccess":
		return []string{"logs:*", "ec2:*NetworkInterface*", "ec2:DescribeSubnets", "ec2:*PrivateIpAddresses"}, true
	case "AWSLambdaSQSQueueExecutionRole":
		return []string{"logs:*", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}, true
	case "AWSLambdaDynamoDBExecutionRole":
		return []string{"logs:*", "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"}, true
	case "AWSLambdaKinesisExecutionRole":
		return []string{"logs:*", "kinesis:*"}, true
	case "AmazonECSTaskExecutionRolePolicy":
		return []string{"ecr:*", "logs:*"}, true
	case "AmazonECSInfrastructureRolePolicyForLoadBalancers":
		return []string{"elasticloadbalancing:Describe*", "elasticloadbalancing:Modify*", "elasticloadbalancing:*Targets"}, true
	case "AWSXRayDaemonWriteAccess", "AWSXrayWriteOnlyAccess":
		return []string{"xray:*"}, true
	case "CloudWatchAgentServerPolicy":
		return []string{"cloudwatch:*", "logs:*", "ec2:Describe*", "xray:*"}, true
	}
	return nil, false
}

// grants gives the statements of a role's policies, inline and attached. all is true when one of them cannot be read
// here, so that nothing can be said to be refused.
func (c *Call) grants(role *store.Resource) (list []statement, all bool) {
	add := func(p *store.Resource) {
		if p.SecretInputs["policy"] != "" {
			all = true
			return
		}
		if parsed, err := parsePolicy(p.Inputs.String("policy")); err == nil {
			list = append(list, parsed...)
		}
	}
	for _, p := range c.all(rolePolicyType) {
		if identifies(p.Inputs.String("role"), role) {
			add(p)
		}
	}
	for _, a := range c.all(attachmentType) {
		if !identifies(a.Inputs.String("role"), role) {
			continue
		}
		arn := a.Inputs.String("policyArn")
		if p := c.Find(policyType, arn); p != nil {
			add(p)
			continue
		}
		actions, known := managedGrants(arn)
		all = all || !known
		list = append(list, statement{Effect: "Allow", Action: actions, Resource: oneOrMany{"*"}})
	}
	return list, all
}

// notGranted gives the error for an action that no policy of the role allows, or "".
func (c *Call) notGranted(role *store.Resource, action, resource string) string {
	if role == nil {
		return "the task has no execution role"
	}
	if c.allowed(role, action, resource) {
		return ""
	}
	return fmt.Sprintf("AccessDeniedException: User: arn:aws:sts::%s:assumed-role/%s is not authorized to perform: %s on resource: %s",
		c.Account, role.ID, action, resource)
}

func (c *Call) allowed(role *store.Resource, action, resource string) bool {
	list, all := c.grants(role)
	if all {
		return true
	}
	for _, s := range list {
		if s.Effect == "Allow" && anyMatches(s.Action, action) && anyMatches(s.Resource, resource) {
			return true
		}
	}
	return false
}

// assumable tells whether a role's trust policy lets a service such as lambda.amazonaws.com assume it.
func assumable(role *store.Resource, service string) bool {
	return role.SecretInputs["assumeRolePolicy"] != "" || letsService(role.Inputs.String("assumeRolePolicy"), service, "sts:AssumeRole")
}

// letsService tells whether a policy of a resource allows a service to do something with it.
func letsService(policy, service, action string) bool {
	list, err := parsePolicy(policy)
	if err != nil {
		return false
	}
	for _, s := range list {
		if s.Effect == "Allow" && anyMatches(s.Action, action) && s.Principal.includes(service) {
			return true
		}
	}
	return false
}

// letsEveryone tells whether a policy of a resource allows all the world to do something with it.
func letsEveryone(policy, action string) bool {
	list, err := parsePolicy(policy)
	if err != nil {
		return false
	}
	for _, s := range list {
		if s.Effect == "Allow" && anyMatches(s.Action, action) && s.Principal.names([]string{"*"}) {
			return true
		}
	}
	return false
}

// roleAssumable demands that an ARN or name is of a role that the service may assume; refusal is the error otherwise.
func (c *Call) roleAssumable(value, service string, refusal error) error {
	role := c.Find(roleType, value)
	if a, ok := parseARN(value); ok && a.account != c.Account {
		return nil // of another account, which the sandbox does not hold
	}
	if role == nil || !assumable(role, service) {
		return refusal
	}
	return nil
}
