package aws

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// What is inside EKS clusters is package kubernetes' to know. This is what that asks of the account around a cluster.

// The types that objects in a cluster refer to.
const (
	RoleType          = roleType
	SecurityGroupType = securityGroupType
	TargetGroupType   = targetGroupType
	FileSystemType    = fileSystemType
	AccessPointType   = accessPointType
	QueueType         = queueType
)

// ClusterAt gives the EKS cluster whose API server has that address, or nil.
func ClusterAt(tx *store.Tx, server string) *store.Resource {
	if server == "" {
		return nil
	}
	for _, r := range tx.All(ClusterType) {
		if r.Outputs.String("endpoint") == server {
			return r
		}
	}
	return nil
}

// ClusterNamed gives a region's EKS cluster of that name, or nil.
func ClusterNamed(tx *store.Tx, region, name string) *store.Resource {
	if name == "" {
		return nil
	}
	return tx.Get(ClusterType, region+"/"+name)
}

// All gives the resources of a type that the call can see: those of its region and, if it is about a cluster, of no
// other one.
func (c *Call) All(typ string) []*store.Resource { return c.all(typ) }

// Network gives the ID of the VPC that the call's cluster is in.
func (c *Call) Network() string { return c.Cluster.Outputs.Object("vpcConfig").String("vpcId") }

// NodeGroups gives the cluster's node groups.
func (c *Call) NodeGroups() []*store.Resource { return c.ofCluster(eksNodesType) }

// FargateProfiles gives the cluster's Fargate profiles.
func (c *Call) FargateProfiles() []*store.Resource { return c.ofCluster(eksFargateType) }

// Addons gives the cluster's add-ons.
func (c *Call) Addons() []*store.Resource { return c.ofCluster(eksAddonType) }

// Addon gives the cluster's add-on of that name, or nil.
func (c *Call) Addon(name string) *store.Resource {
	for _, a := range c.Addons() {
		if a.Inputs.String("addonName") == name {
			return a
		}
	}
	return nil
}

func (c *Call) ofCluster(typ string) []*store.Resource {
	return slices.DeleteFunc(c.all(typ), func(r *store.Resource) bool {
		return r.Inputs.String("clusterName") != c.Cluster.ID
	})
}

// contents gives what is inside a cluster, and so vanishes with it.
func (c *Call) contents(r *store.Resource) []*store.Resource {
	if r.Type != ClusterType {
		return nil
	}
	var out []*store.Resource
	for _, typ := range c.Tx.Types() {
		for _, inside := range c.all(typ) {
			if inside.Cluster == r.ID {
				out = append(out, inside)
			}
		}
	}
	return out
}

// AutoMode tells whether EKS itself gives the cluster nodes.
func (c *Call) AutoMode() bool { return c.Cluster.Inputs.Object("computeConfig").Bool("enabled") }

// HasPolicy tells whether a role, by its ARN or name, has the AWS policy of that name.
func (c *Call) HasPolicy(role, policy string) bool {
	r := c.Find(roleType, role)
	if r == nil {
		return false
	}
	for _, a := range c.all(attachmentType) {
		if identifies(a.Inputs.String("role"), r) && strings.HasSuffix(a.Inputs.String("policyArn"), "/"+policy) {
			return true
		}
	}
	return slices.Contains(r.Inputs.Strings("managedPolicyArns"), "arn:aws:iam::aws:policy/"+policy)
}

// NoWebIdentity gives the error of STS for a pod of the call's cluster that asks for a role by its service account's
// token, or "". The cluster must be known to IAM as an OpenID Connect provider, and the role trust that provider for
// this service account.
func (c *Call) NoWebIdentity(roleARN, namespace, account string) string {
	issuer := c.issuer()
	trusted := c.Find(openIDType, c.GlobalARN("iam", "oidc-provider/"+issuer))
	if trusted == nil {
		return fmt.Sprintf("InvalidIdentityToken: No OpenIDConnect provider found in your account for https://%s", issuer)
	}
	const refused = "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"
	role := c.Find(roleType, roleARN)
	if role == nil {
		return refused + fmt.Sprintf(" (there is no role %s)", roleARN)
	}
	if !slices.Contains(trusted.Inputs.Strings("clientIdLists"), "sts.amazonaws.com") {
		return "InvalidIdentityToken: Incorrect token audience (the OpenID Connect provider lacks the client ID sts.amazonaws.com)"
	}
	if role.SecretInputs["assumeRolePolicy"] != "" {
		return ""
	}
	statements, err := parsePolicy(role.Inputs.String("assumeRolePolicy"))
	if err != nil {
		return refused
	}
	claims := map[string]string{issuer + ":sub": "system:serviceaccount:" + namespace + ":" + account, issuer + ":aud": "sts.amazonaws.com"}
	for _, s := range statements {
		federated := anyMatches(s.Principal["Federated"], trusted.ID)
		if s.Effect == "Allow" && federated && anyMatches(s.Action, "sts:AssumeRoleWithWebIdentity") && fulfilled(s.Condition, claims) {
			return ""
		}
	}
	return refused + fmt.Sprintf(" (the trust policy of %s does not name the cluster's OpenID Connect provider and %s)", role.ID, claims[issuer+":sub"])
}

// issuer is the address of the cluster's issuer of tokens, without the scheme.
func (c *Call) issuer() string {
	for _, identity := range c.Cluster.Outputs.Objects("identities") {
		for _, oidc := range identity.Objects("oidcs") {
			return strings.TrimPrefix(oidc.String("issuer"), "https://")
		}
	}
	return ""
}

// fulfilled tells whether claims fulfil a condition, of which only comparisons of texts are understood; any other counts
// as fulfilled.
func fulfilled(condition json.RawMessage, claims map[string]string) bool {
	var operators map[string]map[string]oneOrMany
	if len(condition) == 0 || json.Unmarshal(condition, &operators) != nil {
		return true
	}
	for operator, keys := range operators {
		for key, values := range keys {
			claim, known := claims[key]
			like := strings.HasSuffix(operator, "StringLike")
			if !like && !strings.HasSuffix(operator, "StringEquals") {
				continue
			}
			if !known || like && !anyMatches(values, claim) || !like && !slices.Contains(values, claim) {
				return false
			}
		}
	}
	return true
}

// RemoteSecret gives the value of a secret or, with parameters true, of an SSM parameter, or the error of a role that
// asks for it; the role is given by its ARN.
func (c *Call) RemoteSecret(parameters bool, name, roleARN string) (value, why string) {
	role := c.Find(roleType, roleARN)
	if parameters {
		p := c.Tx.Document().Parameters[name]
		if p == nil {
			return "", "ParameterNotFound: " + name
		}
		if s := c.Tx.Document().Secrets[ParameterPrefix+name]; s != nil {
			return s.Value, c.notGranted(role, "ssm:GetParameter", c.ARN("ssm", "parameter/"+strings.TrimPrefix(name, "/")))
		}
		return p.Value, c.notGranted(role, "ssm:GetParameter", c.ARN("ssm", "parameter/"+strings.TrimPrefix(name, "/")))
	}
	secret, found := c.secretByID(name)
	switch {
	case secret == nil:
		return "", "ResourceNotFoundException: Secrets Manager can't find the specified secret."
	case secret.VersionID == "":
		return "", "ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"
	}
	return secret.Value, c.notGranted(role, "secretsmanager:GetSecretValue", c.secretARN(found))
}

// PodIdentity gives the ARN of the role that an association gives to a service account of the cluster, or "".
func (c *Call) PodIdentity(namespace, account string) string {
	for _, r := range c.ofCluster(eksIdentityType) {
		if r.Inputs.String("namespace") == namespace && r.Inputs.String("serviceAccount") == account {
			return r.Inputs.String("roleArn")
		}
	}
	return ""
}
