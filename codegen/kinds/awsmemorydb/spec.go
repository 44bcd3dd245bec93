package awsmemorydb

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/codegen/database"
	"github.com/panka-io/panka/codegen/password"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// specification is the spec of an AWSMemoryDB, as the schema completes it.
type specification struct {
	Engine struct {
		Type    string `yaml:"type"`
		Version string `yaml:"version"`
	} `yaml:"engine"`
	NodeType    string               `yaml:"nodeType"`
	Shards      int                  `yaml:"shards"`
	Replicas    int                  `yaml:"replicas"`
	DataTiering bool                 `yaml:"dataTiering"`
	Port        int                  `yaml:"port"`
	Logins      []user               `yaml:"users"`
	Snapshots   database.Snapshots   `yaml:"snapshots"`
	Maintenance database.Maintenance `yaml:"maintenance"`
	Parameters  map[string]ir.Text   `yaml:"parameters"`
	KMSKeyARN   ir.Text              `yaml:"kmsKeyArn"` // see OwnKey
	DependsOn   []string             `yaml:"dependsOn"` // in the graph already
	Tags        map[string]ir.Text   `yaml:"tags"`      // laid on by the builder
}

// user is one who may log in.
type user struct {
	Name           string         `yaml:"name"`
	Authentication string         `yaml:"authentication"`
	PasswordSecret *password.Spec `yaml:"passwordSecret"`
	Access         string         `yaml:"access"`
	Source         diag.Position  `yaml:"-"`
}

func decode(c *ir.Component) (specification, diag.List) {
	var s specification
	ds := spec.Decode(c.Spec, &s)
	return s, ds
}

// identity tells whether the user is an IAM identity.
func (u user) identity() bool { return u.Authentication == "iam" }

// identities tells whether there are users that are IAM identities.
func (s specification) identities() bool { return slices.ContainsFunc(s.Logins, user.identity) }

// readsOnly tells whether the user's rules allow nothing but reading and what a connection needs. Rules that name single
// commands, other groups of them or all do not count as reading only.
func (u user) readsOnly() bool {
	for rule := range strings.FieldsSeq(u.Access) {
		if rule == "allcommands" || strings.HasPrefix(rule, "+") && rule != "+@read" && rule != "+@connection" {
			return false
		}
	}
	return true
}
