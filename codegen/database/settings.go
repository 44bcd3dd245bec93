package database

import (
	"github.com/panka-io/panka/codegen/component"
)

// Maintenance is when AWS may maintain a cluster, as the schema's #Maintenance.
type Maintenance struct {
	Window                  string `yaml:"window"`
	AutoMinorVersionUpgrade bool   `yaml:"autoMinorVersionUpgrade"`
}

// Snapshots are the snapshots of a cache, as the schema's #Snapshots.
type Snapshots struct {
	RetentionDays int    `yaml:"retentionDays"`
	Window        string `yaml:"window"`
	Final         *bool  `yaml:"final"`
}

// Args are the arguments of a cache that keep its snapshots; final is the name of the one for the last snapshot. Without
// a name there is none. Replaces is as in FinalSnapshot.
func (s Snapshots) Args(b *component.Builder, final string, replaces ...string) component.Fields {
	wanted := Setting(s.Final, b.Stack().Protected)
	return component.Fields{
		{Name: "SnapshotRetentionLimit", Value: component.Int(s.RetentionDays)},
		{Name: "SnapshotWindow", Value: Window(s.Window)},
		{Name: final, Value: component.If(wanted, FinalSnapshot(b, replaces...))},
	}
}
