package variable

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// The types a variable may have. A declaration without one means a string.
const (
	String  = "string"
	Number  = "number"
	Boolean = "boolean"
	Enum    = "enum"
)

// Set is the declared variables of a stack with the values in effect.
type Set struct {
	declared map[string]*declaration
	names    []string // sorted
}

type declaration struct {
	ir.Variable
	pattern *regexp.Regexp
	values  []string // what an enum allows
}

// Declare reads spec.variables of a stack. Default values are checked like any other ("invalid-variable"). keys gives
// the places of the names; where it has none, the declaration's own place is used.
func Declare(variables *ir.Value, keys map[string]diag.Position) (*Set, diag.List) {
	set := &Set{declared: map[string]*declaration{}}
	var ds diag.List
	if variables == nil {
		return set, ds
	}
	for _, f := range variables.Fields {
		if f.Value.Kind != ir.Map || !ValidName(f.Name) {
			continue // the schema has refused it
		}
		d := &declaration{Variable: ir.Variable{Name: f.Name, Type: String, Source: f.Value.Source}}
		if pos, ok := keys[f.Name]; ok {
			d.Source = pos
		}
		ds.Add(d.read(f.Value)...)
		set.declared[f.Name] = d
		set.names = append(set.names, f.Name)
	}
	return set, ds
}

// read takes the declaration's fields over; what has the wrong type was refused by the schema.
func (d *declaration) read(v *ir.Value) diag.List {
	var ds diag.List
	if t := Scalar(v.Get("type")); t != "" {
		d.Type = t
	}
	d.Sensitive = isTrue(v.Get("sensitive"))
	d.Required = isTrue(v.Get("required"))
	if values := v.Get("values"); values != nil {
		for _, item := range values.Items {
			d.values = append(d.values, Scalar(item))
		}
	}
	if pattern := v.Get("pattern"); pattern != nil {
		compiled, err := regexp.Compile(`^(?:` + Scalar(pattern) + `)$`)
		if err != nil {
			ds.Add(diag.Errorf(pattern.Source, "invalid-variable", "the pattern of variable %q is not a regular expression", d.Name))
		}
		d.pattern = compiled
	}
	if value := v.Get("default"); IsScalar(value) {
		ds.Add(d.set(Scalar(value), value.Source)...)
	}
	return ds
}

// Assign gives the variable a value from a layer above the earlier ones. pos is where the value stands and namePos where
// the name does; both are zero for the command line. It reports a variable that is not declared and a value that does
// not fit.
func (s *Set) Assign(name, value string, pos, namePos diag.Position) diag.List {
	d := s.declared[name]
	if d == nil {
		return diag.List{Undeclared(namePos, name, s.names)}
	}
	return d.set(value, pos)
}

// Origin tells where a value from outside the repository comes from.
type Origin struct {
	// By is what sets it, such as "--var" or "PANKA_VAR_SIZE".
	By string
	// Name and Value are the places of both, if they stand in a file.
	Name, Value diag.Position
}

// AssignAll assigns values from outside the repository, in the order of their names. origins may lack names.
func (s *Set) AssignAll(values map[string]string, origins map[string]Origin) diag.List {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	var ds diag.List
	for _, name := range names {
		from := origins[name]
		for _, d := range s.Assign(name, values[name], from.Value, from.Name) {
			if from.By != "" && d.Hint == "" && !d.IsValid() {
				d = d.WithHint("%s sets it", from.By)
			}
			d.Secret = d.Secret || from.Name.IsValid() // a file of variables may hold secrets
			ds.Add(d)
		}
	}
	return ds
}

func (d *declaration) set(value string, pos diag.Position) diag.List {
	d.Value, d.Set, d.ValueSource = value, true, pos
	want := d.mismatch(value)
	if want == "" {
		return nil
	}
	shown := ""
	if !d.Sensitive {
		shown = " " + strconv.Quote(shorten(value))
	}
	e := diag.Errorf(pos, "invalid-variable", "the value%s of variable %q is not %s", shown, d.Name, want)
	e.Secret = d.Sensitive
	if pos != d.Source && d.Source.IsValid() {
		e = e.WithRelated(d.Source, "declared here")
	}
	return diag.List{e}
}

// mismatch says what the value should have been, or "" when it fits.
func (d *declaration) mismatch(value string) string {
	switch d.Type {
	case Number:
		if _, ok := ParseNumber(value); !ok {
			return "a number"
		}
	case Boolean:
		if value != "true" && value != "false" {
			return "true or false"
		}
	case Enum:
		if !slices.Contains(d.values, value) {
			return "one of " + strings.Join(d.values, ", ")
		}
	}
	if d.pattern != nil && !d.pattern.MatchString(value) {
		return "matched by the pattern " + shorten(strings.TrimSuffix(strings.TrimPrefix(d.pattern.String(), "^(?:"), ")$"))
	}
	return ""
}

// ParseNumber reads a decimal number: digits with an optional sign, fraction and exponent. Hexadecimal, infinity and
// underscores are refused, as they are in YAML.
func ParseNumber(s string) (float64, bool) {
	if s == "" || strings.Trim(s, "0123456789+-.eE") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

// Names are the declared names, sorted.
func (s *Set) Names() []string { return s.names }

// Variables are the declared variables with the values in effect, sorted by name.
func (s *Set) Variables() []ir.Variable {
	list := make([]ir.Variable, 0, len(s.names))
	for _, name := range s.names {
		list = append(list, s.declared[name].Variable)
	}
	return list
}

// Types maps each declared name to its type.
func (s *Set) Types() map[string]string {
	types := make(map[string]string, len(s.names))
	for _, name := range s.names {
		types[name] = s.declared[name].Type
	}
	return types
}

// Missing reports the required variables that have no value, each at its declaration ("unset-variable").
func (s *Set) Missing() diag.List {
	var ds diag.List
	for _, name := range s.names {
		if d := s.declared[name]; d.Required && !d.Set {
			ds.Add(diag.Errorf(d.Source, "unset-variable", "variable %q is required and has no value", name).
				WithHint("set it with --var %s=…", name))
		}
	}
	return ds
}

// IsScalar tells whether v is a string, number or boolean.
func IsScalar(v *ir.Value) bool {
	return v != nil && (v.Kind == ir.String || v.Kind == ir.Number || v.Kind == ir.Bool)
}

// Scalar is the text of a string, number or boolean, a number's as it was written if that is known, and "" for nil and
// anything else.
func Scalar(v *ir.Value) string {
	switch {
	case v == nil:
		return ""
	case v.Kind == ir.String:
		return v.Text.String()
	case v.Kind == ir.Number && v.Spelling != "":
		return v.Spelling
	case v.Kind == ir.Number:
		return strconv.FormatFloat(v.Number, 'f', -1, 64)
	case v.Kind == ir.Bool:
		return strconv.FormatBool(v.Bool)
	}
	return ""
}

func isTrue(v *ir.Value) bool { return v != nil && v.Kind == ir.Bool && v.Bool }
