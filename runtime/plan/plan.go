// Package plan holds what a preview found: the changes, by wave and component. It is plain data, for the views and for
// scripts.
package plan

import (
	"slices"

	"github.com/panka-io/panka/codegen/bundle"
)

// Op is what happens to a resource.
type Op string

// The operations.
const (
	Create  Op = "create"
	Import  Op = "import" // what exists already becomes the stack's; its differences are then changed in place
	Update  Op = "update"
	Replace Op = "replace"
	Delete  Op = "delete"
	Same    Op = "same"
)

// Plan is the outcome of a preview.
type Plan struct {
	Stack       string `json:"stack"`
	Environment string `json:"environment"`
	Changes     Counts `json:"changes"`
	Waves       []Wave `json:"waves"`
	// Policy and Cost are reserved by the output contract.
	Policy []string       `json:"policy"`
	Cost   map[string]any `json:"cost"`
}

// Counts is the number of resources by operation.
type Counts struct {
	Create  int `json:"create"`
	Import  int `json:"import,omitempty"`
	Update  int `json:"update"`
	Replace int `json:"replace"`
	Delete  int `json:"delete"`
	Same    int `json:"same"`
}

// Add counts one more operation.
func (c *Counts) Add(op Op) {
	switch op {
	case Create:
		c.Create++
	case Import:
		c.Import++
	case Update:
		c.Update++
	case Replace:
		c.Replace++
	case Delete:
		c.Delete++
	case Same:
		c.Same++
	}
}

// Any tells whether anything would change.
func (c Counts) Any() bool { return c.Create+c.Import+c.Update+c.Replace+c.Delete > 0 }

// Wave is the components that deploy together. Number is -1 for components that are no longer in the YAML.
type Wave struct {
	Number     int         `json:"wave"`
	Components []Component `json:"components"`
}

// Component is one component's changes; unchanged resources are not listed.
type Component struct {
	ID      string   `json:"component"`
	Kind    string   `json:"kind"`
	Changes []Change `json:"changes"`
	Same    int      `json:"same"`
}

// Change is one resource's change.
type Change struct {
	URN  string `json:"urn"`
	Type string `json:"type"`
	Name string `json:"name"`
	Op   Op     `json:"op"`
	// DataLoss is true when a stateful resource is replaced or deleted.
	DataLoss bool `json:"dataLoss"`
	// Properties are the differences, sorted by path; empty for a deletion.
	Properties []Property     `json:"properties,omitempty"`
	Source     *bundle.Source `json:"source,omitempty"`
	// Inputs are for the comparison with a saved plan, see Saved.
	Inputs Inputs `json:"-"`
}

// Property is one changed property. Values are for people: secrets are "(secret)", values not known yet
// "(known after apply)", long ones shortened.
type Property struct {
	Path          string `json:"path"`
	Old           string `json:"old,omitempty"`
	New           string `json:"new,omitempty"`
	ForcesReplace bool   `json:"forcesReplace,omitempty"`
}

// Sort puts waves, components, changes and properties in a stable order.
func (p *Plan) Sort() {
	slices.SortFunc(p.Waves, func(a, b Wave) int {
		// Removed components (-1) come last: they go after everything else is in place.
		if (a.Number < 0) != (b.Number < 0) {
			if a.Number < 0 {
				return 1
			}
			return -1
		}
		return a.Number - b.Number
	})
	for i := range p.Waves {
		slices.SortFunc(p.Waves[i].Components, func(a, b Component) int { return compare(a.ID, b.ID) })
		for j := range p.Waves[i].Components {
			c := &p.Waves[i].Components[j]
			slices.SortFunc(c.Changes, func(a, b Change) int { return compare(a.URN, b.URN) })
			for k := range c.Changes {
				slices.SortFunc(c.Changes[k].Properties, func(a, b Property) int { return compare(a.Path, b.Path) })
			}
		}
	}
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
