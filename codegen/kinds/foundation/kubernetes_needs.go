package foundation

import (
	"maps"
	"slices"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/filesystem"
	"github.com/panka-io/panka/codegen/tracing"
	"github.com/panka-io/panka/compiler/ir"
)

// needs are what the components on Kubernetes need of the cluster. Nothing else is installed.
type needs struct {
	// services are those with such components, sorted, each with the first.
	services map[string]*ir.Component
	// balanced tells that a load balancer sends requests to one, secrets that one gets secrets.
	balanced, secrets bool
	// scaled tells that one is scaled, events that it is by more than its use of CPU and memory.
	scaled, events bool
	// queues are the ARNs of the queues whose length counts, without the account: service and resource.
	queues []string
	// fileSystems and volumes tell that one mounts EFS, or keeps data on EBS.
	fileSystems, volumes bool
}

func needsOf(b *component.Builder) needs {
	n := needs{services: map[string]*ir.Component{}}
	queues := map[string]bool{}
	for _, c := range container.OnKubernetes(b.Stack()) {
		if n.services[c.Service] == nil {
			n.services[c.Service] = c
		}
		n.balanced = n.balanced || isTrue(c, "networking", "loadBalancer", "enabled") || slices.ContainsFunc(c.References, component.IsRoute)
		n.secrets = n.secrets || hasSecrets(c) || readsCollectorConfig(b, c)
		n.volumes = n.volumes || isText(c, "ebs", "storage", "type")
		n.fileSystems = n.fileSystems || isText(c, "efs", "storage", "type") || mountsFiles(b, c)
		if !isTrue(c, "scaling", "autoscaling", "enabled") {
			continue
		}
		n.scaled = true
		if byEvents(c) {
			n.events = true
			for _, queue := range queuesOf(b, c) {
				queues[queue] = true
			}
		}
	}
	n.queues = slices.Sorted(maps.Keys(queues))
	return n
}

func isTrue(c *ir.Component, path ...string) bool {
	v := c.Spec.Get(path...)
	return v != nil && v.Bool
}

func isText(c *ir.Component, text string, path ...string) bool {
	v := c.Spec.Get(path...)
	return v != nil && v.Text.String() == text
}

// hasSecrets tells whether a component's processes get secrets: as variables, or as Kafka's certificate and passwords.
func hasSecrets(c *ir.Component) bool {
	for _, path := range [][]string{{"secrets"}, {"security", "users"}} {
		if v := c.Spec.Get(path...); v != nil && len(v.Items) > 0 {
			return true
		}
	}
	return c.Spec.Get("security", "certificateSecret") != nil
}

// readsCollectorConfig tells whether a component's traces go by a collector whose configuration AWS keeps.
func readsCollectorConfig(b *component.Builder, c *ir.Component) bool {
	settings, _ := tracing.Of(b.Stack(), c.Service) // mistakes are reported by the component
	return settings.CollectorConfig != ""
}

func mountsFiles(b *component.Builder, c *ir.Component) bool {
	return slices.ContainsFunc(c.References, func(ref ir.Reference) bool {
		_, kind := b.Target(ref.Component)
		_, ok := kind.(filesystem.System)
		return ok && ref.Mount != nil && ref.Stack == ""
	})
}

// byEvents tells whether a component that is scaled needs KEDA: Kubernetes itself counts no requests and messages, knows no
// schedule, and starts nothing that does not run.
func byEvents(c *ir.Component) bool {
	scaling := c.Spec.Get("scaling", "autoscaling")
	for _, field := range []string{"targetRequestsPerReplica", "targetMessagesPerReplica", "schedules"} {
		if scaling.Get(field) != nil {
			return true
		}
	}
	least := scaling.Get("minReplicas")
	return least != nil && least.Number == 0
}

// queuesOf are the queues of this stack that a component consumes.
func queuesOf(b *component.Builder, c *ir.Component) []string {
	var all []string
	for _, ref := range c.References {
		target, kind := b.Referred(ref)
		named, ok := kind.(component.Named)
		if !ok || ref.Stack != "" {
			continue
		}
		if service, resource := named.ARN(b.Stack(), target); service == "sqs" {
			all = append(all, resource)
		}
	}
	return all
}
