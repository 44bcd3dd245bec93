package view

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/panka-io/panka/compiler/ir"
)

// written is a text the way it stands in a document: variables as ${NAME}, and a literal ${ as $${.
func written(text ir.Text) string {
	var b strings.Builder
	for _, part := range text {
		if part.Variable != "" {
			b.WriteString("${" + part.Variable + "}")
		} else {
			b.WriteString(strings.ReplaceAll(part.Literal, "${", "$${"))
		}
	}
	return b.String()
}

// native is a value as JSON takes it.
func native(v *ir.Value) any {
	switch {
	case v == nil:
		return nil
	case v.Kind == ir.Bool:
		return v.Bool
	case v.Kind == ir.Number:
		if v.Number == math.Trunc(v.Number) && math.Abs(v.Number) <= 1<<53 {
			return int64(v.Number)
		}
		return v.Number
	case v.Kind == ir.String:
		return written(v.Text)
	case v.Kind == ir.List:
		items := make([]any, len(v.Items))
		for i, item := range v.Items {
			items[i] = native(item)
		}
		return items
	case v.Kind == ir.Map:
		fields := map[string]any{}
		for _, f := range v.Fields {
			fields[f.Name] = native(f.Value)
		}
		return fields
	}
	return nil
}

// yamlValue is a value as YAML, with the name of a thing before the rest of it.
func yamlValue(v *ir.Value) *yaml.Node {
	switch v.Kind {
	case ir.List:
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for _, item := range v.Items {
			list.Content = append(list.Content, yamlValue(item))
		}
		return list
	case ir.Map:
		mapping := &yaml.Node{Kind: yaml.MappingNode}
		for _, f := range v.Fields {
			entry := []*yaml.Node{yamlText(f.Name), yamlValue(f.Value)}
			if f.Name == "name" {
				mapping.Content = append(entry, mapping.Content...)
			} else {
				mapping.Content = append(mapping.Content, entry...)
			}
		}
		return mapping
	case ir.String:
		return yamlText(written(v.Text))
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: scalarText(v)}
}

// yamlText is a string as YAML, in quotes where it could be read as something else.
func yamlText(s string) *yaml.Node {
	var n yaml.Node
	n.SetString(s)
	if strings.IndexFunc(s, func(r rune) bool { return hidden(r) && r != '\n' }) >= 0 {
		n.Style = yaml.DoubleQuotedStyle
	}
	return &n
}

// scalarText is a number, boolean or null as it is written.
func scalarText(v *ir.Value) string {
	switch v.Kind {
	case ir.Bool:
		return strconv.FormatBool(v.Bool)
	case ir.Number:
		return strconv.FormatFloat(v.Number, 'f', -1, 64)
	}
	return "null"
}

// short is a value on one line of a table.
func short(v *ir.Value) string {
	const limit = 48
	text := ""
	switch {
	case v == nil:
		return "(removed)"
	case v.Kind == ir.String:
		text = written(v.Text)
		if text == "" {
			text = `""`
		}
	case v.Kind == ir.List || v.Kind == ir.Map:
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(native(v)); err != nil {
			return "?"
		}
		text = strings.TrimSpace(b.String())
	default:
		text = scalarText(v)
	}
	text = Clean(text)
	if utf8.RuneCountInString(text) > limit {
		return string([]rune(text)[:limit-1]) + "…"
	}
	return text
}
