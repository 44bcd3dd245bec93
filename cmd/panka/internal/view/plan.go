package view

import (
	"fmt"
	"io"
	"strings"

	"github.com/panka-io/panka/runtime/plan"
)

// Plan prints a plan by wave and component. Unchanged components are left out. Names stand in one column, and a line
// below explains the signs that occur.
func Plan(w io.Writer, p *plan.Plan, s Style) {
	fmt.Fprintln(w, s.bold(p.Stack+"/"+p.Environment))
	width := typeWidth(p)
	for _, wave := range p.Waves {
		printWave(w, wave, width, s)
	}
	fmt.Fprintln(w)
	if legend := planLegend(p.Changes, s); legend != "" {
		fmt.Fprintf(w, "%s\n\n", legend)
	}
	fmt.Fprintln(w, PlanSummary(p.Changes))
	if lost := DataLoss(p); len(lost) > 0 {
		fmt.Fprintln(w, s.red(fmt.Sprintf("Data would be lost in %s: %s", Count(len(lost), "resource"), strings.Join(lost, ", "))))
	}
	for _, finding := range p.Policy {
		fmt.Fprintln(w, "policy: "+Clean(finding))
	}
}

// typeWidth is the number of columns that the types of a plan's changes need.
func typeWidth(p *plan.Plan) int {
	width := 0
	for _, wave := range p.Waves {
		for _, component := range wave.Components {
			for _, change := range component.Changes {
				width = max(width, len(Clean(shortType(change.Type))))
			}
		}
	}
	return width
}

// planLegend explains the signs of the operations that a plan has.
func planLegend(c plan.Counts, s Style) string {
	var parts []string
	for _, p := range []struct {
		n    int
		op   plan.Op
		what string
	}{
		{c.Create, plan.Create, "create"}, {c.Import, plan.Import, "import what exists"}, {c.Update, plan.Update, "update in place"},
		{c.Replace, plan.Replace, "replace by a new one"}, {c.Delete, plan.Delete, "delete"},
	} {
		if p.n > 0 {
			parts = append(parts, strings.ReplaceAll(sign(p.op, s), " ", "")+" "+p.what)
		}
	}
	return strings.Join(parts, "   ")
}

// PlanSummary is the line that sums a plan up.
func PlanSummary(c plan.Counts) string {
	if !c.Any() {
		return "No changes."
	}
	adopted := ""
	if c.Import > 0 { // the exception: everyday plans need not speak of it
		adopted = fmt.Sprintf(" %d to import,", c.Import)
	}
	return fmt.Sprintf("Plan: %d to create,%s %d to update, %d to replace, %d to delete, %d unchanged.",
		c.Create, adopted, c.Update, c.Replace, c.Delete, c.Same)
}

// DataLoss lists the names of the resources whose data the plan would lose.
func DataLoss(p *plan.Plan) []string {
	var names []string
	for _, wave := range p.Waves {
		for _, component := range wave.Components {
			for _, change := range component.Changes {
				if change.DataLoss {
					names = append(names, change.Name)
				}
			}
		}
	}
	return names
}

func printWave(w io.Writer, wave plan.Wave, width int, s Style) {
	shown := false
	for _, c := range wave.Components {
		if len(c.Changes) == 0 {
			continue
		}
		if !shown {
			fmt.Fprintf(w, "\n%s\n", waveTitle(wave.Number, s))
			shown = true
		}
		fmt.Fprintf(w, "  %s %s\n", s.bold(Clean(c.ID)), s.faint("("+Clean(c.Kind)+")"))
		for _, change := range c.Changes {
			printChange(w, change, width, s)
		}
	}
}

func waveTitle(number int, s Style) string {
	if number < 0 {
		return s.faint("no longer in the YAML")
	}
	return s.faint(fmt.Sprintf("wave %d", number))
}

func printChange(w io.Writer, c plan.Change, width int, s Style) {
	note := ""
	if c.DataLoss {
		note = "  " + s.red("DATA LOSS")
	}
	fmt.Fprintf(w, "    %s %-*s  %s%s\n", sign(c.Op, s), width, Clean(shortType(c.Type)), Clean(c.Name), note)
	if c.Op != plan.Update && c.Op != plan.Replace {
		return // every property of a new resource would bury the rest
	}
	for _, p := range c.Properties {
		printProperty(w, p, s)
	}
}

func printProperty(w io.Writer, p plan.Property, s Style) {
	var change string
	switch {
	case p.Old == "" && p.New == "":
		change = "changed"
	case p.Old == "":
		change = Clean(p.New) + " (added)"
	case p.New == "":
		change = Clean(p.Old) + " (removed)"
	default:
		change = Clean(p.Old) + " → " + Clean(p.New)
	}
	note := ""
	if p.ForcesReplace {
		note = "  " + s.red("(forces replacement)")
	}
	fmt.Fprintf(w, "          %s: %s%s\n", Clean(p.Path), change, note)
}

// sign is the mark of an operation, padded to three columns.
func sign(op plan.Op, s Style) string {
	switch op {
	case plan.Create:
		return s.green("+  ")
	case plan.Import:
		return s.green("=  ")
	case plan.Update:
		return s.yellow("~  ")
	case plan.Replace:
		return s.red("-/+")
	case plan.Delete:
		return s.red("-  ")
	default:
		return "   "
	}
}

// PlanJSON writes a plan as one JSON document. Lists are never null in it.
func PlanJSON(w io.Writer, p *plan.Plan) error { return JSON(w, withoutNulls(p)) }

// withoutNulls is a copy of p in which nil lists are empty ones.
func withoutNulls(p *plan.Plan) *plan.Plan {
	out := *p
	out.Waves = append([]plan.Wave{}, p.Waves...)
	for i := range out.Waves {
		out.Waves[i].Components = append([]plan.Component{}, out.Waves[i].Components...)
		for j := range out.Waves[i].Components {
			c := &out.Waves[i].Components[j]
			c.Changes = append([]plan.Change{}, c.Changes...)
		}
	}
	out.Policy = append([]string{}, p.Policy...)
	if out.Cost == nil {
		out.Cost = map[string]any{}
	}
	return &out
}
