package kafka

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of a Kafka, as the schema completes it.
type specification struct {
	Image struct {
		Repository ir.Text `yaml:"repository"`
		Tag        ir.Text `yaml:"tag"`
	} `yaml:"image"`
	Version string `yaml:"version"`
	Runtime struct {
		Platform string `yaml:"platform"`
	} `yaml:"runtime"`
	Brokers     int `yaml:"brokers"`
	Controllers struct {
		Mode  string `yaml:"mode"`
		Count int    `yaml:"count"`
	} `yaml:"controllers"`
	Resources struct {
		CPU    int `yaml:"cpu"`
		Memory int `yaml:"memory"`
	} `yaml:"resources"`
	Storage struct {
		Type           string `yaml:"type"`
		SizeGB         int    `yaml:"sizeGB"`
		VolumeType     string `yaml:"volumeType"`
		IOPS           *int   `yaml:"iops"`
		ThroughputMBps *int   `yaml:"throughputMBps"`
	} `yaml:"storage"`
	Security    security `yaml:"security"`
	Replication struct {
		Factor    int `yaml:"factor"`
		MinInSync int `yaml:"minInSync"`
	} `yaml:"replication"`
	Topics        []topic            `yaml:"topics"`
	Configuration map[string]ir.Text `yaml:"configuration"`
	Logging       struct {
		RetentionDays int `yaml:"retentionDays"`
	} `yaml:"logging"`
	DependsOn []string           `yaml:"dependsOn"` // in the graph already
	Tags      map[string]ir.Text `yaml:"tags"`      // laid on by the builder
}

type security struct {
	Transport         string `yaml:"transport"`
	CertificateSecret string `yaml:"certificateSecret"`
	Authentication    string `yaml:"authentication"`
	Users             []user `yaml:"users"`
}

type user struct {
	Name      string `yaml:"name"`
	SecretRef string `yaml:"secretRef"`
	Admin     bool   `yaml:"admin"`
}

type topic struct {
	Name              string             `yaml:"name"`
	Partitions        int                `yaml:"partitions"`
	ReplicationFactor int                `yaml:"replicationFactor"`
	Retention         spec.Seconds       `yaml:"retention"`
	RetentionMB       int                `yaml:"retentionMB"`
	CleanupPolicy     string             `yaml:"cleanupPolicy"`
	Configuration     map[string]ir.Text `yaml:"configuration"`
}

// decode reads a spec and fills in what follows from the rest of it.
func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	usual := 3
	if s.combined() && s.Brokers < 3 {
		usual = 1
	}
	s.Controllers.Count = cmp.Or(s.Controllers.Count, usual)
	s.Replication.Factor = cmp.Or(s.Replication.Factor, min(3, s.Brokers))
	s.Replication.MinInSync = cmp.Or(s.Replication.MinInSync, max(1, s.Replication.Factor-1))
	if len(s.Image.Tag) == 0 { // the tags of apache/kafka are Kafka's versions: https://hub.docker.com/r/apache/kafka/tags
		s.Image.Tag = ir.Literal(s.Version)
	}
	return s, ds
}

func (s specification) combined() bool { return s.Controllers.Mode != "dedicated" }

func (s specification) tls() bool { return s.Security.Transport == "tls" }

func (s specification) scram() bool { return s.Security.Authentication == "scram" }

// onVolumes tells whether each broker keeps its data on a volume; on ECS it then has a machine of its own.
func (s specification) onVolumes() bool { return s.Storage.Type == "ebs" }

// onKubernetes tells whether the nodes are pods of the stack's EKS cluster.
func (s specification) onKubernetes() bool { return s.Runtime.Platform == container.EKS }

// before tells whether the version is older than a release such as 3, 5.
func (s specification) before(major, minor int) bool {
	parts := strings.Split(s.Version, ".")
	number := func(i int) int {
		n, err := strconv.Atoi(parts[i])
		if err != nil {
			return 0 // the schema lets only digits through
		}
		return n
	}
	return len(parts) > 1 && (number(0) < major || number(0) == major && number(1) < minor)
}

// The ports: of clients, without TLS and with it, of brokers among each other, and of controllers.
const (
	plainPort      = 9092
	tlsPort        = 9094
	brokerPort     = 9091
	controllerPort = 9093
)

func (s specification) clientPort() int {
	if s.tls() {
		return tlsPort
	}
	return plainPort
}

// node is one process of the cluster.
type node struct {
	// id is Kafka's, and name the first part of the node's host name.
	id   int
	name string
	// broker and controller are what it is; it can be both.
	broker, controller bool
	// place is its number among its like, from 0. It stays when others come or go, and so does what follows from it.
	place int
}

// firstController is the id of the first controller that is no broker, so high that brokers can become more.
const firstController = 1001

// nodes are all, controllers first where they are apart, as brokers cannot start without.
func (s specification) nodes() []node {
	var brokers, controllers []node
	for i := range s.Brokers {
		brokers = append(brokers, node{
			id: i + 1, name: "broker-" + strconv.Itoa(i+1), broker: true, controller: s.combined() && i < s.Controllers.Count, place: i,
		})
	}
	if !s.combined() {
		for i := range s.Controllers.Count {
			controllers = append(controllers, node{id: firstController + i, name: "controller-" + strconv.Itoa(i+1), controller: true, place: i})
		}
	}
	return slices.Concat(controllers, brokers)
}
