package kubernetes

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// unschedulable says why no node takes the pods: there is none, or none that they ask for and may use.
func (p pods) unschedulable(c *aws.Call) string {
	if c.AutoMode() || p.onFargate(c) {
		return ""
	}
	nodes := 0
	reasons := map[string]int{}
	for _, group := range c.NodeGroups() {
		n := aws.NodeCount(group)
		if !group.Ready(c.Now) || n == 0 {
			continue
		}
		why := p.refusedBy(c, group)
		if why == "" {
			return ""
		}
		nodes += n
		reasons[why] += n
	}
	if nodes == 0 {
		return "Unschedulable: no nodes available to schedule pods"
	}
	var parts []string
	for _, why := range slices.Sorted(maps.Keys(reasons)) {
		parts = append(parts, fmt.Sprintf("%d %s", reasons[why], why))
	}
	return fmt.Sprintf("Unschedulable: 0/%d nodes are available: %s.", nodes, strings.Join(parts, ", "))
}

// onFargate tells whether a Fargate profile selects the pods.
func (p pods) onFargate(c *aws.Call) bool {
	for _, profile := range c.FargateProfiles() {
		if !profile.Ready(c.Now) {
			continue
		}
		for _, s := range profile.Inputs.Objects("selectors") {
			if aws.Wildcard(s.String("namespace"), p.namespace) && matches(s.Object("labels"), p.labels) {
				return true
			}
		}
	}
	return false
}

// refusedBy says why a node group's nodes do not take the pods, or "".
func (p pods) refusedBy(c *aws.Call, group *store.Resource) string {
	labels := nodeLabels(c, group)
	if !matches(withoutZone(p.spec.Object("nodeSelector")), labels) || !p.wants(labels) {
		return "node(s) didn't match Pod's node affinity/selector"
	}
	for _, taint := range group.Inputs.Objects("taints") {
		if taint.String("effect") != "PREFER_NO_SCHEDULE" && !p.tolerate(taint) {
			return fmt.Sprintf("node(s) had untolerated taint {%s: %s}", taint.String("key"), taint.String("value"))
		}
	}
	if p.ownGroups(c) && !branches(group) {
		return "Insufficient vpc.amazonaws.com/pod-eni"
	}
	return ""
}

// nodeLabels gives the labels of a node group's nodes.
func nodeLabels(c *aws.Call, group *store.Resource) store.Values {
	machines := append(group.Inputs.Strings("instanceTypes"), "t3.medium")
	labels := store.Values{"eks.amazonaws.com/nodegroup": group.Inputs.String("nodeGroupName"), "eks.amazonaws.com/capacityType": group.Property("capacityType"),
		"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "topology.kubernetes.io/region": c.Region, "node.kubernetes.io/instance-type": machines[0]}
	if strings.Contains(group.Property("amiType"), "ARM") {
		labels["kubernetes.io/arch"] = "arm64"
	}
	return labels.Over(group.Inputs.Object("labels"))
}

// zoneLabel has a value of its own on each node of a group, so that it does not tell groups apart.
const zoneLabel = "topology.kubernetes.io/zone"

func withoutZone(selector store.Values) store.Values {
	out := maps.Clone(selector)
	delete(out, zoneLabel)
	return out
}

// wants tells whether nodes with these labels are among those that the pods' affinity demands.
func (p pods) wants(labels store.Values) bool {
	required := p.spec.Object("affinity").Object("nodeAffinity").Object("requiredDuringSchedulingIgnoredDuringExecution")
	terms := required.Objects("nodeSelectorTerms")
	return len(terms) == 0 || slices.ContainsFunc(terms, func(term store.Values) bool {
		var expressions []any
		for _, e := range term.Objects("matchExpressions") {
			if e.String("key") != zoneLabel {
				expressions = append(expressions, map[string]any(e))
			}
		}
		return selects(store.Values{"matchExpressions": expressions}, labels)
	})
}

// tolerate tells whether the pods tolerate a node group's taint.
func (p pods) tolerate(taint store.Values) bool {
	effects := map[string]string{"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute"}
	return slices.ContainsFunc(p.spec.Objects("tolerations"), func(t store.Values) bool {
		key, effect := t.String("key"), t.String("effect")
		if (effect != "" && effect != effects[taint.String("effect")]) || (key != "" && key != taint.String("key")) {
			return false
		}
		if t.String("operator") == "Exists" {
			return true
		}
		return key != "" && t.String("value") == taint.String("value")
	})
}

// ownGroups tells whether the pods get security groups of their own, for which a node needs interfaces to give away.
func (p pods) ownGroups(c *aws.Call) bool {
	return podInterfaces(c) && slices.ContainsFunc(c.All(groupPolicyType), func(r *store.Resource) bool {
		return p.selectedBy(c, r)
	})
}

// selectedBy tells whether a SecurityGroupPolicy is about the pods.
func (p pods) selectedBy(c *aws.Call, policy *store.Resource) bool {
	if namespaceOf(policy.Inputs) != p.namespace || policy.State == store.Deleting {
		return false
	}
	spec := policy.Inputs.Object("spec")
	if s := spec.Object("podSelector"); s != nil && !selects(s, p.labels) {
		return false
	}
	if s := spec.Object("serviceAccountSelector"); s != nil {
		account := find(c, serviceAccountType, p.namespace, p.account())
		return account != nil && selects(s, labels(account.Inputs))
	}
	return true
}

// branches tells whether a node group has machines with interfaces for single pods: those of the T families have none.
func branches(group *store.Resource) bool {
	machines := group.Inputs.Strings("instanceTypes")
	if len(machines) == 0 && !group.Inputs.Has("launchTemplate") {
		return false // t3.medium
	}
	return len(machines) == 0 || slices.ContainsFunc(machines, func(m string) bool { return !strings.HasPrefix(m, "t") })
}
