package store

import (
	"time"
)

// FormatVersion is the version of cloud.json that this panka reads and writes.
const FormatVersion = 1

// Document is the whole account as it stands in cloud.json. People may edit the file: a changed property, a removed
// resource or a changed secret is what the account then is.
type Document struct {
	Version int    `json:"version"`
	Account string `json:"account"` // the account's twelve digits
	// Seed makes the account's identifiers: the same actions in two accounts of one seed give the same ones.
	Seed uint64 `json:"seed"`
	// Salt is mixed into the digests that stand for secret inputs.
	Salt string `json:"salt"`
	// Resources are by type, then key: the provider's ID, with the region before it where IDs repeat between regions, and
	// the region and the cluster where they repeat between Kubernetes clusters.
	Resources map[string]map[string]*Resource `json:"resources"`
	// Snapshots are the final snapshots of databases and volumes that deletions left behind.
	Snapshots map[string]*Snapshot `json:"snapshots,omitempty"`
	// Secrets are the only place that holds secret values, by name; SecureString parameters are under ssm:<name>.
	// One that a resource made is under @<region>/<name>.
	Secrets map[string]*Secret `json:"secrets"`
	// Leaving are the KMS keys that wait for their deletion, by ARN, with the time when it comes.
	Leaving      map[string]time.Time    `json:"leavingKeys,omitempty"`
	Parameters   map[string]*Parameter   `json:"parameters,omitempty"`
	Certificates map[string]*Certificate `json:"certificates,omitempty"` // by ARN
	Zones        map[string]*Zone        `json:"zones,omitempty"`        // hosted zones of DNS, by ID
	Vpcs         map[string]*Vpc         `json:"vpcs,omitempty"`         // networks that existed before, by name
	// Counters count what must never repeat or what sandbox.yaml limits: task definition revisions, deletions by type,
	// injected faults.
	Counters map[string]uint64 `json:"counters"`
}

// State of a resource.
type State string

// The states. A resource in one of the first three becomes available or vanishes when its ReadyAt has passed.
const (
	Creating  State = "creating"
	Updating  State = "updating"
	Deleting  State = "deleting"
	Available State = "available"
)

// Resource is one thing in the account.
type Resource struct {
	Type string `json:"-"`
	Key  string `json:"-"`
	ID   string `json:"id"`
	// Region is empty for global resources.
	Region string `json:"region,omitempty"`
	// Cluster is the name of the Kubernetes cluster that the resource is in, if it is in one.
	Cluster   string    `json:"cluster,omitempty"`
	State     State     `json:"state"`
	CreatedAt time.Time `json:"createdAt"`
	// ReadyAt is when a state that ends by itself ends.
	ReadyAt *time.Time `json:"readyAt,omitempty"`
	// Problem says why the resource exists but is not well.
	Problem string `json:"problem,omitempty"`
	Inputs  Values `json:"inputs"`
	// SecretInputs maps the path of each secret input to a salted digest; Inputs holds a marker there.
	SecretInputs map[string]string `json:"secretInputs,omitempty"`
	// Outputs are the properties that AWS adds to the inputs.
	Outputs Values `json:"outputs"`
	// Derived is what AWS knows of the resource beyond its properties, such as a task definition's containers.
	Derived Values `json:"derived,omitempty"`
}

// Clone gives a deep copy.
func (r *Resource) Clone() *Resource {
	c := *r
	c.Inputs, c.Outputs, c.Derived = r.Inputs.Clone(), r.Outputs.Clone(), r.Derived.Clone()
	if r.SecretInputs != nil {
		c.SecretInputs = make(map[string]string, len(r.SecretInputs))
		for k, v := range r.SecretInputs {
			c.SecretInputs[k] = v
		}
	}
	return &c
}

// Property gives an input or, where there is none, an output.
func (r *Resource) Property(key string) string {
	if s := r.Inputs.String(key); s != "" {
		return s
	}
	return r.Outputs.String(key)
}

// Tag gives the value of one of the resource's tags.
func (r *Resource) Tag(name string) string { return r.Inputs.Object("tags").String(name) }

// Over tells whether a state that ends by itself has ended.
func (r *Resource) Over(now time.Time) bool {
	return r.State != Available && (r.ReadyAt == nil || !now.Before(*r.ReadyAt))
}

// Ready tells whether the resource was made completely and is not being removed; it may be being changed.
func (r *Resource) Ready(now time.Time) bool {
	return r.State == Available || r.State == Updating || r.State == Creating && r.Over(now)
}

// Snapshot is a final snapshot of a database or, by its ID, of a volume.
type Snapshot struct {
	Database  string    `json:"database"`
	Region    string    `json:"region"`
	CreatedAt time.Time `json:"createdAt"`
}

// Secret is one secret value. One that was there before exists in every region.
type Secret struct {
	Value     string    `json:"value"`
	VersionID string    `json:"versionId"` // empty when there is no value yet
	CreatedAt time.Time `json:"createdAt"`
	// Owner is the ID of the resource that made it and without which it is gone; empty for one that was there before.
	Owner string `json:"owner,omitempty"`
	// DeleteAfter is when a deleted secret, which cannot be read any more, gives its name free.
	DeleteAfter *time.Time `json:"deleteAfter,omitempty"`
}

// Parameter is an SSM parameter; the value of a SecureString is among the secrets.
type Parameter struct {
	Type  string `json:"type"` // String, StringList or SecureString
	Value string `json:"value,omitempty"`
}

// Certificate is an issued ACM certificate.
type Certificate struct {
	Domain string `json:"domain"`
}

// Zone is a hosted zone of Route 53.
type Zone struct {
	Name    string `json:"name"`              // without the final dot
	Private bool   `json:"private,omitempty"` // answers in the account's networks only
}

// Vpc is a network that was in the account before panka.
type Vpc struct {
	Region  string             `json:"region"`
	Cidr    string             `json:"cidr"`
	Default bool               `json:"default,omitempty"`
	Tags    map[string]string  `json:"tags,omitempty"`
	Subnets map[string]*Subnet `json:"subnets,omitempty"` // by name
}

// Subnet is a subnet of a Vpc.
type Subnet struct {
	Cidr   string `json:"cidr"`
	Zone   string `json:"zone"`             // us-east-1a
	Public bool   `json:"public,omitempty"` // launches with a public address
}
