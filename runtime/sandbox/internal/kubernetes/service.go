package kubernetes

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func service() *aws.Kind {
	return of(object{
		kind: aws.Kind{Type: serviceType, Label: "Service", Replace: []string{"spec.clusterIP"}, Mixed: []string{"spec"},
			Unwell: serviceUnwell, Pending: servicePending, Steady: awaited, Usual: aws.Usual{Create: 11, Update: 11, Delete: 1}},
		name: serviceName, check: checkService,
		admit: func(c *aws.Call, prior *store.Resource) error {
			if ip := c.In.Object("spec").String("clusterIP"); prior != nil && ip != "" && ip != prior.Inputs.Object("spec").String("clusterIP") {
				return invalid("Service", name(c.In), "spec.clusterIPs[0]", "Invalid value: %q: may not change once set", ip)
			}
			return nil
		},
		adds: func(c *aws.Call) store.Values {
			return store.Values{"status": map[string]any{"loadBalancer": map[string]any{}}, "spec": serviceDefaults(c)}
		},
	})
}

// serviceDefaults gives what a service has that does not say otherwise: an address of its own above all, one of the
// 172.20.0.0/16 that EKS gives services. It follows from the name, so that it stays.
func serviceDefaults(c *aws.Call) map[string]any {
	sum := sha256.Sum256([]byte(c.Cluster.ID + "/" + identity(c.In)))
	address := fmt.Sprintf("172.20.%d.%d", sum[0], 1+sum[1]%254)
	return map[string]any{"type": "ClusterIP", "sessionAffinity": "None", "internalTrafficPolicy": "Cluster",
		"clusterIP": address, "clusterIPs": []any{address}}
}

func checkService(n node) {
	spec := n.object("spec")
	spec.oneOf("type", "ClusterIP", "NodePort", "LoadBalancer", "ExternalName")
	spec.oneOf("sessionAffinity", "None", "ClientIP")
	spec.oneOf("externalTrafficPolicy", "Cluster", "Local")
	spec.oneOf("internalTrafficPolicy", "Cluster", "Local")
	spec.labelMap("selector")
	kind, _ := spec.text("type")
	headless := spec.in.String("clusterIP") == "None"
	ports := spec.list("ports")
	if len(ports) == 0 && !headless && kind != "ExternalName" && !isUnknown(spec.in["ports"]) {
		spec.required("ports")
	}
	if kind == "ExternalName" {
		spec.required("externalName")
	}
	if headless && kind != "" && kind != "ClusterIP" {
		spec.report("clusterIP", "Invalid value: \"None\": may not be set to 'None' for %s services", kind)
	}
	for _, p := range ports {
		p.port("port")
		p.anyPort("targetPort")
		p.oneOf("protocol", "TCP", "UDP", "SCTP")
		p.form("name", dnsLabel)
		if len(ports) > 1 {
			p.required("name")
		}
		if p.in.Int("nodePort") != 0 {
			p.within("nodePort", 30000, 32767)
			if kind == "" || kind == "ClusterIP" {
				p.report("nodePort", "Forbidden: may not be used when `type` is 'ClusterIP'")
			}
		}
	}
	unique(ports, textOf("name"), "name")
	unique(ports, func(p node) (string, bool) {
		number, ok := p.in.Number("port")
		return fmt.Sprint(protocol(p.in), number), ok
	}, "port")
}

// protocol gives a port's protocol.
func protocol(port store.Values) string {
	if p := port.String("protocol"); p != "" {
		return p
	}
	return "TCP"
}

func isUnknown(v any) bool { _, is := v.(store.Unknown); return is }

// anyPort demands the number or the name of a port.
func (n node) anyPort(key string) {
	switch n.in[key].(type) {
	case float64:
		n.port(key)
	case string:
		n.form(key, portName)
	}
}

// selected gives the workloads whose pods a service sends requests to.
func selected(c *aws.Call, r *store.Resource) []*store.Resource {
	selector := r.Inputs.Object("spec").Object("selector")
	if len(selector) == 0 {
		return nil
	}
	return slices.DeleteFunc(workloads(c, namespaceOf(r.Inputs)), func(w *store.Resource) bool {
		return !matches(selector, podTemplate(c, w).Object("metadata").Object("labels"))
	})
}

// servicePending says that a service's pods are not ready: a program waits for those that there are.
func servicePending(c *aws.Call, r *store.Resource) string {
	if spec := r.Inputs.Object("spec"); spec.String("clusterIP") == "None" || spec.String("type") == "ExternalName" {
		return ""
	}
	for _, w := range selected(c, r) {
		if why := workloadUnwell(c, w); why != "" || !w.Ready(c.Now) {
			return "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods"
		}
	}
	return ""
}

func serviceUnwell(c *aws.Call, r *store.Resource) string {
	spec := r.Inputs.Object("spec")
	if len(spec.Object("selector")) == 0 {
		return ""
	}
	pods := 0
	for _, w := range selected(c, r) {
		if why := workloadUnwell(c, w); why != "" {
			return fmt.Sprintf("no ready pods: %s: %s", w.ID, why)
		}
		pods += replicas(w)
		if !exposes(podTemplate(c, w), spec) {
			return fmt.Sprintf("no endpoints: the pods of %s have no port of the name that targetPort gives", w.ID)
		}
	}
	if pods == 0 {
		return "no endpoints: the selector matches the labels of no pods"
	}
	return ""
}

// exposes tells whether a pod has all the named ports that a service sends requests to.
func exposes(template, service store.Values) bool {
	var names []string
	for _, d := range template.Object("spec").Objects("containers") {
		for _, p := range d.Objects("ports") {
			names = append(names, p.String("name"))
		}
	}
	for _, p := range service.Objects("ports") {
		if target := p.String("targetPort"); target != "" && !slices.Contains(names, target) {
			return false
		}
	}
	return true
}
