package documentdb

import (
	"strings"

	"github.com/panka-io/panka/codegen/database"
	"github.com/panka-io/panka/codegen/password"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of a DocumentDB, as the schema completes it.
type specification struct {
	EngineVersion string `yaml:"engineVersion"`
	Instances     struct {
		Class string `yaml:"class"`
		Count int    `yaml:"count"`
	} `yaml:"instances"`
	Database struct {
		Username       string        `yaml:"username"`
		Port           int           `yaml:"port"`
		PasswordSecret password.Spec `yaml:"passwordSecret"`
	} `yaml:"database"`
	StorageType string `yaml:"storageType"`
	Backup      struct {
		RetentionDays int    `yaml:"retentionDays"`
		Window        string `yaml:"window"`
	} `yaml:"backup"`
	Maintenance struct {
		Window string `yaml:"window"`
	} `yaml:"maintenance"`
	LogExports []string `yaml:"logExports"`
	Logging    struct {
		RetentionDays int `yaml:"retentionDays"`
	} `yaml:"logging"`
	Parameters          map[string]ir.Text `yaml:"parameters"`
	PerformanceInsights struct {
		Enabled bool `yaml:"enabled"`
	} `yaml:"performanceInsights"`
	Snapshot           string             `yaml:"snapshot"`
	KMSKeyARN          ir.Text            `yaml:"kmsKeyArn"` // see OwnKey
	FinalSnapshot      *bool              `yaml:"finalSnapshot"`
	DeletionProtection *bool              `yaml:"deletionProtection"`
	DependsOn          []string           `yaml:"dependsOn"` // in the graph already
	Tags               map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}

// family is the parameter group family, such as docdb5.0.
func (s specification) family() string {
	return "docdb" + strings.TrimSuffix(s.EngineVersion, ".0")
}

// writes is the parameter that lets the cluster write a log.
func writes(export string) string {
	if export == "audit" {
		return "audit_logs"
	}
	return export
}

// parameters are those of the YAML, those that let the cluster write the logs that are exported, and the one that refuses
// connections without TLS. Those that AWS keeps until a restart wait for it; for the others that makes no difference.
func (s specification) parameters() []database.Parameter {
	set := []database.Parameter{{Name: "tls", Value: ir.Literal("enabled"), Apply: pending}}
	for _, export := range s.LogExports {
		set = append(set, database.Parameter{Name: writes(export), Value: ir.Literal("enabled"), Apply: pending})
	}
	return database.Parameters(s.Parameters, pending, set...)
}

const pending = "pending-reboot"
