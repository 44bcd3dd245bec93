package kubernetes

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// targetGroupBinding has the load balancer controller keep a service's pods as the targets of a target group.
func targetGroupBinding() *aws.Kind {
	return of(object{
		kind: aws.Kind{Type: bindingType, Label: "TargetGroupBinding.elbv2.k8s.aws", Untyped: true, Unwell: bindingUnwell, Steady: awaitedByWish,
			Delete: finalized(balancerChart, "elbv2.k8s.aws/resources"),
			Usual:  aws.Usual{Create: 3, Update: 3, Delete: 10}},
		defined: definedBy(balancerChart, bindingType),
		check: func(n node) {
			spec := n.object("spec")
			spec.only("targetGroupARN", "targetGroupName", "targetType", "serviceRef", "networking", "nodeSelector", "ipAddressType", "vpcID",
				"multiClusterTargetGroup", "targetGroupProtocol", "iamRoleArnToAssume", "assumeRoleExternalId")
			spec.required("serviceRef", "targetGroupARN")
			spec.oneOf("targetType", "ip", "instance")
			ref := spec.object("serviceRef")
			ref.only("name", "port")
			ref.required("name", "port")
			ref.anyPort("port")
			ref.form("name", serviceName)
		},
		admit: admitBinding,
	})
}

// admitBinding does as the controller's webhooks: it asks for the target group and keeps a binding from changing it.
func admitBinding(c *aws.Call, prior *store.Resource) error {
	const webhook = "vtargetgroupbinding.elbv2.k8s.aws"
	spec := c.In.Object("spec")
	arn := spec.String("targetGroupARN")
	if prior != nil && prior.Inputs.Object("spec").String("targetGroupARN") != arn {
		return denied(webhook, "TargetGroupBinding update may not change these fields: spec.targetGroupARN")
	}
	group := c.Find(aws.TargetGroupType, arn)
	if group == nil {
		return denied("mtargetgroupbinding.elbv2.k8s.aws", "couldn't determine TargetType: TargetGroupNotFound: One or more target groups not found (%s)", arn)
	}
	if asked := spec.String("targetType"); asked != "" && asked != group.Property("targetType") {
		return denied(webhook, "invalid targetType %s for targetGroup %s, which has %s", asked, arn, group.Property("targetType"))
	}
	for _, other := range c.All(bindingType) {
		if other.ID != identity(c.In) && other.Inputs.Object("spec").String("targetGroupARN") == arn && other.State != store.Deleting {
			return denied(webhook, "TargetGroup %s is already bound to TargetGroupBinding %s", arn, other.ID)
		}
	}
	return nil
}

func bindingUnwell(c *aws.Call, r *store.Resource) string {
	spec := r.Inputs.Object("spec")
	if why := controllerUnwell(c, balancerChart); why != "" {
		return why
	}
	group := c.Find(aws.TargetGroupType, spec.String("targetGroupARN"))
	switch {
	case group == nil:
		return "TargetGroupNotFound: " + spec.String("targetGroupARN")
	case group.Property("vpcId") != c.Network():
		return fmt.Sprintf("the target group is in VPC %s, the cluster in %s: its pods cannot be targets", group.Property("vpcId"), c.Network())
	}
	ref := spec.Object("serviceRef")
	s := find(c, serviceType, namespaceOf(r.Inputs), ref.String("name"))
	if s == nil {
		return fmt.Sprintf("BackendNotFound: backend not found: Service %q not found", ref.String("name"))
	}
	if !hasPort(s, ref["port"]) {
		return fmt.Sprintf("BackendNotFound: backend not found: unable to find port %v on service %s", ref["port"], s.ID)
	}
	if why := serviceUnwell(c, s); why != "" {
		return "no healthy targets: " + why
	}
	return ""
}

func hasPort(s *store.Resource, port any) bool {
	for _, p := range s.Inputs.Object("spec").Objects("ports") {
		if p["port"] == port || p.Has("name") && p["name"] == port {
			return true
		}
	}
	return false
}

// securityGroupPolicy gives pods security groups of their own. Every EKS cluster knows the type.
func securityGroupPolicy() *aws.Kind {
	return of(object{
		kind: aws.Kind{Type: groupPolicyType, Label: "SecurityGroupPolicy.vpcresources.k8s.aws", Untyped: true, Unwell: groupPolicyUnwell, Steady: awaitedByWish,
			Refs: []aws.Ref{{Path: "spec.securityGroups.groupIds[]", To: aws.SecurityGroupType, Missing: func(id string) error {
				return denied("vpcresources.k8s.aws", "InvalidGroup.NotFound: The security group '%s' does not exist", id)
			}}},
			Usual: aws.Usual{Create: 1, Update: 1, Delete: 1}},
		check: func(n node) {
			spec := n.object("spec")
			spec.only("podSelector", "serviceAccountSelector", "securityGroups")
			spec.exactlyOne("", "Required value: a policy needs podSelector or serviceAccountSelector",
				"Forbidden: only one of podSelector and serviceAccountSelector", "podSelector", "serviceAccountSelector")
			spec.labelSelector("podSelector")
			spec.labelSelector("serviceAccountSelector")
			groups := spec.object("securityGroups")
			list, _ := groups.in["groupIds"].([]any)
			if !groups.unknown && !isUnknown(groups.in["groupIds"]) && (len(list) < 1 || len(list) > 5) {
				groups.report("groupIds", "Invalid value: must have between 1 and 5 items, got %d", len(list))
			}
		},
	})
}

func groupPolicyUnwell(c *aws.Call, r *store.Resource) string {
	if !podInterfaces(c) {
		return "it has no effect: add-on vpc-cni is not configured with env ENABLE_POD_ENI \"true\""
	}
	if !c.HasPolicy(c.Cluster.Inputs.String("roleArn"), "AmazonEKSVPCResourceController") {
		return "it has no effect: the cluster's role lacks the policy AmazonEKSVPCResourceController, without which EKS attaches no interfaces to nodes"
	}
	for _, id := range r.Inputs.At("spec.securityGroups.groupIds[]") {
		if g := c.Find(aws.SecurityGroupType, id); g == nil || g.Property("vpcId") != c.Network() {
			return fmt.Sprintf("InvalidSecurityGroupID.NotFound: You have specified two resources that belong to different networks: %s", id)
		}
	}
	return ""
}

// podInterfaces tells whether the cluster's network plugin gives pods interfaces of their own.
func podInterfaces(c *aws.Call) bool {
	addon := c.Addon("vpc-cni")
	if addon == nil {
		return false
	}
	var values struct{ Env map[string]any }
	if json.Unmarshal([]byte(cmp.Or(addon.Inputs.String("configurationValues"), "{}")), &values) != nil {
		return false
	}
	return values.Env["ENABLE_POD_ENI"] == "true"
}
