package aws

import (
	"cmp"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	eksNodesType   = "aws:eks/nodeGroup:NodeGroup"
	eksFargateType = "aws:eks/fargateProfile:FargateProfile"
)

var clusterMissing = missing("ResourceNotFoundException", "No cluster found for name: %s.")

// inCluster is the reference to the cluster of what keeps it, and ofCluster that of what vanishes with it.
var (
	inCluster = Ref{Path: "clusterName", To: ClusterType, Missing: clusterMissing}
	ofCluster = Ref{Path: "clusterName", To: ClusterType, Owned: true, Missing: clusterMissing}
)

func eksNodeGroup() *Kind {
	return &Kind{
		Type: eksNodesType, Label: "EKS Node Group", Regional: true, Name: "nodeGroupName", MaxName: 63,
		Replace: []string{"clusterName", "nodeGroupName", "nodeGroupNamePrefix", "nodeRoleArn", "subnetIds", "amiType", "capacityType", "diskSize",
			"instanceTypes", "remoteAccess"},
		// A launch template may change its version only.
		ReplaceIf: func(old, new store.Values) []string {
			was, now := old.Object("launchTemplate"), new.Object("launchTemplate")
			if !unsure(new["launchTemplate"]) && (was.String("id") != now.String("id") || was.String("name") != now.String("name")) {
				return []string{"launchTemplate"}
			}
			return nil
		},
		Checks: []Check{
			characters("nodeGroupName", 1, 63), oneOf("capacityType", "ON_DEMAND", "SPOT", "CAPACITY_BLOCK"), within("diskSize", 1, 16384),
			within("scalingConfig.minSize", 0, 1e6), within("scalingConfig.maxSize", 1, 1e6), within("scalingConfig.desiredSize", 0, 1e6),
			within("updateConfig.maxUnavailable", 1, 100), within("updateConfig.maxUnavailablePercentage", 1, 100),
			eachObject("taints", oneOf("effect", "NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE")),
			matching("amiType", `^(AL2|AL2023|BOTTLEROCKET|WINDOWS)_[A-Za-z0-9_]+$|^CUSTOM$`, "must be a type such as AL2023_x86_64_STANDARD"),
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"capacityType": "ON_DEMAND", "version": newestKubernetes, "updateConfig": map[string]any{"maxUnavailable": 1}}
			if cluster := c.Find(ClusterType, c.In.String("clusterName")); cluster != nil {
				out["version"] = cluster.Property("version")
			}
			if !c.In.Has("launchTemplate") {
				out["amiType"], out["diskSize"], out["instanceTypes"] = "AL2023_x86_64_STANDARD", 20, []string{"t3.medium"}
			}
			out["releaseVersion"] = cmp.Or(c.In.String("version"), out.String("version")) + ".0-20260101"
			return out
		},
		Refs: []Ref{inCluster,
			{Path: "nodeRoleArn", To: roleType, Loose: true, Missing: missing("InvalidParameterException", "Following required service principals are missing in the trust relationship of nodeRole : ec2.amazonaws.com (%s)")},
			{Path: "subnetIds[]", To: subnetType, Missing: missing("InvalidParameterException", "The subnet ID '%s' does not exist")}},
		Create: func(c *Call) (*Made, error) {
			cluster, name := c.In.String("clusterName"), c.In.String("nodeGroupName")
			if c.Tx.Get(eksNodesType, c.Region+"/"+cluster+":"+name) != nil {
				return nil, errorf("ResourceInUseException", "NodeGroup already exists with name %s and cluster name %s", name, cluster)
			}
			uuid := c.UUID("nodes")
			return &Made{ID: cluster + ":" + name, Outputs: store.Values{"arn": c.ARN("eks", "nodegroup/"+cluster+"/"+name+"/"+uuid), "status": "ACTIVE",
				"resources": []map[string]any{{"autoscalingGroups": []any{map[string]any{"name": "eks-" + name + "-" + uuid}}, "remoteAccessSecurityGroupId": ""}}}}, nodesFit(c, nil)
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) { return nil, nodesFit(c, prior) },
		Usual:  Usual{150, 300, 240},
	}
}

// nodesFit demands sizes in order, a version that the cluster takes, and subnets of its network.
func nodesFit(c *Call, prior *store.Resource) error {
	cluster, size := c.Find(ClusterType, c.In.String("clusterName")), c.In.Object("scalingConfig")
	low, desired, high := size.Int("minSize"), size.Int("desiredSize"), size.Int("maxSize")
	switch {
	case low > desired:
		return errorf("InvalidParameterException", "Minimum capacity %d can't be greater than desired size %d", low, desired)
	case desired > high:
		return errorf("InvalidParameterException", "desired capacity %d can't be greater than max size %d", desired, high)
	case minor(c.In.String("version")) > minor(cluster.Property("version")):
		return errorf("InvalidParameterException", "Nodegroup Kubernetes version %s should be equal to or lower than cluster Kubernetes version %s", c.In.String("version"), cluster.Property("version"))
	case prior != nil && minor(c.In.String("version")) != 0 && minor(c.In.String("version")) < minor(prior.Property("version")):
		return errorf("InvalidParameterException", "Nodegroup Kubernetes version cannot be lowered from %s to %s", prior.Property("version"), c.In.String("version"))
	}
	return c.inClusterNetwork(cluster)
}

func (c *Call) inClusterNetwork(cluster *store.Resource) error {
	for _, s := range c.subnetsOf(c.In.Strings("subnetIds")) {
		if network := cluster.Outputs.Object("vpcConfig").String("vpcId"); s.Property("vpcId") != network {
			return errorf("InvalidParameterException", "Subnets are not tied to the cluster's VPC %s: %s", network, s.ID)
		}
	}
	return nil
}

func eksFargateProfile() *Kind {
	return &Kind{
		Type: eksFargateType, Label: "EKS Fargate Profile", Regional: true, Name: "fargateProfileName", MaxName: 63,
		Replace: []string{"clusterName", "fargateProfileName", "podExecutionRoleArn", "selectors", "subnetIds"},
		Checks:  []Check{characters("fargateProfileName", 1, 63)},
		Refs: []Ref{inCluster,
			{Path: "podExecutionRoleArn", To: roleType, Loose: true, Missing: missing("InvalidParameterException", "Misconfigured PodExecutionRole Trust Policy; Please add the eks-fargate-pods.amazonaws.com Service Principal (%s)")},
			{Path: "subnetIds[]", To: subnetType, Missing: missing("InvalidParameterException", "The subnet ID '%s' does not exist")}},
		Create: func(c *Call) (*Made, error) {
			cluster, name := c.In.String("clusterName"), c.In.String("fargateProfileName")
			if c.Tx.Get(eksFargateType, c.Region+"/"+cluster+":"+name) != nil {
				return nil, errorf("ResourceInUseException", "A Fargate Profile already exists with this name in this cluster.")
			}
			for _, s := range c.subnetsOf(c.In.Strings("subnetIds")) {
				if truth(s, "mapPublicIpOnLaunch") {
					return nil, errorf("InvalidParameterException", "Subnet %s provided in Fargate Profile is not a private subnet", s.ID)
				}
			}
			return &Made{ID: cluster + ":" + name, Outputs: store.Values{"status": "ACTIVE",
					"arn": c.ARN("eks", "fargateprofile/"+cluster+"/"+name+"/"+c.UUID("profile"))}},
				c.inClusterNetwork(c.Find(ClusterType, cluster))
		},
		Usual: Usual{90, 1, 120},
	}
}

// timestamps are when something of EKS was made and changed.
func (c *Call) timestamps() store.Values {
	now := c.Now.UTC().Format(time.RFC3339)
	return store.Values{"createdAt": now, "modifiedAt": now}
}
