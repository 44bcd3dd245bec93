package efs

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of an EFS, as the schema completes it.
type specification struct {
	PerformanceMode string `yaml:"performanceMode"`
	Throughput      struct {
		Mode             string `yaml:"mode"`
		ProvisionedMiBps *int   `yaml:"provisionedMiBps"`
	} `yaml:"throughput"`
	Lifecycle *struct {
		ToInfrequentAccessDays *int `yaml:"toInfrequentAccessDays"`
		ToArchiveDays          *int `yaml:"toArchiveDays"`
		BackOnAccess           bool `yaml:"backOnAccess"`
	} `yaml:"lifecycle"`
	AccessPoints []accessPoint `yaml:"accessPoints"`
	Mounts       []mount       `yaml:"mounts"` // the workloads' files see to them
	BackupPolicy struct {
		Enabled bool `yaml:"enabled"`
	} `yaml:"backupPolicy"`
	Replication *struct {
		Region           string  `yaml:"region"`
		AvailabilityZone string  `yaml:"availabilityZone"`
		KeyARN           ir.Text `yaml:"kmsKeyArn"`
	} `yaml:"replication"`
	KeyARN    ir.Text            `yaml:"kmsKeyArn"`
	DependsOn []string           `yaml:"dependsOn"` // in the graph already
	Tags      map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

type mount struct {
	Component   string `yaml:"component"`
	Path        string `yaml:"path"`
	AccessPoint string `yaml:"accessPoint"`
	ReadOnly    bool   `yaml:"readOnly"`
}

type accessPoint struct {
	Name string `yaml:"name"`
	Path string `yaml:"path"`
	User *struct {
		UID           int   `yaml:"uid"`
		GID           int   `yaml:"gid"`
		SecondaryGIDs []int `yaml:"secondaryGids"`
	} `yaml:"user"`
	Create *struct {
		OwnerUID    int    `yaml:"ownerUid"`
		OwnerGID    int    `yaml:"ownerGid"`
		Permissions string `yaml:"permissions"`
	} `yaml:"create"`
	Source diag.Position `yaml:"-"`
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}

// fixesUser tells whether everyone who comes in by the access point acts as a user other than root.
func (s specification) fixesUser(name string) bool {
	return slices.ContainsFunc(s.AccessPoints, func(p accessPoint) bool {
		return p.Name == name && p.User != nil && p.User.UID != 0
	})
}

// posixUser is the user that everyone acts as.
func (p accessPoint) posixUser() jen.Code {
	if p.User == nil {
		return nil
	}
	fields := component.Fields{
		{Name: "Uid", Value: component.Int(p.User.UID)},
		{Name: "Gid", Value: component.Int(p.User.GID)},
	}
	if len(p.User.SecondaryGIDs) > 0 {
		var gids []jen.Code
		for _, gid := range p.User.SecondaryGIDs {
			gids = append(gids, component.Int(gid))
		}
		fields = append(fields, component.Field{Name: "SecondaryGids", Value: component.Pulumi("IntArray").Values(gids...)})
	}
	return component.Struct(component.AWS("efs", "AccessPointPosixUserArgs"), fields)
}

// creation makes the folder where it is missing.
func (p accessPoint) creation() jen.Code {
	if p.Create == nil {
		return nil
	}
	return component.Struct(component.AWS("efs", "AccessPointRootDirectoryCreationInfoArgs"), component.Fields{
		{Name: "OwnerUid", Value: component.Int(p.Create.OwnerUID)},
		{Name: "OwnerGid", Value: component.Int(p.Create.OwnerGID)},
		{Name: "Permissions", Value: component.Str(p.Create.Permissions)},
	})
}
