package compiler

import (
	"slices"

	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/variable"
)

// declareVariables reads the declarations and the values of every layer, lowest first.
func (c *compilation) declareVariables() {
	set, problems := variable.Declare(c.layers.Stack.Get("variables"), c.layers.VariableKeys)
	c.variables = set
	c.report(problems...)
	if values := c.layers.Environment.Get("variables"); values != nil {
		for _, f := range values.Fields {
			if !variable.IsScalar(f.Value) {
				continue // the schema refuses it
			}
			c.report(set.Assign(f.Name, variable.Scalar(f.Value), f.Value.Source, c.layers.EnvironmentKeys[f.Name])...)
		}
	}
	c.report(set.AssignAll(c.Variables, c.Origins)...)
	if c.RequireVariables {
		c.report(set.Missing()...)
	}
}

// expandVariables puts values in and sets up the stack and its components.
func (c *compilation) expandVariables() {
	stack := c.expand("Stack", without(c.layers.Stack, "variables"))
	environment := c.expand("Environment", without(c.layers.Environment, "variables"))
	c.core = map[string]*ir.Value{}
	if c.layers.Source.IsValid() {
		c.core["Stack"] = stack
	}
	if c.index.Environment != nil {
		c.core["Environment"] = environment
	}
	c.stack = &ir.Stack{
		Name:                 c.Stack,
		Environment:          c.Environment,
		Region:               variable.Scalar(stack.Get("provider", "region")),
		Tags:                 c.tags(c.layers.Tags),
		Protected:            variable.Scalar(environment.Get("protection", "dataLoss")) == "block",
		PlanRequired:         variable.Scalar(environment.Get("protection", "approval")) == "plan",
		Network:              c.expand("Networking", c.layers.Network),
		Security:             c.expand("Security", c.layers.Security),
		Observability:        c.expand("Observability", c.layers.Observability),
		ServiceObservability: map[string]*ir.Value{},
		Variables:            c.variables.Variables(),
		SourceDigest:         digest(c.inEffect()),
		Source:               c.layers.Source,
	}
	if region := variable.Scalar(environment.Get("provider", "region")); region != "" {
		c.stack.Region = region
	}
	for service, v := range c.layers.ServiceObservability {
		c.stack.ServiceObservability[service] = c.expand("Observability", v)
	}
	for _, l := range c.layers.Components {
		e, problems := c.variables.Expand(l.Spec, c.places(l.Kind), c.RequireVariables)
		var use *ir.TemplateUse
		if l.Template != nil {
			use = &l.Template.TemplateUse
		}
		l.Cite(problems)
		c.report(problems...)
		c.components = append(c.components, &component{
			Component: l,
			checked:   e.Checked,
			complete:  e.Complete,
			result: takenOut(&ir.Component{Service: l.Service, Name: l.Name, Kind: l.Kind, Spec: e.Compiled,
				Tags: c.tags(l.Tags), Template: use, Source: l.Source}),
		})
	}
	c.checkTemplateUses()
}

// places is what the schema says about the places in the spec of a kind.
func (c *compilation) places(kind string) variable.Places {
	spec := func(path []string) []string { return append([]string{"spec"}, path...) }
	return variable.Places{
		Deferred: func(path []string) bool { return c.rules.Deferred(kind, spec(path)...) },
		TextOnly: func(path []string) bool { return c.rules.TextOnly(kind, spec(path)...) },
	}
}

// expand is for the spec of what is not a component: nothing in it can be deferred.
func (c *compilation) expand(kind string, spec *ir.Value) *ir.Value {
	return c.expandAt(variable.Places{TextOnly: c.places(kind).TextOnly}, spec)
}

func (c *compilation) expandAt(places variable.Places, v *ir.Value) *ir.Value {
	e, problems := c.variables.Expand(v, places, c.RequireVariables)
	c.report(problems...)
	return e.Compiled
}

// tags are the scalars of a merged map of tags, with panka's own.
func (c *compilation) tags(v *ir.Value) map[string]string {
	tags := map[string]string{}
	for _, f := range c.expandAt(variable.Places{TextOnly: everywhere}, v).Fields {
		tags[f.Name] = variable.Scalar(f.Value)
	}
	tags["managed-by"] = "panka"
	return tags
}

func everywhere([]string) bool { return true }

// without is v less one of its fields.
func without(v *ir.Value, name string) *ir.Value {
	rest := *v
	rest.Fields = slices.DeleteFunc(slices.Clone(v.Fields), func(f ir.Field) bool { return f.Name == name })
	return &rest
}
