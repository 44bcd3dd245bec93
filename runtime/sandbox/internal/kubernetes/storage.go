package kubernetes

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

var accessModes = []string{"ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"}

// persistentVolumeSources are the kinds of volumes that a PersistentVolume may be of, in which nothing can change.
var persistentVolumeSources = []string{"csi", "nfs", "hostPath", "local", "awsElasticBlockStore"}

func persistentVolume() *aws.Kind {
	var fixed []string
	for _, source := range persistentVolumeSources {
		fixed = append(fixed, "spec."+source)
	}
	return of(object{
		cluster: true,
		kind: aws.Kind{Type: volumeType, Label: "PersistentVolume", Replace: fixed, Unwell: volumeUnwell,
			Usual: aws.Usual{Create: 1, Update: 1, Delete: 2}},
		check: func(n node) {
			spec := n.object("spec")
			spec.required("accessModes")
			spec.modes()
			capacity := spec.object("capacity")
			capacity.required("storage")
			spec.amounts("capacity")
			spec.oneOf("persistentVolumeReclaimPolicy", "Retain", "Delete", "Recycle")
			spec.oneOf("volumeMode", "Filesystem", "Block")
			spec.exactlyOne("", "Required value: must specify a volume type", "Forbidden: may not specify more than 1 volume type", persistentVolumeSources...)
			if spec.in.Has("csi") {
				spec.object("csi").required("driver", "volumeHandle")
			}
		},
		adds: func(*aws.Call) store.Values {
			return store.Values{"status": map[string]any{"phase": "Available"}}
		},
	})
}

// modes checks a list of access modes.
func (n node) modes() {
	for _, mode := range n.in.Strings("accessModes") {
		if !slices.Contains(accessModes, mode) {
			n.report("accessModes", "Unsupported value: %q: supported values: %s", mode, quoted(accessModes))
		}
	}
}

func storageClass() *aws.Kind {
	return of(object{
		cluster: true,
		flat:    true,
		kind: aws.Kind{Type: storageClassType, Label: "StorageClass.storage.k8s.io", Ordered: []string{"mountOptions"}, Replace: []string{"provisioner", "parameters"},
			Unwell: func(c *aws.Call, r *store.Resource) string { return driverMissing(c, r.Inputs.String("provisioner")) },
			Usual:  aws.Usual{Create: 1, Update: 1, Delete: 1}},
		check: func(n node) {
			n.required("provisioner")
			n.oneOf("reclaimPolicy", "Delete", "Retain")
			n.oneOf("volumeBindingMode", "Immediate", "WaitForFirstConsumer")
			n.object("parameters").oneOf("type", "", "gp2", "gp3", "io1", "io2", "sc1", "st1", "standard")
		},
		admit: func(c *aws.Call, prior *store.Resource) error {
			if prior == nil {
				return nil
			}
			for _, key := range []string{"reclaimPolicy", "volumeBindingMode"} {
				if prior.Inputs.String(key) != c.In.String(key) {
					return forbidden("StorageClass.storage.k8s.io", name(c.In), key, "updates to %s are forbidden.", key)
				}
			}
			return nil
		},
	})
}

// volumeUnwell says why a volume of EFS cannot be mounted: its handle is <file system>[:<path>][::<access point>].
func volumeUnwell(c *aws.Call, r *store.Resource) string {
	csi := r.Inputs.Object("spec").Object("csi")
	driver := csi.String("driver")
	if why := driverMissing(c, driver); why != "" {
		return why
	}
	if driver != efsDriver {
		return ""
	}
	handle, point, _ := strings.Cut(csi.String("volumeHandle"), "::")
	id, _, _ := strings.Cut(handle, ":")
	if c.Find(aws.FileSystemType, id) == nil {
		return "MountVolume.SetUp failed: Failed to resolve \"" + id + ".efs." + c.Region + ".amazonaws.com\": the file system does not exist"
	}
	if point == "" {
		return ""
	}
	p := c.Find(aws.AccessPointType, point)
	if p == nil || p.Inputs.String("fileSystemId") != id {
		return "MountVolume.SetUp failed: mount.nfs4: access denied by server: access point " + point + " is not one of " + id
	}
	return ""
}
