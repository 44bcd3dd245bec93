package ec2instance

import (
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/diag"
)

// disk are the arguments of a disk that is made with the machine. A launch template has its flags as texts.
func (m *machine) disk(v volume, template bool) component.Fields {
	flag := func(on bool) jen.Code {
		if template {
			return component.Str(strconv.FormatBool(on))
		}
		return component.Bool(on)
	}
	return component.Fields{
		{Name: "VolumeType", Value: component.Str(v.Type)},
		{Name: "VolumeSize", Value: component.Int(v.SizeGB)},
		{Name: "Iops", Value: number(v.IOPS)},
		{Name: "Throughput", Value: number(v.ThroughputMiBps)},
		{Name: "Encrypted", Value: flag(true)},
		{Name: "KmsKeyId", Value: m.Key()},
		{Name: "DeleteOnTermination", Value: flag(v.DeleteOnTermination)},
	}
}

func number(n *int) jen.Code {
	if n == nil {
		return nil
	}
	return component.Int(*n)
}

func (m *machine) blockDevices() jen.Code {
	var items []jen.Code
	for _, v := range m.Volumes {
		items = append(items, component.Struct(component.AWS("ec2", "InstanceEbsBlockDeviceArgs"),
			append(component.Fields{{Name: "DeviceName", Value: component.Str(v.Device)}}, m.disk(v, false)...)))
	}
	if len(items) == 0 {
		return nil
	}
	return component.List(component.AWS("ec2", "InstanceEbsBlockDeviceArray"), items...)
}

// attached is a disk of another component that is mounted into the machine.
type attached struct {
	id, device, path, fileSystem string
	readOnly                     bool
	source                       diag.Position
}

// disks are the components of kind EBS that name the machine in their mounts.
func (m *machine) disks() []attached {
	taken := map[string]bool{}
	for _, v := range m.Volumes {
		taken[v.Device] = true
	}
	var all []attached
	for _, ref := range m.Component().References {
		target, _ := m.Target(ref.Component)
		if ref.Mount == nil || target == nil || target.Kind != "EBS" {
			continue
		}
		d := attached{id: ref.Component, source: ref.Source}
		for field, into := range map[string]*string{"device": &d.device, "path": &d.path, "fileSystem": &d.fileSystem} {
			if v := ref.Mount.Get(field); v != nil {
				*into = v.Text.String()
			}
		}
		if v := ref.Mount.Get("readOnly"); v != nil {
			d.readOnly = v.Bool
		}
		taken[d.device] = true
		all = append(all, d)
	}
	for i := range all {
		for letter := 'f'; all[i].device == "" && letter <= 'p'; letter++ {
			if name := "/dev/sd" + string(letter); !taken[name] {
				all[i].device, taken[name] = name, true
			}
		}
	}
	return all
}

// attach puts the disks into the machine. Before one is taken out the machine stops, so that nothing is half written.
func (m *machine) attach() {
	for _, d := range m.disks() {
		service, name, _ := strings.Cut(d.id, "/")
		volume, _ := m.Use(d.id, "volumeId", d.source)
		m.Resource(component.Resource{
			Type: "aws:ec2/volumeAttachment:VolumeAttachment", Part: names.Resource("disk", service, name), What: "disk " + d.id, Source: d.source,
			Args: component.Fields{
				{Name: "DeviceName", Value: component.Str(d.device)},
				{Name: "InstanceId", Value: jen.Id("instance").Dot("ID").Call()},
				{Name: "VolumeId", Value: volume},
				{Name: "StopInstanceBeforeDetaching", Value: component.Bool(true)},
			},
			// A disk is in one machine at a time.
			Options: []jen.Code{component.Pulumi("DeleteBeforeReplace").Call(jen.True())},
		})
	}
}

// metadata is how the metadata service of an instance or a launch template answers: with tokens only.
func (m *machine) metadata(typ string) jen.Code {
	tokens, hops := "required", m.MetadataHopLimit
	if v := m.Stack().Security.Get("instances", "imdsv2"); v != nil {
		tokens = v.Text.String()
	}
	if v := m.Stack().Security.Get("instances", "metadataHopLimit"); v != nil {
		hops = max(hops, int(v.Number))
	}
	return component.Struct(component.AWS("ec2", typ+"MetadataOptionsArgs"), component.Fields{
		{Name: "HttpEndpoint", Value: component.Str("enabled")},
		{Name: "HttpTokens", Value: component.Str(tokens)},
		{Name: "HttpPutResponseHopLimit", Value: component.Int(hops)},
	})
}

func (m *machine) credits(typ string) jen.Code {
	if m.CPUCredits == "" {
		return nil
	}
	return component.Struct(component.AWS("ec2", typ+"CreditSpecificationArgs"), component.Fields{
		{Name: "CpuCredits", Value: component.Str(m.CPUCredits)},
	})
}
