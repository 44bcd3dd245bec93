package aws

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	// ClusterType is the type of EKS clusters.
	ClusterType = "aws:eks/cluster:Cluster"
	// newestKubernetes is the version of clusters that ask for none.
	newestKubernetes = "1.33"
)

func eksCluster() *Kind {
	return &Kind{
		Type: ClusterType, Label: "EKS Cluster", Regional: true, Name: "name", MaxName: 100,
		Conflict: func(name string) error {
			return errorf("ResourceInUseException", "Cluster already exists with name: %s", name)
		},
		Replace:   []string{"name", "roleArn", "bootstrapSelfManagedAddons", "outpostConfig"},
		ReplaceIf: replaceCluster,
		Mixed:     []string{"vpcConfig", "kubernetesNetworkConfig"},
		Checks: []Check{
			matching("name", `^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$`, "up to 100 letters, digits, hyphens and underscores, first a letter or digit"),
			matching("version", `^1\.\d\d$`, "must have the form 1.33"),
			oneOf("accessConfig.authenticationMode", "API", "API_AND_CONFIG_MAP", "CONFIG_MAP"), oneOf("kubernetesNetworkConfig.ipFamily", "ipv4", "ipv6"),
			oneOf("upgradePolicy.supportType", "STANDARD", "EXTENDED"), cidr("kubernetesNetworkConfig.serviceIpv4Cidr", 12, 24), checkAutoMode, checkClusterLogs,
		},
		Defaults: func(c *Call) store.Values {
			return store.Values{"version": newestKubernetes, "bootstrapSelfManagedAddons": true, "upgradePolicy": map[string]any{"supportType": "EXTENDED"},
				"accessConfig":            map[string]any{"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": true},
				"kubernetesNetworkConfig": map[string]any{"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"}}
		},
		Refs: []Ref{
			{Path: "roleArn", To: roleType, Loose: true, Missing: missing("InvalidParameterException", "Role with arn: %s, could not be assumed because it does not exist or the trusted entity is not correct")},
			{Path: "vpcConfig.subnetIds[]", To: subnetType, Missing: missing("InvalidParameterException", "The subnet ID '%s' does not exist")},
			{Path: "vpcConfig.securityGroupIds[]", To: securityGroupType, Missing: missing("InvalidParameterException", "The security group '%s' does not exist")},
		},
		Create: createCluster,
		Update: updateCluster,
		InUse: func(_, by *store.Resource) error {
			if by.Type == eksFargateType {
				return errorf("ResourceInUseException", "Cluster has Fargate profiles attached")
			}
			return errorf("ResourceInUseException", "Cluster has nodegroups attached")
		},
		Usual: Usual{540, 480, 180},
	}
}

// replaceCluster adds what cannot change in parts of properties.
func replaceCluster(old, new store.Values) []string {
	var out []string
	fixed := func(property string, fields ...string) {
		for _, f := range fields {
			if !unsure(new[property]) && old.Object(property)[f] != new.Object(property)[f] {
				out = append(out, property)
				return
			}
		}
	}
	fixed("kubernetesNetworkConfig", "ipFamily", "serviceIpv4Cidr")
	fixed("accessConfig", "bootstrapClusterCreatorAdminPermissions")
	// Encryption can be turned on once, and never changed.
	if was := old.Object("encryptionConfig"); was != nil && !unsure(new["encryptionConfig"]) &&
		was.Object("provider").String("keyArn") != new.Object("encryptionConfig").Object("provider").String("keyArn") {
		out = append(out, "encryptionConfig")
	}
	return out
}

// checkAutoMode demands that compute, load balancing and storage are left to EKS together or not at all.
func checkAutoMode(in store.Values) []Problem {
	parts := []any{at(in, "computeConfig.enabled"), at(in, "kubernetesNetworkConfig.elasticLoadBalancing.enabled"), at(in, "storageConfig.blockStorage.enabled")}
	on := slices.Contains(parts, any(true))
	if on && (slices.Contains(parts, any(false)) || slices.Contains(parts, nil)) && !unsure(map[string]any(in)) {
		return []Problem{{"computeConfig.enabled", "computeConfig.enabled, kubernetesNetworkConfig.elasticLoadBalancing.enabled and storageConfig.blockStorage.enabled must all be true or all be false"}}
	}
	return nil
}

func checkClusterLogs(in store.Values) []Problem {
	known := []string{"api", "audit", "authenticator", "controllerManager", "scheduler"}
	for _, l := range in.Strings("enabledClusterLogTypes") {
		if !slices.Contains(known, l) {
			return []Problem{{"enabledClusterLogTypes", fmt.Sprintf("expected enabledClusterLogTypes to be of %s, got %q", strings.Join(known, ", "), l)}}
		}
	}
	return nil
}

func createCluster(c *Call) (*Made, error) {
	network, err := clusterNetwork(c)
	if err != nil {
		return nil, err
	}
	name, id := c.In.String("name"), strings.ToUpper(c.Hex("cluster", 32))
	authority := base64.StdEncoding.EncodeToString([]byte("-----BEGIN CERTIFICATE-----\n" + c.Hex("authority", 64) + "\n-----END CERTIFICATE-----\n"))
	out := store.Values{"arn": c.ARN("eks", "cluster/"+name), "endpoint": fmt.Sprintf("https://%s.gr7.%s.eks.amazonaws.com", id, c.Region),
		"status": "ACTIVE", "platformVersion": "eks.9", "createdAt": c.Now.UTC().Format(time.RFC3339), "clusterId": "",
		"certificateAuthority": map[string]any{"data": authority}, "certificateAuthorities": []map[string]any{{"data": authority}},
		"identities": []map[string]any{{"oidcs": []any{map[string]any{"issuer": fmt.Sprintf("https://oidc.eks.%s.amazonaws.com/id/%s", c.Region, id)}}}},
		"vpcConfig": map[string]any{"vpcId": network, "clusterSecurityGroupId": "sg-0" + c.Hex("clustergroup", 16), "endpointPrivateAccess": false,
			"endpointPublicAccess": true, "publicAccessCidrs": []string{"0.0.0.0/0"}}}
	if c.In.Has("kubernetesNetworkConfig") {
		out["kubernetesNetworkConfig"] = map[string]any{"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"}
	}
	return &Made{ID: name, Outputs: out}, nil
}

// clusterNetwork checks a cluster's subnets and endpoints and gives its network.
func clusterNetwork(c *Call) (string, error) {
	config := c.In.Object("vpcConfig")
	subnets := c.subnetsOf(config.Strings("subnetIds"))
	if len(zonesOf(subnets)) < 2 {
		return "", errorf("InvalidParameterException", "Subnets specified must be in at least two different AZs")
	}
	network := subnets[0].Property("vpcId")
	for _, s := range subnets {
		if s.Property("vpcId") != network {
			return "", errorf("InvalidParameterException", "Subnets specified must belong to the same VPC")
		}
	}
	for _, g := range config.Strings("securityGroupIds") {
		if c.vpcOf(securityGroupType, g) != network {
			return "", errorf("InvalidParameterException", "Security group(s) %s are not in the same VPC as the subnets", g)
		}
	}
	if config.Has("endpointPublicAccess") && !config.Bool("endpointPublicAccess") && !config.Bool("endpointPrivateAccess") {
		return "", errorf("InvalidParameterException", "Private and public endpoint access cannot be false")
	}
	return network, nil
}

func updateCluster(c *Call, prior *store.Resource) (*Made, error) {
	if from, to := minor(prior.Property("version")), minor(c.In.String("version")); to != 0 && to != from && to != from+1 {
		return nil, errorf("InvalidParameterException", "Unsupported Kubernetes minor version update from %s to %s", prior.Property("version"), c.In.String("version"))
	}
	modes := []string{"", "CONFIG_MAP", "API_AND_CONFIG_MAP", "API"}
	was, now := prior.Inputs.Object("accessConfig").String("authenticationMode"), c.In.Object("accessConfig").String("authenticationMode")
	if now != "" && slices.Index(modes, now) < slices.Index(modes, was) {
		return nil, errorf("InvalidRequestException", "Unsupported authentication mode update from %s to %s", was, now)
	}
	_, err := clusterNetwork(c)
	return nil, err
}

// minor gives the minor part of a version of Kubernetes, 33 of 1.33.
func minor(version string) int {
	_, part, _ := strings.Cut(version, ".")
	n, _ := strconv.Atoi(part)
	return n
}

// clusterGroups are the security groups that EKS makes for its clusters.
func (c *Call) clusterGroups() []*store.Resource {
	var out []*store.Resource
	for _, r := range c.Tx.All(ClusterType) {
		if config := r.Outputs.Object("vpcConfig"); r.Region == c.Region && config != nil {
			out = append(out, c.ambientResource(securityGroupType, config.String("clusterSecurityGroupId"), "security-group",
				store.Values{"vpcId": config.String("vpcId"), "name": "eks-cluster-sg-" + r.ID}))
		}
	}
	return out
}
