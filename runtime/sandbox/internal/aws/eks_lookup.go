package aws

import (
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// getClusters lists the EKS clusters of the region.
func getClusters(c *Call) (*Answer, error) {
	names := []string{}
	for _, r := range c.all(ClusterType) {
		names = append(names, r.ID)
	}
	slices.Sort(names)
	return answer(store.Values{"id": c.Region, "names": names})
}

// getNodeGroups lists the node groups of a cluster.
func getNodeGroups(c *Call) (*Answer, error) {
	cluster := c.In.String("clusterName")
	if c.Find(ClusterType, cluster) == nil {
		return nil, clusterMissing(cluster)
	}
	names := []string{}
	for _, r := range c.all(eksNodesType) {
		if r.Inputs.String("clusterName") == cluster {
			names = append(names, r.Property("nodeGroupName"))
		}
	}
	slices.Sort(names)
	return answer(store.Values{"id": cluster, "clusterName": cluster, "names": names})
}

// getNodeGroup looks up a node group by its name.
func getNodeGroup(c *Call) (*Answer, error) {
	cluster, name := c.In.String("clusterName"), c.In.String("nodeGroupName")
	for _, r := range c.all(eksNodesType) {
		if r.Inputs.String("clusterName") == cluster && r.Property("nodeGroupName") == name {
			return answer(store.Values{"id": r.ID, "clusterName": cluster, "nodeGroupName": name, "arn": r.Outputs["arn"], "status": "ACTIVE",
				"version": r.Property("version"), "scalingConfigs": []any{map[string]any(r.Inputs.Object("scalingConfig"))}, "tags": r.Inputs.Object("tags")})
		}
	}
	return nil, errorf("ResourceNotFoundException", "No node group found for name: %s.", name)
}
