package schema

import "slices"

// The fields that the spec of every kind of component has. The kinds do not say so, and their generators see none of
// them: the compiler takes them out of the spec.
const (
	templateField = "template"
	awsField      = "aws"
	importField   = "import"
)

// commonFields are those fields with the definition of what stands in each.
var commonFields = []struct{ name, definition string }{
	{templateField, "#TemplateUse"},
	{awsField, "#AWSProperties"},
	{importField, "#ImportedResource"},
}

// addCommon gives the spec of a kind of component the fields that all have.
func (s *Schema) addCommon(spec *shape) {
	for _, f := range commonFields {
		spec.fields = append(spec.fields, shapeField{name: f.name, optional: true, shape: s.compile(s.definition(f.definition))})
	}
}

// commonDefinitions are what addCommon needs.
func commonDefinitions() []string {
	var names []string
	for _, f := range commonFields {
		names = append(names, f.definition)
	}
	return names
}

func isCommon(field string) bool {
	return slices.ContainsFunc(commonFields, func(f struct{ name, definition string }) bool { return f.name == field })
}
