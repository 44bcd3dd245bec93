package security

import (
	"slices"
	"strings"
)

const (
	role       = "aws:iam/role:Role"
	rolePolicy = "aws:iam/rolePolicy:RolePolicy"
	attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
)

func identityRules() []Rule {
	return []Rule{
		{"CKV_AWS_60", "Roles are for named services or principals", checkov("IAMRoleAllowsPublicAssume.py"), []string{role}, Always,
			eachAllowed(assumedByAnybody, "assumeRolePolicy")},
		{"CKV_AWS_61", "No role is for a whole account", checkov("IAMRoleAllowAssumeFromAccount.py"), []string{role}, Always, eachAllowed(foreign, "assumeRolePolicy")},
		{"CKV_AWS_62", "No policy allows everything", checkov("IAMAdminPolicyDocument.py"), []string{rolePolicy}, Always, eachAllowed(administrator, "policy")},
		{"CKV_AWS_63", "No policy allows every action", checkov("IAMStarActionPolicyDocument.py"), []string{rolePolicy}, Always, eachAllowed(everything, "policy")},
		{"IAM.21", "No policy allows every action of a service", hub("IAM.21"), allPolicies(), Always, eachAllowed(wholeService, "policy")},
		{"CKV_AWS_355", "No policy is for every resource if AWS can tell them apart", checkov("IAMStarResourcePolicyDocument.py"), allPolicies(), Always,
			eachAllowed(everyResource, "policy")},
		{"CKV_AWS_286", "No policy lets its role gain rights", checkov("IAMPrivilegeEscalation.py"), []string{rolePolicy}, Always, eachAllowed(escalation, "policy")},
		{"CKV_AWS_274", "No role is an administrator", checkov("IAMManagedAdminPolicy.py"), []string{attachment}, Always, managed("AdministratorAccess", "PowerUserAccess")},
		{"CKV2_AWS_56", "No role may change identities", checkov("IAMManagedIAMFullAccessPolicy.yaml"), []string{attachment}, Always, managed("IAMFullAccess")},
		{"panka/managed-policy", "Roles have only policies of AWS for services and Systems Manager", "", []string{attachment}, Always, narrowPolicies},
	}
}

// allPolicies are the types with a policy for whose statements a resource is named. A key's policy is left out: its owner
// is the account, which may do everything with it.
func allPolicies() []string {
	return []string{rolePolicy, bucketPolicy, queuePolicy, topicPolicy, fileSystemPolicy}
}

func assumedByAnybody(s statement) string {
	if s.everyone() {
		return "is for everybody"
	}
	return ""
}

func administrator(s statement) string {
	if everything(s) != "" && slices.Contains(s.texts("Resource"), "*") {
		return "allows every action on every resource"
	}
	return ""
}

func everything(s statement) string {
	if s["NotAction"] != nil || slices.ContainsFunc(s.texts("Action"), func(a string) bool { return strings.Trim(a, "*") == "" }) {
		return "allows every action"
	}
	return ""
}

func wholeService(s statement) string {
	if reason := everything(s); reason != "" {
		return reason
	}
	for _, action := range s.texts("Action") {
		if strings.HasSuffix(action, ":*") {
			return "allows " + action
		}
	}
	return ""
}

func everyResource(s statement) string {
	if s["NotResource"] != nil {
		return "is for all resources but some"
	}
	if !slices.Contains(s.texts("Resource"), "*") {
		return ""
	}
	for _, action := range s.texts("Action") {
		if Unrestrictable(action) == "" {
			return "allows " + action + " on every resource"
		}
	}
	return ""
}

// escalation: who can write policies or hand over any role can do everything.
func escalation(s statement) string {
	for _, action := range s.texts("Action") {
		service, verb, _ := strings.Cut(action, ":")
		if service == "iam" && verb != "PassRole" && !strings.HasPrefix(verb, "Get") && !strings.HasPrefix(verb, "List") {
			return "allows " + action
		}
		if action == "iam:PassRole" && slices.ContainsFunc(s.texts("Resource"), func(r string) bool { return strings.Contains(r, "*") }) {
			return "hands over more than one role"
		}
	}
	return ""
}

// managed is a check that a role has none of some policies of AWS.
func managed(names ...string) func(Resource, *Stack) string {
	return func(r Resource, _ *Stack) string {
		for _, name := range names {
			if strings.HasSuffix(r.text("policyArn"), "/"+name) {
				return "the policy is " + name
			}
		}
		return ""
	}
}

// forOneService are policies of AWS that are cut for one service too, although they are not under service-role/.
var forOneService = []string{
	"AmazonSSMManagedInstanceCore",
	// https://docs.aws.amazon.com/eks/latest/userguide/security-iam-awsmanpol.html
	"AmazonEKSClusterPolicy", "AmazonEKSVPCResourceController", "AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy",
	// https://docs.aws.amazon.com/AmazonECR/latest/userguide/security-iam-awsmanpol.html
	"AmazonEC2ContainerRegistryPullOnly",
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-awsmanpol.html
	"AmazonECSInfrastructureRolePolicyForLoadBalancers",
}

// narrowPolicies: what AWS keeps under service-role/ is cut for one service.
func narrowPolicies(r Resource, _ *Stack) string {
	arn := r.text("policyArn")
	_, name, _ := strings.Cut(arn, ":policy/")
	if strings.HasPrefix(name, "service-role/") || slices.Contains(forOneService, name) {
		return ""
	}
	return "the policy is " + arn
}
