package view

import (
	"fmt"
	"io"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
)

// Migrated is the JSON of one state that was moved.
type Migrated struct {
	Stack       string         `json:"stack"`
	Environment string         `json:"environment"`
	Result      deploy.Outcome `json:"result"`
}

// PrintMigration tells what would be moved, for people who are to approve it.
func PrintMigration(w io.Writer, m deploy.MigrationSummary, from, to string, s Style) {
	fmt.Fprintf(w, "The state of %s (%s, %s) would move from %s to %s.\n", s.bold(Clean(m.Key.Stack+"/"+m.Key.Environment)),
		Count(m.Resources, "resource"), Count(m.Deployments, "deployment"), Clean(from), Clean(to))
	if m.Again {
		fmt.Fprintln(w, "An earlier try was interrupted; this one goes on.")
	}
	for _, p := range m.Pending {
		fmt.Fprintln(w, s.yellow("unfinished: ")+PendingText(p)+" (the next apply or destroy looks what became of it)")
	}
}

// PrintMigrated ends the move of one state.
func PrintMigrated(w io.Writer, key lockstate.Key, to string, r *deploy.Result) {
	name := Clean(key.Stack + "/" + key.Environment)
	switch r.Outcome {
	case deploy.NothingToDo:
		fmt.Fprintf(w, "%s is in %s already.\n", name, Clean(to))
	case deploy.Succeeded:
		fmt.Fprintf(w, "Moved %s to %s.\n", name, Clean(to))
	default:
		fmt.Fprintln(w, "Not approved: nothing was changed.")
	}
}
