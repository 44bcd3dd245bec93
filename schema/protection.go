package schema

import (
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
)

// Unprotected is the code of what CheckProtected finds.
const Unprotected = "unprotected"

// CheckProtected checks the merged spec of a component by what only environments that forbid losing data ask
// (spec.protection.dataLoss: block): the #protected rules of its kind. They are not asked of what still holds variables.
// spec should have passed CheckMerged, defaults need not be filled in; an unknown kind has no rules.
func (s *Schema) CheckProtected(kind string, spec *ir.Value) diag.List {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.document(kind).at([]string{"spec"})
	if sh == nil {
		return nil
	}
	c := &check{schema: s, merged: true}
	c.protection(sh, fromValue(spec))
	return c.diags
}

// protection applies the rules for protected environments to d and all that is in it. It passes over what has another
// form than the shape, which is reported elsewhere.
func (c *check) protection(sh *shape, d *datum) {
	switch {
	case d.absent() || d.open != closed:
	case sh.form == structForm && d.kind == source.Map:
		for _, f := range d.fields {
			if field := sh.field(f.name); field != nil {
				c.protection(field.shape, f.value)
			}
		}
		c.apply(sh.protected, Unprotected, sh, d, false, true)
	case sh.form == mapForm && d.kind == source.Map:
		for _, f := range d.fields {
			c.protection(sh.elem, f.value)
		}
	case sh.form == listForm && d.kind == source.List:
		for _, item := range d.items {
			c.protection(sh.elem, item)
		}
	}
}
