package pod

import (
	"slices"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// nominalSize is what a volume on EFS says of its size. EFS has none, and Kubernetes wants one.
const nominalSize = "1Gi"

// mountName names the volume of the file system with that index of the component's mounts.
func mountName(i int) string { return "mount-" + strconv.Itoa(i+1) }

// volumes registers, for each file system that is mounted, a volume of the cluster's and the component's claim to it. The
// node mounts it, by TLS and as itself, and hands it to the pods; that only they get it is Kubernetes's to see to, by the
// claim that the volume names.
func (p *Pod) volumes() {
	mode := component.StrArray(component.Str("ReadWriteMany"))
	for i, m := range p.systems {
		volume, claim := Name(p.Component(), mountName(i)), "claim"+strconv.Itoa(i+1)
		cluster := Namespace(p.Component()) + "." + volume
		handle := m.FileSystem
		if m.AccessPoint != nil {
			handle = component.Pulumi("Sprintf").Call(jen.Lit("%s::%s"), m.FileSystem, m.AccessPoint)
		}
		p.Manifest(component.Manifest{
			Var: "volume" + strconv.Itoa(i+1), API: "core/v1", Kind: "PersistentVolume", Part: mountName(i), What: "volume for " + m.Path,
			Name: component.Str(cluster), Source: m.Source,
			Fields: component.Fields{{Name: "Spec", Value: typed("PersistentVolumeSpecArgs", component.Fields{
				{Name: "AccessModes", Value: mode},
				{Name: "Capacity", Value: quantities(component.Field{Name: "storage", Value: component.Str(nominalSize)})},
				{Name: "ClaimRef", Value: typed("ObjectReferenceArgs", component.Fields{
					{Name: "Namespace", Value: component.Str(Namespace(p.Component()))}, {Name: "Name", Value: component.Str(volume)},
				})},
				{Name: "StorageClassName", Value: component.Str("")},
				{Name: "PersistentVolumeReclaimPolicy", Value: component.Str("Retain")},
				{Name: "MountOptions", Value: component.StrArray(component.Str("tls"), component.Str("iam"))},
				{Name: "Csi", Value: typed("CSIPersistentVolumeSourceArgs", component.Fields{
					{Name: "Driver", Value: component.Str("efs.csi.aws.com")}, {Name: "VolumeHandle", Value: handle},
				})},
			})}},
		})
		p.object(component.Manifest{
			Var: claim, API: "core/v1", Kind: "PersistentVolumeClaim", Part: mountName(i), What: "claim to " + m.Path,
			Name: component.Str(volume), Source: m.Source, Options: []jen.Code{component.DependsOn("volume" + strconv.Itoa(i+1))},
			Fields: component.Fields{{Name: "Spec", Value: typed("PersistentVolumeClaimSpecArgs", component.Fields{
				{Name: "AccessModes", Value: mode},
				{Name: "StorageClassName", Value: component.Str("")},
				{Name: "VolumeName", Value: component.Str(cluster)},
				{Name: "Resources", Value: typed("VolumeResourceRequirementsArgs", component.Fields{
					{Name: "Requests", Value: quantities(component.Field{Name: "storage", Value: component.Str(nominalSize)})},
				})},
			})}},
		})
		p.await(claim)
	}
}

// systemVolumes are the volumes of file systems in the pods, and mountPoints where the process finds them and its files.
func (p *Pod) systemVolumes() []jen.Code {
	var all []jen.Code
	for i := range p.systems {
		all = append(all, item("VolumeArgs", component.Fields{
			{Name: "Name", Value: component.Str(mountName(i))},
			{Name: "PersistentVolumeClaim", Value: typed("PersistentVolumeClaimVolumeSourceArgs", component.Fields{
				{Name: "ClaimName", Value: component.Str(Name(p.Component(), mountName(i)))},
			})},
		}))
	}
	return all
}

func (p *Pod) mountPoints() []jen.Code {
	var all []jen.Code
	for i, m := range p.systems {
		all = append(all, item("VolumeMountArgs", component.Fields{
			{Name: "Name", Value: component.Str(mountName(i))},
			{Name: "MountPath", Value: component.Str(m.Path)},
			{Name: "ReadOnly", Value: component.If(m.ReadOnly, component.Bool(true))},
		}))
	}
	return slices.Concat(all, p.folderMounts(), p.Mounts)
}

// quantities are amounts of what a pod or a claim asks for.
func quantities(fields ...component.Field) jen.Code {
	return component.Map(component.Pulumi("StringMap"), fields)
}
