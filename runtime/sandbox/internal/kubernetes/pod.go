package kubernetes

import (
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// podTemplate checks the template that a workload's pods are made from. restart lists the restart policies that the
// workload takes, of which only Always need not be given.
func (n node) podTemplate(restart ...string) {
	t := n.object("template")
	t.object("metadata").labelled()
	t.pod("spec", restart)
}

// pod checks the specification of pods.
func (n node) pod(key string, restart []string) {
	p := n.object(key)
	containers, first := p.list("containers"), p.list("initContainers")
	if len(containers) == 0 && !isUnknown(p.in["containers"]) {
		p.report("containers", "Required value")
	}
	all := slices.Concat(containers, first)
	unique(all, textOf("name"), "name")
	volumes := p.volumes()
	for _, d := range all {
		d.container(volumes)
	}
	for _, d := range first {
		if d.in.String("restartPolicy") == "Always" { // a sidecar, which may have probes
			continue
		}
		for _, probe := range []string{"livenessProbe", "readinessProbe", "startupProbe", "lifecycle"} {
			if d.in.Has(probe) {
				d.report(probe, "Forbidden: must not be set for init containers")
			}
		}
	}
	if p.has("restartPolicy") || restart[0] != "Always" {
		p.required("restartPolicy")
		p.oneOf("restartPolicy", restart...)
	}
	p.podSettings()
}

// podSettings checks what concerns all containers of a pod.
func (p node) podSettings() {
	p.form("serviceAccountName", dnsSubdomain)
	p.form("priorityClassName", dnsSubdomain)
	p.oneOf("dnsPolicy", "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
	p.atLeast("terminationGracePeriodSeconds", 0)
	p.atLeast("activeDeadlineSeconds", 1)
	p.labelMap("nodeSelector")
	s := p.object("securityContext")
	for _, id := range []string{"runAsUser", "runAsGroup", "fsGroup"} {
		s.atLeast(id, 0)
	}
	s.oneOf("fsGroupChangePolicy", "Always", "OnRootMismatch")
	s.object("seccompProfile").oneOf("type", "RuntimeDefault", "Unconfined", "Localhost")
	for _, t := range p.list("tolerations") {
		t.oneOf("operator", "Exists", "Equal")
		t.oneOf("effect", "NoSchedule", "PreferNoSchedule", "NoExecute")
		t.form("key", qualifiedName)
	}
	spread := p.list("topologySpreadConstraints")
	for _, t := range spread {
		t.required("topologyKey", "whenUnsatisfiable", "maxSkew")
		t.atLeast("maxSkew", 1)
		t.form("topologyKey", qualifiedName)
		t.oneOf("whenUnsatisfiable", "DoNotSchedule", "ScheduleAnyway")
		t.labelSelector("labelSelector")
	}
	unique(spread, func(t node) (string, bool) {
		return t.in.String("topologyKey") + ", " + t.in.String("whenUnsatisfiable"), !t.unknown
	}, "topologyKey")
	for _, s := range p.list("imagePullSecrets") {
		s.required("name")
	}
}

// volumeSources are the kinds of volumes.
var volumeSources = []string{"emptyDir", "configMap", "secret", "persistentVolumeClaim", "projected", "downwardAPI", "hostPath", "csi", "ephemeral",
	"nfs", "image"}

// volumes checks the volumes of a pod and gives their names.
func (p node) volumes() map[string]bool {
	volumes, names := p.list("volumes"), map[string]bool{}
	unique(volumes, textOf("name"), "name")
	for _, v := range volumes {
		v.required("name")
		v.form("name", dnsLabel)
		name, _ := v.text("name")
		names[name] = true
		v.exactlyOne("", "Required value: must specify a volume type", "Forbidden: may not specify more than 1 volume type", volumeSources...)
		v.object("emptyDir").amount("sizeLimit", v.in.Object("emptyDir")["sizeLimit"])
		v.object("emptyDir").oneOf("medium", "", "Memory", "HugePages")
		if v.in.Has("configMap") {
			v.object("configMap").required("name")
			v.object("configMap").items()
		}
		if v.in.Has("secret") {
			v.object("secret").required("secretName")
			v.object("secret").items()
		}
		if v.in.Has("persistentVolumeClaim") {
			v.object("persistentVolumeClaim").required("claimName")
		}
	}
	return names
}

// items checks which keys a volume shows as which files.
func (n node) items() {
	n.within("defaultMode", 0, 0o777)
	for _, i := range n.list("items") {
		i.required("key", "path")
		i.within("mode", 0, 0o777)
	}
}

// allContainers gives the containers of a pod, those that run first included.
func allContainers(pod store.Values) []store.Values {
	return slices.Concat(pod.Objects("initContainers"), pod.Objects("containers"))
}
