package view

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/observe"
)

// Status is what the status command shows.
type Status struct {
	Stack       string            `json:"stack"`
	Environment string            `json:"environment"`
	Deployment  string            `json:"deployment"` // the ID of the last one, "" if there was none
	Components  []ComponentStatus `json:"components"`
	// Last is the last deployment, null if there was none.
	Last *Deployment `json:"lastDeployment"`
	// Pending lists operations that a run left unfinished.
	Pending []string `json:"pending,omitempty"`
}

// Deployment is one run, as people and scripts want to see it.
type Deployment struct {
	ID        string            `json:"id"`
	Operation string            `json:"operation"`
	StartedAt time.Time         `json:"startedAt"`
	Seconds   float64           `json:"seconds"`
	Result    deploy.Outcome    `json:"result"`
	By        string            `json:"by"`
	Commit    string            `json:"commit"`
	Variables map[string]string `json:"variables"`
}

// NewDeployment takes what is shown from a history record; nil for none.
func NewDeployment(d *deploy.Deployment) *Deployment {
	if d == nil {
		return nil
	}
	variables := d.Variables
	if variables == nil { // scripts find an object
		variables = map[string]string{}
	}
	return &Deployment{ID: d.ID, Operation: d.Operation, StartedAt: d.StartedAt, Seconds: d.Seconds, Result: d.Result,
		By: d.By, Commit: d.Commit, Variables: variables}
}

// ComponentStatus is one deployed component.
type ComponentStatus struct {
	Component string         `json:"component"`
	Kind      string         `json:"kind"`
	Wave      int            `json:"wave"`
	Health    observe.Health `json:"health"`
	Version   string         `json:"version"`
	Detail    string         `json:"detail,omitempty"`
}

// PrintStatus writes the status as a table.
func PrintStatus(w io.Writer, st Status, s Style) {
	fmt.Fprintln(w, s.bold(st.Stack+"/"+st.Environment))
	if len(st.Components) == 0 {
		fmt.Fprintln(w, "Nothing is deployed.")
	} else {
		rows := [][]string{{"COMPONENT", "KIND", "WAVE", "HEALTH", "VERSION", "DETAIL"}}
		for _, c := range st.Components {
			rows = append(rows, []string{c.Component, c.Kind, fmt.Sprint(c.Wave), string(c.Health), c.Version, c.Detail})
		}
		table(w, rows)
	}
	for _, p := range st.Pending {
		fmt.Fprintln(w, s.yellow("unfinished: ")+PendingText(p)+" (the next apply or destroy settles it)")
	}
	if d := st.Last; d != nil {
		fmt.Fprintln(w, deploymentLine(d))
	}
}

// PendingText shows an operation on a URN as people say it: "creating rds.Instance shop-database".
func PendingText(pending string) string {
	operation, urn, _ := strings.Cut(pending, " ")
	parts := strings.Split(urn, "::")
	if len(parts) != 4 {
		return Clean(pending)
	}
	types := strings.Split(parts[2], "$") // the parents' and, last, its own
	return Clean(operation + " " + shortType(types[len(types)-1]) + " " + parts[3])
}

// deploymentLine is one deployment in one line.
func deploymentLine(d *Deployment) string {
	line := fmt.Sprintf("Last deployment: %s %s %s on %s by %s, %s",
		d.ID, d.Operation, d.Result, d.StartedAt.UTC().Format(time.RFC3339), Clean(d.By), duration(seconds(d.Seconds)))
	if d.Commit != "" {
		line += ", commit " + Clean(d.Commit)
	}
	return line + "."
}

// table writes rows in aligned columns, without spaces at line ends.
func table(w io.Writer, rows [][]string) {
	var b strings.Builder
	tw := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	for _, row := range rows {
		for i := range row {
			if row[i] = Clean(row[i]); row[i] == "" {
				row[i] = "-"
			}
		}
		fmt.Fprintln(tw, strings.Join(row, "\t"))
	}
	tw.Flush() // writes to a strings.Builder cannot fail
	for _, line := range strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n") {
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// StateDocument is the JSON of state show.
type StateDocument struct {
	Stack       string          `json:"stack"`
	Environment string          `json:"environment"`
	Serial      uint64          `json:"serial"`
	Token       uint64          `json:"token"`
	Resources   []StateResource `json:"resources"`
	Pending     []string        `json:"pending,omitempty"`
}

// StateResource is one resource of the JSON of state show and list. Wave is -1 where unknown.
type StateResource struct {
	URN       string         `json:"urn"`
	Type      string         `json:"type"`
	Name      string         `json:"name"`
	ID        string         `json:"id"`
	Component string         `json:"component"`
	Wave      int            `json:"wave"`
	DependsOn []string       `json:"dependsOn,omitempty"`
	Source    *bundle.Source `json:"source"`
}

// NewStateDocument arranges a state for scripts.
func NewStateDocument(key lockstate.Key, st *deploy.State) StateDocument {
	doc := StateDocument{Stack: key.Stack, Environment: key.Environment, Serial: st.Serial, Token: st.Token,
		Pending: st.Pending, Resources: []StateResource{}}
	waves := map[string]int{}
	for _, c := range st.Components {
		waves[c.ID] = c.Wave
	}
	for _, r := range st.Resources {
		wave, known := waves[r.Component]
		if !known {
			wave = -1
		}
		doc.Resources = append(doc.Resources, StateResource{URN: r.URN, Type: r.Type, Name: r.Name, ID: r.ID,
			Component: r.Component, Wave: wave, DependsOn: r.DependsOn, Source: r.Source})
	}
	return doc
}

// PrintState writes a state for people: where it stands, and each resource with its place in the YAML.
func PrintState(w io.Writer, doc StateDocument, s Style) {
	fmt.Fprintf(w, "%s  serial %d, token %d, %s\n", s.bold(doc.Stack+"/"+doc.Environment), doc.Serial, doc.Token,
		Count(len(doc.Resources), "resource"))
	rows := [][]string{{"COMPONENT", "TYPE", "NAME", "ID", "SOURCE"}}
	for _, r := range doc.Resources {
		source := ""
		if r.Source != nil {
			source = r.Source.String()
		}
		rows = append(rows, []string{r.Component, shortType(r.Type), r.Name, r.ID, source})
	}
	if len(rows) > 1 {
		table(w, rows)
	}
	for _, p := range doc.Pending {
		fmt.Fprintln(w, s.yellow("unfinished: ")+PendingText(p))
	}
}

// PrintList writes the real resources by component.
func PrintList(w io.Writer, resources []StateResource, s Style) {
	last := ""
	rows := [][]string{}
	flush := func() {
		if len(rows) > 0 {
			fmt.Fprintln(w, s.bold(Clean(last)))
			table(w, rows)
		}
		rows = rows[:0]
	}
	for _, r := range resources {
		if r.Component != last {
			flush()
			last = r.Component
		}
		rows = append(rows, []string{"  " + shortType(r.Type), r.Name, r.ID})
	}
	flush()
}

// LockDocument is one held lock, for scripts.
type LockDocument struct {
	Stack       string         `json:"stack"`
	Environment string         `json:"environment"`
	Lock        lockstate.Lock `json:"lock"`
}

// PrintLock writes who holds a lock.
func PrintLock(w io.Writer, d LockDocument, now time.Time, s Style) {
	o := d.Lock.Owner
	fmt.Fprintf(w, "%s is locked\n", s.bold(d.Stack+"/"+d.Environment))
	rows := [][]string{
		{"  lock id", d.Lock.ID}, {"  held by", o.Who}, {"  host", fmt.Sprintf("%s, process %d", o.Host, o.PID)},
		{"  operation", o.Operation},
		{"  since", fmt.Sprintf("%s (%s ago)", d.Lock.AcquiredAt.UTC().Format(time.RFC3339), duration(now.Sub(d.Lock.AcquiredAt)))},
	}
	if o.CI != "" {
		rows = append(rows, []string{"  run", o.CI})
	}
	table(w, rows)
}
