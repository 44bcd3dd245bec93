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

// addons are those of AWS's own that panka's users may ask for, with the versions of those that ask for none.
func addons() map[string]string {
	return map[string]string{"vpc-cni": "v1.19.5-eksbuild.1", "coredns": "v1.12.1-eksbuild.2", "kube-proxy": "v1.33.0-eksbuild.2",
		"aws-ebs-csi-driver": "v1.44.0-eksbuild.1", "aws-efs-csi-driver": "v2.1.8-eksbuild.1", "eks-pod-identity-agent": "v1.3.7-eksbuild.2",
		"aws-mountpoint-s3-csi-driver": "v1.15.0-eksbuild.1", "snapshot-controller": "v8.2.0-eksbuild.1", "metrics-server": "v0.7.2-eksbuild.3",
		"amazon-cloudwatch-observability": "v4.1.0-eksbuild.1", "adot": "v0.117.0-eksbuild.1", "aws-guardduty-agent": "v1.10.0-eksbuild.2",
		"eks-node-monitoring-agent": "v1.3.0-eksbuild.1", "external-dns": "v0.16.1-eksbuild.2", "cert-manager": "v1.17.2-eksbuild.1",
		"aws-secrets-store-csi-driver-provider": "v2.0.0-eksbuild.1"}
}

func eksAddon() *Kind {
	return &Kind{
		Type: "aws:eks/addon:Addon", Label: "EKS Add-On", Regional: true,
		Conflict: func(string) error { return errorf("ResourceInUseException", "Addon already exists.") },
		Replace:  []string{"clusterName", "addonName"},
		JSON:     []string{"configurationValues"},
		Checks: []Check{oneOf("resolveConflictsOnCreate", "NONE", "OVERWRITE"), oneOf("resolveConflictsOnUpdate", "NONE", "OVERWRITE", "PRESERVE"),
			oneOf("resolveConflicts", "NONE", "OVERWRITE", "PRESERVE"), matching("addonVersion", `^v\d+\.\d+\.\d+-eksbuild\.\d+$`, "must have the form v1.19.5-eksbuild.1")},
		Defaults: func(c *Call) store.Values { return store.Values{"addonVersion": addons()[c.In.String("addonName")]} },
		Refs: []Ref{ofCluster, {Path: "serviceAccountRoleArn", To: roleType, Loose: true,
			Missing: missing("InvalidParameterException", "Role with arn: %s, could not be assumed because it does not exist")}},
		Create: func(c *Call) (*Made, error) {
			cluster, name := c.In.String("clusterName"), c.In.String("addonName")
			if addons()[name] == "" {
				return nil, errorf("InvalidParameterException", "Addon %s specified is not supported in %s kubernetes version", name,
					c.Find(eksClusterType, cluster).Property("version"))
			}
			return &Made{ID: cluster + ":" + name, Outputs: c.timestamps().Over(store.Values{
				"arn": c.ARN("eks", "addon/"+cluster+"/"+name+"/"+c.UUID("addon"))})}, nil
		},
		Usual: Usual{30, 30, 15},
	}
}

// apiAccess demands a cluster that takes access entries.
func (c *Call) apiAccess() error {
	cluster := c.Find(eksClusterType, c.In.String("clusterName"))
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
