package aws

import (
	"slices"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const eksAddonType = "aws:eks/addon:Addon"

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
		Type: eksAddonType, Label: "EKS Add-On", Regional: true,
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
					c.Find(ClusterType, cluster).Property("version"))
			}
			return &Made{ID: cluster + ":" + name, Outputs: c.timestamps().Over(store.Values{
				"arn": c.ARN("eks", "addon/"+cluster+"/"+name+"/"+c.UUID("addon"))})}, nil
		},
		Unwell: addonUnwell,
		Steady: func(store.Values) bool { return true },
		Coming: func(c *Call, r *store.Resource) time.Time {
			return c.inCluster(r).Arriving(eksNodesType, eksFargateType)
		},
		Usual: Usual{30, 30, 15},
	}
}

// addonUnwell says why an add-on is degraded: but for those that run on each node, be there any or not, its pods need
// nodes.
func addonUnwell(c *Call, r *store.Resource) string {
	onNodes := []string{"vpc-cni", "kube-proxy", "eks-pod-identity-agent", "eks-node-monitoring-agent", "aws-guardduty-agent",
		"aws-mountpoint-s3-csi-driver", "aws-secrets-store-csi-driver-provider"}
	if slices.Contains(onNodes, r.Inputs.String("addonName")) || c.inCluster(r).hasNodes() {
		return ""
	}
	return "DEGRADED: InsufficientNumberOfReplicas: The add-on is unhealthy because it doesn't have the desired number of replicas."
}

// inCluster gives the call as one about the cluster that a part of it names.
func (c *Call) inCluster(part *store.Resource) *Call {
	inside := *c
	inside.Cluster = ClusterNamed(c.Tx, c.Region, part.Inputs.String("clusterName"))
	return &inside
}

// hasNodes tells whether there are machines for the pods of namespace kube-system.
func (c *Call) hasNodes() bool {
	if c.Cluster == nil {
		return false
	}
	if c.AutoMode() {
		return true
	}
	if slices.ContainsFunc(c.NodeGroups(), func(r *store.Resource) bool { return r.Ready(c.Now) && NodeCount(r) > 0 }) {
		return true
	}
	return slices.ContainsFunc(c.FargateProfiles(), func(r *store.Resource) bool {
		return r.Ready(c.Now) && slices.ContainsFunc(r.Inputs.Objects("selectors"), func(s store.Values) bool {
			return Wildcard(s.String("namespace"), "kube-system") && len(s.Object("labels")) == 0
		})
	})
}

// NodeCount is how many nodes a node group has.
func NodeCount(group *store.Resource) int {
	return group.Inputs.Object("scalingConfig").Int("desiredSize")
}

// Arriving gives the time when the last of the types' resources that are being made or changed in the call's cluster will
// be there; it is in the past if there are none.
func (c *Call) Arriving(types ...string) time.Time {
	var latest time.Time
	for _, typ := range types {
		for _, r := range c.all(typ) {
			inside := r.Cluster != "" || c.Cluster != nil && r.Inputs.String("clusterName") == c.Cluster.ID
			if inside && r.ReadyAt != nil && r.State != store.Deleting && r.ReadyAt.After(latest) {
				latest = *r.ReadyAt
			}
		}
	}
	return latest
}
