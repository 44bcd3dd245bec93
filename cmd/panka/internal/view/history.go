package view

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
)

// PrintHistory writes deployments as a table.
func PrintHistory(w io.Writer, list []Deployment, s Style) {
	if len(list) == 0 {
		fmt.Fprintln(w, "Nothing has been deployed.")
		return
	}
	rows := [][]string{{"ID", "OPERATION", "RESULT", "STARTED", "TOOK", "BY", "COMMIT", "VARIABLES"}}
	for _, d := range list {
		rows = append(rows, []string{d.ID, d.Operation, string(d.Result), d.StartedAt.UTC().Format(time.RFC3339), took(d),
			d.By, shortCommit(d.Commit), assignments(d.Variables)})
	}
	table(w, rows)
}

// took is how long a deployment lasted; nobody knows it of one that has not come to its end.
func took(d Deployment) string {
	if d.Result == deploy.Running || d.Result == deploy.Interrupted {
		return ""
	}
	return duration(seconds(d.Seconds))
}

// shortCommit is as much of a commit's hash as people need.
func shortCommit(commit string) string { return commit[:min(len(commit), 10)] }

// assignments are variables in one line.
func assignments(variables map[string]string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		parts = append(parts, name+"="+variables[name])
	}
	return cut(strings.Join(parts, " "), 60)
}

// DeploymentDetails is all that is shown of one deployment.
type DeploymentDetails struct {
	Deployment
	Host         string                `json:"host"`
	SourceDigest string                `json:"sourceDigest"` // of the YAML that was compiled
	Selected     []string              `json:"selected"`     // the components it was limited to; none for all
	Changes      plan.Counts           `json:"changes"`      // what was done
	Components   []DeploymentComponent `json:"components"`   // what was wanted
	Resources    int                   `json:"resources"`    // how many were wanted
}

// DeploymentComponent is one component that a deployment wanted.
type DeploymentComponent struct {
	Component string `json:"component"`
	Kind      string `json:"kind"`
	Wave      int    `json:"wave"`
	Version   string `json:"version"`
}

// NewDeploymentDetails takes what is shown from a history record.
func NewDeploymentDetails(d *deploy.Deployment) DeploymentDetails {
	return DeploymentDetails{Deployment: *NewDeployment(d), Host: d.Host, SourceDigest: d.SourceDigest, Changes: d.Changes,
		Selected: append([]string{}, d.Selected...), Components: wantedComponents(d), Resources: len(wantedResources(d))}
}

// wantedComponents are those that should be there after a deployment.
func wantedComponents(d *deploy.Deployment) []DeploymentComponent {
	list := []DeploymentComponent{}
	for _, c := range d.Components {
		if d.Operation == "destroy" && (len(d.Selected) == 0 || slices.Contains(d.Selected, c.ID)) {
			continue
		}
		list = append(list, DeploymentComponent{Component: c.ID, Kind: c.Kind, Wave: c.Wave, Version: d.VersionOf(c)})
	}
	return list
}

// wantedResources gives the resources of the YAML that was deployed, by URN, with their places. A destroy wants none.
func wantedResources(d *deploy.Deployment) map[string]string {
	places := map[string]string{}
	for urn, source := range d.Sources {
		if kind, _ := kindAndName(urn); d.Operation != "destroy" && !grouping(kind) {
			places[urn] = source.String()
		}
	}
	return places
}

// kindAndName takes a URN apart: the resource's own type, without its parents', and its name.
func kindAndName(urn string) (kind, name string) {
	parts := strings.SplitN(urn, "::", 4)
	if len(parts) < 4 {
		return "", urn
	}
	return parts[2][strings.LastIndex(parts[2], "$")+1:], parts[3]
}

// PrintDeployment writes one deployment for people.
func PrintDeployment(w io.Writer, d DeploymentDetails, s Style) {
	fmt.Fprintln(w, s.bold(d.ID))
	table(w, [][]string{
		{"  operation", d.Operation}, {"  result", string(d.Result)}, {"  started", d.StartedAt.UTC().Format(time.RFC3339)},
		{"  took", took(d.Deployment)}, {"  by", d.By + " on " + d.Host}, {"  commit", d.Commit}, {"  changes", done(d.Changes)},
		{"  only", strings.Join(d.Selected, ", ")},
	})
	if len(d.Variables) > 0 {
		fmt.Fprintln(w, s.bold("Variables"))
		var rows [][]string
		for _, name := range slices.Sorted(maps.Keys(d.Variables)) {
			rows = append(rows, []string{"  " + name, d.Variables[name]})
		}
		table(w, rows)
	}
	if len(d.Components) > 0 {
		fmt.Fprintln(w, s.bold("Components"))
		var rows [][]string
		for _, c := range d.Components {
			rows = append(rows, []string{"  " + c.Component, c.Kind, "wave " + strconv.Itoa(c.Wave), c.Version})
		}
		table(w, rows)
		fmt.Fprintln(w, Count(d.Resources, "resource")+".")
	}
}
