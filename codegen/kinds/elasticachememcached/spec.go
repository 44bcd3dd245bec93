package elasticachememcached

import (
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of an ElastiCacheMemcached, as the schema completes it.
type specification struct {
	EngineVersion     string `yaml:"engineVersion"`
	NodeType          string `yaml:"nodeType"`
	Nodes             int    `yaml:"nodes"`
	MultiAZ           bool   `yaml:"multiAZ"`
	Port              int    `yaml:"port"`
	TransitEncryption bool   `yaml:"transitEncryption"`
	Maintenance       struct {
		Window string `yaml:"window"`
	} `yaml:"maintenance"`
	Parameters map[string]ir.Text `yaml:"parameters"`
	DependsOn  []string           `yaml:"dependsOn"` // in the graph already
	Tags       map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}
