package s3

import (
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of an S3, as the schema completes it.
type specification struct {
	BucketName string `yaml:"bucketName"`
	Access     string `yaml:"access"`
	Versioning struct {
		Enabled bool `yaml:"enabled"`
	} `yaml:"versioning"`
	Encryption struct {
		Algorithm string  `yaml:"algorithm"`
		KeyARN    ir.Text `yaml:"kmsKeyArn"`
		BucketKey bool    `yaml:"bucketKey"`
	} `yaml:"encryption"`
	ObjectOwnership    string             `yaml:"objectOwnership"`
	Lifecycle          []lifecycleRule    `yaml:"lifecycle"`
	CORS               []corsRule         `yaml:"cors"`
	Website            *website           `yaml:"website"`
	Notifications      []notification     `yaml:"notifications"`
	EventBridge        bool               `yaml:"eventBridge"`
	Replication        []replication      `yaml:"replication"`
	ObjectLock         *objectLock        `yaml:"objectLock"`
	AccessLogs         *accessLogs        `yaml:"accessLogs"`
	IntelligentTiering *tiering           `yaml:"intelligentTiering"`
	Acceleration       bool               `yaml:"transferAcceleration"`
	ForceDestroy       bool               `yaml:"forceDestroy"`
	DependsOn          []string           `yaml:"dependsOn"` // in the graph already
	Tags               map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

type corsRule struct {
	AllowedOrigins []string      `yaml:"allowedOrigins"`
	AllowedMethods []string      `yaml:"allowedMethods"`
	AllowedHeaders []string      `yaml:"allowedHeaders"`
	ExposeHeaders  []string      `yaml:"exposeHeaders"`
	MaxAge         *spec.Seconds `yaml:"maxAge"`
}

type website struct {
	IndexDocument string `yaml:"indexDocument"`
	ErrorDocument string `yaml:"errorDocument"`
	RedirectTo    *struct {
		Host     string `yaml:"host"`
		Protocol string `yaml:"protocol"`
	} `yaml:"redirectTo"`
}

type objectLock struct {
	Mode string `yaml:"mode"`
	Days int    `yaml:"days"`
}

type accessLogs struct {
	Component  string        `yaml:"component"`
	BucketName string        `yaml:"bucketName"`
	Prefix     string        `yaml:"prefix"`
	Source     diag.Position `yaml:"-"`
}

type tiering struct {
	ArchiveDays     int `yaml:"archiveDays"`
	DeepArchiveDays int `yaml:"deepArchiveDays"`
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}

func (s specification) public() bool { return s.Access == "publicRead" }
