package aws

import (
	"slices"
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	eksEntryType    = "aws:eks/accessEntry:AccessEntry"
	eksIdentityType = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
)

// apiAccess demands a cluster that takes access entries.
func (c *Call) apiAccess() error {
	cluster := c.Find(ClusterType, c.In.String("clusterName"))
	mode := cluster.Inputs.Object("accessConfig").String("authenticationMode")
	if mode == "" || mode == "CONFIG_MAP" {
		return errorf("InvalidRequestException", "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.")
	}
	return nil
}

func eksAccessEntry() *Kind {
	return &Kind{
		Type: eksEntryType, Label: "EKS Access Entry", Regional: true,
		Conflict: func(string) error {
			return errorf("ResourceInUseException", "The specified access entry resource is already in use on this cluster.")
		},
		Replace: []string{"clusterName", "principalArn", "type"},
		Checks: []Check{oneOf("type", "STANDARD", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "EC2", "HYBRID_LINUX", "HYPERPOD_LINUX"),
			matching("principalArn", `^arn:aws:iam::\d{12}:(user|role)/.+$`, "must be the ARN of a user or role"), checkGroups},
		Defaults: func(c *Call) store.Values {
			return store.Values{"type": "STANDARD", "userName": c.In.String("principalArn"), "kubernetesGroups": []any{}}
		},
		Refs: []Ref{ofCluster},
		Create: func(c *Call) (*Made, error) {
			cluster, principal := c.In.String("clusterName"), c.In.String("principalArn")
			if strings.Contains(principal, ":role/") && strings.Split(principal, ":")[4] == c.Account && c.Find(roleType, principal) == nil {
				return nil, errorf("InvalidParameterException", "The specified principalArn is invalid: invalid principal. (%s)", principal)
			}
			name := principal[strings.LastIndex(principal, "/")+1:]
			arn := c.ARN("eks", "access-entry/"+cluster+"/role/"+c.Account+"/"+name+"/"+c.UUID("entry"))
			return &Made{ID: cluster + ":" + principal, Outputs: c.timestamps().Over(store.Values{"accessEntryArn": arn})}, c.apiAccess()
		},
		// An entry takes its policies along.
		Delete: func(c *Call, r *store.Resource) error {
			for _, p := range c.all(eksPolicyType) {
				if strings.HasPrefix(p.ID, r.Inputs.String("clusterName")+"#"+r.Inputs.String("principalArn")+"#") {
					c.Tx.Remove(p)
				}
			}
			return nil
		},
		Usual: Usual{1, 1, 1},
	}
}

// checkGroups refuses groups that Kubernetes keeps for itself, and any for nodes.
func checkGroups(in store.Values) []Problem {
	groups := in.Strings("kubernetesGroups")
	if len(groups) > 0 && in.Has("type") && in.String("type") != "STANDARD" {
		return []Problem{{"kubernetesGroups", "kubernetesGroups are supported only when type is STANDARD"}}
	}
	if i := slices.IndexFunc(groups, func(g string) bool { return strings.HasPrefix(g, "system:") }); i >= 0 {
		return []Problem{{"kubernetesGroups", "The kubernetes group name " + groups[i] + " is invalid, it cannot start with system:"}}
	}
	return nil
}

const eksPolicyType = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"

func eksAccessPolicy() *Kind {
	return &Kind{
		Type: eksPolicyType, Label: "EKS Access Policy Association", Regional: true, Idempotent: true,
		Replace: []string{"clusterName", "principalArn", "policyArn", "accessScope"},
		Checks: []Check{oneOf("accessScope.type", "cluster", "namespace"),
			matching("policyArn", `^arn:aws:eks::aws:cluster-access-policy/.+$`, "must be the ARN of an access policy of EKS")},
		Refs: []Ref{ofCluster},
		Create: func(c *Call) (*Made, error) {
			cluster, principal := c.In.String("clusterName"), c.In.String("principalArn")
			if c.Tx.Get(eksEntryType, c.Region+"/"+cluster+":"+principal) == nil {
				return nil, errorf("ResourceNotFoundException", "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.")
			}
			scope := c.In.Object("accessScope")
			if (scope.String("type") == "namespace") != (len(scope.Strings("namespaces")) > 0) {
				return nil, errorf("InvalidParameterException", "The access scope takes namespaces exactly if its type is namespace.")
			}
			now := c.Now.UTC().Format(time.RFC3339)
			return &Made{ID: cluster + "#" + principal + "#" + c.In.String("policyArn"), Outputs: store.Values{"associatedAt": now, "modifiedAt": now}}, c.apiAccess()
		},
		Usual: Usual{1, 1, 1},
	}
}

func eksPodIdentity() *Kind {
	return &Kind{
		Type: eksIdentityType, Label: "EKS Pod Identity Association", Random: true,
		Replace: []string{"clusterName", "namespace", "serviceAccount"},
		Refs: []Ref{ofCluster, {Path: "roleArn", To: roleType, Loose: true,
			Missing: missing("InvalidParameterException", "Role provided in the request does not exist. (%s)")}},
		Create: func(c *Call) (*Made, error) {
			cluster := c.In.String("clusterName")
			for _, r := range c.all(eksIdentityType) {
				if r.Inputs.String("clusterName") == cluster && r.Inputs.String("namespace") == c.In.String("namespace") &&
					r.Inputs.String("serviceAccount") == c.In.String("serviceAccount") {
					return nil, errorf("ResourceInUseException", "Association already exists: %s", r.ID)
				}
			}
			id := "a-" + c.gatewayID("association", 17)
			return &Made{ID: id, Outputs: store.Values{"associationId": id, "associationArn": c.ARN("eks", "podidentityassociation/"+cluster+"/"+id)}}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}
