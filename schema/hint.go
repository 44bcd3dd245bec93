package schema

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"

	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/suggest"
)

// typeHint helps with scalars of the wrong type.
func typeHint(sh *shape, d *datum) string {
	switch {
	case sh.form == listForm:
		return listHint(sh, d)
	case sh.form != leafForm:
		return mappingHint(sh, d)
	case d.kind == source.Map && sh.types == cue.StringKind:
		return `if the ":" is a part of the text, put the whole in quotes`
	case d.kind != source.String:
		all := sh.choices()
		isChoice := len(all) == 0 || slices.Contains(all, d.text)
		if isChoice && sh.types&cue.StringKind != 0 && (d.kind == source.Number || d.kind == source.Bool) {
			return `put it in quotes: "` + shorten(d.text) + `"`
		}
	case sh.types&cue.BoolKind != 0:
		return boolHint(d.text)
	case sh.types&cue.NumberKind != 0:
		return numberHint(sh, d)
	}
	return ""
}

func listHint(sh *shape, d *datum) string {
	switch {
	case d.kind == source.Map && sh.elem.named():
		return `write each entry as an item that begins with "- name: "`
	case d.kind == source.String && d.open == closed && sh.elem.form == leafForm && plainText.MatchString(d.text):
		return "write it as a list of one: [" + d.text + "]"
	}
	return `begin each item with "- "`
}

var plainText = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9/._-]{0,60}$`)

func boolHint(text string) string {
	switch strings.ToLower(text) {
	case "true", "yes", "on", "y":
		return "write true, without quotes"
	case "false", "no", "off", "n":
		return "write false, without quotes"
	}
	return "write true or false"
}

var (
	sizePattern = regexp.MustCompile(`^([0-9]{1,9}(?:\.[0-9]{1,3})?) ?([MG])i?[Bb]?$`)
	cpuPattern  = regexp.MustCompile(`^([0-9]{1,6}(?:\.[0-9]{1,3})?)(m?)$`)
)

// numberHint helps with a number that is written with a unit, in another unit or in quotes.
func numberHint(sh *shape, d *datum) string {
	if m := sizePattern.FindStringSubmatch(d.text); m != nil {
		size, _ := strconv.ParseFloat(m[1], 64)
		inMiB, inGiB := strings.Contains(sh.expected(), "of MiB"), strings.Contains(sh.expected(), "of GiB")
		switch {
		case inMiB && m[2] == "G":
			size *= 1024
		case inGiB && m[2] == "M":
			size /= 1024
		case !inMiB && !inGiB:
			return ""
		}
		if size == math.Trunc(size) {
			return "write the number alone: " + spell(size)
		}
		return "write the number alone"
	}
	if m := cpuPattern.FindStringSubmatch(d.text); m != nil && strings.Contains(sh.doc, "virtual CPU") {
		units, _ := strconv.ParseFloat(m[1], 64)
		if m[2] == "m" {
			units /= 1000
		}
		if text := spell(math.Round(units * 1024)); slices.Contains(sh.choices(), text) {
			return "write " + text + ": 1024 units are one virtual CPU"
		}
	}
	whole := sh.types&cue.NumberKind == cue.IntKind
	if n, err := strconv.ParseFloat(d.text, 64); err == nil && d.kind == source.String && (!whole || n == math.Trunc(n)) {
		return "write the number without quotes and without leading zeros"
	}
	return ""
}

// noSpace matches what was perhaps meant to be a key and its value.
var noSpace = regexp.MustCompile(`^([A-Za-z_][\w-]*):[^\s:]`)

// mostShown is how many names of fields a hint lists.
const mostShown = 10

// mappingHint helps with what stands in place of a mapping.
func mappingHint(sh *shape, d *datum) string {
	names := sh.fieldNames()
	if m := noSpace.FindStringSubmatch(d.text); m != nil && d.kind == source.String && (sh.form == mapForm || slices.Contains(names, m[1])) {
		return `write a space between the ":" and the value`
	}
	if sh.form != structForm || len(names) == 0 || len(names) > mostShown {
		return ""
	}
	if len(names) == 1 {
		return "it has the field " + names[0]
	}
	return "it has the fields " + joinAnd(names)
}

// keyHint helps with a key that the shape at path, which is part of root, does not have.
func keyHint(root, sh *shape, path string, f *datumField) string {
	names, key := sh.fieldNames(), f.name
	if f.value.absent() && strings.ContainsAny(key, " *") {
		return `within braces a "," ends a value: if this is a part of one, put the whole value in quotes`
	}
	if hint := suggest.Hint(key, names); hint != "" {
		return hint
	}
	if inner := holderOf(sh, key); inner != "" {
		return "it belongs in " + join(path, inner)
	}
	if i := strings.LastIndex(path, "."); path != "" && !strings.Contains(path, "[") {
		outer := path[:max(i, 0)]
		if root.at(steps(outer)).field(key) != nil {
			return "it belongs in " + holder(outer) + ", beside " + path[i+1:] + "; check the indentation"
		}
	}
	return "known here: " + strings.Join(names, ", ")
}

// deepestHolder is how many structures below the one at hand are searched for a key.
const deepestHolder = 2

// holderOf is the path of the structure in sh that has the field, the nearest one; "" if there is none or several.
func holderOf(sh *shape, key string) string {
	level := []shapeField{{shape: sh}}
	for range deepestHolder {
		var next []shapeField
		found := ""
		for _, outer := range level {
			for _, f := range outer.shape.fields {
				if f.shape.form != structForm || f.shape.refuse != "" {
					continue
				}
				f.name = join(outer.name, f.name)
				if f.shape.field(key) != nil {
					if found != "" {
						return ""
					}
					found = f.name
				}
				next = append(next, f)
			}
		}
		if found != "" {
			return found
		}
		level = next
	}
	return ""
}

// steps are the elements of a path, none for the whole.
func steps(path string) []string {
	if path == "" {
		return nil
	}
	return pathOf(path)
}
