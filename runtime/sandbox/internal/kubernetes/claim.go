package kubernetes

import (
	"fmt"
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func persistentVolumeClaim() *aws.Kind {
	return of(object{
		kind: aws.Kind{Type: claimType, Label: "PersistentVolumeClaim",
			Replace: []string{"spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"},
			Unwell:  claimTrouble, Pending: claimPending, Steady: awaited, Usual: aws.Usual{Create: 5, Update: 10, Delete: 5}},
		check: func(n node) { n.claim() },
		admit: func(c *aws.Call, prior *store.Resource) error {
			if prior == nil {
				return nil
			}
			return resizable(c, prior)
		},
		adds: func(*aws.Call) store.Values {
			return store.Values{"status": map[string]any{"phase": "Pending"}}
		},
	})
}

// claim checks a claim, which may be a StatefulSet's template.
func (n node) claim() {
	spec := n.object("spec")
	spec.required("accessModes")
	spec.modes()
	requests := spec.object("resources").object("requests")
	requests.required("storage")
	spec.object("resources").amounts("requests")
	spec.oneOf("volumeMode", "Filesystem", "Block")
	spec.labelSelector("selector")
}

// resizable refuses any change of a claim but a larger size, of a class that can give it.
func resizable(c *aws.Call, prior *store.Resource) error {
	was, now := prior.Inputs.Object("spec"), c.In.Object("spec")
	a, _ := quantity(was.Object("resources").Object("requests").String("storage"))
	b, _ := quantity(now.Object("resources").Object("requests").String("storage"))
	switch {
	case was.String("volumeMode") != now.String("volumeMode"):
		return forbidden("PersistentVolumeClaim", name(c.In), "spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims")
	case a == nil || b == nil || a.Cmp(b) == 0:
		return nil
	case b.Cmp(a) < 0:
		return forbidden("PersistentVolumeClaim", name(c.In), "spec.resources.requests.storage", "field can not be less than previous value")
	}
	class := classOf(c, now)
	if class == nil || !class.Inputs.Bool("allowVolumeExpansion") {
		return errorf("persistentvolumeclaims %q is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize", name(c.In))
	}
	return nil
}

// classOf gives the storage class of a claim, or nil: the one that it names, the default one if it names none. Every EKS
// cluster has gp2.
func classOf(c *aws.Call, spec store.Values) *store.Resource {
	asked, named := spec["storageClassName"].(string)
	for _, r := range c.All(storageClassType) {
		isDefault := annotation(r.Inputs, "storageclass.kubernetes.io/is-default-class") == "true"
		if r.State != store.Deleting && (named && nameOf(r) == asked || !named && isDefault) {
			return r
		}
	}
	if asked == "gp2" {
		return &store.Resource{ID: "gp2", Inputs: store.Values{"provisioner": "kubernetes.io/aws-ebs", "volumeBindingMode": "WaitForFirstConsumer"}}
	}
	return nil
}

// claimPending says why a claim is not bound. A program does not wait for one that is bound only when a pod needs it.
func claimPending(c *aws.Call, r *store.Resource) string {
	if class := classOf(c, r.Inputs.Object("spec")); class != nil && class.Inputs.String("volumeBindingMode") == "WaitForFirstConsumer" {
		return ""
	}
	return claimTrouble(c, r)
}

// claimTrouble says why a claim would stay Pending even if a pod needs it.
func claimTrouble(c *aws.Call, r *store.Resource) string {
	spec := r.Inputs.Object("spec")
	if volume := spec.String("volumeName"); volume != "" {
		v := find(c, volumeType, "", volume)
		if v == nil {
			return fmt.Sprintf("%s is Pending: persistentvolume %q not found", name(r.Inputs), volume)
		}
		return unfit(c, r, v)
	}
	asked, named := spec["storageClassName"].(string)
	class := classOf(c, spec)
	if asked == "" && named || class == nil {
		for _, v := range c.All(volumeType) {
			if unfit(c, r, v) == "" {
				return ""
			}
		}
	}
	switch {
	case class != nil:
		return unprovisioned(c, r, class)
	case asked != "":
		return fmt.Sprintf("%s is Pending: storageclass.storage.k8s.io %q not found", name(r.Inputs), asked)
	}
	return fmt.Sprintf("%s is Pending: no persistent volumes available for this claim and no storage class is set", name(r.Inputs))
}

// unfit says why a volume is not one for a claim.
func unfit(c *aws.Call, claim, volume *store.Resource) string {
	want, have := claim.Inputs.Object("spec"), volume.Inputs.Object("spec")
	problem := func(format string, args ...any) string {
		return fmt.Sprintf("%s is Pending: volume %s %s", name(claim.Inputs), volume.ID, fmt.Sprintf(format, args...))
	}
	size, _ := quantity(have.Object("capacity").String("storage"))
	asked, _ := quantity(want.Object("resources").Object("requests").String("storage"))
	if size != nil && asked != nil && size.Cmp(asked) < 0 {
		return problem("is too small")
	}
	if have.String("storageClassName") != want.String("storageClassName") {
		return problem("is of another storage class")
	}
	for _, mode := range want.Strings("accessModes") {
		if !slices.Contains(have.Strings("accessModes"), mode) {
			return problem("does not have access mode %s", mode)
		}
	}
	if ref := have.Object("claimRef"); ref != nil && (ref.String("name") != nameOf(claim) || ref.String("namespace") != namespaceOf(claim.Inputs)) {
		return problem("already bound to a different claim.")
	}
	if why := volumeUnwell(c, volume); why != "" {
		return problem("cannot be used: %s", why)
	}
	return ""
}

// unprovisioned says why a class makes no volume for a claim.
func unprovisioned(c *aws.Call, claim, class *store.Resource) string {
	driver := class.Inputs.String("provisioner")
	why := driverMissing(c, driver)
	if why == "" {
		why = driverRefused(c, driver)
	}
	modes := claim.Inputs.Object("spec").Strings("accessModes")
	if why == "" && driverAddon(driver) == ebsAddon && (slices.Contains(modes, "ReadWriteMany") || slices.Contains(modes, "ReadOnlyMany")) {
		why = fmt.Sprintf("failed to provision volume with StorageClass %q: rpc error: code = InvalidArgument desc = Volume capabilities %v not supported. Only AccessModes[ReadWriteOnce] supported.",
			class.ID, modes)
	}
	if why == "" {
		return ""
	}
	return name(claim.Inputs) + " is Pending: " + why
}
