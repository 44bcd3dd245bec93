package pod

import (
	"slices"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/filesystem"
	"github.com/panka-io/panka/codegen/names"
)

// nominalSize is what a volume on EFS says of its size. EFS has none, and Kubernetes wants one.
const nominalSize = "1Gi"

// volumeName names the volume of the pods that holds what is mounted from a file system, or one of its access points, which
// is the one with that index.
func volumeName(i int) string { return "mount-" + strconv.Itoa(i+1) }

// systemPart names what is mounted among the component's objects, so that it can become part of another name.
func systemPart(m filesystem.Mount) string { return "mount-" + names.Physical(100, m.Volume) }

// shared are the mounts of which each is another file system or access point: several of one need one volume.
func (p *Pod) shared() []filesystem.Mount {
	var all []filesystem.Mount
	for _, m := range p.systems {
		if !slices.ContainsFunc(all, func(other filesystem.Mount) bool { return other.Volume == m.Volume }) {
			all = append(all, m)
		}
	}
	return all
}

// volumes registers, for each file system that is mounted, a volume of the cluster's and the component's claim to it. The
// node mounts it, by TLS and as itself, and hands it to the pods; that only they get it is Kubernetes's to see to, by the
// claim that the volume names.
func (p *Pod) volumes() {
	mode := component.StrArray(component.Str("ReadWriteMany"))
	for i, m := range p.shared() {
		part, number := systemPart(m), strconv.Itoa(i+1)
		name := Name(p.Component(), part)
		cluster := Namespace(p.Component()) + "." + name
		handle := m.FileSystem
		if m.AccessPoint != nil {
			handle = component.Pulumi("Sprintf").Call(jen.Lit("%s::%s"), m.FileSystem, m.AccessPoint)
		}
		p.Manifest(component.Manifest{
			Var: "volume" + number, API: "core/v1", Kind: "PersistentVolume", Part: part, What: "volume of " + m.Volume,
			Name: component.Str(cluster), Source: m.Source,
			Fields: component.Fields{{Name: "Spec", Value: typed("PersistentVolumeSpecArgs", component.Fields{
				{Name: "AccessModes", Value: mode},
				{Name: "Capacity", Value: quantities(component.Field{Name: "storage", Value: component.Str(nominalSize)})},
				{Name: "ClaimRef", Value: typed("ObjectReferenceArgs", component.Fields{
					{Name: "Namespace", Value: component.Str(Namespace(p.Component()))}, {Name: "Name", Value: component.Str(name)},
				})},
				{Name: "StorageClassName", Value: component.Str("")},
				{Name: "PersistentVolumeReclaimPolicy", Value: component.Str("Retain")},
				{Name: "MountOptions", Value: texts([]string{"tls", "iam"})},
				{Name: "Csi", Value: typed("CSIPersistentVolumeSourceArgs", component.Fields{
					{Name: "Driver", Value: component.Str("efs.csi.aws.com")}, {Name: "VolumeHandle", Value: handle},
				})},
			})}},
		})
		p.object(component.Manifest{
			Var: "claim" + number, API: "core/v1", Kind: "PersistentVolumeClaim", Part: part, What: "claim to " + m.Volume,
			Name: component.Str(name), Source: m.Source, Options: []jen.Code{component.DependsOn("volume" + number)},
			Fields: component.Fields{{Name: "Spec", Value: typed("PersistentVolumeClaimSpecArgs", component.Fields{
				{Name: "AccessModes", Value: mode},
				{Name: "StorageClassName", Value: component.Str("")},
				{Name: "VolumeName", Value: component.Str(cluster)},
				{Name: "Resources", Value: typed("VolumeResourceRequirementsArgs", component.Fields{
					{Name: "Requests", Value: quantities(component.Field{Name: "storage", Value: component.Str(nominalSize)})},
				})},
			})}},
		})
		p.await("claim" + number)
	}
}

// systemVolumes are the volumes of file systems in the pods, and mountPoints where the process finds them and its files.
func (p *Pod) systemVolumes() []jen.Code {
	var all []jen.Code
	for i, m := range p.shared() {
		all = append(all, item("VolumeArgs", component.Fields{
			{Name: "Name", Value: component.Str(volumeName(i))},
			{Name: "PersistentVolumeClaim", Value: typed("PersistentVolumeClaimVolumeSourceArgs", component.Fields{
				{Name: "ClaimName", Value: component.Str(Name(p.Component(), systemPart(m)))},
			})},
		}))
	}
	return all
}

func (p *Pod) mountPoints() []jen.Code {
	var all []jen.Code
	shared := p.shared()
	for _, m := range p.systems {
		i := slices.IndexFunc(shared, func(other filesystem.Mount) bool { return other.Volume == m.Volume })
		all = append(all, item("VolumeMountArgs", component.Fields{
			{Name: "Name", Value: component.Str(volumeName(i))},
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
