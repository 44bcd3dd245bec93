package ir

import (
	"slices"

	"github.com/panka-io/panka/compiler/diag"
)

// TemplateUse is a component's use of a template.
type TemplateUse struct {
	Name string
	// Source is where the component names the template, and Template where the template starts.
	Source, Template diag.Position
	// Values leads from places in the template at which a parameter stands to the value that the component gives it.
	Values map[diag.Position]diag.Position `json:"-"`
}

// Cite adds to findings inside the template where it is used. It is nil-safe and changes the list in place.
func (u *TemplateUse) Cite(ds diag.List) {
	if u == nil {
		return
	}
	for i, d := range ds {
		if d.File != u.Template.File {
			continue
		}
		place, what := u.Source, "the template is used here"
		if value, ok := u.Values[d.Position]; ok {
			place, what = value, "the value of the parameter is given here"
		}
		if !slices.ContainsFunc(d.Related, func(r diag.Related) bool { return r.Position == place }) {
			ds[i] = d.WithRelated(place, "%s", what)
		}
	}
}
