package compiler

import (
	"cmp"
	"context"
	"slices"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/layer"
)

// Explanation is a compiled stack that can say where its values came from.
type Explanation struct {
	Stack *ir.Stack
	from  *compilation
}

// Explained is a component with the origin of every value.
type Explained struct {
	*ir.Component
	APIVersion string
	// Spec is the merged spec with defaults and the values of variables; sensitive ones are masked.
	Spec *ir.Value
	// Values are the values of Spec that layers replace whole, in the order of their paths, and behind them those that a
	// layer has removed.
	Values []Origin
}

// Origin tells where a value came from.
type Origin struct {
	// Path leads to the value below the spec.
	Path layer.Path
	// Value is what is in effect; nil when a layer removed it.
	Value *ir.Value
	// Said is what the layers said, the topmost, which is in effect, first. As written: variables are still variables.
	Said []Saying
}

// Saying is what one layer said about a value.
type Saying struct {
	layer.Step
	// Given are the places where a component gave its template what stands in the value.
	Given []diag.Position
	// Variables are the variables in the value.
	Variables []VariableOrigin
}

// VariableOrigin tells where the value of a variable came from.
type VariableOrigin struct {
	Name string
	// Value is the value, masked if it is sensitive; Set tells whether there is one.
	Value string
	Set   bool
	// Layer is the topmost one that sets it: default, environment NAME, or what sets it from outside the repository, such
	// as --var, --var-file or PANKA_VAR_NAME.
	Layer string
	// Source is the place of the value; zero for one that stands in no file.
	Source diag.Position
}

// BuiltIn is the name of the layer of the schema's defaults, and Outside that of values from outside the repository of
// which Options.Origins does not say more.
const (
	BuiltIn = "built-in default"
	Outside = "--var"
)

// Masked stands for the value of a sensitive variable.
const Masked = "(sensitive)"

// Explain compiles as Compile does and keeps what is needed to explain the components. It is nil if the diagnostics hold
// an error.
func Explain(ctx context.Context, options Options) (*Explanation, diag.List) {
	c, diags := compile(ctx, options)
	if diags.HasErrors() {
		return nil, diags
	}
	return &Explanation{Stack: c.stack, from: c}, diags
}

// Component explains the component of an id; nil if there is none.
func (e *Explanation) Component(id string) *Explained {
	i := slices.IndexFunc(e.from.components, func(k *component) bool { return k.ID() == id })
	if i < 0 {
		return nil
	}
	k := e.from.components[i]
	x := &Explained{Component: k.result, APIVersion: k.APIVersion, Spec: e.from.masked(k.whole())}
	history := layer.NewHistory(k.Layers)
	for _, path := range layer.Leaves(x.Spec) {
		x.Values = append(x.Values, e.from.origin(k, history, path, layer.At(x.Spec, path)))
	}
	for _, path := range history.Removed() {
		if layer.At(x.Spec, path) == nil {
			x.Values = append(x.Values, e.from.origin(k, history, path, nil))
		}
	}
	return x
}

// origin explains the value at a path.
func (c *compilation) origin(k *component, history *layer.History, path layer.Path, value *ir.Value) Origin {
	o := Origin{Path: path, Value: value}
	spec := k.whole()
	for _, step := range history.Steps(layer.Corresponding(spec, k.Spec, path)) {
		o.Said = append(o.Said, c.saying(k, step))
	}
	if fallback := c.rules.Default(k.Kind, schemaPath(spec, path)...); fallback != nil {
		o.Said = append(o.Said, Saying{Step: layer.Step{Layer: BuiltIn, Value: fallback}})
	}
	return o
}

func (c *compilation) saying(k *component, step layer.Step) Saying {
	s := Saying{Step: step}
	if k.Template != nil {
		s.Given = given(k.Template.Values, step.Value)
	}
	for _, name := range variablesOf(step.Value) {
		i := slices.IndexFunc(c.stack.Variables, func(v ir.Variable) bool { return v.Name == name })
		if i >= 0 {
			s.Variables = append(s.Variables, c.variableOrigin(c.stack.Variables[i]))
		}
	}
	return s
}

// given finds the places in v at which parameters of a template stand, and where their values were given.
func given(values map[diag.Position]diag.Position, v *ir.Value) []diag.Position {
	if v == nil {
		return nil
	}
	var places []diag.Position
	if place, ok := values[v.Source]; ok {
		places = append(places, place)
	}
	for _, item := range v.Items {
		places = append(places, given(values, item)...)
	}
	for _, f := range v.Fields {
		places = append(places, given(values, f.Value)...)
	}
	return places
}

func (c *compilation) variableOrigin(v ir.Variable) VariableOrigin {
	o := VariableOrigin{Name: v.Name, Value: v.Value, Set: v.Set, Source: v.ValueSource}
	_, outside := c.Variables[v.Name]
	switch fallback := c.layers.Stack.Get("variables", v.Name, "default"); {
	case !v.Set:
		return o
	case outside:
		o.Layer = cmp.Or(c.Origins[v.Name].By, Outside)
	case fallback != nil && fallback.Source == v.ValueSource:
		o.Layer = "default"
	default:
		o.Layer = "environment " + c.Environment
	}
	if v.Sensitive {
		o.Value = Masked
	}
	return o
}

// variablesOf lists the variables below v in order, each once.
func variablesOf(v *ir.Value) []string {
	var names []string
	if v == nil {
		return nil
	}
	for _, part := range v.Text {
		if part.Variable != "" && !slices.Contains(names, part.Variable) {
			names = append(names, part.Variable)
		}
	}
	add := func(below *ir.Value) {
		for _, name := range variablesOf(below) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	for _, item := range v.Items {
		add(item)
	}
	for _, f := range v.Fields {
		add(f.Value)
	}
	return names
}

// schemaPath is the path with "*" for the names of items.
func schemaPath(spec *ir.Value, path layer.Path) []string {
	general := []string{"spec"}
	for i, name := range path {
		if v := layer.At(spec, path[:i]); v != nil && v.Kind == ir.List {
			name = "*"
		}
		general = append(general, name)
	}
	return general
}

// masked is v with the values of variables put in, and Masked for sensitive ones.
func (c *compilation) masked(v *ir.Value) *ir.Value {
	sensitive := map[string]bool{}
	for _, declared := range c.stack.Variables {
		sensitive[declared.Name] = declared.Sensitive && declared.Set
	}
	return mask(c.variables.Known(v), sensitive)
}

func mask(v *ir.Value, sensitive map[string]bool) *ir.Value {
	copied := *v
	copied.Items, copied.Fields, copied.Text = nil, nil, nil
	for _, item := range v.Items {
		copied.Items = append(copied.Items, mask(item, sensitive))
	}
	for _, f := range v.Fields {
		copied.Fields = append(copied.Fields, ir.Field{Name: f.Name, Value: mask(f.Value, sensitive)})
	}
	for _, part := range v.Text {
		if sensitive[part.Variable] {
			part = ir.Part{Literal: Masked}
		}
		copied.Text = append(copied.Text, part)
	}
	return &copied
}
