package security

import (
	"slices"
	"strings"
)

const (
	deployment = "kubernetes:apps/v1:Deployment"
	brokers    = "kubernetes:apps/v1:StatefulSet"
	jobs       = "kubernetes:batch/v1:CronJob"
)

// workloads are the types of objects that have pods.
var workloads = []string{deployment, brokers, jobs}

// template is what a workload makes its pods from, with metadata and spec.
func (r Resource) template() Resource {
	path := "spec.template"
	if r.Type == jobs {
		path = "spec.jobTemplate.spec.template"
	}
	inputs, _ := r.at(path).(map[string]any)
	return Resource{r.Type, r.Name, inputs}
}

// pod is a check of what a workload makes its pods from.
func pod(check func(Resource, *Stack) string) func(Resource, *Stack) string {
	return func(r Resource, s *Stack) string { return check(r.template(), s) }
}

func podRules() []Rule {
	return []Rule{
		{"CKV_K8S_10", "Containers ask for CPU", checkovKubernetes("CPURequests.py"), workloads, Always, eachOfPod(present("resources.requests.cpu"))},
		{"CKV_K8S_11", "Containers have a limit of CPU", checkovKubernetes("CPULimits.py"), workloads, Always, eachOfPod(present("resources.limits.cpu"))},
		{"CKV_K8S_12", "Containers ask for memory", checkovKubernetes("MemoryRequests.py"), workloads, Always, eachOfPod(present("resources.requests.memory"))},
		{"CKV_K8S_13", "Containers have a limit of memory", checkovKubernetes("MemoryLimits.py"), workloads, Always, eachOfPod(present("resources.limits.memory"))},
		{"CKV_K8S_14", "Images have a fixed tag", checkovKubernetes("ImageTagFixed.py"), workloads, Always, eachOfPod(fixedTag)},
		{"CKV_K8S_15", "The registry is asked for the image at each start", checkovKubernetes("ImagePullPolicyAlways.py"), workloads, Always,
			eachOfPod(must("imagePullPolicy", "Always"))},
		{"CKV_K8S_16", "Containers are not privileged", checkovKubernetes("PrivilegedContainers.py"), workloads, Always,
			eachOfPod(never("securityContext.privileged", true))},
		{"CKV_K8S_17", "Pods do not see the processes of the node", checkovKubernetes("ShareHostPID.py"), workloads, Always, pod(never("spec.hostPID", true))},
		{"CKV_K8S_18", "Pods share no memory with the node", checkovKubernetes("ShareHostIPC.py"), workloads, Always, pod(never("spec.hostIPC", true))},
		{"CKV_K8S_19", "Pods do not use the node's network", checkovKubernetes("SharedHostNetworkNamespace.py"), workloads, Always,
			pod(never("spec.hostNetwork", true))},
		{"CKV_K8S_20", "Processes gain no rights", checkovKubernetes("AllowPrivilegeEscalation.py"), workloads, Always,
			eachOfPod(must("securityContext.allowPrivilegeEscalation", false))},
		{"CKV_K8S_21", "Workloads are not in the default namespace", checkovKubernetes("DefaultNamespace.py"), workloads, Always,
			both(present("metadata.namespace"), never("metadata.namespace", "default"))},
		{"CKV_K8S_26", "Pods take no port of the node", checkovKubernetes("HostPort.py"), workloads, Always, eachOfPod(each("ports", absent("hostPort")))},
		{"CKV_K8S_28", "Containers do not have what lets them forge packets", checkovKubernetes("DropCapabilities.py"), workloads, Always, eachOfPod(dropsAll)},
		{"CKV_K8S_31", "System calls are limited", checkovKubernetes("Seccomp.py"), workloads, Always,
			pod(must("spec.securityContext.seccompProfile.type", "RuntimeDefault"))},
		{"CKV_K8S_38", "Pods have no token for the cluster", checkovKubernetes("ServiceAccountTokens.py"), workloads, Always,
			pod(must("spec.automountServiceAccountToken", false))},
		{"CKV_K8S_39", "No container may administer its node", checkovKubernetes("AllowedCapabilitiesSysAdmin.py"), workloads, Always, eachOfPod(noAdministrator)},
		{"panka/pod-network", "Pods are in a security group of their own", "", workloads, Always, guarded},
		{"panka/pod-credentials", "Containers have no credentials in their environment", "", workloads, Always, eachOfPod(each("env", noCredential))},
	}
}

// checkovKubernetes is where Checkov keeps a rule about objects of Kubernetes.
func checkovKubernetes(file string) string {
	return "https://github.com/bridgecrewio/checkov/blob/main/checkov/kubernetes/checks/resource/k8s/" + file
}

// eachOfPod is a check of every container of a workload's pods, of those that start before the others too.
func eachOfPod(check func(Resource, *Stack) string) func(Resource, *Stack) string {
	return func(r Resource, s *Stack) string {
		all := slices.Concat(r.template().list("spec.initContainers"), r.template().list("spec.containers"))
		if len(all) == 0 {
			return "it has no containers"
		}
		for _, element := range all {
			container, ok := element.(map[string]any)
			if !ok {
				return "a container has another form"
			}
			if reason := check(Resource{r.Type, r.Name, container}, s); reason != "" {
				return "container " + asText(container["name"]) + ": " + reason
			}
		}
		return ""
	}
}

func fixedTag(r Resource, _ *Stack) string {
	image := r.text("image")
	name := image[strings.LastIndex(image, "/")+1:]
	if _, tag, ok := strings.Cut(name, ":"); !ok || tag == "" || tag == "latest" {
		return "the image is " + image
	}
	return ""
}

func dropsAll(r Resource, _ *Stack) string {
	if !slices.ContainsFunc(r.list("securityContext.capabilities.drop"), func(v any) bool { return v == "ALL" }) {
		return "not all capabilities are dropped"
	}
	return ""
}

func noAdministrator(r Resource, _ *Stack) string {
	for _, v := range r.list("securityContext.capabilities.add") {
		if v == "SYS_ADMIN" || v == "ALL" {
			return "it has the capability " + asText(v)
		}
	}
	return ""
}

// guarded: a SecurityGroupPolicy of the namespace selects the workload's pods.
func guarded(r Resource, s *Stack) string {
	labels, _ := r.template().at("metadata.labels").(map[string]any)
	for _, policy := range s.of("kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy") {
		wanted, _ := policy.at("spec.podSelector.matchLabels").(map[string]any)
		if policy.text("metadata.namespace") != r.text("metadata.namespace") || len(wanted) == 0 || len(policy.list("spec.securityGroups.groupIds")) == 0 {
			continue
		}
		selected := true
		for key, value := range wanted {
			selected = selected && same(labels[key], value)
		}
		if selected {
			return ""
		}
	}
	return "no security group is for its pods"
}
