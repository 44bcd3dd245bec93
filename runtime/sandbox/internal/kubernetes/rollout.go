package kubernetes

import (
	"fmt"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// rollout is a Deployment that changes step by step, by Argo Rollouts.
func rollout() *aws.Kind {
	return of(object{
		kind: aws.Kind{Type: rolloutType, Label: "Rollout.argoproj.io", Untyped: true,
			Parts:  map[string]string{"spec.template": "core/v1.PodTemplateSpec", "spec.selector": "meta/v1.LabelSelector"},
			Unwell: rolloutUnwell, Detail: workloadDetail, Steady: awaitedByWish,
			Usual: aws.Usual{Create: 20, Update: 60, Delete: 5}},
		defined: definedBy(rolloutsChart, rolloutType),
		check:   checkRollout,
	})
}

func checkRollout(n node) {
	spec := n.object("spec")
	spec.only("replicas", "selector", "template", "workloadRef", "minReadySeconds", "strategy", "revisionHistoryLimit", "paused",
		"progressDeadlineSeconds", "progressDeadlineAbort", "restartAt", "analysis", "rollbackWindow")
	spec.atLeast("replicas", 0)
	spec.atLeast("revisionHistoryLimit", 0)
	if spec.in.Has("template") == spec.in.Has("workloadRef") && !spec.unknown {
		spec.report("template", "Required value: exactly one of template and workloadRef")
	}
	if spec.in.Has("template") {
		spec.selectsItsPods()
		spec.podTemplate("Always")
	}
	if spec.in.Has("workloadRef") {
		spec.object("workloadRef").required("apiVersion", "kind", "name")
	}
	strategy := spec.object("strategy")
	strategy.exactlyOne("", "Required value: Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'",
		"Invalid value: multiple strategies can not be listed", "canary", "blueGreen")
	strategy.only("canary", "blueGreen")
	if strategy.in.Has("blueGreen") {
		strategy.object("blueGreen").only("activeService", "previewService", "previewReplicaCount", "autoPromotionEnabled", "autoPromotionSeconds",
			"maxUnavailable", "antiAffinity", "prePromotionAnalysis", "postPromotionAnalysis", "scaleDownDelaySeconds", "scaleDownDelayRevisionLimit",
			"abortScaleDownDelaySeconds", "previewMetadata", "activeMetadata")
		strategy.object("blueGreen").required("activeService")
		strategy.object("blueGreen").atLeast("autoPromotionSeconds", 0)
		active, _ := strategy.object("blueGreen").text("activeService")
		if preview, ok := strategy.object("blueGreen").text("previewService"); ok && preview == active {
			strategy.object("blueGreen").report("previewService", "Invalid value: %q: This rollout uses the same service for the active and preview services", preview)
		}
		return
	}
	canary := strategy.object("canary")
	canary.only("canaryService", "stableService", "canaryMetadata", "stableMetadata", "maxUnavailable", "maxSurge", "scaleDownDelaySeconds",
		"scaleDownDelayRevisionLimit", "abortScaleDownDelaySeconds", "analysis", "antiAffinity", "pingPong", "trafficRouting", "steps",
		"minPodsPerReplicaSet", "dynamicStableScale")
	canary.countOrPercent("maxSurge")
	canary.countOrPercent("maxUnavailable")
	for _, step := range canary.list("steps") {
		step.exactlyOne("", "Invalid value: Step must have one of the following set: experiment, setWeight, setCanaryScale, pause, analysis",
			"Invalid value: Step must have one of the following set: experiment, setWeight, setCanaryScale, pause, analysis",
			"setWeight", "pause", "setCanaryScale", "setHeaderRoute", "setMirrorRoute", "analysis", "experiment", "plugin", "replicaProgressThreshold")
		step.within("setWeight", 0, 100)
	}
	if routing := canary.object("trafficRouting"); canary.in.Has("trafficRouting") && !routing.in.Has("plugins") {
		canary.required("canaryService", "stableService")
	}
}

// rolloutUnwell says why a Rollout does not roll: the controller, a service that it names, or its pods.
func rolloutUnwell(c *aws.Call, r *store.Resource) string {
	if why := controllerUnwell(c, rolloutsChart); why != "" {
		return why
	}
	spec := r.Inputs.Object("spec")
	if ref := spec.Object("workloadRef"); ref != nil && find(c, deploymentType, namespaceOf(r.Inputs), ref.String("name")) == nil {
		return fmt.Sprintf("InvalidSpec: spec.workloadRef.name: Invalid value: %q: deployment %q not found", ref.String("name"), ref.String("name"))
	}
	for strategy, fields := range map[string][]string{"canary": {"stableService", "canaryService"}, "blueGreen": {"activeService", "previewService"}} {
		for _, field := range fields {
			if why := serviceWrong(c, r, spec.Object("strategy").Object(strategy).String(field)); why != "" {
				return fmt.Sprintf("InvalidSpec: spec.strategy.%s.%s: Invalid value: %s", strategy, field, why)
			}
		}
	}
	return workloadUnwell(c, r)
}

// serviceWrong says why a service is not one for a Rollout's pods.
func serviceWrong(c *aws.Call, r *store.Resource, service string) string {
	if service == "" {
		return ""
	}
	s := find(c, serviceType, namespaceOf(r.Inputs), service)
	if s == nil {
		return fmt.Sprintf("%q: service %q not found", service, service)
	}
	selector := s.Inputs.Object("spec").Object("selector")
	if !matches(selector, podTemplate(c, r).Object("metadata").Object("labels")) {
		return fmt.Sprintf("%q: Service %q has unmatch label in rollout", service, service)
	}
	return ""
}
