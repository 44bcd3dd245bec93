package sandbox

import (
	"strings"
	"testing"
)

const (
	tKubernetes  = "aws:eks/cluster:Cluster"
	tNodes       = "aws:eks/nodeGroup:NodeGroup"
	tFargate     = "aws:eks/fargateProfile:FargateProfile"
	tAddon       = "aws:eks/addon:Addon"
	tEntry       = "aws:eks/accessEntry:AccessEntry"
	tEntryPolicy = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
	tPodIdentity = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
)

func newKubernetes(t *testing.T) *estate {
	t.Helper()
	s := newEstate(t, "")
	vpc := s.add("vpc", tVpc, props{"cidrBlock": "10.5.0.0/16"})
	var subnets []any
	for i, zone := range []string{"a", "b"} {
		subnet := s.add("subnet-"+zone, tSubnet, props{"vpcId": vpc.id, "cidrBlock": []string{"10.5.0.0/24", "10.5.1.0/24"}[i], "availabilityZone": "us-east-1" + zone})
		subnets = append(subnets, subnet.id)
	}
	role := s.add("role", tRole, props{"name": "eks", "assumeRolePolicy": trust})
	cluster := s.add("cluster", tKubernetes, props{"name": "shop", "roleArn": role.out("arn"), "version": "1.31", "enabledClusterLogTypes": []any{"audit"},
		"vpcConfig": props{"subnetIds": subnets, "endpointPrivateAccess": true}, "accessConfig": props{"authenticationMode": "API_AND_CONFIG_MAP"},
		"kubernetesNetworkConfig": props{"ipFamily": "ipv4"}})
	s.add("nodes", tNodes, props{"clusterName": cluster.id, "nodeGroupName": "general", "nodeRoleArn": role.out("arn"), "subnetIds": subnets,
		"scalingConfig": props{"minSize": 1, "desiredSize": 2, "maxSize": 3}})
	s.add("fargate", tFargate, props{"clusterName": cluster.id, "fargateProfileName": "jobs", "podExecutionRoleArn": role.out("arn"), "subnetIds": subnets,
		"selectors": []any{props{"namespace": "jobs"}}})
	s.add("addon", tAddon, props{"clusterName": cluster.id, "addonName": "vpc-cni"})
	s.add("entry", tEntry, props{"clusterName": cluster.id, "principalArn": role.out("arn")})
	s.add("entry-policy", tEntryPolicy, props{"clusterName": cluster.id, "principalArn": role.out("arn"), "accessScope": props{"type": "cluster"},
		"policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy"})
	s.add("identity", tPodIdentity, props{"clusterName": cluster.id, "namespace": "shop", "serviceAccount": "web", "roleArn": role.out("arn")})
	return s
}

func TestKubernetes(t *testing.T) {
	s := newKubernetes(t)
	cluster := s.things["cluster"]
	config := cluster.outputs["vpcConfig"].ObjectValue()
	group := config["clusterSecurityGroupId"].StringValue()
	if config["vpcId"].StringValue() != s.things["vpc"].id || !config["endpointPrivateAccess"].BoolValue() || !strings.HasPrefix(group, "sg-0") {
		t.Errorf("the cluster's network is %v", config)
	}
	if !strings.HasSuffix(cluster.out("endpoint"), ".gr7.us-east-1.eks.amazonaws.com") {
		t.Errorf("endpoint %s", cluster.out("endpoint"))
	}
	if got := s.things["nodes"].out("version"); got != "1.31" || s.things["nodes"].id != "shop:general" {
		t.Errorf("nodes %s have version %s", s.things["nodes"].id, got)
	}
	rule := s.create(tIngress, "rule", props{"securityGroupId": group, "ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "10.5.0.0/16"})
	if err := s.delete(rule); err != nil {
		t.Fatal(err)
	}
	wantError(t, s.delete(cluster), "ResourceInUseException: Cluster has")
	s.verify()
}

func TestKubernetesUpgrades(t *testing.T) {
	s := newKubernetes(t)
	cluster, nodes := s.things["cluster"], s.things["nodes"]
	group := cluster.outputs["vpcConfig"].ObjectValue()["clusterSecurityGroupId"]
	wantError(t, s.update(nodes, with(mappable(nodes), props{"version": "1.32"})), "should be equal to or lower than cluster Kubernetes version 1.31")
	for _, c := range []struct {
		change props
		want   string
	}{
		{props{"version": "1.33"}, "Unsupported Kubernetes minor version update from 1.31 to 1.33"},
		{props{"version": "1.30"}, "Unsupported Kubernetes minor version update"},
		{props{"accessConfig": props{"authenticationMode": "CONFIG_MAP"}}, "Unsupported authentication mode update"},
		{props{"version": "1.32"}, ""},
	} {
		err := s.update(cluster, with(mappable(cluster), c.change))
		if c.want != "" {
			wantError(t, err, c.want)
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if got := cluster.outputs["vpcConfig"].ObjectValue()["clusterSecurityGroupId"]; !got.DeepEquals(group) {
		t.Errorf("after an upgrade the security group is %v, was %v", got, group)
	}
	if err := s.update(nodes, with(mappable(nodes), props{"version": "1.32"})); err != nil {
		t.Fatal(err)
	}
	wantError(t, s.update(nodes, with(mappable(nodes), props{"scalingConfig": props{"minSize": 3, "desiredSize": 2, "maxSize": 3}})), "Minimum capacity 3 can't be greater than desired size 2")
}

func TestKubernetesRefusals(t *testing.T) {
	s := newKubernetes(t)
	_, public := s.network()
	cluster := with(s.given("cluster"), props{"name": "x"})
	network := func(change props) props {
		return with(cluster, props{"vpcConfig": with(s.things["cluster"].inputs["vpcConfig"].ObjectValue().Mappable(), change)})
	}
	s.refuse(map[string]refusal{
		"cluster taken":        {tKubernetes, s.given("cluster"), "Cluster already exists with name: shop"},
		"cluster in one zone":  {tKubernetes, network(props{"subnetIds": []any{s.things["subnet-a"].id}}), "at least two different AZs"},
		"cluster out of reach": {tKubernetes, network(props{"endpointPrivateAccess": false, "endpointPublicAccess": false}), "endpoint access cannot be false"},
		"cluster's role":       {tKubernetes, with(cluster, props{"roleArn": "arn:none"}), "could not be assumed"},
		"half automatic":       {tKubernetes, with(cluster, props{"computeConfig": props{"enabled": true}}), "must all be true or all be false"},
		"logs":                 {tKubernetes, with(cluster, props{"enabledClusterLogTypes": []any{"kubelet"}}), `got "kubelet"`},
		"nodes taken":          {tNodes, s.given("nodes"), "NodeGroup already exists"},
		"nodes of no cluster":  {tNodes, with(s.given("nodes"), props{"clusterName": "none"}), "No cluster found for name: none."},
		"nodes elsewhere":      {tNodes, with(s.given("nodes"), props{"nodeGroupName": "x", "subnetIds": public}), "not tied to the cluster's VPC"},
		"capacity type":        {tNodes, with(s.given("nodes"), props{"nodeGroupName": "x", "capacityType": "CHEAP"}), "capacityType"},
		"profile in public":    {tFargate, with(s.given("fargate"), props{"fargateProfileName": "x", "subnetIds": public}), "is not a private subnet"},
		"addon taken":          {tAddon, s.given("addon"), "Addon already exists."},
		"addon":                {tAddon, props{"clusterName": "shop", "addonName": "none"}, "Addon none specified is not supported in 1.31"},
		"entry taken":          {tEntry, s.given("entry"), "already in use on this cluster"},
		"entry of nobody":      {tEntry, with(s.given("entry"), props{"principalArn": "arn:aws:iam::123456789012:role/none"}), "invalid principal"},
		"entry's group":        {tEntry, with(s.given("entry"), props{"kubernetesGroups": []any{"system:masters"}}), "cannot start with system:"},
		"policy of no entry":   {tEntryPolicy, with(s.given("entry-policy"), props{"principalArn": "arn:aws:iam::123456789012:role/none"}), "principalArn could not be found"},
		"identity taken":       {tPodIdentity, s.given("identity"), "Association already exists"},
	})
	old := s.create(tKubernetes, "old", with(cluster, props{"accessConfig": nil}))
	_, err := s.tryCreate(tEntry, "x", with(s.given("entry"), props{"clusterName": old.id}))
	wantError(t, err, "authentication mode must be set to one of [API, API_AND_CONFIG_MAP]")
}

func TestKubernetesChanges(t *testing.T) {
	s := newKubernetes(t)
	s.diffs(map[string]change{
		"version":          {"cluster", props{"version": "1.32"}, ""},
		"role":             {"cluster", props{"roleArn": "x"}, "roleArn"},
		"IP family":        {"cluster", props{"kubernetesNetworkConfig": props{"ipFamily": "ipv6"}}, "kubernetesNetworkConfig"},
		"encryption":       {"cluster", props{"encryptionConfig": props{"provider": props{"keyArn": "k"}, "resources": []any{"secrets"}}}, ""},
		"nodes' sizes":     {"nodes", props{"scalingConfig": props{"minSize": 1, "desiredSize": 3, "maxSize": 3}}, ""},
		"nodes' machines":  {"nodes", props{"instanceTypes": []any{"m6i.large"}}, "instanceTypes"},
		"nodes' labels":    {"nodes", props{"labels": props{"a": "b"}}, ""},
		"profile":          {"fargate", props{"selectors": []any{props{"namespace": "x"}}}, "selectors"},
		"addon's version":  {"addon", props{"addonVersion": "v1.19.6-eksbuild.1"}, ""},
		"entry's groups":   {"entry", props{"kubernetesGroups": []any{"viewers"}}, ""},
		"entry's type":     {"entry", props{"type": "EC2_LINUX"}, "type"},
		"identity's role":  {"identity", props{"roleArn": "x"}, ""},
		"identity's space": {"identity", props{"namespace": "x"}, "namespace"},
	})
}
