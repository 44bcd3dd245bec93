package rds

import (
	"slices"
	"strconv"
	"strings"

	"github.com/panka-io/panka/codegen/database"
	"github.com/panka-io/panka/codegen/password"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of an RDS, as the schema completes it.
type specification struct {
	Engine struct {
		Type    string `yaml:"type"`
		Version string `yaml:"version"`
	} `yaml:"engine"`
	Instance struct {
		Class   string `yaml:"class"`
		MultiAZ bool   `yaml:"multiAZ"`
		Storage struct {
			Type           string `yaml:"type"`
			AllocatedGB    int    `yaml:"allocatedGB"`
			MaxAllocatedGB *int   `yaml:"maxAllocatedGB"`
			IOPS           *int   `yaml:"iops"`
		} `yaml:"storage"`
	} `yaml:"instance"`
	Database struct {
		Name           string        `yaml:"name"`
		Username       string        `yaml:"username"`
		Port           *int          `yaml:"port"`
		PasswordSecret password.Spec `yaml:"passwordSecret"`
	} `yaml:"database"`
	IAMUsers []struct {
		Name   string `yaml:"name"`
		Access string `yaml:"access"`
	} `yaml:"iamUsers"`
	Backup struct {
		RetentionDays int    `yaml:"retentionDays"`
		Window        string `yaml:"window"`
	} `yaml:"backup"`
	Maintenance struct {
		Window string `yaml:"window"`
	} `yaml:"maintenance"`
	Parameters          map[string]ir.Text `yaml:"parameters"`
	PerformanceInsights struct {
		Enabled bool `yaml:"enabled"`
	} `yaml:"performanceInsights"`
	EnhancedMonitoring struct {
		Interval spec.Seconds `yaml:"interval"`
	} `yaml:"enhancedMonitoring"`
	LogExports []string `yaml:"logExports"`
	Logging    struct {
		RetentionDays int `yaml:"retentionDays"`
	} `yaml:"logging"`
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

// port is the one in the YAML or the engine's usual one.
func (s specification) port() int {
	switch {
	case s.Database.Port != nil:
		return *s.Database.Port
	case s.Engine.Type == "postgres":
		return 5432
	default:
		return 3306
	}
}

// major is the part of the version that names a release series: 15 of 15.4, but 8.0 of 8.0.35 and 9.6 of 9.6.24.
func (s specification) major() string {
	parts := strings.Split(s.Engine.Version, ".")
	n := 2
	if s.Engine.Type == "postgres" && number(parts[0]) >= 10 {
		n = 1
	}
	return strings.Join(parts[:min(n, len(parts))], ".")
}

// pinned tells whether the YAML names one release rather than a series.
func (s specification) pinned() bool { return s.Engine.Version != s.major() }

// family is the parameter group family, such as postgres15 or mysql8.0.
func (s specification) family() string { return s.Engine.Type + s.major() }

// parameters are those of the YAML and those that refuse connections without TLS and write the logs that are exported,
// unless the YAML sets them. Those of the YAML wait for the next restart, which AWS allows for every parameter.
func (s specification) parameters() []database.Parameter {
	var set []database.Parameter
	on := func(name, value string) {
		set = append(set, database.Parameter{Name: name, Value: ir.Literal(value), Apply: "immediate"})
	}
	switch {
	case s.Engine.Type == "postgres":
		on("rds.force_ssl", "1")
	case s.knowsSecureTransport():
		on("require_secure_transport", "1")
	}
	general, slow := slices.Contains(s.LogExports, "general"), slices.Contains(s.LogExports, "slowquery")
	if general {
		on("general_log", "1")
	}
	if slow {
		on("slow_query_log", "1")
	}
	if general || slow {
		on("log_output", "FILE") // they are written to tables otherwise, which are not exported
	}
	return database.Parameters(s.Parameters, "pending-reboot", set...)
}

// knowsSecureTransport is true for MySQL from 5.7 and MariaDB from 10.5 on.
func (s specification) knowsSecureTransport() bool {
	major, minor, _ := strings.Cut(s.major(), ".")
	at := number(major)*100 + number(minor)
	return s.Engine.Type == "mysql" && at >= 507 || s.Engine.Type == "mariadb" && at >= 1005
}

func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0 // the schema lets only digits through
	}
	return n
}
