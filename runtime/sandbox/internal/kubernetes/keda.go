package kubernetes

import (
	"fmt"
	"slices"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func scaledObject() *aws.Kind {
	return of(object{
		kind: aws.Kind{Type: scaledObjectType, Label: "ScaledObject.keda.sh", Untyped: true, Unwell: scaledObjectUnwell, Steady: awaitedByWish,
			Delete: finalized(kedaChart, "finalizer.keda.sh"),
			Usual:  aws.Usual{Create: 2, Update: 2, Delete: 3}},
		defined: definedBy(kedaChart, scaledObjectType),
		check:   checkScaledObject,
		admit:   admitScaledObject,
	})
}

func checkScaledObject(n node) {
	spec := n.object("spec")
	spec.only("scaleTargetRef", "pollingInterval", "initialCooldownPeriod", "cooldownPeriod", "idleReplicaCount", "minReplicaCount", "maxReplicaCount",
		"advanced", "triggers", "fallback")
	spec.required("scaleTargetRef", "triggers")
	spec.object("scaleTargetRef").required("name")
	for _, key := range []string{"minReplicaCount", "idleReplicaCount", "cooldownPeriod", "initialCooldownPeriod"} {
		spec.atLeast(key, 0)
	}
	spec.atLeast("pollingInterval", 1)
	spec.atLeast("maxReplicaCount", 1)
	low, ok1 := spec.in.Number("minReplicaCount")
	high, ok2 := spec.in.Number("maxReplicaCount")
	if ok1 && ok2 && low > high {
		spec.report("minReplicaCount", "Invalid value: MinReplicaCount=%v must be less than MaxReplicaCount=%v", low, high)
	}
	if idle, ok := spec.in.Number("idleReplicaCount"); ok && ok1 && idle >= low {
		spec.report("idleReplicaCount", "Invalid value: IdleReplicaCount=%v must be less than MinReplicaCount=%v", idle, low)
	}
	triggers := spec.list("triggers")
	if list, given := spec.in["triggers"].([]any); given && len(list) == 0 {
		spec.report("triggers", "Required value: no triggers defined in the ScaledObject")
	}
	unique(triggers, textOf("name"), "name")
	for _, t := range triggers {
		t.trigger()
	}
}

// needed gives the entries that a trigger's metadata must have, for the triggers that AWS's users have most.
func needed(trigger string) []string {
	return map[string][]string{
		"aws-sqs-queue":  {"queueURL", "awsRegion"},
		"cpu":            {"value"},
		"memory":         {"value"},
		"cron":           {"timezone", "start", "end", "desiredReplicas"},
		"prometheus":     {"serverAddress", "query", "threshold"},
		"kafka":          {"bootstrapServers", "consumerGroup", "topic"},
		"apache-kafka":   {"bootstrapServers", "topic"},
		"aws-cloudwatch": {"targetMetricValue", "awsRegion"},
		"redis":          {"listName"},
	}[trigger]
}

// trigger checks what a ScaledObject scales by.
func (t node) trigger() {
	t.only("type", "name", "useCachedMetrics", "metadata", "authenticationRef", "metricType")
	t.required("type", "metadata")
	kind, _ := t.text("type")
	metadata := t.object("metadata")
	metadata.required(needed(kind)...)
	for key, v := range metadata.in {
		if _, isText := v.(string); !isText && !isUnknown(v) {
			metadata.report(key, "Invalid value: %v: must be of type string", v)
		}
	}
	switch kind {
	case "cpu", "memory":
		t.oneOf("metricType", "Utilization", "AverageValue")
	case "cron":
		metadata.form("start", cronSchedule)
		metadata.form("end", cronSchedule)
		metadata.form("timezone", func(zone string) string {
			if _, err := time.LoadLocation(zone); err != nil {
				return "unable to load timezone"
			}
			return ""
		})
	}
	if t.in.Has("authenticationRef") {
		t.object("authenticationRef").required("name")
		t.object("authenticationRef").oneOf("kind", "TriggerAuthentication", "ClusterTriggerAuthentication")
	}
}

// sharedScaling is the annotation of a HorizontalPodAutoscaler beside which KEDA's webhook lets a ScaledObject be, if its value
// is false.
const sharedScaling = "validations.keda.sh/hpa-ownership"

// admitScaledObject does as the webhook: a workload is scaled by one alone.
func admitScaledObject(c *aws.Call, _ *store.Resource) error {
	const webhook = "vscaledobject.kb.io"
	self := &store.Resource{Inputs: c.In}
	target := scaled(c, self)
	ref := c.In.Object("spec").Object("scaleTargetRef")
	for _, typ := range []string{scaledObjectType, autoscalerType} {
		for _, other := range c.All(typ) {
			if other.ID == identity(c.In) && typ == scaledObjectType || other.State == store.Deleting ||
				other.Inputs.Object("metadata").Object("annotations").String(sharedScaling) == "false" {
				continue
			}
			if s := scaled(c, other); target != nil && s != nil && s.Type == target.Type && s.Key == target.Key {
				by := map[string]string{scaledObjectType: "ScaledObject", autoscalerType: "hpa"}[typ]
				return denied(webhook, "the workload '%s' of type '%s' is already managed by the %s '%s'", ref.String("name"), ref.String("kind"), by, nameOf(other))
			}
		}
	}
	return nil
}

func scaledObjectUnwell(c *aws.Call, r *store.Resource) string {
	if why := controllerUnwell(c, kedaChart); why != "" {
		return why
	}
	spec := r.Inputs.Object("spec")
	target := scaled(c, r)
	if target == nil {
		return fmt.Sprintf("ScaledObjectCheckFailed: failed to ensure HPA is correctly created for ScaledObject: target resource %q doesn't exist", spec.Object("scaleTargetRef").String("name"))
	}
	for _, t := range spec.Objects("triggers") {
		if why := triggerUnwell(c, r, t, podTemplate(c, target)); why != "" {
			return why
		}
	}
	return ""
}

func triggerUnwell(c *aws.Call, r *store.Resource, trigger, template store.Values) string {
	kind := trigger.String("type")
	if kind == "cpu" || kind == "memory" {
		target := map[string]any{"type": trigger.String("metricType")}
		return metricUnwell(c, store.Values{"resource": map[string]any{"name": kind, "target": target}}, template)
	}
	if ref := trigger.Object("authenticationRef"); ref != nil && ref.String("kind") != "ClusterTriggerAuthentication" {
		if find(c, triggerAuthType, namespaceOf(r.Inputs), ref.String("name")) == nil {
			return fmt.Sprintf("ScaledObjectCheckFailed: error getting scaler for trigger %s: TriggerAuthentication.keda.sh %q not found", kind, ref.String("name"))
		}
	}
	if kind != "aws-sqs-queue" {
		return ""
	}
	there := *c
	there.Region = trigger.Object("metadata").String("awsRegion")
	url := trigger.Object("metadata").String("queueURL")
	known := slices.ContainsFunc(there.All(aws.QueueType), func(q *store.Resource) bool { return q.ID == url || nameOfQueue(q) == url })
	if !known {
		return "TriggerError: error getting scaler for trigger aws-sqs-queue: AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist (" + url + ")"
	}
	return ""
}

func nameOfQueue(q *store.Resource) string { return q.Property("name") }

func triggerAuthentication() *aws.Kind {
	return of(object{
		kind: aws.Kind{Type: triggerAuthType, Label: "TriggerAuthentication.keda.sh", Untyped: true, Usual: aws.Usual{Create: 1, Update: 1, Delete: 1},
			Unwell: func(c *aws.Call, r *store.Resource) string {
				for _, ref := range r.Inputs.Object("spec").Objects("secretTargetRef") {
					if why := secretMissing(c, namespaceOf(r.Inputs), ref.String("name"), ref.String("key")); why != "" {
						return why
					}
				}
				return ""
			}},
		defined: definedBy(kedaChart, triggerAuthType),
		check: func(n node) {
			spec := n.object("spec")
			spec.only("podIdentity", "secretTargetRef", "configMapTargetRef", "env", "hashiCorpVault", "azureKeyVault", "gcpSecretManager",
				"awsSecretManager", "boundServiceAccountToken")
			spec.object("podIdentity").oneOf("provider", "none", "aws", "aws-eks", "azure-workload", "gcp")
			for _, ref := range spec.list("secretTargetRef") {
				ref.required("parameter", "name", "key")
			}
			for _, e := range spec.list("env") {
				e.required("parameter", "name")
			}
		},
	})
}
