package rds

import (
	"maps"
	"slices"
	"strconv"
	"strings"

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
		Name           string `yaml:"name"`
		Username       string `yaml:"username"`
		Port           *int   `yaml:"port"`
		PasswordSecret struct {
			Ref string `yaml:"ref"`
			Key string `yaml:"key"`
		} `yaml:"passwordSecret"`
	} `yaml:"database"`
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

type parameter struct {
	name  string
	value ir.Text
	apply string
}

// parameters are those of the YAML and the one that refuses connections without TLS, unless the YAML sets it, sorted by
// name. Those of the YAML wait for the next restart, which AWS allows for every parameter.
func (s specification) parameters() []parameter {
	var all []parameter
	tls := map[string]string{"postgres": "rds.force_ssl"}[s.Engine.Type]
	if s.knowsSecureTransport() {
		tls = "require_secure_transport"
	}
	if _, set := s.Parameters[tls]; tls != "" && !set {
		all = append(all, parameter{tls, ir.Literal("1"), "immediate"})
	}
	for _, name := range slices.Sorted(maps.Keys(s.Parameters)) {
		all = append(all, parameter{name, s.Parameters[name], "pending-reboot"})
	}
	slices.SortStableFunc(all, func(a, b parameter) int { return strings.Compare(a.name, b.name) })
	return all
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
