package security

import (
	"slices"
	"strings"
)

const (
	kubernetesCluster = "aws:eks/cluster:Cluster"
	kubernetesNodes   = "aws:eks/nodeGroup:NodeGroup"
)

func clusterRules() []Rule {
	cluster, nodes := []string{kubernetesCluster}, []string{kubernetesNodes}
	return []Rule{
		{"CKV_AWS_37", "Clusters log everything that their control plane does", checkov("EKSControlPlaneLogging.py"), cluster, Always, everyControlPlaneLog},
		{"CKV_AWS_38", "Not every address may connect to a cluster's API", checkov("EKSPublicAccessCIDR.py"), cluster, Always, namedAddresses},
		{"CKV_AWS_39", "A cluster's API has no public endpoint", checkov("EKSPublicAccess.py"), cluster, Always, must("vpcConfig.endpointPublicAccess", false)},
		{"CKV_AWS_58", "Clusters encrypt their secrets with the stack's key", checkov("EKSSecretsEncryption.py"), cluster, OwnKey,
			both(must("encryptionConfig.resources.0", "secrets"), present("encryptionConfig.provider.keyArn"))},
		{"EKS.2", "Clusters run a version that somebody chose", hub("EKS.2"), cluster, Always, present("version")},
		{"CKV_AWS_100", "Nodes cannot be reached by SSH", checkov("EKSNodeGroupRemoteAccess.py"), nodes, Always, absent("remoteAccess.ec2SshKey")},
		{"panka/cluster-access", "IAM alone lets people into clusters", "", cluster, Always, must("accessConfig.authenticationMode", "API")},
		{"panka/node-template", "Nodes start from a launch template", "", nodes, Always, present("launchTemplate.id")},
		{"panka/service-account", "A role that pods take is for one service account", "", []string{role}, Always, eachAllowed(oneServiceAccount, "assumeRolePolicy")},
	}
}

func everyControlPlaneLog(r Resource, _ *Stack) string {
	var logs []string
	for _, l := range r.list("enabledClusterLogTypes") {
		logs = append(logs, asText(l))
	}
	for _, l := range []string{"api", "audit", "authenticator", "controllerManager", "scheduler"} {
		if !slices.Contains(logs, l) {
			return "there is no log of " + l
		}
	}
	return ""
}

// namedAddresses: without a list EKS lets in every address.
func namedAddresses(r Resource, _ *Stack) string {
	if same(r.at("vpcConfig.endpointPublicAccess"), false) {
		return ""
	}
	ranges := r.list("vpcConfig.publicAccessCidrs")
	if len(ranges) == 0 || slices.ContainsFunc(ranges, func(v any) bool { return asText(v) == "0.0.0.0/0" }) {
		return "every address may connect"
	}
	return ""
}

// oneServiceAccount: who has a token of a cluster's may take the role only if the token is of the account that the role is
// for, and made for AWS.
func oneServiceAccount(s statement) string {
	if !slices.Contains(s.texts("Action"), "sts:AssumeRoleWithWebIdentity") {
		return ""
	}
	conditions, _ := valueAt(s["Condition"], []string{"StringEquals"}).(map[string]any)
	var subject, audience string
	for name, value := range conditions {
		switch {
		case strings.HasSuffix(name, ":sub"):
			subject = asText(value)
		case strings.HasSuffix(name, ":aud"):
			audience = asText(value)
		}
	}
	if !strings.HasPrefix(subject, "system:serviceaccount:") || strings.Contains(subject, "*") {
		return "names no service account"
	}
	if audience != "sts.amazonaws.com" {
		return "takes tokens that are not for AWS"
	}
	return ""
}
