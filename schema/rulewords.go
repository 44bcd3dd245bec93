package schema

import (
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
)

// words says what mistakes a rule finds: its comment if it has one, else its messages with the names of the fields in the
// places of their values.
func (r *rule) words() []string {
	if docs := r.value.Doc(); len(docs) > 0 {
		return []string{strings.TrimSpace(docs[0].Text())}
	}
	var all []string
	ast.Walk(r.value.Source(), func(n ast.Node) bool {
		field, ok := n.(*ast.Field)
		if !ok {
			return true
		}
		if name, _, _ := ast.LabelName(field.Label); name != "message" {
			return true
		}
		for _, text := range messageWords(field.Value) {
			all = appendNew(all, text)
		}
		return false
	}, nil)
	if len(all) == 0 {
		all = []string{"a combination of fields that is not possible"}
	}
	return all
}

// messageWords reads the expression of a message: a text, or a list of texts to choose from, [if … {"…"}, "…"][0].
func messageWords(expr ast.Expr) []string {
	switch e := expr.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil {
			return []string{text}
		}
	case *ast.Interpolation:
		return []string{interpolated(e)}
	case *ast.IndexExpr:
		return messageWords(e.X)
	case *ast.ListLit:
		var all []string
		for _, elt := range e.Elts {
			all = append(all, messageWords(elt)...)
		}
		return all
	case *ast.Comprehension:
		body, ok := e.Value.(*ast.StructLit)
		if !ok || len(body.Elts) != 1 {
			return nil
		}
		if embedded, ok := body.Elts[0].(*ast.EmbedDecl); ok {
			return messageWords(embedded.Expr)
		}
	}
	return nil
}

func interpolated(e *ast.Interpolation) string {
	var b strings.Builder
	for i, elt := range e.Elts {
		if literal, ok := elt.(*ast.BasicLit); ok {
			b.WriteString(literalPart(literal.Value, i == 0, i == len(e.Elts)-1))
		} else {
			b.WriteString(placeholder(elt))
		}
	}
	return b.String()
}

// literalPart is the text between two interpolations, without what marks them and without the quotes at the ends.
func literalPart(text string, first, last bool) string {
	text = strings.TrimSuffix(text, `\(`)
	if first {
		text = strings.TrimPrefix(text, `"`)
	} else {
		text = strings.TrimPrefix(text, `)`)
	}
	if last {
		text = strings.TrimSuffix(text, `"`)
	}
	return strings.ReplaceAll(text, `\"`, `"`)
}

// placeholder stands for a value in a message: <engine.type> for the field in.engine.type, … for what is computed.
func placeholder(expr ast.Expr) string {
	var names []string
	for {
		selector, ok := expr.(*ast.SelectorExpr)
		if !ok {
			break
		}
		name, _, _ := ast.LabelName(selector.Sel)
		names = append(names, name)
		expr = selector.X
	}
	if ident, ok := expr.(*ast.Ident); !ok || ident.Name != "in" || len(names) == 0 {
		return "…"
	}
	slices.Reverse(names)
	return "<" + strings.Join(names, ".") + ">"
}
