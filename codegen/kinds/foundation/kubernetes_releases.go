package foundation

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
)

// Namespaces of what is installed.
const (
	autoscalingNamespace = "keda"
	secretsNamespace     = "external-secrets"
)

// The charts, at versions that were current together and are made for the schema's newest version of Kubernetes, 1.35, and
// the one before:
//   - https://github.com/aws/eks-charts, stable/aws-load-balancer-controller
//   - https://github.com/external-secrets/external-secrets; its page "Stability and support" says for which Kubernetes
//   - https://github.com/kedacore/charts; so does KEDA's page "Cluster"
//   - https://github.com/kubernetes/autoscaler, cluster-autoscaler/charts; its image's version is that of Kubernetes
const (
	balancerChart   = "3.5.0"
	secretsChart    = "2.8.0"
	eventsChart     = "2.20.2"
	autoscalerChart = "9.59.0"
)

// releases installs what components need and EKS has no add-on for. Only the controllers' service accounts have rights, each
// by a role with just those.
func (k *eks) releases() {
	if k.settings.Nodes.MaxSize > k.settings.Nodes.MinSize {
		k.autoscaler()
	}
	if k.needs.balanced {
		k.balancerController()
	}
	if k.needs.secrets {
		k.release(component.Release{
			Var: "secretsOperator", Part: "external-secrets", What: "External Secrets Operator", Name: "external-secrets", Namespace: secretsNamespace,
			Chart: "external-secrets", Version: secretsChart, Repository: "https://charts.external-secrets.io",
			// Each workload's own role reads its secrets, so the operator has none, and serves only what is in their namespaces.
			Values: Fields{
				entry("processClusterStore", component.Bool(false)), entry("processClusterExternalSecret", component.Bool(false)),
				entry("processClusterPushSecret", component.Bool(false)), entry("processClusterGenerator", component.Bool(false)),
				entry("processPushSecret", component.Bool(false)),
			},
		})
	}
	if k.needs.events {
		k.eventScaling()
	}
}

func entry(name string, v jen.Code) component.Field { return component.Field{Name: name, Value: v} }

func nested(fields ...component.Field) jen.Code {
	return component.Map(component.Pulumi("Map"), fields)
}

// release registers a chart, which waits for nodes and names, and for what else it needs.
func (k *eks) release(r component.Release, after ...string) {
	r.Source = k.place()
	r.Options = []jen.Code{waitFor(slices.Concat(k.admitted, k.groups, []string{"addonCoredns"}, after)...)}
	k.Release(r)
	k.ready = append(k.ready, r.Var)
}

// roleOf is the annotation of a service account that names its role.
func roleOf(local string) jen.Code {
	return nested(entry("eks.amazonaws.com/role-arn", jen.Id(local).Dot("Arn")))
}

// autoscaler starts nodes for pods that find no place, and stops those that are not needed. EKS tags the scaling groups of
// its node groups for it.
func (k *eks) autoscaler() {
	all := []jen.Code{jen.Lit("*")}
	ready := k.serviceRole(serviceRole{
		local: "autoscalerRole", part: "autoscaler", what: "role of the autoscaler", namespace: "kube-system", account: "cluster-autoscaler",
		statements: []iam.Statement{
			{
				// None of these can be limited to resources.
				Actions: []string{
					"autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeAutoScalingInstances", "autoscaling:DescribeLaunchConfigurations",
					"autoscaling:DescribeScalingActivities", "autoscaling:DescribeTags", "ec2:DescribeImages", "ec2:DescribeInstanceTypes",
					"ec2:DescribeLaunchTemplateVersions", "ec2:GetInstanceTypesFromInstanceRequirements",
				}, Resources: all,
			},
			{
				Actions:   []string{"eks:DescribeNodegroup"},
				Resources: []jen.Code{k.AccountARN("eks", "nodegroup/"+k.name()+"/*")},
			},
			{
				Actions:   []string{"autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"},
				Resources: []jen.Code{k.AccountARN("autoscaling", "autoScalingGroup:*:autoScalingGroupName/eks-*")},
				Conditions: []iam.Condition{
					k.ofStack("aws:ResourceTag/k8s.io/cluster-autoscaler/enabled", "true"), k.ofStack("aws:ResourceTag/k8s.io/cluster-autoscaler/"+k.name(), "owned"),
				},
			},
		},
	})
	k.release(component.Release{
		Var: "autoscaler", Part: "autoscaler", What: "cluster autoscaler", Name: "cluster-autoscaler", Namespace: "kube-system",
		Chart: "cluster-autoscaler", Version: autoscalerChart, Repository: "https://kubernetes.github.io/autoscaler",
		Values: Fields{
			entry("fullnameOverride", component.Str("cluster-autoscaler")),
			entry("autoDiscovery", nested(entry("clusterName", jen.Id("kubernetesCluster").Dot("Name")))),
			entry("awsRegion", component.Str(k.Stack().Region)),
			entry("image", nested(entry("tag", component.Str("v"+k.settings.Version+".0")))),
			entry("rbac", nested(entry("serviceAccount", nested(
				entry("name", component.Str("cluster-autoscaler")), entry("annotations", roleOf("autoscalerRole")))))),
			entry("extraArgs", nested(
				entry("balance-similar-node-groups", component.Bool(true)), entry("skip-nodes-with-system-pods", component.Bool(false)))),
		},
	}, ready...)
}

// balancerController registers pods with the target groups of load balancers, and does nothing else: load balancers, their
// rules and the network's are panka's own. So it may only look at target groups, and change who is in those of the stack.
func (k *eks) balancerController() {
	ready := k.serviceRole(serviceRole{
		local: "balancerRole", part: "balancer", what: "role of the load balancer controller", namespace: "kube-system", account: "aws-load-balancer-controller",
		statements: []iam.Statement{
			{
				// None of these can be limited to resources.
				Actions: []string{
					"ec2:DescribeAvailabilityZones", "ec2:DescribeVpcs", "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth",
				},
				Resources: []jen.Code{jen.Lit("*")},
			},
			{
				Actions:   []string{"elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"},
				Resources: []jen.Code{k.AccountARN("elasticloadbalancing", "targetgroup/*")},
				Conditions: []iam.Condition{
					k.ofStack("aws:ResourceTag/panka:stack", k.Stack().Name), k.ofStack("aws:ResourceTag/panka:environment", k.Stack().Environment),
				},
			},
		},
	})
	off := component.Bool(false)
	k.release(component.Release{
		Var: "balancerController", Part: "balancer", What: "load balancer controller", Name: "aws-load-balancer-controller", Namespace: "kube-system",
		Chart: "aws-load-balancer-controller", Version: balancerChart, Repository: "https://aws.github.io/eks-charts",
		Values: Fields{
			entry("clusterName", jen.Id("kubernetesCluster").Dot("Name")),
			entry("region", component.Str(k.Stack().Region)),
			entry("vpcId", k.found["vpcID"]),
			entry("serviceAccount", nested(
				entry("name", component.Str("aws-load-balancer-controller")), entry("annotations", roleOf("balancerRole")))),
			entry("createIngressClassResource", off), entry("ingressClassParams", nested(entry("create", off))),
			entry("enableServiceMutatorWebhook", off), entry("enableBackendSecurityGroup", off),
			entry("enableShield", off), entry("enableWaf", off), entry("enableWafv2", off),
			entry("keepTLSSecret", component.Bool(true)),
		},
	}, ready...)
}

// eventScaling scales by what Kubernetes does not count. KEDA's operator looks at metrics and queues by itself, so that no
// workload's role needs to let it in.
func (k *eks) eventScaling() {
	statements := []iam.Statement{{
		// CloudWatch has no resources to limit this to.
		Actions: []string{"cloudwatch:GetMetricData"}, Resources: []jen.Code{jen.Lit("*")},
	}}
	if len(k.needs.queues) > 0 {
		queues := iam.Statement{Actions: []string{"sqs:GetQueueAttributes"}}
		for _, queue := range k.needs.queues {
			queues.Resources = append(queues.Resources, k.AccountARN("sqs", queue))
		}
		statements = append(statements, queues)
	}
	ready := k.serviceRole(serviceRole{
		local: "scalingRole", part: "scaling", what: "role of KEDA", namespace: autoscalingNamespace, account: "keda-operator", statements: statements,
	})
	k.release(component.Release{
		Var: "keda", Part: "keda", What: "KEDA", Name: "keda", Namespace: autoscalingNamespace,
		Chart: "keda", Version: eventsChart, Repository: "https://kedacore.github.io/charts",
		Values: Fields{
			entry("clusterName", jen.Id("kubernetesCluster").Dot("Name")),
			entry("podIdentity", nested(entry("aws", nested(entry("irsa", nested(
				entry("enabled", component.Bool(true)), entry("roleArn", jen.Id("scalingRole").Dot("Arn")))))))),
		},
	}, ready...)
}
