package kafka

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/codegen/pod"
)

// On EKS the volumes are panka's as well, and not made by Kubernetes for a StatefulSet, which could never be given a larger
// one: so a plan shows them, nothing loses them unsaid, and they grow in place. What Kubernetes knows of them can go and come again. A file system is made larger when the volume
// is mounted again, which is why the pods know its size.

// nominalSize is what a claim asks for. Claims to volumes that are there already cannot grow, and are bound by name.
const nominalSize = "1Gi"

// The folders of the container that a node writes to beside its data: what the script and Java need, and Kafka's own logs,
// which standard output has too.
const (
	temporaryFolder = "/tmp"
	logFolder       = "/opt/kafka/logs"
)

// claim registers where a node's data is, as a volume of the Kubernetes cluster's, and the node's claim to it. Nodes stay in
// their zones with it.
func (c *cluster) claim(n node, v variablesOf) {
	c.findZone(n, v)
	capacity, driver, handle := nominalSize, "efs.csi.aws.com", jen.Code(nil)
	var options, system jen.Code
	if c.onVolumes() {
		c.disk(n, v)
		capacity, driver, handle = fmt.Sprintf("%dGi", c.Storage.SizeGB), "ebs.csi.aws.com", network.ID(v.volume)
		system = component.Str("xfs")
	} else {
		c.folder(n, v)
		handle = component.Pulumi("Sprintf").Call(jen.Lit("%s::%s"), network.ID("files"), network.ID(v.folder))
		options = component.StrArray(component.Str("tls"))
	}
	source, name := c.Place("storage"), pod.Name(c.Component(), n.name)
	cluster := pod.Namespace(c.Component()) + "." + name
	modes := component.StrArray(component.Str("ReadWriteOnce"))
	c.Manifest(component.Manifest{
		Var: v.persistent, API: "core/v1", Kind: "PersistentVolume", Part: n.name, What: "volume of " + n.name, Source: source,
		Name: component.Str(cluster),
		Fields: component.Fields{{Name: "Spec", Value: kubernetes("core/v1", "PersistentVolumeSpecArgs", component.Fields{
			{Name: "AccessModes", Value: modes},
			{Name: "Capacity", Value: storage(capacity)},
			{Name: "ClaimRef", Value: kubernetes("core/v1", "ObjectReferenceArgs", component.Fields{
				{Name: "Namespace", Value: component.Str(pod.Namespace(c.Component()))}, {Name: "Name", Value: component.Str(name)},
			})},
			{Name: "StorageClassName", Value: component.Str("")},
			{Name: "PersistentVolumeReclaimPolicy", Value: component.Str("Retain")}, // the volume itself is a resource of its own
			{Name: "MountOptions", Value: options},
			{Name: "Csi", Value: kubernetes("core/v1", "CSIPersistentVolumeSourceArgs", component.Fields{
				{Name: "Driver", Value: component.Str(driver)}, {Name: "VolumeHandle", Value: handle}, {Name: "FsType", Value: system},
			})},
			{Name: "NodeAffinity", Value: c.inZone(v)},
		})}},
	})
	c.Manifest(component.Manifest{
		Var: v.claim, API: "core/v1", Kind: "PersistentVolumeClaim", Part: n.name, What: "claim of " + n.name, Source: source,
		Name: component.Str(name), Namespace: component.Str(pod.Namespace(c.Component())),
		Fields: component.Fields{{Name: "Spec", Value: kubernetes("core/v1", "PersistentVolumeClaimSpecArgs", component.Fields{
			{Name: "AccessModes", Value: modes},
			{Name: "StorageClassName", Value: component.Str("")},
			{Name: "VolumeName", Value: component.Str(cluster)},
			{Name: "Resources", Value: kubernetes("core/v1", "VolumeResourceRequirementsArgs", component.Fields{
				{Name: "Requests", Value: storage(nominalSize)},
			})},
		})}},
		Options: []jen.Code{component.DependsOn(v.persistent)},
	})
}

func storage(amount string) jen.Code {
	return component.Map(component.Pulumi("StringMap"), component.Fields{{Name: "storage", Value: component.Str(amount)}})
}

// inZone are the machines of a node's zone.
func (c *cluster) inZone(v variablesOf) jen.Code {
	core := func(name string, fields component.Fields) jen.Code {
		return component.Struct(component.Kubernetes("core/v1", name), fields)
	}
	array := func(name string, item jen.Code) jen.Code {
		return component.List(component.Kubernetes("core/v1", name), item)
	}
	return kubernetes("core/v1", "VolumeNodeAffinityArgs", component.Fields{
		{Name: "Required", Value: kubernetes("core/v1", "NodeSelectorArgs", component.Fields{
			{Name: "NodeSelectorTerms", Value: array("NodeSelectorTermArray", core("NodeSelectorTermArgs", component.Fields{
				{Name: "MatchExpressions", Value: array("NodeSelectorRequirementArray", core("NodeSelectorRequirementArgs", component.Fields{
					{Name: "Key", Value: component.Str("topology.kubernetes.io/zone")},
					{Name: "Operator", Value: component.Str("In")},
					{Name: "Values", Value: component.StrArray(jen.Id(v.subnet).Dot("AvailabilityZone").Call())},
				}))},
			}))},
		})},
	})
}

// podVolumes are the node's data, and room in memory, as secrets are among it, and on the machine's disk.
func (c *cluster) podVolumes(n node) []jen.Code {
	volume := func(name string, source component.Field) jen.Code {
		return component.Struct(component.Kubernetes("core/v1", "VolumeArgs"), component.Fields{{Name: "Name", Value: component.Str(name)}, source})
	}
	empty := func(fields component.Fields) component.Field {
		return component.Field{Name: "EmptyDir", Value: kubernetes("core/v1", "EmptyDirVolumeSourceArgs", fields)}
	}
	return []jen.Code{
		volume("data", component.Field{Name: "PersistentVolumeClaim", Value: kubernetes("core/v1", "PersistentVolumeClaimVolumeSourceArgs",
			component.Fields{{Name: "ClaimName", Value: component.Str(pod.Name(c.Component(), n.name))}})}),
		volume("temporary", empty(component.Fields{
			{Name: "Medium", Value: component.Str("Memory")}, {Name: "SizeLimit", Value: component.Str("128Mi")},
		})),
		volume("logs", empty(component.Fields{{Name: "SizeLimit", Value: component.Str("4Gi")}})),
	}
}

func podMounts() []jen.Code {
	var all []jen.Code
	for _, m := range []struct{ volume, path string }{{"data", dataFolder}, {"temporary", temporaryFolder}, {"logs", logFolder}} {
		all = append(all, component.Struct(component.Kubernetes("core/v1", "VolumeMountArgs"), component.Fields{
			{Name: "Name", Value: component.Str(m.volume)}, {Name: "MountPath", Value: component.Str(m.path)},
		}))
	}
	return all
}
