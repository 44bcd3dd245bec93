// Package typetable knows the properties of the AWS resource types and functions that the sandbox simulates: their
// names, types and which are required, as pulumi-aws v6 declares them. The table is derived from the SDK's source (see
// gen) and embedded; types.txt lists what is in it. It knows shapes only: what AWS thinks of a value is for package aws.
package typetable

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:generate go run ./gen

//go:embed types.json
var typesJSON []byte

// Table holds the described types. It is read-only and may be shared.
type Table struct {
	Resources map[string]Resource `json:"resources"`
	Functions map[string]Function `json:"functions"`
	// Objects are the nested types, by <package>.<Type>.
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

func (t Type) base() string { return strings.TrimSuffix(string(t), "!") }

// element gives the element type of a list or map written with these brackets.
func (t Type) element(open, shut string) (Type, bool) {
	b := t.base()
	if strings.HasPrefix(b, open) && strings.HasSuffix(b, shut) {
		return Type(b[1 : len(b)-1]), true
	}
	return "", false
}

// Fields gives the fields of an object's type, or nil.
func (t *Table) Fields(typ Type) Fields { return t.Objects[typ.base()] }

// Load reads the embedded table.
func Load() (*Table, error) {
	var t Table
	if err := json.Unmarshal(typesJSON, &t); err != nil {
		return nil, fmt.Errorf("decode the sandbox's table of types: %w", err)
	}
	return &t, nil
}
