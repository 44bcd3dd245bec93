package component

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/sdktypes"
	"github.com/panka-io/panka/compiler/diag"
)

// hatched is the component's main resource with the raw properties of the YAML laid over its arguments, and adopted
// rather than made if the YAML says so.
func (b *Builder) hatched(r Resource) Resource {
	if b.comp.AWS != nil {
		r.Args = b.overlaid(r)
	}
	r.Options = b.importing(r.Options)
	return r
}

// importing are the options of the main resource with the one that adopts what exists, if the YAML says so.
func (b *Builder) importing(options []jen.Code) []jen.Code {
	adopted := b.comp.Import
	if adopted == nil {
		return options
	}
	return append(slices.Clone(options), Pulumi("Import").Call(Pulumi("ID").Call(jen.Lit(adopted.ID))))
}

func (b *Builder) overlaid(r Resource) Fields {
	types, err := sdktypes.Load()
	if err != nil {
		b.Internal(b.comp.AWS.Source, "%v", err)
		return r.Args
	}
	resource, ok := types.Resources[r.Type]
	if !ok {
		b.Fail(diag.Errorf(b.comp.AWS.Source, "unsupported",
			"aws cannot be used with %s: panka does not know the properties of %s", b.ID(), r.Type))
		return r.Args
	}
	o := &overlay{Builder: b, types: types, resource: resource}
	return o.fields(r.Args, resource.Inputs, b.comp.AWS, "aws")
}

// checkHatch reports raw properties and imports that are about no resource.
func (b *Builder) checkHatch() {
	if b.main || b.found.HasErrors() {
		return
	}
	const message = "%s cannot be used with %s: of the resources of kind %s none is the main one"
	if v := b.comp.AWS; v != nil {
		b.Fail(diag.Errorf(v.Source, "unsupported", message, "aws", b.ID(), b.comp.Kind))
	}
	if v := b.comp.Import; v != nil {
		b.Fail(diag.Errorf(v.Source, "unsupported", message, "import", b.ID(), b.comp.Kind))
	}
}
