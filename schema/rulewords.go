package schema

import (
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
		if text := messageWords(field.Value); text != "" {
			all = appendNew(all, text)
		}
		return false
	}, nil)
	if len(all) == 0 {
		all = []string{"a combination of fields that is not possible"}
	}
	return all
}

// messageWords reads the expression of a message; "" if it is no text.
func messageWords(expr ast.Expr) string {
	switch e := expr.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if err != nil {
			return ""
		}
		return text
	case *ast.Interpolation:
		var b strings.Builder
		for i, elt := range e.Elts {
			literal, ok := elt.(*ast.BasicLit)
			switch {
			case !ok:
				b.WriteString(placeholder(elt))
			default:
				b.WriteString(literalPart(literal.Value, i == 0, i == len(e.Elts)-1))
			}
		}
		return b.String()
	default:
		return ""
	}
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

// placeholder stands for a value in a message: <name> for the field in.….name, … for what is computed.
func placeholder(expr ast.Expr) string {
	selector, ok := expr.(*ast.SelectorExpr)
	if !ok {
		return "…"
	}
	root := selector.X
	for {
		inner, ok := root.(*ast.SelectorExpr)
		if !ok {
			break
		}
		root = inner.X
	}
	if ident, ok := root.(*ast.Ident); !ok || ident.Name != "in" {
		return "…"
	}
	name, _, _ := ast.LabelName(selector.Sel)
	return "<" + name + ">"
}
