package kubernetes

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// pods are what a workload runs, or a CronJob would.
type pods struct {
	namespace    string
	labels, spec store.Values
	claims       []store.Values // the claims that a StatefulSet makes for them
}

func podsOf(owner *store.Resource, template store.Values) pods {
	return pods{namespace: namespaceOf(owner.Inputs), labels: template.Object("metadata").Object("labels"), spec: template.Object("spec")}
}

// trouble says why the pods do not become ready, or "", in the order in which a cluster would come upon it: nobody may
// make them, no node takes them, their volumes are not there, their containers cannot be configured, pulled or kept
// running, and last that AWS does not let them do anything.
func (p pods) trouble(c *aws.Call) string {
	account := p.account()
	var role string
	if account != "default" {
		r := find(c, serviceAccountType, p.namespace, account)
		if r == nil {
			return fmt.Sprintf("pods are forbidden: error looking up service account %s/%s: serviceaccount %q not found", p.namespace, account, account)
		}
		role = annotation(r.Inputs, roleAnnotation)
	}
	for _, why := range []func(*aws.Call) string{p.unschedulable, p.unmounted, p.unconfigured, p.unstarted} {
		if text := why(c); text != "" {
			return text
		}
	}
	if role == "" {
		return ""
	}
	if why := c.NoWebIdentity(role, p.namespace, account); why != "" {
		return "the pods get no credentials: WebIdentityErr: failed to retrieve credentials: " + why
	}
	return ""
}

// account is the pods' service account.
func (p pods) account() string {
	for _, key := range []string{"serviceAccountName", "serviceAccount"} {
		if name := p.spec.String(key); name != "" {
			return name
		}
	}
	return "default"
}

// unmounted says which volume of the pods is not there.
func (p pods) unmounted(c *aws.Call) string {
	for _, template := range p.claims {
		claim := &store.Resource{Inputs: template.Over(store.Values{"metadata": map[string]any{"namespace": p.namespace, "name": name(template)}})}
		if why := claimTrouble(c, claim); why != "" {
			return "pod has unbound PersistentVolumeClaims: " + why
		}
	}
	for _, v := range p.spec.Objects("volumes") {
		if why := p.volumeMissing(c, v); why != "" {
			return why
		}
	}
	return ""
}

func (p pods) volumeMissing(c *aws.Call, volume store.Values) string {
	failed := func(what string) string {
		return fmt.Sprintf("ContainerCreating: MountVolume.SetUp failed for volume %q : %s", volume.String("name"), what)
	}
	if source := volume.Object("configMap"); source != nil && !source.Bool("optional") {
		if find(c, ConfigMapType, p.namespace, source.String("name")) == nil {
			return failed(fmt.Sprintf("configmap %q not found", source.String("name")))
		}
	}
	if source := volume.Object("secret"); source != nil && !source.Bool("optional") {
		if why := secretMissing(c, p.namespace, source.String("secretName"), ""); why != "" {
			return failed(why)
		}
	}
	source := volume.Object("persistentVolumeClaim")
	if source == nil {
		return ""
	}
	claim := find(c, claimType, p.namespace, source.String("claimName"))
	if claim == nil {
		return fmt.Sprintf("persistentvolumeclaim %q not found", source.String("claimName"))
	}
	if why := claimTrouble(c, claim); why != "" {
		return "pod has unbound PersistentVolumeClaims: " + why
	}
	return ""
}

// unconfigured says which ConfigMap or Secret that a container takes variables from is not there.
func (p pods) unconfigured(c *aws.Call) string {
	for _, d := range allContainers(p.spec) {
		for _, v := range d.Objects("env") {
			from := v.Object("valueFrom")
			if why := p.configMissing(c, from.Object("configMapKeyRef")); why != "" {
				return why
			}
			if why := p.secretMissing(c, from.Object("secretKeyRef")); why != "" {
				return why
			}
		}
		for _, from := range d.Objects("envFrom") {
			if why := p.configMissing(c, from.Object("configMapRef")); why != "" {
				return why
			}
			if why := p.secretMissing(c, from.Object("secretRef")); why != "" {
				return why
			}
		}
	}
	return ""
}

func (p pods) secretMissing(c *aws.Call, ref store.Values) string {
	if ref == nil || ref.Bool("optional") {
		return ""
	}
	if why := secretMissing(c, p.namespace, ref.String("name"), ref.String("key")); why != "" {
		return "CreateContainerConfigError: " + why
	}
	return ""
}

func (p pods) configMissing(c *aws.Call, ref store.Values) string {
	if ref == nil || ref.Bool("optional") {
		return ""
	}
	r := find(c, ConfigMapType, p.namespace, ref.String("name"))
	switch key := ref.String("key"); {
	case r == nil:
		return fmt.Sprintf("CreateContainerConfigError: configmap %q not found", ref.String("name"))
	case key != "" && !r.Inputs.Object("data").Has(key) && !r.Inputs.Object("binaryData").Has(key):
		return fmt.Sprintf("CreateContainerConfigError: couldn't find key %s in ConfigMap %s", key, r.ID)
	}
	return ""
}

// unstarted says which container's image cannot be pulled or does not run: a way to rehearse it.
func (p pods) unstarted(*aws.Call) string {
	for _, d := range allContainers(p.spec) {
		image, name := d.String("image"), d.String("name")
		switch {
		case strings.HasPrefix(image, "missing/"):
			return fmt.Sprintf("containers with unready status: [%s]: ImagePullBackOff: Back-off pulling image %q: ErrImagePull: failed to resolve reference %q: not found", name, image, image)
		case strings.HasPrefix(image, "crashing/"):
			return fmt.Sprintf("containers with unready status: [%s]: CrashLoopBackOff: back-off 5m0s restarting failed container=%s", name, name)
		case strings.HasPrefix(image, "unhealthy/") && d.Has("readinessProbe"):
			return fmt.Sprintf("containers with unready status: [%s]: Unhealthy: Readiness probe failed", name)
		}
	}
	return ""
}
