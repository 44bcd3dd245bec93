package view

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// ShowYAML writes a component as the document that all its layers come to.
func ShowYAML(w io.Writer, stack *ir.Stack, c *compiler.Explained) error {
	pair := func(key, value string) []*yaml.Node { return []*yaml.Node{yamlText(key), yamlText(value)} }
	metadata := &yaml.Node{Kind: yaml.MappingNode}
	for _, p := range [][2]string{{"name", c.Name}, {"service", c.Service}, {"stack", stack.Name}} {
		metadata.Content = append(metadata.Content, pair(p[0], p[1])...)
	}
	document := &yaml.Node{Kind: yaml.MappingNode}
	document.Content = append(pair("apiVersion", c.APIVersion), pair("kind", c.Kind)...)
	document.Content = append(document.Content, yamlText("metadata"), metadata, yamlText("spec"), yamlValue(c.Spec))
	encoder := yaml.NewEncoder(w)
	encoder.SetIndent(2)
	if err := encoder.Encode(document); err != nil {
		return fmt.Errorf("write YAML: %w", err)
	}
	return encoder.Close()
}

// row is a line of the table of origins; under is a value that another one overrode.
type row struct {
	path, value, layer, place string
	under                     bool
}

// ShowOrigins writes each value of a component with the layer and place it came from and, below it, what it overrode.
func ShowOrigins(w io.Writer, stack *ir.Stack, c *compiler.Explained, s Style) {
	in := ""
	if stack.Environment != "" {
		in = " in " + stack.Environment
	}
	fmt.Fprintf(w, "%s (%s)%s\n", s.bold(Clean(c.ID())), c.Kind, Clean(in))
	var rows []row
	for _, o := range c.Values {
		rows = append(rows, originRows(o)...)
	}
	var widths [3]int
	for _, r := range rows {
		for i, cell := range []string{r.path, r.value, r.layer} {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	pad := func(text string, width int) string {
		return text + strings.Repeat(" ", width-utf8.RuneCountInString(text))
	}
	for _, r := range rows {
		line := strings.TrimRight(pad(r.path, widths[0])+"  "+pad(r.value, widths[1])+"  "+pad(r.layer, widths[2])+"  "+r.place, " ")
		if r.under {
			line = s.faint(line)
		}
		fmt.Fprintln(w, line)
	}
}

func originRows(o compiler.Origin) []row {
	var rows []row
	for i, said := range o.Said {
		r := row{layer: Clean(said.Layer), place: place(said.Source), under: i > 0}
		if i == 0 {
			r.path, r.value = Clean(o.Path.String()), short(o.Value)
		} else {
			r.value = "  over " + short(said.Value)
		}
		rows = append(rows, r)
		for _, given := range said.Given {
			rows = append(rows, row{value: "  given as a parameter", place: place(given), under: true})
		}
		if i > 0 {
			continue
		}
		for _, v := range said.Variables {
			value := "  ${" + v.Name + "} has no value"
			if v.Set {
				value = "  ${" + v.Name + "} is " + short(&ir.Value{Kind: ir.String, Text: ir.Literal(v.Value)})
			}
			rows = append(rows, row{value: value, layer: Clean(v.Layer), place: place(v.Source), under: true})
		}
	}
	return rows
}

func place(pos diag.Position) string {
	if !pos.IsValid() {
		return ""
	}
	return fmt.Sprintf("%s:%d", Clean(pos.File), pos.Line)
}

// Shown is the JSON of show. Values are there when they were asked for.
type Shown struct {
	Component   string       `json:"component"`
	Kind        string       `json:"kind"`
	Stack       string       `json:"stack"`
	Environment string       `json:"environment,omitempty"`
	Template    string       `json:"template,omitempty"`
	Spec        any          `json:"spec"`
	Values      []shownValue `json:"values,omitempty"`
}

type shownValue struct {
	Path []string `json:"path"`
	// Removed tells that a layer removed the value; else Value is it.
	Removed bool `json:"removed,omitempty"`
	Value   any  `json:"value,omitempty"`
	shownSaying
	Overrides []shownSaying `json:"overrides,omitempty"`
}

type shownSaying struct {
	Layer string `json:"layer"`
	*diag.Position
	// Written is what the layer says, variables still variables; nothing where it removes the value.
	Written   any             `json:"written,omitempty"`
	Given     []diag.Position `json:"given,omitempty"`
	Variables []shownVariable `json:"variables,omitempty"`
}

type shownVariable struct {
	Name   string         `json:"name"`
	Set    bool           `json:"set"`
	Value  string         `json:"value,omitempty"`
	Layer  string         `json:"layer,omitempty"`
	Source *diag.Position `json:"source,omitempty"`
}

// NewShown is a component as scripts see it, with the origins of its values if that is asked for.
func NewShown(stack *ir.Stack, c *compiler.Explained, explain bool) Shown {
	out := Shown{Component: c.ID(), Kind: c.Kind, Stack: stack.Name, Environment: stack.Environment, Spec: native(c.Spec)}
	if c.Template != nil {
		out.Template = c.Template.Name
	}
	for _, o := range c.Values {
		if !explain {
			break
		}
		v := shownValue{Path: o.Path, Removed: o.Value == nil, Value: native(o.Value)}
		for i, said := range o.Said {
			if i == 0 {
				v.shownSaying = newSaying(said)
			} else {
				v.Overrides = append(v.Overrides, newSaying(said))
			}
		}
		out.Values = append(out.Values, v)
	}
	return out
}

func newSaying(said compiler.Saying) shownSaying {
	out := shownSaying{Layer: said.Layer, Position: known(said.Source), Given: said.Given, Written: native(said.Value)}
	for _, v := range said.Variables {
		out.Variables = append(out.Variables,
			shownVariable{Name: v.Name, Set: v.Set, Value: v.Value, Layer: v.Layer, Source: known(v.Source)})
	}
	return out
}

// known is a position, nil if it is none.
func known(pos diag.Position) *diag.Position {
	if !pos.IsValid() {
		return nil
	}
	return &pos
}
