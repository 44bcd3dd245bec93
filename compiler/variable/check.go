package variable

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/suggest"
)

// Check reports every string below n that uses a variable wrongly: bad syntax ("variable-syntax"), a variable that is
// not among declared ("undeclared-variable"), or a parameter, which only templates have ("undeclared-parameter").
func Check(n *source.Node, declared []string) diag.List {
	return CheckWith(n, func(name string, pos diag.Position) diag.List {
		if parameter, ok := strings.CutPrefix(name, ParameterPrefix); ok {
			return diag.List{diag.Errorf(pos, "undeclared-parameter", "${%s%s} stands for a template's parameter, and this is no template",
				ParameterPrefix, shorten(parameter)).WithHint("%s", literalHint)}
		}
		if slices.Contains(declared, name) {
			return nil
		}
		return diag.List{Undeclared(pos, name, declared)}
	})
}

// CheckWith reports bad syntax in the strings below n, and what judge says to each variable and parameter.
func CheckWith(n *source.Node, judge func(name string, pos diag.Position) diag.List) diag.List {
	var ds diag.List
	check(n, judge, &ds)
	return ds
}

func check(n *source.Node, judge func(string, diag.Position) diag.List, ds *diag.List) {
	if n == nil {
		return
	}
	for _, item := range n.Items {
		check(item, judge, ds)
	}
	for i := range n.Fields {
		check(n.Fields[i].Value, judge, ds)
	}
	if n.Kind != source.String || !strings.Contains(n.Text, "${") {
		return
	}
	p := parse(n.Text)
	for _, problem := range p.problems {
		d := diag.Errorf(place(n, problem.Offset), "variable-syntax", "%s", problem.Message)
		ds.Add(d.WithHint("%s", problem.Hint))
	}
	for _, u := range p.uses {
		ds.Add(judge(u.name, place(n, u.offset))...)
	}
}

// Undeclared is the diagnostic for a variable that stack.yaml does not declare.
func Undeclared(pos diag.Position, name string, declared []string) diag.Diagnostic {
	d := diag.Errorf(pos, "undeclared-variable", "variable %q is not declared in stack.yaml", shorten(name))
	if near, ok := suggest.Nearest(name, declared); ok {
		return d.WithHint("did you mean %q?", near)
	}
	if len(declared) == 0 {
		return d.WithHint("declare it under spec.variables; the stack has no variables yet")
	}
	return d.WithHint("declare it under spec.variables; declared are %s", strings.Join(declared, ", "))
}

// place is where the byte at offset stands in the file. Only a plain scalar on one line shows its text as it is; in a
// quoted or longer one escapes and folding move the characters, so there the scalar's own place must do.
func place(n *source.Node, offset int) diag.Position {
	pos := n.Pos
	if n.EndPos.Line == pos.Line && n.EndPos.Column-pos.Column == utf8.RuneCountInString(n.Text) {
		pos.Column += utf8.RuneCountInString(n.Text[:offset])
	}
	return pos
}
