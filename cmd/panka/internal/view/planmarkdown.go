package view

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/panka-io/panka/runtime/plan"
)

// maxMarkdown is the length of the longest comment that GitHub takes, in characters; bytes are counted here, of which there
// are never fewer. https://docs.github.com/en/rest/issues/comments
const maxMarkdown = 65536

const (
	maxNamed      = 20  // resources that lose data, named at the top
	maxProperties = 25  // properties of one resource
	maxValue      = 160 // bytes of one value
)

// PlanMarkdown writes a plan for a comment on a pull request: never longer than GitHub takes, and nothing in it is markup but
// what is meant so. Components that find no room are counted at the end. What would lose data stands first.
func PlanMarkdown(w io.Writer, p *plan.Plan) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n%s\n", literal(p.Stack+"/"+p.Environment), PlanSummary(p.Changes))
	if lost := DataLoss(p); len(lost) > 0 {
		fmt.Fprintf(&b, "\n> [!CAUTION]\n> Data would be lost in %s: %s\n", Count(len(lost), "resource"), firstOf(lost))
	}
	for _, finding := range p.Policy[:min(len(p.Policy), maxNamed)] {
		fmt.Fprintf(&b, "\n- policy: %s\n", literal(Clean(finding)))
	}
	const footer = 300 // bytes kept for what stands at the end
	components, changes := 0, 0
	for _, wave := range p.Waves {
		title := "\n#### " + markdownWave(wave.Number) + "\n"
		for _, c := range wave.Components {
			if len(c.Changes) == 0 {
				continue
			}
			section := title + markdownComponent(c)
			if components > 0 || b.Len()+len(section) > maxMarkdown-footer {
				components++
				changes += len(c.Changes)
				continue
			}
			b.WriteString(section)
			title = ""
		}
	}
	if components > 0 {
		fmt.Fprintf(&b, "\n%s with %s not shown, for want of room: `panka plan` shows everything.\n",
			Count(components, "more component"), Count(changes, "change"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// firstOf names the first of some resources.
func firstOf(names []string) string {
	var out []string
	for _, name := range names[:min(len(names), maxNamed)] {
		out = append(out, "**"+literal(name)+"**")
	}
	if more := len(names) - len(out); more > 0 {
		out = append(out, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(out, ", ")
}

func markdownWave(number int) string {
	if number < 0 {
		return "no longer in the YAML"
	}
	return fmt.Sprintf("wave %d", number)
}

// markdownComponent is the table of a component's changes; where none of them has properties to show, it has no column for
// them.
func markdownComponent(c plan.Component) string {
	var rows strings.Builder
	properties := make([]string, len(c.Changes))
	shown := false
	for i, change := range c.Changes {
		properties[i] = markdownProperties(change)
		shown = shown || properties[i] != ""
	}
	for i, change := range c.Changes {
		op := string(change.Op)
		if change.DataLoss {
			op = "**" + op + ", data is lost**"
		}
		fmt.Fprintf(&rows, "| %s | %s <br> %s |", op, literal(shortType(change.Type)), literal(change.Name))
		if shown {
			fmt.Fprintf(&rows, " %s |", properties[i])
		}
		rows.WriteString("\n")
	}
	header := "| | resource |\n|---|---|\n"
	if shown {
		header = "| | resource | properties |\n|---|---|---|\n"
	}
	return fmt.Sprintf("\n**%s** (%s)\n\n%s%s", literal(c.ID), literal(c.Kind), header, rows.String())
}

func markdownProperties(c plan.Change) string {
	if c.Op != plan.Update && c.Op != plan.Replace {
		return ""
	}
	var lines []string
	for _, p := range c.Properties[:min(len(c.Properties), maxProperties)] {
		line := literal(p.Path) + ": "
		switch {
		case p.Old == "" && p.New == "":
			line += "changed"
		case p.Old == "":
			line += codeOf(p.New) + " (added)"
		case p.New == "":
			line += codeOf(p.Old) + " (removed)"
		default:
			line += codeOf(p.Old) + " → " + codeOf(p.New)
		}
		if p.ForcesReplace {
			line += " **forces replacement**"
		}
		lines = append(lines, line)
	}
	if more := len(c.Properties) - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(lines, " <br> ")
}

// codeOf is a value in the form of code, cut where it is long.
func codeOf(s string) string {
	if len(s) > maxValue {
		s = strings.ToValidUTF8(s[:maxValue], "") + "…"
	}
	return "<code>" + literal(s) + "</code>"
}

// literal is text that Markdown shows as it is: no markup, no links, no mentions of people.
func literal(s string) string {
	var b strings.Builder
	for _, r := range Clean(s) {
		if r < 128 && (unicode.IsPunct(r) || unicode.IsSymbol(r)) && !strings.ContainsRune("/.,-()", r) {
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
