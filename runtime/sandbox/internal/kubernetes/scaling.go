package kubernetes

import (
	"fmt"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func horizontalPodAutoscaler() *aws.Kind {
	return of(object{
		kind: aws.Kind{Type: autoscalerType, Label: "HorizontalPodAutoscaler.autoscaling", Unwell: autoscalerUnwell,
			Usual: aws.Usual{Create: 1, Update: 1, Delete: 1}},
		check: func(n node) {
			spec := n.object("spec")
			spec.required("scaleTargetRef", "maxReplicas")
			spec.object("scaleTargetRef").required("kind", "name")
			spec.atLeast("minReplicas", 1)
			spec.atLeast("maxReplicas", 1)
			low, ok1 := spec.in.Number("minReplicas")
			high, ok2 := spec.in.Number("maxReplicas")
			if ok1 && ok2 && low > high {
				spec.report("maxReplicas", "Invalid value: %v: must be greater than or equal to `minReplicas`", high)
			}
			for _, m := range spec.list("metrics") {
				m.metric()
			}
			for _, direction := range []string{"scaleUp", "scaleDown"} {
				rules := spec.object("behavior").object(direction)
				rules.within("stabilizationWindowSeconds", 0, 3600)
				rules.oneOf("selectPolicy", "Max", "Min", "Disabled")
				for _, p := range rules.list("policies") {
					p.oneOf("type", "Pods", "Percent")
					p.atLeast("value", 1)
					p.within("periodSeconds", 1, 1800)
				}
			}
		},
	})
}

// metric checks one metric of an autoscaler: what its type names must be there.
func (m node) metric() {
	m.required("type")
	m.oneOf("type", "Object", "Pods", "Resource", "ContainerResource", "External")
	fields := map[string]string{"Object": "object", "Pods": "pods", "Resource": "resource", "ContainerResource": "containerResource", "External": "external"}
	kind, _ := m.text("type")
	field := fields[kind]
	if field == "" {
		return
	}
	m.required(field)
	target := m.object(field).object("target")
	target.required("type")
	target.oneOf("type", "Utilization", "Value", "AverageValue")
	target.atLeast("averageUtilization", 1)
	values := map[string]string{"Utilization": "averageUtilization", "Value": "value", "AverageValue": "averageValue"}
	if t, _ := target.text("type"); values[t] != "" {
		target.required(values[t])
	}
	target.amount("averageValue", target.in["averageValue"])
	target.amount("value", target.in["value"])
}

// scaled gives the workload that an autoscaler changes.
func scaled(c *aws.Call, r *store.Resource) *store.Resource {
	ref := r.Inputs.Object("spec").Object("scaleTargetRef")
	typ := map[string]string{"Deployment": deploymentType, "": deploymentType, "StatefulSet": statefulSetType, "Rollout": rolloutType}[ref.String("kind")]
	if typ == "" {
		return nil
	}
	return find(c, typ, namespaceOf(r.Inputs), ref.String("name"))
}

// autoscalerUnwell says why an autoscaler cannot scale.
func autoscalerUnwell(c *aws.Call, r *store.Resource) string {
	spec := r.Inputs.Object("spec")
	target := scaled(c, r)
	if target == nil {
		ref := spec.Object("scaleTargetRef")
		return fmt.Sprintf("FailedGetScale: the HPA controller was unable to get the target's current scale: %s %q not found", ref.String("kind"), ref.String("name"))
	}
	for _, other := range c.All(scaledObjectType) {
		if s := scaled(c, other); s != nil && s.Key == target.Key && s.Type == target.Type {
			return fmt.Sprintf("AmbiguousSelector: pods by selector are controlled by multiple HPAs: ScaledObject %s scales %s, too", other.ID, target.ID)
		}
	}
	for _, m := range spec.Objects("metrics") {
		if why := metricUnwell(c, m, podTemplate(c, target)); why != "" {
			return why
		}
	}
	return ""
}

// metricUnwell says why the values of a metric of pods' use of resources cannot be had: something must measure it, and
// a share needs a request to be a share of.
func metricUnwell(c *aws.Call, metric, template store.Values) string {
	resource := metric.Object("resource")
	if resource == nil {
		if resource = metric.Object("containerResource"); resource == nil {
			return ""
		}
	}
	measured := resource.String("name")
	server := c.Addon("metrics-server")
	if (server == nil || !server.Ready(c.Now)) && !released(c, "metrics-server") {
		return fmt.Sprintf("FailedGetResourceMetric: failed to get %s utilization: unable to get metrics for resource %s: unable to fetch metrics from resource metrics API: "+
			"the server could not find the requested resource (get pods.metrics.k8s.io): the cluster has no add-on metrics-server", measured, measured)
	}
	if resource.Object("target").String("type") != "Utilization" {
		return ""
	}
	for _, d := range template.Object("spec").Objects("containers") {
		asked := d.Object("resources")
		if only := resource.String("container"); only != "" && only != d.String("name") {
			continue
		}
		if !asked.Object("requests").Has(measured) && !asked.Object("limits").Has(measured) {
			return fmt.Sprintf("FailedGetResourceMetric: failed to get %s utilization: missing request for %s in container %s", measured, measured, d.String("name"))
		}
	}
	return ""
}

func podDisruptionBudget() *aws.Kind {
	return of(object{
		kind: aws.Kind{Type: budgetType, Label: "PodDisruptionBudget.policy", Usual: aws.Usual{Create: 1, Update: 1, Delete: 1}},
		check: func(n node) {
			spec := n.object("spec")
			if spec.in.Has("minAvailable") && spec.in.Has("maxUnavailable") {
				spec.report("", "Invalid value: minAvailable and maxUnavailable cannot be both set")
			}
			spec.countOrPercent("minAvailable")
			spec.countOrPercent("maxUnavailable")
			spec.labelSelector("selector")
			spec.oneOf("unhealthyPodEvictionPolicy", "IfHealthyBudget", "AlwaysAllow")
		},
	})
}
