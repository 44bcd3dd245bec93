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

// getNodeGroup looks up a node group by its name. What a launch template may say instead of the group is empty or zero.
func getNodeGroup(c *Call) (*Answer, error) {
	cluster, name := c.In.String("clusterName"), c.In.String("nodeGroupName")
	for _, r := range c.all(eksNodesType) {
		if r.Inputs.String("clusterName") != cluster || r.Property("nodeGroupName") != name {
			continue
		}
		known := store.Values{"amiType": "", "diskSize": 0, "instanceTypes": []any{}, "labels": map[string]any{}, "tags": map[string]any{}, "taints": []any{}}
		for _, property := range []string{"amiType", "arn", "capacityType", "clusterName", "diskSize", "instanceTypes", "labels", "nodeGroupName",
			"nodeRoleArn", "releaseVersion", "resources", "status", "subnetIds", "tags", "taints", "version"} {
			for _, values := range []store.Values{r.Outputs, r.Inputs} {
				if values.Has(property) {
					known[property] = values[property]
				}
			}
		}
		return answer(known.Over(store.Values{"id": r.ID, "launchTemplates": parts(r, "launchTemplate"), "remoteAccesses": parts(r, "remoteAccess"),
			"scalingConfigs": parts(r, "scalingConfig")}))
	}
	return nil, errorf("ResourceNotFoundException", "No node group found for name: %s.", name)
}

// parts are a part of a resource, if it has it, as look-ups give it: in a list.
func parts(r *store.Resource, property string) []any {
	if !r.Inputs.Has(property) {
		return []any{}
	}
	return []any{map[string]any(r.Inputs.Object(property))}
}
