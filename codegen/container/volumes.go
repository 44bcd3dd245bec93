package container

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// volumes are the file systems that are mounted into the container, each once, and an empty one for each folder of files.
// ECS mounts file systems by TLS and as the task's role, which the references allow just that.
func (t *Task) volumes() jen.Code {
	const typ = "TaskDefinitionVolume"
	of := func(name string, fields component.Fields) jen.Code {
		return component.Struct(component.AWS("ecs", typ+name+"Args"), fields)
	}
	var items []jen.Code
	seen := map[string]bool{}
	for _, m := range t.mounts {
		if seen[m.Volume] {
			continue
		}
		seen[m.Volume] = true
		items = append(items, of("", component.Fields{
			{Name: "Name", Value: component.Str(m.Volume)},
			{Name: "EfsVolumeConfiguration", Value: of("EfsVolumeConfiguration", component.Fields{
				{Name: "FileSystemId", Value: m.FileSystem},
				{Name: "TransitEncryption", Value: component.Str("ENABLED")},
				{Name: "AuthorizationConfig", Value: of("EfsVolumeConfigurationAuthorizationConfig", component.Fields{
					{Name: "AccessPointId", Value: m.AccessPoint},
					{Name: "Iam", Value: component.Str("ENABLED")},
				})},
			})},
		}))
	}
	for i := range t.folders {
		items = append(items, of("", component.Fields{{Name: "Name", Value: component.Str(volume(i))}}))
	}
	if len(items) == 0 {
		return nil
	}
	return component.List(component.AWS("ecs", typ+"Array"), items...)
}

// mountPoints are where the process finds the volumes.
func (t *Task) mountPoints() []jen.Code {
	var items []jen.Code
	for _, m := range t.mounts {
		fields := []jen.Code{pair("sourceVolume", jen.Lit(m.Volume)), pair("containerPath", jen.Lit(m.Path))}
		if m.ReadOnly {
			fields = append(fields, pair("readOnly", jen.True()))
		}
		items = append(items, entry(fields...))
	}
	for i, f := range t.folders {
		items = append(items, entry(pair("sourceVolume", jen.Lit(volume(i))), pair("containerPath", jen.Lit(f.Path)),
			pair("readOnly", jen.True())))
	}
	return items
}
