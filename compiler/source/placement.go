package source

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
)

// The API groups whose documents have a fixed place in the repository.
const (
	coreGroup       = "core.panka.io/"
	componentsGroup = "components.panka.io/"
	infraGroup      = "infra.panka.io/"
)

// place compares what the metadata says with where the file lies, and completes the metadata from the folders. Below
// environments/<env>/ lie overlays for anything in the stack, so only the stack, and an Environment's name, are
// compared there.
func (id *identity) place() {
	d := id.document
	if core := strings.HasPrefix(d.APIVersion, coreGroup); d.Scope.Stack == "" || core && d.Kind == "Template" {
		id.placeTemplate()
		return
	}
	id.agree("stack", &d.Metadata.Stack, d.Scope.Stack, "stacks/"+d.Scope.Stack)
	core := strings.HasPrefix(d.APIVersion, coreGroup)
	switch {
	case core && d.Kind == "Stack":
		id.agree("name", &d.Metadata.Name, d.Scope.Stack, "stacks/"+d.Scope.Stack)
		id.belongs(d.Scope.Service == "", "stacks/<stack>/")
	case core && d.Kind == "Environment":
		if id.belongs(d.Scope.Environment != "", "environments/<environment>/") {
			id.agree("name", &d.Metadata.Name, d.Scope.Environment, "environments/"+d.Scope.Environment)
		}
	case d.Scope.Environment != "":
		id.placeOverlay()
	case core && d.Kind == "Service":
		if id.belongs(d.Scope.Service != "", "services/<service>/") {
			id.agree("name", &d.Metadata.Name, d.Scope.Service, "services/"+d.Scope.Service)
		}
	case isComponentDocument(d):
		if id.belongs(d.Scope.Component != "", "services/<service>/components/<component>/") {
			id.agree("service", &d.Metadata.Service, d.Scope.Service, "services/"+d.Scope.Service)
			id.agree("name", &d.Metadata.Name, d.Scope.Component, "components/"+d.Scope.Component)
		}
	case isInfraDocument(d):
		id.placeInfra()
	}
}

// placeTemplate keeps templates and the documents of stacks apart; a mistyped kind is the schema's to refuse.
func (id *identity) placeTemplate() {
	d := id.document
	ofStack := isComponentDocument(d) || isInfraDocument(d) || slices.Contains([]string{"Stack", "Environment", "Service"}, d.Kind)
	if d.Kind == "Template" {
		id.belongs(d.Scope.Stack == "", "templates/ at the root of the repository")
	} else {
		id.belongs(!ofStack, "stacks/<stack>/; templates/ holds Templates only")
	}
}

// placeOverlay requires of an overlay for a component that it says which service it means; no folder does.
func (id *identity) placeOverlay() {
	d := id.document
	if isComponentDocument(d) && d.Metadata.Service == "" && d.Root.Get("metadata", "service") == nil {
		if metadata := d.Root.Get("metadata"); metadata != nil && metadata.Kind == Map {
			id.report(metadata.Pos, "missing-field", `metadata lacks the field "service"`)
		}
	}
}

func (id *identity) placeInfra() {
	d := id.document
	if !id.belongs(d.Scope.Component == "", "infra/ of the stack or a service") {
		return
	}
	if d.Scope.Service != "" {
		id.agree("service", &d.Metadata.Service, d.Scope.Service, "services/"+d.Scope.Service)
	} else if d.Metadata.Service != "" {
		id.report(d.Root.Get("metadata", "service").Pos, "metadata-folder",
			"metadata.service is %q, but the file lies in no service's folder", d.Metadata.Service)
	}
}

func isComponentDocument(d *Document) bool {
	return strings.HasPrefix(d.APIVersion, componentsGroup) ||
		strings.HasPrefix(d.APIVersion, infraGroup) && d.Kind == "ComponentInfra"
}

func isInfraDocument(d *Document) bool {
	return strings.HasPrefix(d.APIVersion, infraGroup) &&
		slices.Contains([]string{"InfraDefaults", "Networking", "Security", "Observability"}, d.Kind)
}

// agree reports a part of the metadata that differs from the folder's name; a missing one becomes the folder's.
func (id *identity) agree(key string, value *string, folder, shown string) {
	if *value == "" {
		*value = folder
		return
	}
	if *value != folder {
		id.diags.Add(diag.Errorf(id.document.Root.Get("metadata", key).Pos, "metadata-folder",
			"metadata.%s is %q, but the file lies in %s", key, *value, shown).WithHint("give both the same name"))
	}
}

// belongs reports a document that lies where its kind cannot.
func (id *identity) belongs(ok bool, where string) bool {
	if !ok {
		id.report(id.document.Root.Get("kind").Pos, "misplaced-document", "a document of kind %s belongs in %s", id.document.Kind, where)
	}
	return ok
}
