package main

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/schema"
)

// mark begins each page.
const mark = "<!-- Written by make docs from the schema. Do not edit. -->\n"

func isOwn(text string) bool { return strings.HasPrefix(text, mark) }

func fileName(kind string) string { return strings.ToLower(kind) + ".md" }

// page is the page of one kind.
type page struct {
	schema           *schema.Schema
	apiVersion, kind string
	example          string
	b                strings.Builder
}

func (p *page) printf(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

func (p *page) text() string {
	d := p.schema.Describe(p.kind)
	p.printf("%s\n# %s\n\n%s\n\n", mark, p.kind, paragraph(d.Doc))
	p.printf("`apiVersion: %s`, in %s.\n", p.apiVersion, place(p.apiVersion, p.kind))
	if d.Stateful {
		p.printf("Losing one loses data, so panka takes care with changes that replace or delete it.\n")
	}
	if d.Partial {
		p.printf("It is a layer: any part of the fields will do.\n")
	}
	p.printf("\n## Example\n\n```yaml\n%s```\n\n## Fields\n", p.example)
	for _, name := range []string{"metadata", "spec"} {
		if f := d.Field(name); f != nil {
			p.mapping(f.Description, name)
		}
	}
	if outputs := p.schema.DescribeOutputs(p.kind); outputs != nil {
		p.outputs(outputs)
	}
	p.printf("\n[All kinds](README.md)\n")
	return p.b.String()
}

// mapping writes the section of a mapping, and those of the mappings in it.
func (p *page) mapping(d *schema.Description, path string) {
	p.printf("\n### %s\n\n", strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(path))
	if d.Doc != "" {
		p.printf("%s\n\n", paragraph(d.Doc))
	}
	p.printf("| field | type | default | meaning |\n|---|---|---|---|\n")
	for i := range d.Fields {
		f := &d.Fields[i]
		words := typeWords(f.Description)
		if f.Refuse == "" {
			words = typeCell(f.Description, path+"."+f.Name)
		}
		p.printf("| `%s` | %s | %s | %s |\n", f.Name, words, defaultCell(f.Description), meaning(f))
	}
	p.rules(d)
	for i := range d.Fields {
		if f := &d.Fields[i]; f.Refuse == "" {
			if inner, at := innerMapping(f.Description, path+"."+f.Name); inner != nil {
				p.mapping(inner, at)
			}
		}
	}
}

func (p *page) rules(d *schema.Description) {
	p.refusals("Refused with", d.Rules)
	p.refusals("In environments with `protection.dataLoss: block` refused with", d.Protected)
}

func (p *page) refusals(title string, rules []string) {
	if len(rules) == 0 {
		return
	}
	p.printf("\n%s:\n\n", title)
	for _, rule := range rules {
		p.printf("- %s\n", strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(oneLine(rule)))
	}
}

func (p *page) outputs(d *schema.Description) {
	p.printf("\n## Outputs\n\n%s\n\n| output | type | meaning |\n|---|---|---|\n", paragraph(d.Doc))
	for i := range d.Fields {
		f := &d.Fields[i]
		p.printf("| `%s` | %s | %s |\n", f.Name, typeCell(f.Description, f.Name), cell(f.Doc+whose(f.When)))
	}
}

// whose says which components have an output; "" if all have it.
func whose(c schema.Condition) string {
	switch field := "`" + strings.Join(c.Field, ".") + "`"; {
	case len(c.Field) == 0:
		return ""
	case c.Without:
		return " Only without " + field + "."
	default:
		return " Only with " + field + "."
	}
}

// place says where documents of a kind lie.
func place(apiVersion, kind string) string {
	switch {
	case apiVersion == schema.ComponentVersion, kind == "ComponentInfra":
		return "`stacks/<stack>/services/<service>/components/<component>/`"
	case kind == "Stack":
		return "`stacks/<stack>/`"
	case kind == "Environment":
		return "`stacks/<stack>/environments/<environment>/`"
	case kind == "Service":
		return "`stacks/<stack>/services/<service>/`"
	case kind == "Template":
		return "`templates/`"
	default:
		return "`infra/` of a stack or service"
	}
}

// index is the page that lists the others.
func index(s *schema.Schema) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n# Reference\n\n%s", mark, introduction)
	for _, apiVersion := range s.APIVersions() {
		fmt.Fprintf(&b, "\n## %s\n\n| kind | what it is | outputs |\n|---|---|---|\n", apiVersion)
		for _, kind := range s.Kinds(apiVersion) {
			fmt.Fprintf(&b, "| [%s](%s) | %s | %s |\n", kind, fileName(kind), cell(s.Describe(kind).Doc), code(s.Outputs(kind)))
		}
	}
	return b.String()
}

const introduction = `Each kind of document has a page: its fields, what they must be, their defaults, the rules between them, its outputs and
an example. The pages are written from the schema (` + "`make docs`" + `), so they say what ` + "`panka validate`" + ` checks.
What each kind registers in AWS, and which rules of security hold for it, is on [a page of its own](resources.md).

A string may hold variables, written ` + "`${NAME}`" + `; so may a string that stands for a number or for true or false, if it is
nothing but one variable. ` + "`null`" + ` removes what a lower layer set. A time span is written ` + "`30s`, `5m` or `2h`" + `, or as a
number of seconds.

## In an editor

` + "`panka schema <kind>`" + ` prints the same as JSON Schema (draft 2020-12), ` + "`panka schema --all`" + ` writes the schemas of all kinds to
` + "`.panka/schemas/`" + ` in the repository, or elsewhere with ` + "`--out DIR`" + `. An editor with a YAML language server then completes and
checks a document whose first line names the schema, as in the documents that ` + "`panka init`" + ` writes:

` + "```yaml\n# yaml-language-server: $schema=../../.panka/schemas/index.json\n```" + `

The path is relative to the document, so no network is needed. ` + "`index.json`" + ` goes by the document's kind; ` + "`overlays.json`" + ` does the
same for documents below ` + "`environments/`" + `, which may hold any part of what they change. git does not keep ` + "`.panka/`" + `: run
` + "`panka schema --all`" + ` once after a clone and after an upgrade of panka. Rules between fields, references and what depends on
the repository are left to ` + "`panka validate`" + `.
`
