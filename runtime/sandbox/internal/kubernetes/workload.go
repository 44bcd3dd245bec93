package kubernetes

import (
	"fmt"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func deployment() *aws.Kind {
	return of(object{
		kind: aws.Kind{Type: deploymentType, Label: "Deployment.apps", Replace: []string{"spec.selector"},
			Unwell: workloadUnwell, Detail: workloadDetail, Steady: awaited, Usual: aws.Usual{Create: 20, Update: 30, Delete: 5}},
		check: func(n node) {
			spec := n.object("spec")
			spec.workload()
			spec.atLeast("progressDeadlineSeconds", 1)
			s := spec.object("strategy")
			s.oneOf("type", "Recreate", "RollingUpdate")
			if s.in.String("type") == "Recreate" && s.in.Has("rollingUpdate") {
				s.report("rollingUpdate", "Forbidden: may not be specified when strategy `type` is 'Recreate'")
			}
			r := s.object("rollingUpdate")
			r.countOrPercent("maxSurge")
			r.countOrPercent("maxUnavailable")
			if isZero(r.in["maxSurge"]) && isZero(r.in["maxUnavailable"]) {
				r.report("maxUnavailable", "Invalid value: 0: may not be 0 when `maxSurge` is 0")
			}
		},
	})
}

func statefulSet() *aws.Kind {
	return of(object{
		kind: aws.Kind{Type: statefulSetType, Label: "StatefulSet.apps",
			// What Pulumi's provider replaces, which is more than the API server refuses.
			Replace: []string{"spec.selector", "spec.serviceName", "spec.volumeClaimTemplates", "spec.podManagementPolicy", "spec.revisionHistoryLimit"},
			Unwell:  workloadUnwell, Detail: workloadDetail, Steady: awaited, Usual: aws.Usual{Create: 40, Update: 60, Delete: 10}},
		name: shortName(52, "the labels of its pods are made from it"),
		check: func(n node) {
			spec := n.object("spec")
			spec.workload()
			spec.oneOf("podManagementPolicy", "OrderedReady", "Parallel")
			spec.object("updateStrategy").oneOf("type", "RollingUpdate", "OnDelete")
			claims := spec.list("volumeClaimTemplates")
			unique(claims, func(claim node) (string, bool) { return claim.object("metadata").text("name") }, "metadata.name")
			for _, claim := range claims {
				claim.object("metadata").required("name")
				claim.claim()
			}
		},
	})
}

// workload checks what Deployments and StatefulSets have in common.
func (spec node) workload() {
	spec.atLeast("replicas", 0)
	spec.atLeast("minReadySeconds", 0)
	spec.atLeast("revisionHistoryLimit", 0)
	spec.selectsItsPods()
	if spec.in.Has("volumeClaimTemplates") { // their names are volumes of the pods
		spec = spec.withClaims()
	}
	spec.podTemplate("Always")
}

// selectsItsPods demands a selector that matches the labels of the template.
func (spec node) selectsItsPods() {
	spec.labelSelector("selector")
	selector := spec.in.Object("selector")
	labels := spec.object("template").object("metadata").object("labels")
	known := !spec.unknown && !isUnknown(spec.in["selector"]) && !labels.unknown && !spec.object("template").unknown
	switch {
	case !known || anyUnknown(selector) || anyUnknown(labels.in):
	case len(selector.Object("matchLabels"))+len(selector.Objects("matchExpressions")) == 0:
		spec.report("selector", "Required value: empty selector is invalid for a workload")
	case !selects(selector, labels.in):
		spec.report("template.metadata.labels", "Invalid value: %v: `selector` does not match template `labels`", map[string]any(labels.in))
	}
}

// anyUnknown tells whether something in a value is not known yet.
func anyUnknown(v any) bool {
	switch t := v.(type) {
	case store.Unknown:
		return true
	case store.Values:
		return anyUnknown(map[string]any(t))
	case map[string]any:
		for _, e := range t {
			if anyUnknown(e) {
				return true
			}
		}
	case []any:
		for _, e := range t {
			if anyUnknown(e) {
				return true
			}
		}
	}
	return false
}

// withClaims gives a StatefulSet's specification with the volumes of its claim templates in that of its pods.
func (spec node) withClaims() node {
	in := spec.in.Clone()
	template := in.Object("template")
	pod := template.Object("spec")
	if pod == nil {
		return spec
	}
	volumes, _ := pod["volumes"].([]any)
	for _, claim := range in.Objects("volumeClaimTemplates") {
		volumes = append(volumes, map[string]any{"name": name(claim), "persistentVolumeClaim": map[string]any{"claimName": name(claim)}})
	}
	pod["volumes"] = volumes
	spec.in = in
	return spec
}

// countOrPercent demands a number that is not negative, or a percentage.
func (n node) countOrPercent(key string) {
	switch n.in[key].(type) {
	case float64:
		n.atLeast(key, 0)
	case string:
		n.form(key, func(text string) string {
			if !percentForm().MatchString(text) {
				return "a valid percent string must be a numeric string followed by an ending '%'"
			}
			return ""
		})
	}
}

var percentForm = pattern(`^[0-9]+%$`)

func isZero(v any) bool { return v == 0.0 || v == "0%" }

// workloads gives what runs pods in a namespace.
func workloads(c *aws.Call, namespace string) []*store.Resource {
	var out []*store.Resource
	for _, typ := range []string{deploymentType, statefulSetType, rolloutType} {
		for _, r := range c.All(typ) {
			if namespaceOf(r.Inputs) == namespace && r.State != store.Deleting {
				out = append(out, r)
			}
		}
	}
	return out
}

// replicas is how many pods a workload is to have.
func replicas(r *store.Resource) int {
	if n, ok := r.Inputs.Object("spec").Number("replicas"); ok {
		return int(n)
	}
	return 1
}

// podTemplate gives what a workload's pods are made from: its own template or, of a Rollout, perhaps a Deployment's.
func podTemplate(c *aws.Call, r *store.Resource) store.Values {
	spec := r.Inputs.Object("spec")
	if ref := spec.Object("workloadRef"); ref != nil {
		if d := find(c, deploymentType, namespaceOf(r.Inputs), ref.String("name")); d != nil {
			spec = d.Inputs.Object("spec")
		}
	}
	return spec.Object("template")
}

// workloadUnwell says why a workload's pods are not ready.
func workloadUnwell(c *aws.Call, r *store.Resource) string {
	n := replicas(r)
	if n == 0 {
		return ""
	}
	p := podsOf(r, podTemplate(c, r))
	p.claims = r.Inputs.Object("spec").Objects("volumeClaimTemplates")
	if why := p.trouble(c); why != "" {
		return fmt.Sprintf("0/%d pods are ready: %s", n, why)
	}
	return ""
}

func workloadDetail(_ *aws.Call, r *store.Resource) string {
	n := replicas(r)
	return fmt.Sprintf("%d/%d pods are ready", n, n)
}
