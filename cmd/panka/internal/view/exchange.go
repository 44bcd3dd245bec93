package view

import (
	"fmt"
	"io"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
)

// Export is the JSON of a state export into a file.
type Export struct {
	File      string `json:"file"`
	Serial    uint64 `json:"serial"`
	Resources int    `json:"resources"`
}

// Import is the JSON of a state import.
type Import struct {
	Stack       string         `json:"stack"`
	Environment string         `json:"environment"`
	Deployment  string         `json:"deployment"`
	Result      deploy.Outcome `json:"result"`
}

// NewImport takes what scripts see from a result.
func NewImport(key lockstate.Key, r *deploy.Result) Import {
	return Import{Stack: key.Stack, Environment: key.Environment, Deployment: r.Deployment, Result: r.Outcome}
}

// shownURNs is how many resources are named at most.
const shownURNs = 20

// PrintImportSummary tells what an import would do, for people who are to approve it.
func PrintImportSummary(w io.Writer, target string, sum deploy.ImportSummary, s Style) {
	if sum.Serial == 0 {
		fmt.Fprintf(w, "%s has no state yet; %s would be recorded.\n", s.bold(Clean(target)), Count(sum.Resources, "resource"))
	} else {
		fmt.Fprintf(w, "The state of %s, serial %d, would be replaced by one with %s.\n", s.bold(Clean(target)), sum.Serial, Count(sum.Resources, "resource"))
		printURNs(w, s.green("+")+" recorded from then on", sum.Added)
		printURNs(w, s.red("-")+" forgotten: if it still exists, nobody will know of it", sum.Forgotten)
	}
	for _, p := range sum.Pending {
		fmt.Fprintln(w, s.yellow("unfinished: ")+PendingText(p)+" (panka apply would settle it; after the import nobody will)")
	}
}

func printURNs(w io.Writer, title string, urns []string) {
	if len(urns) == 0 {
		return
	}
	fmt.Fprintln(w, title)
	for i, urn := range urns {
		if i == shownURNs {
			fmt.Fprintf(w, "    … and %d more\n", len(urns)-i)
			return
		}
		kind, name := kindAndName(urn)
		fmt.Fprintln(w, "    "+Clean(shortType(kind)+" "+name))
	}
}

// PrintImported ends an import.
func PrintImported(w io.Writer, target string, r *deploy.Result) {
	if r.Outcome != deploy.Succeeded {
		fmt.Fprintln(w, "Not approved: nothing was changed.")
		return
	}
	fmt.Fprintf(w, "Imported the state of %s. panka plan shows what differs from the YAML.\n", Clean(target))
}
