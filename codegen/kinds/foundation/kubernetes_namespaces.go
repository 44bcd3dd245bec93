package foundation

import (
	"maps"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
)

// namespaces makes one for each service that has components in the cluster. Pods in it become ready for their load balancer
// only when that has found them well, so that a rollout takes no old pod away too early.
func (k *eks) namespaces() {
	var labels Fields
	if k.needs.balanced {
		labels = Fields{{Name: "elbv2.k8s.aws/pod-readiness-gate-inject", Value: component.Str("enabled")}}
	}
	// IAM needs a moment until it lets administrators in; nodes take longer.
	after := slices.Concat(k.admitted, k.groups)
	for _, service := range slices.Sorted(maps.Keys(k.needs.services)) {
		local := names.Identifier("namespace", service)
		k.Manifest(component.Manifest{
			Var: local, API: "core/v1", Kind: "Namespace", Part: "namespace-" + service, What: "namespace of " + service,
			Name: component.Str(service), Labels: labels, Source: platformPlace(k.needs.services[service]), Options: []jen.Code{waitFor(after...)},
		})
		k.ready = append(k.ready, local)
	}
}
