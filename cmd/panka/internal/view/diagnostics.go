package view

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/panka-io/panka/compiler/diag"
)

// Diagnostics prints findings for people.
type Diagnostics struct {
	Out   io.Writer
	Style Style
	// Excerpts shows the source line, with a caret under the place.
	Excerpts bool
	// Annotations adds GitHub's ::error lines. Workspace is what their paths are relative to.
	Annotations bool
	Workspace   string
	// Root is the repository, that positions are relative to; Dir the directory that printed paths are relative to.
	Root, Dir string
}

// Print writes the findings, sorted by place.
func (d *Diagnostics) Print(list diag.List) {
	cache := map[string][]string{}
	for _, f := range list.Sorted() {
		d.one(f, cache)
	}
}

func (d *Diagnostics) one(f diag.Diagnostic, cache map[string][]string) {
	severity := d.Style.red(string(f.Severity))
	if f.Severity == diag.Warning {
		severity = d.Style.yellow(string(f.Severity))
	}
	message := cleanLines(f.Message)
	if f.IsValid() {
		fmt.Fprintf(d.Out, "%s: ", d.Style.bold(d.place(f.Position)))
	}
	fmt.Fprintf(d.Out, "%s: %s\n", severity, message[0])
	for _, line := range message[1:] {
		fmt.Fprintf(d.Out, "  %s\n", line)
	}
	if d.Excerpts && !f.Secret {
		d.excerpt(f.Position, cache)
	}
	for _, r := range f.Related {
		fmt.Fprintf(d.Out, "  %s: %s\n", d.place(r.Position), Clean(r.Message))
	}
	if f.Hint != "" {
		hint := cleanLines(f.Hint)
		fmt.Fprintf(d.Out, "  %s %s\n", d.Style.cyan("hint:"), strings.Join(hint, "\n        "))
	}
	if d.Annotations {
		d.annotate(f)
	}
}

// place shows a position so that it can be opened from the working directory.
func (d *Diagnostics) place(p diag.Position) string {
	p.File = Clean(d.path(p.File, d.Dir))
	return p.String()
}

// path gives a file's path relative to base where that is shorter than the absolute one.
func (d *Diagnostics) path(file, base string) string {
	abs := filepath.FromSlash(file)
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(d.Root, abs)
	}
	rel, err := filepath.Rel(base, abs)
	if err != nil || len(rel) > len(abs) {
		return abs
	}
	return rel
}

// excerpt prints the source line and a caret. It prints nothing if there is no such line, or none that can be shown.
func (d *Diagnostics) excerpt(p diag.Position, cache map[string][]string) {
	lines, ok := cache[p.File]
	if !ok {
		lines = d.lines(p.File)
		cache[p.File] = lines
	}
	if p.Line < 1 || p.Line > len(lines) || p.Column < 1 {
		return
	}
	line := []rune(strings.TrimRight(lines[p.Line-1], "\r"))
	if p.Column > len(line)+1 || len(line) > 400 {
		return
	}
	lead := make([]rune, p.Column-1)
	for i := range lead {
		lead[i] = ' '
		if line[i] == '\t' {
			lead[i] = '\t' // so that the caret stands under its character whatever the width of a tab
		}
	}
	number := fmt.Sprintf("%5d", p.Line)
	fmt.Fprintf(d.Out, "%s %s\n", d.Style.faint(number+" |"), cleanKeepingTabs(string(line)))
	fmt.Fprintf(d.Out, "%s %s%s\n", d.Style.faint("      |"), string(lead), d.Style.red("^"))
}

func cleanKeepingTabs(line string) string {
	parts := strings.Split(line, "\t")
	for i := range parts {
		parts[i] = Clean(parts[i])
	}
	return strings.Join(parts, "\t")
}

func (d *Diagnostics) lines(file string) []string {
	if file == "" {
		return nil
	}
	path := file
	if !filepath.IsAbs(path) {
		path = filepath.Join(d.Root, filepath.FromSlash(file))
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > 1<<20 {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil || !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil
	}
	return strings.Split(string(data), "\n")
}

var (
	annotationText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	annotationProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// annotate prints the workflow command that makes GitHub show the finding beside the line.
func (d *Diagnostics) annotate(f diag.Diagnostic) {
	text := strings.Join(cleanLines(f.Message), "\n")
	if f.Hint != "" {
		text += "\n" + strings.Join(cleanLines(f.Hint), "\n")
	}
	properties := ""
	if f.IsValid() {
		file := filepath.ToSlash(d.path(f.File, d.Workspace))
		properties = fmt.Sprintf("file=%s,line=%d,col=%d,", annotationProperty.Replace(file), f.Line, f.Column)
	}
	fmt.Fprintf(d.Out, "::%s %stitle=%s::%s\n", f.Severity, properties, annotationProperty.Replace(f.Code), annotationText.Replace(text))
}
