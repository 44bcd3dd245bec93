package database

import (
	"maps"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// Parameter is a setting of an engine.
type Parameter struct {
	Name  string
	Value ir.Text
	// Apply is when it takes effect, immediate or pending-reboot; "" where the service has no such choice.
	Apply string
}

// Parameters are those of the YAML, laid over those that panka sets, sorted by name. Those of the YAML take effect when
// apply says.
func Parameters(own map[string]ir.Text, apply string, set ...Parameter) []Parameter {
	var all []Parameter
	for _, p := range set {
		if _, overridden := own[p.Name]; !overridden {
			all = append(all, p)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		all = append(all, Parameter{name, own[name], apply})
	}
	slices.SortStableFunc(all, func(a, b Parameter) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// ParameterGroup registers the parameters as a group of an AWS service, by its module in the SDK, as the local variable
// parameters. Kind is ParameterGroup, or what the service calls the group of a cluster.
//
// The groups of two families are two resources, not one that is replaced: then the old one stays untouched until the
// database uses the new one, and if AWS refuses the upgrade, the YAML can simply be changed back.
func ParameterGroup(b *component.Builder, module, kind, family string, parameters []Parameter) {
	var items []jen.Code
	for _, p := range parameters {
		items = append(items, component.Struct(component.AWS(module, kind+"ParameterArgs"), component.Fields{
			{Name: "Name", Value: component.Str(p.Name)},
			{Name: "Value", Value: b.Text(p.Value)},
			{Name: "ApplyMethod", Value: component.If(p.Apply != "", component.Str(p.Apply))},
		}))
	}
	source := b.Place("parameters")
	if b.Component().Spec.Get("parameters") == nil {
		source = b.Place("engine")
	}
	file := strings.ToLower(kind[:1]) + kind[1:]
	b.Resource(component.Resource{
		Var: "parameters", Type: "aws:" + module + "/" + file + ":" + kind, Part: "parameters-" + strings.ReplaceAll(family, ".", "-"), What: "parameter group", Source: source,
		Args: component.Fields{
			{Name: "Name", Value: b.Salted(255, "", family)},
			{Name: "Family", Value: component.Str(family)},
			{Name: "Parameters", Value: component.If(len(items) > 0,
				component.List(component.AWS(module, kind+"ParameterArray"), items...))},
		},
	})
}
