package view

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/panka-io/panka/lockstate/remote"
)

// PrintFindings writes what was found of a backend, one a line.
func PrintFindings(w io.Writer, found []remote.Finding, _ Style) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range found {
		fmt.Fprintf(tw, "%s\t%s\t%s\n", f.State, f.What, f.Detail)
	}
	_ = tw.Flush() // errors of standard output are not worth more than this
}
