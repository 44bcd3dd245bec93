package foundation

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
)

// controlPlane is the cluster without nodes, with a log of what it does, and who may use it. The log's group comes first:
// EKS would make one that keeps everything for ever.
func (k *eks) controlPlane() Fields {
	k.logGroup("controlPlaneLogs", "kubernetes", "log group of the control plane", "/aws/eks/"+k.name()+"/cluster")
	roleReady := iam.AddRole(k.Builder, iam.Role{
		Var: "clusterRole", Part: "kubernetes", What: "cluster role", Trust: iam.TrustServices("eks.amazonaws.com"), Source: k.place(),
		// The second lets the control plane give pods network interfaces, and with them security groups of their own.
		Managed: []string{k.AWSPolicy("AmazonEKSClusterPolicy"), k.AWSPolicy("AmazonEKSVPCResourceController")},
	})
	if key := k.found["kmsKeyARN"]; key != nil {
		roleReady = append(roleReady, iam.AddPolicy(k.Builder, iam.Policy{
			Var: "clusterKey", Part: "kubernetes-key", What: "policy for the key of the EKS cluster", Role: "clusterRole", Source: k.place(),
			Statements: []iam.Statement{{
				Actions: []string{"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"}, Resources: []jen.Code{key},
			}},
		})...)
	}
	k.cluster(append([]string{"controlPlaneLogs"}, roleReady...))
	k.administrators()
	return append(k.identityProvider(),
		component.Field{Name: "kubernetesName", Value: jen.Id("kubernetesCluster").Dot("Name")},
		component.Field{Name: "kubernetesGroupID", Value: jen.Id("kubernetesCluster").Dot("VpcConfig").Dot("ClusterSecurityGroupId").Call().Dot("Elem").Call()},
		component.Field{Name: "kubeconfig", Value: jen.Id("kubeconfig")},
	)
}

// logGroup registers a log group of the cluster's.
func (k *eks) logGroup(local, part, what, name string) {
	days := 30
	if v := k.Stack().Observability.Get("logs", "retentionDays"); v != nil {
		days = int(v.Number)
	}
	k.Resource(component.Resource{
		Var: local, Type: "aws:cloudwatch/logGroup:LogGroup", Part: part, What: what, Source: k.place(),
		Args: Fields{
			{Name: "Name", Value: component.Str(name)},
			{Name: "RetentionInDays", Value: component.Int(days)},
			{Name: "KmsKeyId", Value: k.found["kmsKeyARN"]},
		},
	})
}

// cluster registers the cluster. IAM alone says who may use it (authentication mode API); its creator is let in only if
// nobody else is named, and that is decided when it is made: another decision would replace it.
func (k *eks) cluster(ready []string) {
	endpoint := k.settings.PublicEndpoint.Enabled
	var ranges, encryption jen.Code
	if endpoint {
		ranges = component.StrArray(strs(k.publicRanges())...)
	}
	if key := k.found["kmsKeyARN"]; key != nil {
		encryption = component.Struct(component.AWS("eks", "ClusterEncryptionConfigArgs"), Fields{
			{Name: "Provider", Value: component.Struct(component.AWS("eks", "ClusterEncryptionConfigProviderArgs"), Fields{{Name: "KeyArn", Value: key}})},
			{Name: "Resources", Value: component.StrArray(component.Str("secrets"))},
		})
	}
	support := map[string]string{"standard": "STANDARD", "extended": "EXTENDED"}[k.settings.Support]
	k.Resource(component.Resource{
		Var: "kubernetesCluster", Type: "aws:eks/cluster:Cluster", Part: "kubernetes", What: "EKS cluster", Source: k.place(),
		Args: Fields{
			{Name: "Name", Value: component.Str(k.name())},
			{Name: "Version", Value: component.Str(k.settings.Version)},
			{Name: "RoleArn", Value: jen.Id("clusterRole").Dot("Arn")},
			{Name: "VpcConfig", Value: component.Struct(component.AWS("eks", "ClusterVpcConfigArgs"), Fields{
				{Name: "SubnetIds", Value: k.found["workloadSubnetIDs"]},
				{Name: "EndpointPrivateAccess", Value: component.Bool(true)},
				{Name: "EndpointPublicAccess", Value: component.Bool(endpoint)},
				{Name: "PublicAccessCidrs", Value: ranges},
			})},
			{Name: "AccessConfig", Value: component.Struct(component.AWS("eks", "ClusterAccessConfigArgs"), Fields{
				{Name: "AuthenticationMode", Value: component.Str("API")},
				{Name: "BootstrapClusterCreatorAdminPermissions", Value: component.Bool(len(k.settings.Administrators) == 0)},
			})},
			{Name: "EncryptionConfig", Value: encryption},
			{Name: "EnabledClusterLogTypes", Value: component.StrArray(strs([]string{"api", "audit", "authenticator", "controllerManager", "scheduler"})...)},
			{Name: "UpgradePolicy", Value: component.Struct(component.AWS("eks", "ClusterUpgradePolicyArgs"), Fields{
				{Name: "SupportType", Value: component.Str(support)},
			})},
			// The add-ons are resources of their own.
			{Name: "BootstrapSelfManagedAddons", Value: component.Bool(false)},
		},
		Options: []jen.Code{
			waitFor(ready...),
			component.Pulumi("IgnoreChanges").Call(component.Strings("accessConfig.bootstrapClusterCreatorAdminPermissions")),
		},
	})
	k.Statement(k.kubeconfig(), jen.Line())
}

func strs(texts []string) []jen.Code {
	var items []jen.Code
	for _, t := range texts {
		items = append(items, component.Str(t))
	}
	return items
}

// kubeconfig declares how to reach the cluster. It holds no credential: the aws command makes a token of the caller's own.
func (k *eks) kubeconfig() jen.Code {
	c := func(field string) *jen.Statement { return jen.Id("kubernetesCluster").Dot(field) }
	named := func(fields Fields) jen.Code {
		return component.Objects(component.Element(append(Fields{{Name: "name", Value: c("Name")}}, fields...)))
	}
	args := append([]jen.Code{jen.Lit("eks"), jen.Lit("get-token"), jen.Lit("--cluster-name")}, c("Name"), jen.Lit("--region"), jen.Lit(k.Stack().Region))
	return jen.Id("kubeconfig").Op(":=").Add(component.Pulumi("JSONMarshal")).Call(component.Object(Fields{
		{Name: "apiVersion", Value: jen.Lit("v1")},
		{Name: "kind", Value: jen.Lit("Config")},
		{Name: "clusters", Value: named(Fields{{Name: "cluster", Value: component.Object(Fields{
			{Name: "server", Value: c("Endpoint")},
			{Name: "certificate-authority-data", Value: c("CertificateAuthority").Dot("Data").Call().Dot("Elem").Call()},
		})}})},
		{Name: "users", Value: named(Fields{{Name: "user", Value: component.Object(Fields{{Name: "exec", Value: component.Object(Fields{
			{Name: "apiVersion", Value: jen.Lit("client.authentication.k8s.io/v1")},
			{Name: "command", Value: jen.Lit("aws")},
			{Name: "args", Value: jen.Index().Any().Values(args...)},
			{Name: "interactiveMode", Value: jen.Lit("Never")},
		})}})}})},
		{Name: "contexts", Value: named(Fields{{Name: "context", Value: component.Object(Fields{
			{Name: "cluster", Value: c("Name")},
			{Name: "user", Value: c("Name")},
		})}})},
		{Name: "current-context", Value: c("Name")},
	}))
}

// identityProvider makes IAM believe what the cluster says of its service accounts. IAM knows the certificates of EKS's
// issuers, so it needs no thumbprint.
func (k *eks) identityProvider() Fields {
	k.Statement(
		jen.Id("issuer").Op(":=").Id("kubernetesCluster").Dot("Identities").Dot("Index").Call(component.Int(0)).
			Dot("Oidcs").Call().Dot("Index").Call(component.Int(0)).Dot("Issuer").Call().Dot("Elem").Call(), jen.Line())
	k.Resource(component.Resource{
		Var: "identityProvider", Type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider", Part: "kubernetes", What: "identity provider of the EKS cluster", Source: k.place(),
		Args: Fields{
			{Name: "Url", Value: jen.Id("issuer")},
			{Name: "ClientIdLists", Value: component.StrArray(component.Str("sts.amazonaws.com"))},
		},
	})
	k.Statement(
		jen.Id("issuerName").Op(":=").Id("issuer").Dot("ApplyT").Call(jen.Func().Params(jen.Id("url").String()).String().Block(
			jen.Return(jen.Qual("strings", "TrimPrefix").Call(jen.Id("url"), jen.Lit("https://"))),
		)).Assert(component.Pulumi("StringOutput")), jen.Line())
	return Fields{{Name: "issuer", Value: jen.Id("issuerName")}, {Name: "issuerARN", Value: jen.Id("identityProvider").Dot("Arn")}}
}

// administrators lets the named roles and users do everything in the cluster. All go by their ARNs in names, so that one
// can come or go without touching another.
func (k *eks) administrators() {
	at := k.place("administrators")
	for i, arn := range k.settings.Administrators {
		if slices.Index(k.settings.Administrators, arn) < i {
			continue
		}
		sum := sha256.Sum256([]byte(arn))
		hash := hex.EncodeToString(sum[:4])
		entry, policy := "administrator"+hash, "admission"+hash
		principal := Fields{
			{Name: "ClusterName", Value: jen.Id("kubernetesCluster").Dot("Name")},
			{Name: "PrincipalArn", Value: component.Str(arn)},
		}
		k.Resource(component.Resource{
			Var: entry, Type: "aws:eks/accessEntry:AccessEntry", Part: "administrator-" + hash, What: "access of an administrator", Source: at, Args: principal,
		})
		k.Resource(component.Resource{
			Var: policy, Type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation", Part: "administrator-" + hash, What: "rights of an administrator", Source: at,
			Args: append(slices.Clone(principal), Fields{
				{Name: "PolicyArn", Value: component.Str("arn:" + component.Partition(k.Stack().Region) + ":eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy")},
				{Name: "AccessScope", Value: component.Struct(component.AWS("eks", "AccessPolicyAssociationAccessScopeArgs"), Fields{
					{Name: "Type", Value: component.Str("cluster")},
				})},
			}...),
			Options: []jen.Code{waitFor(entry)},
		})
		k.admitted = append(k.admitted, policy)
	}
}
