package ec2instance

import (
	"strings"

	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of an EC2Instance, as the schema completes it.
type specification struct {
	InstanceType string `yaml:"instanceType"`
	Image        struct {
		OS           string `yaml:"os"`
		ID           string `yaml:"id"`
		SSMParameter string `yaml:"ssmParameter"`
		Update       bool   `yaml:"update"`
	} `yaml:"image"`
	Group     *group           `yaml:"group"`
	Ports     []container.Port `yaml:"ports"`
	AllowFrom []string         `yaml:"allowFrom"`
	Placement struct {
		Subnets  string `yaml:"subnets"`
		PublicIP bool   `yaml:"publicIp"`
		Zone     string `yaml:"zone"`
		Tenancy  string `yaml:"tenancy"`
	} `yaml:"placement"`
	RootVolume         volume               `yaml:"rootVolume"`
	Volumes            []volume             `yaml:"volumes"`
	UserData           ir.Text              `yaml:"userData"`
	UserDataFile       string               `yaml:"userDataFile"`
	Environment        []container.Variable `yaml:"environment"`
	Secrets            []container.Secret   `yaml:"secrets"`
	SessionManager     bool                 `yaml:"sessionManager"`
	KeyName            string               `yaml:"keyName"`
	MetadataHopLimit   int                  `yaml:"metadataHopLimit"`
	DetailedMonitoring bool                 `yaml:"detailedMonitoring"`
	CPUCredits         string               `yaml:"cpuCredits"`
	DeletionProtection *bool                `yaml:"deletionProtection"`
	Policies           []string             `yaml:"policies"`
	DependsOn          []string             `yaml:"dependsOn"` // in the graph already
	Tags               map[string]ir.Text   `yaml:"tags"`      // laid on by the builder
}

type volume struct {
	Name                string `yaml:"name"`
	Device              string `yaml:"device"`
	Type                string `yaml:"type"`
	SizeGB              int    `yaml:"sizeGB"`
	IOPS                *int   `yaml:"iops"`
	ThroughputMiBps     *int   `yaml:"throughputMiBps"`
	DeleteOnTermination bool   `yaml:"deleteOnTermination"`
}

type group struct {
	Min                   int           `yaml:"min"`
	Max                   int           `yaml:"max"`
	Desired               *int          `yaml:"desired"`
	TargetCPUPercent      *int          `yaml:"targetCPUPercent"`
	HealthCheck           string        `yaml:"healthCheck"`
	GracePeriod           spec.Seconds  `yaml:"gracePeriod"`
	MinimumHealthyPercent int           `yaml:"minimumHealthyPercent"`
	SpotPercent           int           `yaml:"spotPercent"`
	MaxLifetime           *spec.Seconds `yaml:"maxLifetime"`
	Schedules             []schedule    `yaml:"schedules"`
	Source                diag.Position `yaml:"-"`
}

type schedule struct {
	Name        string        `yaml:"name"`
	Schedule    string        `yaml:"schedule"`
	Timezone    string        `yaml:"timezone"`
	MinReplicas int           `yaml:"minReplicas"`
	MaxReplicas int           `yaml:"maxReplicas"`
	Source      diag.Position `yaml:"-"`
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	if i := s.Image; i.OS == "" && i.ID == "" && i.SSMParameter == "" {
		s.Image.OS = "amazon-linux-2023"
	}
	return s, ds
}

// windows tells whether the machine runs Windows, as far as the YAML says.
func (s specification) windows() bool { return strings.HasPrefix(s.Image.OS, "windows") }

// graviton tells whether the machine has a processor of AWS's own, by the letter behind the family's number.
func (s specification) graviton() bool {
	family, _, _ := strings.Cut(s.InstanceType, ".")
	family = strings.TrimLeft(family, "abcdefghijklmnopqrstuvwxyz")
	family = strings.TrimLeft(family, "0123456789")
	return strings.HasPrefix(family, "g") || strings.HasPrefix(s.InstanceType, "a1.")
}
