package view

import (
	"fmt"
	"io"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
)

// Repair is the JSON of a state repair.
type Repair struct {
	Stack       string         `json:"stack"`
	Environment string         `json:"environment"`
	Mends       []deploy.Mend  `json:"mends"`
	State       string         `json:"state,omitempty"` // where it is taken from
	Warnings    []string       `json:"warnings,omitempty"`
	Deployment  string         `json:"deployment,omitempty"`
	Result      deploy.Outcome `json:"result"`
}

// NewRepair takes what scripts see of a repair.
func NewRepair(key lockstate.Key, found deploy.Repairs, r *deploy.Result) Repair {
	out := Repair{Stack: key.Stack, Environment: key.Environment, Mends: found.Mends, State: found.State, Warnings: found.Warnings,
		Deployment: r.Deployment, Result: r.Outcome}
	if out.Mends == nil {
		out.Mends = []deploy.Mend{}
	}
	return out
}

// PrintRepairs tells what is damaged and what a repair would do about it, for people who are to approve it.
func PrintRepairs(w io.Writer, target string, r deploy.Repairs, s Style) {
	fmt.Fprintf(w, "What is stored of %s is damaged.\n\n", s.bold(Clean(target)))
	for _, m := range r.Mends {
		fmt.Fprintf(w, "%s %s: %s\n    → %s\n", s.red("✗"), Clean(m.Object), Clean(m.Problem), Clean(m.Remedy))
	}
	if r.State != "" {
		fmt.Fprintf(w, "\nThe state becomes serial %d, from %s: %s.\n", r.Serial+1, r.State, Count(r.Resources, "resource"))
	}
	for _, p := range r.Pending {
		fmt.Fprintln(w, s.yellow("unfinished: ")+PendingText(p)+" (the next apply or destroy looks what became of it)")
	}
	for _, text := range r.Warnings {
		fmt.Fprintln(w, s.yellow("warning: ")+Clean(text))
	}
}

// PrintRepaired ends a repair.
func PrintRepaired(w io.Writer, target string, r *deploy.Result) {
	switch r.Outcome {
	case deploy.NothingToDo:
		fmt.Fprintf(w, "Nothing that is stored of %s is damaged.\n", Clean(target))
	case deploy.Succeeded:
		fmt.Fprintf(w, "Mended the state of %s. panka plan shows what differs from the YAML.\n", Clean(target))
	default:
		fmt.Fprintln(w, "Not approved: nothing was changed.")
	}
}
