package elasticacheredis

import (
	"strings"

	"github.com/panka-io/panka/codegen/database"
	"github.com/panka-io/panka/codegen/password"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of an ElastiCacheRedis, as the schema completes it.
type specification struct {
	Engine struct {
		Type    string `yaml:"type"`
		Version string `yaml:"version"`
	} `yaml:"engine"`
	NodeType          string `yaml:"nodeType"`
	ClusterMode       bool   `yaml:"clusterMode"`
	Shards            int    `yaml:"shards"`
	Replicas          int    `yaml:"replicas"`
	AutomaticFailover *bool  `yaml:"automaticFailover"`
	MultiAZ           *bool  `yaml:"multiAZ"`
	DataTiering       bool   `yaml:"dataTiering"`
	Port              int    `yaml:"port"`
	Auth              struct {
		TokenSecret *password.Spec `yaml:"tokenSecret"`
		UserGroup   string         `yaml:"userGroup"`
	} `yaml:"auth"`
	Snapshots   database.Snapshots   `yaml:"snapshots"`
	Maintenance database.Maintenance `yaml:"maintenance"`
	LogExports  []string             `yaml:"logExports"`
	Logging     struct {
		RetentionDays int `yaml:"retentionDays"`
	} `yaml:"logging"`
	Parameters map[string]ir.Text `yaml:"parameters"`
	KMSKeyARN  ir.Text            `yaml:"kmsKeyArn"` // see OwnKey
	DependsOn  []string           `yaml:"dependsOn"` // in the graph already
	Tags       map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}

// clusterEnabled is the parameter that makes a group one with cluster mode.
const clusterEnabled = "cluster-enabled"

// family is the parameter group family: redis5.0, redis6.x, redis7 or valkey8.
func (s specification) family() string {
	major, rest, _ := strings.Cut(s.Engine.Version, ".")
	switch major {
	case "5":
		minor, _, _ := strings.Cut(rest, ".")
		return s.Engine.Type + "5." + minor
	case "6":
		return s.Engine.Type + "6.x"
	default:
		return s.Engine.Type + major
	}
}

func (s specification) parameters() []database.Parameter {
	if !s.ClusterMode {
		return database.Parameters(s.Parameters, "")
	}
	return database.Parameters(s.Parameters, "", database.Parameter{Name: clusterEnabled, Value: ir.Literal("yes")})
}

// failover tells whether a replica takes over: with cluster mode always, as ElastiCache demands.
func (s specification) failover() bool {
	return database.Setting(s.AutomaticFailover, s.Replicas > 0 || s.ClusterMode)
}

func (s specification) multiAZ() bool {
	return database.Setting(s.MultiAZ, s.Replicas > 0 && s.failover())
}

// upgrades tells whether ElastiCache can install new minor versions by itself, which it does from version 6 on.
func (s specification) upgrades() bool { return !strings.HasPrefix(s.Engine.Version, "5.") }
