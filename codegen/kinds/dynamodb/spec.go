package dynamodb

import (
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of a DynamoDB, as the schema completes it.
type specification struct {
	TableName  string `yaml:"tableName"`
	Attributes []struct {
		Name string `yaml:"name"`
		Type string `yaml:"type"`
	} `yaml:"attributes"`
	HashKey        string    `yaml:"hashKey"`
	RangeKey       string    `yaml:"rangeKey"`
	BillingMode    string    `yaml:"billingMode"`
	Capacity       *capacity `yaml:"capacity"`
	OnDemandLimits *struct {
		MaxReadUnits  *int `yaml:"maxReadUnits"`
		MaxWriteUnits *int `yaml:"maxWriteUnits"`
	} `yaml:"onDemandLimits"`
	GlobalIndexes []index `yaml:"globalSecondaryIndexes"`
	LocalIndexes  []index `yaml:"localSecondaryIndexes"`
	TimeToLive    *struct {
		Attribute string `yaml:"attribute"`
	} `yaml:"timeToLive"`
	Stream *struct {
		ViewType string `yaml:"viewType"`
	} `yaml:"stream"`
	Recovery struct {
		Enabled    bool `yaml:"enabled"`
		PeriodDays int  `yaml:"recoveryPeriodDays"`
	} `yaml:"pointInTimeRecovery"`
	TableClass          string             `yaml:"tableClass"`
	Replicas            []replica          `yaml:"replicas"`
	ContributorInsights bool               `yaml:"contributorInsights"`
	KeyARN              ir.Text            `yaml:"kmsKeyArn"`
	DeletionProtection  *bool              `yaml:"deletionProtection"`
	DependsOn           []string           `yaml:"dependsOn"` // in the graph already
	Tags                map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

// capacity is what stands ready, in units a second.
type capacity struct {
	Read        int `yaml:"read"`
	Write       int `yaml:"write"`
	Autoscaling *struct {
		MaxRead       int `yaml:"maxRead"`
		MaxWrite      int `yaml:"maxWrite"`
		TargetPercent int `yaml:"targetPercent"`
	} `yaml:"autoscaling"`
}

// index is a global index, or a local one, which has the table's hash key and capacity.
type index struct {
	Name       string `yaml:"name"`
	HashKey    string `yaml:"hashKey"`
	RangeKey   string `yaml:"rangeKey"`
	Projection struct {
		Type             string   `yaml:"type"`
		NonKeyAttributes []string `yaml:"nonKeyAttributes"`
	} `yaml:"projection"`
	Capacity *capacity     `yaml:"capacity"`
	Source   diag.Position `yaml:"-"`
}

type replica struct {
	Region   string        `yaml:"region"`
	Recovery bool          `yaml:"pointInTimeRecovery"`
	KeyARN   ir.Text       `yaml:"kmsKeyArn"`
	Source   diag.Position `yaml:"-"`
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}

func (s specification) provisioned() bool { return s.BillingMode == "PROVISIONED" }

// capacityOf is the capacity of a global index: its own, or as much as the table's; nil where requests are paid for.
func (s specification) capacityOf(x index) *capacity {
	switch {
	case !s.provisioned():
		return nil
	case x.Capacity != nil:
		return x.Capacity
	default:
		return s.Capacity
	}
}

// scaled tells whether capacity follows the load.
func (c *capacity) scaled() bool { return c != nil && c.Autoscaling != nil }
