package foundation

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/names"
)

// addon is an add-on of EKS.
type addon struct {
	name string
	// settings are the code of its configuration, nil for none.
	settings jen.Code
	// role is the local variable of the role that its service account takes, "" for none.
	role string
	// after are the local variables of what must be there first.
	after []string
}

// addon registers an add-on and gives its local variable. What somebody changed of it by hand gives way.
func (k *eks) addon(a addon) string {
	var version, role jen.Code
	if v := k.settings.AddonVersions[a.name]; v != "" {
		version = component.Str(v)
	}
	if a.role != "" {
		role = jen.Id(a.role).Dot("Arn")
	}
	var options []jen.Code
	if len(a.after) > 0 {
		options = []jen.Code{waitFor(a.after...)}
	}
	local := names.Identifier(append([]string{"addon"}, strings.Split(a.name, "-")...)...)
	k.Resource(component.Resource{
		Var: local, Type: "aws:eks/addon:Addon", Part: "addon-" + a.name, What: "add-on " + a.name, Source: k.place("addonVersions", a.name),
		Args: Fields{
			{Name: "ClusterName", Value: jen.Id("kubernetesCluster").Dot("Name")},
			{Name: "AddonName", Value: component.Str(a.name)},
			{Name: "AddonVersion", Value: version},
			{Name: "ServiceAccountRoleArn", Value: role},
			{Name: "ConfigurationValues", Value: a.settings},
			{Name: "ResolveConflictsOnCreate", Value: component.Str("OVERWRITE")},
			{Name: "ResolveConflictsOnUpdate", Value: component.Str("OVERWRITE")},
		},
		Options: options,
	})
	return local
}

// networkAddons are the local variables of those that nodes wait for.
var networkAddons = []string{"addonVpcCni", "addonKubeProxy"}

// networkAddons give nodes and pods their network. Pods get security groups of their own, which the node's group does not
// stand in for (ENABLE_POD_ENI); in the mode standard they still reach the internet by the node's address, and each other's
// services. The kubelet's probes reach such pods only without the early demultiplexing of TCP.
func (k *eks) networkAddons() {
	role := k.serviceRole(serviceRole{
		local: "networkRole", part: "pod-network", what: "role of the pods' network", namespace: "kube-system", account: "aws-node",
		managed: []string{k.AWSPolicy("AmazonEKS_CNI_Policy")},
	})
	text := func(name, value string) component.Field { return component.Field{Name: name, Value: jen.Lit(value)} }
	k.addon(addon{
		name: "vpc-cni", role: "networkRole", after: role,
		settings: component.Pulumi("JSONMarshal").Call(component.Object(Fields{
			{Name: "env", Value: component.Object(Fields{text("ENABLE_POD_ENI", "true"), text("POD_SECURITY_GROUP_ENFORCING_MODE", "standard")})},
			{Name: "init", Value: component.Object(Fields{
				{Name: "env", Value: component.Object(Fields{text("DISABLE_TCP_EARLY_DEMUX", "true")})},
			})},
		})),
	})
	k.addon(addon{name: "kube-proxy"})
}

// podAddons are those that run as pods, which wait for nodes: names, and what components need: a count of what pods use,
// and volumes.
func (k *eks) podAddons() {
	k.ready = append(k.ready, k.addon(addon{name: "coredns", after: k.groups}))
	if k.needs.scaled {
		k.ready = append(k.ready, k.addon(addon{name: "metrics-server", after: k.groups}))
	}
	if k.needs.volumes {
		k.volumes()
	}
	if k.needs.fileSystems {
		k.fileSystems()
	}
	k.insights()
}

// volumes lets pods have EBS volumes. The managed policy lets the driver change only volumes that it made.
func (k *eks) volumes() {
	var key []iam.Statement
	if arn := k.found["kmsKeyARN"]; arn != nil {
		key = []iam.Statement{
			{Actions: []string{"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"}, Resources: []jen.Code{arn}},
			{Actions: []string{"kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"}, Resources: []jen.Code{arn},
				Conditions: []iam.Condition{{Operator: "Bool", Key: "kms:GrantIsForAWSResource", Values: []jen.Code{jen.Lit("true")}}}},
		}
	}
	ready := k.serviceRole(serviceRole{
		local: "volumeRole", part: "volumes", what: "role of the volumes' driver", namespace: "kube-system", account: "ebs-csi-controller-sa",
		managed: []string{k.AWSPolicy("service-role/AmazonEBSCSIDriverPolicy")}, statements: key,
	})
	k.ready = append(k.ready, k.addon(addon{name: "aws-ebs-csi-driver", role: "volumeRole", after: append(ready, k.groups...)}))
}

// fileSystems lets pods mount EFS, also as root, which most containers are. Components name access points that exist, so the driver makes none; what it mounts with
// IAM it mounts as the node's part of it, whose right to do so each file system limits to what is mounted by TLS.
func (k *eks) fileSystems() {
	ready := k.serviceRole(serviceRole{
		local: "filesRole", part: "files", what: "role of the file systems' driver", namespace: "kube-system", account: "efs-csi-node-sa",
		statements: []iam.Statement{{
			Actions:   []string{"elasticfilesystem:ClientMount", "elasticfilesystem:ClientRootAccess", "elasticfilesystem:ClientWrite"},
			Resources: []jen.Code{k.AccountARN("elasticfilesystem", "file-system/*")},
			Conditions: []iam.Condition{
				{Operator: "Bool", Key: "elasticfilesystem:AccessedViaMountTarget", Values: []jen.Code{jen.Lit("true")}},
				k.ofStack("aws:ResourceTag/panka:stack", k.Stack().Name), k.ofStack("aws:ResourceTag/panka:environment", k.Stack().Environment),
			},
		}, {
			// This and the next look up in what zone a mount target is; EC2 has no resources to limit that to.
			Actions: []string{"ec2:DescribeAvailabilityZones"}, Resources: []jen.Code{jen.Lit("*")},
		}, {
			Actions: []string{"elasticfilesystem:DescribeMountTargets"}, Resources: []jen.Code{k.AccountARN("elasticfilesystem", "file-system/*")},
		}},
	})
	k.ready = append(k.ready, k.addon(addon{name: "aws-efs-csi-driver", role: "filesRole", after: append(ready, k.groups...)}))
}

// ofStack is the condition that a resource has a tag of the stack's.
func (k *eks) ofStack(key, value string) iam.Condition {
	return iam.Condition{Operator: "StringEquals", Key: key, Values: []jen.Code{jen.Lit(value)}}
}

// serviceRole is a role that one service account of the cluster takes.
type serviceRole struct {
	local, part, what  string
	namespace, account string
	managed            []string
	statements         []iam.Statement
}

// serviceRole registers the role and gives the local variables of what it may do.
func (k *eks) serviceRole(r serviceRole) []string {
	ready := iam.AddRole(k.Builder, iam.Role{
		Var: r.local, Part: r.part, What: r.what, Managed: r.managed, Source: k.place(),
		Trust: iam.TrustServiceAccount(k.found["issuerARN"], k.found["issuer"], r.namespace, r.account),
	})
	return append(ready, iam.AddPolicy(k.Builder, iam.Policy{
		Var: r.local + "Rights", Part: r.part, What: "policy of the " + r.what, Role: r.local, Statements: r.statements, Source: k.place(),
	})...)
}
