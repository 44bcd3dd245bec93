package schema

import (
	"math"
	"strconv"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
)

// openness tells how much of a string is known before its variables are.
type openness int

const (
	closed   openness = iota
	openText          // some text with variables in it
	openAll           // one variable and nothing else: it may stand for any scalar
)

// datum is a value to check, from a document as written or from a merged one.
type datum struct {
	kind   source.Kind
	truth  bool
	number float64
	text   string // of a string, escapes undone; of other scalars their spelling
	open   openness
	items  []*datum
	fields []datumField
	pos    diag.Position
}

type datumField struct {
	name  string
	pos   diag.Position // of the key, where known
	value *datum
}

// get follows a path of names of fields and places in lists; nil where it leads nowhere.
func (d *datum) get(path ...string) *datum {
	for _, name := range path {
		if d = d.child(name); d == nil {
			return nil
		}
	}
	return d
}

func (d *datum) child(name string) *datum {
	if d == nil {
		return nil
	}
	if i, err := strconv.Atoi(name); err == nil && d.kind == source.List && i >= 0 && i < len(d.items) {
		return d.items[i]
	}
	for i := range d.fields {
		if d.fields[i].name == name {
			return d.fields[i].value
		}
	}
	return nil
}

// deepest follows a path with dots as far as there is something.
func (d *datum) deepest(path string) *datum {
	for _, name := range pathOf(path) {
		next := d.child(name)
		if next.absent() {
			break
		}
		d = next
	}
	return d
}

// absent tells whether there is nothing, which null says too.
func (d *datum) absent() bool { return d == nil || d.kind == source.Null }

func fromNode(n *source.Node) *datum {
	d := &datum{kind: n.Kind, truth: n.Bool, number: n.Number, text: n.Text, pos: n.Pos}
	switch n.Kind {
	case source.String:
		d.open, d.text = variablesIn(n.Text)
	case source.List:
		d.items = make([]*datum, len(n.Items))
		for i, item := range n.Items {
			d.items[i] = fromNode(item)
		}
	case source.Map:
		d.fields = make([]datumField, len(n.Fields))
		for i, f := range n.Fields {
			d.fields[i] = datumField{name: f.Key, pos: f.KeyPos, value: fromNode(f.Value)}
		}
	}
	return d
}

// variablesIn tells whether a string as written holds variables, and what it says otherwise.
func variablesIn(text string) (openness, string) {
	if !strings.Contains(text, "${") {
		return closed, text
	}
	rest, found := strings.ReplaceAll(text, "$${", ""), strings.Index(text, "${")
	if !strings.Contains(rest, "${") {
		return closed, strings.ReplaceAll(text, "$${", "${")
	}
	if found == 0 && strings.Index(text, "}") == len(text)-1 {
		return openAll, text
	}
	return openText, text
}

func fromValue(v *ir.Value) *datum {
	d := &datum{kind: kindOf(v.Kind), truth: v.Bool, number: v.Number, pos: v.Source}
	switch v.Kind {
	case ir.Bool:
		d.text = strconv.FormatBool(v.Bool)
	case ir.Number:
		d.text = spell(v.Number)
	case ir.String:
		d.text = v.Text.String()
		if _, static := v.Text.Static(); !static {
			d.open = openText
			if len(v.Text) == 1 {
				d.open = openAll
			}
		}
	case ir.List:
		d.items = make([]*datum, len(v.Items))
		for i, item := range v.Items {
			d.items[i] = fromValue(item)
		}
	case ir.Map:
		d.fields = make([]datumField, len(v.Fields))
		for i, f := range v.Fields {
			d.fields[i] = datumField{name: f.Name, pos: f.Value.Source, value: fromValue(f.Value)}
		}
	}
	return d
}

func kindOf(k ir.ValueKind) source.Kind {
	switch k {
	case ir.Bool:
		return source.Bool
	case ir.Number:
		return source.Number
	case ir.String:
		return source.String
	case ir.List:
		return source.List
	case ir.Map:
		return source.Map
	default:
		return source.Null
	}
}

func spell(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// native is a scalar as CUE and JSON take it.
func (d *datum) native() any {
	switch d.kind {
	case source.Bool:
		return d.truth
	case source.Number:
		if d.number == math.Trunc(d.number) && math.Abs(d.number) <= 1<<53 {
			return int64(d.number)
		}
		return d.number
	default:
		return d.text
	}
}
