package view

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/deploy"
)

// DeploymentDiff is what two deployments wanted differently.
type DeploymentDiff struct {
	From       string       `json:"from"` // IDs
	To         string       `json:"to"`
	Commit     *Difference  `json:"commit,omitempty"`
	Variables  []Difference `json:"variables"`
	Components []Difference `json:"components"` // From and To are kind and version
	Resources  []Difference `json:"resources"`  // by URN; From and To are places in the YAML. Those that only moved are left out
}

// Difference is one thing that differs: null is where it is not.
type Difference struct {
	Name string  `json:"name"`
	From *string `json:"from"`
	To   *string `json:"to"`
}

// NewDeploymentDiff compares two history records. A destroy has no variables, so of it only what is there counts. Which
// resources are a component's is not recorded, so those of a destroy of some components are not compared.
func NewDeploymentDiff(a, b *deploy.Deployment) DeploymentDiff {
	equal := func(x, y string) bool { return x == y }
	present := func(string, string) bool { return true }
	diff := DeploymentDiff{From: a.ID, To: b.ID, Variables: []Difference{}, Resources: differences(wantedResources(a), wantedResources(b), present)}
	if a.Operation == "destroy" || b.Operation == "destroy" {
		diff.Components = differences(wanted(a), wanted(b), present)
	} else {
		diff.Variables = differences(a.Variables, b.Variables, equal)
		diff.Components = differences(wanted(a), wanted(b), equal)
	}
	if partialDestroy(a) || partialDestroy(b) {
		diff.Resources = []Difference{}
	}
	if a.Commit != b.Commit {
		diff.Commit = &Difference{Name: "commit", From: &a.Commit, To: &b.Commit}
	}
	return diff
}

func partialDestroy(d *deploy.Deployment) bool {
	return d.Operation == "destroy" && len(d.Selected) > 0
}

// wanted tells of each component what it is.
func wanted(d *deploy.Deployment) map[string]string {
	m := map[string]string{}
	for _, c := range wantedComponents(d) {
		m[c.Component] = strings.TrimSpace(c.Kind + " " + c.Version)
	}
	return m
}

// differences compares two maps by name, in order.
func differences(a, b map[string]string, same func(x, y string) bool) []Difference {
	names := slices.Concat(slices.Collect(maps.Keys(a)), slices.Collect(maps.Keys(b)))
	slices.Sort(names)
	list := []Difference{}
	for _, name := range slices.Compact(names) {
		d := Difference{Name: name}
		x, inA := a[name]
		y, inB := b[name]
		if inA {
			d.From = &x
		}
		if inB {
			d.To = &y
		}
		if !inA || !inB || !same(x, y) {
			list = append(list, d)
		}
	}
	return list
}

// PrintDeploymentDiff writes the differences for people.
func PrintDeploymentDiff(w io.Writer, d DeploymentDiff, s Style) {
	fmt.Fprintf(w, "%s → %s\n", s.bold(Clean(d.From)), s.bold(Clean(d.To)))
	if d.Commit == nil && len(d.Variables)+len(d.Components)+len(d.Resources) == 0 {
		fmt.Fprintln(w, "Both wanted the same.")
		return
	}
	if d.Commit != nil {
		fmt.Fprintf(w, "commit %s → %s\n", Clean(cmp.Or(*d.Commit.From, "unknown")), Clean(cmp.Or(*d.Commit.To, "unknown")))
	}
	printDifferences(w, "Variables", d.Variables, s)
	printDifferences(w, "Components", d.Components, s)
	printDifferences(w, "Resources", named(d.Resources), s)
}

// named gives resources the names that people call them by.
func named(resources []Difference) []Difference {
	var list []Difference
	for _, r := range resources {
		if kind, name := kindAndName(r.Name); kind != "" {
			r.Name = shortType(kind) + " " + name
		}
		list = append(list, r)
	}
	return list
}

func printDifferences(w io.Writer, title string, list []Difference, s Style) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(w, s.bold(title))
	for _, d := range list {
		name := Clean(d.Name)
		switch {
		case d.From == nil:
			fmt.Fprintf(w, "  %s %s: %s\n", s.green("+"), name, Clean(*d.To))
		case d.To == nil:
			fmt.Fprintf(w, "  %s %s: %s\n", s.red("-"), name, Clean(*d.From))
		default:
			fmt.Fprintf(w, "  %s %s: %s → %s\n", s.yellow("~"), name, Clean(*d.From), Clean(*d.To))
		}
	}
}
