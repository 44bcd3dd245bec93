package schema

import (
	"fmt"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
)

func (c *check) list(sh *shape, d *datum, path string, partial bool) {
	c.count(sh, len(d.items), d, path)
	named := sh.elem.named()
	for i, item := range d.items {
		at := fmt.Sprintf("%s[%d]", path, i)
		if item.kind == source.Null {
			c.wrongType(sh.elem, item, at)
			continue
		}
		if partial && named && item.kind == source.Map && item.get("name").absent() {
			c.report(item.pos, "missing-field", "", "%s lacks the field %q, by which lists are merged", at, "name")
		}
		c.value(sh.elem, item, at, partial)
	}
	if named && !c.merged {
		c.uniqueNames(d, path)
	}
}

// uniqueNames refuses two items of one name, since layers could not tell them apart.
func (c *check) uniqueNames(d *datum, path string) {
	first := map[string]diag.Position{}
	for _, item := range d.items {
		name := item.get("name")
		if name.absent() || name.kind != source.String {
			continue
		}
		if earlier, ok := first[name.text]; ok {
			c.diags.Add(diag.Errorf(name.pos, "duplicate-name", "%s has two items named %q", path, name.text).
				WithRelated(earlier, "the first %q is here", name.text))
			continue
		}
		first[name.text] = name.pos
	}
}

func (c *check) count(sh *shape, n int, d *datum, path string) {
	if sh.max > 0 && n > sh.max {
		c.report(d.pos, "too-many", "", "%s has %d entries; at most %d are possible", path, n, sh.max)
	}
}

// applyRules applies the rules of a structure; whole tells that nothing else is wrong in it.
func (c *check) applyRules(sh *shape, d *datum, partial, whole bool) {
	c.apply(sh.rules, "invalid-combination", sh, d, partial, whole)
}

func (c *check) apply(rules []*rule, code string, sh *shape, d *datum, partial, whole bool) {
	for _, r := range rules {
		values, known := c.inputs(sh, r, d, partial)
		if !known || r.has && (partial || !whole) {
			continue
		}
		faults, err := c.schema.judge(r, values, present(d))
		if err != nil {
			c.report(d.pos, "internal", "this is a mistake in panka; please report it", "the schema is broken: %v", err)
			continue
		}
		for _, f := range faults {
			c.diags.Add(diag.Diagnostic{Severity: r.severity, Code: code, Message: f.message, Hint: f.hint, Position: d.deepest(f.blame).pos})
		}
	}
}

func present(d *datum) []string {
	names := []string{}
	for _, f := range d.fields {
		if !f.value.absent() {
			names = append(names, f.name)
		}
	}
	return names
}
