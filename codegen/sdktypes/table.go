// Package sdktypes knows the properties of the AWS and Kubernetes resource types and functions that panka generates and
// the sandbox simulates: their names, types and which are required, as pulumi-aws v6 and pulumi-kubernetes v4 declare
// them. The table is derived from the SDKs' source (see gen) and embedded; types.txt lists what is in it. It knows shapes
// only, and not what AWS or Kubernetes thinks of a value.
package sdktypes

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

//go:generate go run ./gen

//go:embed types.json
var typesJSON []byte

// Table holds the described types. It is read-only and may be shared.
type Table struct {
	Resources map[string]Resource `json:"resources"`
	Functions map[string]Function `json:"functions"`
	// Objects are the nested types, by <package>.<Type>: ecs.ServiceNetworkConfiguration, core/v1.PodSpec.
	Objects map[string]Fields `json:"objects"`
}

// Resource describes one resource type.
type Resource struct {
	Inputs Fields `json:"inputs"`
	// Outputs are the properties that are not inputs.
	Outputs Fields `json:"outputs"`
	// Secrets names the properties that are always secret.
	Secrets []string `json:"secrets"`
}

// Taggable tells whether the type takes tags as a map. An Auto Scaling group's tags are a list and have no sum in tagsAll.
func (r Resource) Taggable() bool { _, ok := r.Outputs["tagsAll"]; return ok }

// Function describes one function.
type Function struct {
	Args    Fields `json:"args"`
	Results Fields `json:"results"`
}

// Fields maps a property to its type.
type Fields map[string]Type

// Type is written string, integer, number, boolean, any, [T] for a list, {T} for a map, or the name of an object; a
// final "!" says that the property is required.
type Type string

// Required tells whether the property must be given.
func (t Type) Required() bool { return strings.HasSuffix(string(t), "!") }

// Base is the type without the mark of a required property.
func (t Type) Base() string { return strings.TrimSuffix(string(t), "!") }

// List gives the type of a list's items, and whether t is a list.
func (t Type) List() (Type, bool) { return t.element("[", "]") }

// Map gives the type of a map's values, and whether t is a map.
func (t Type) Map() (Type, bool) { return t.element("{", "}") }

func (t Type) element(open, shut string) (Type, bool) {
	b := t.Base()
	if strings.HasPrefix(b, open) && strings.HasSuffix(b, shut) {
		return Type(b[1 : len(b)-1]), true
	}
	return "", false
}

// Fields gives the fields of an object's type, or nil.
func (t *Table) Fields(typ Type) Fields { return t.Objects[typ.Base()] }

// Load gives the embedded table, which is read once.
func Load() (*Table, error) { return load() }

var load = sync.OnceValues(read)

func read() (*Table, error) {
	var t Table
	if err := json.Unmarshal(typesJSON, &t); err != nil {
		return nil, fmt.Errorf("decode the table of the SDK's types: %w", err)
	}
	return &t, nil
}
