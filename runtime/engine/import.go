package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/pkg/v3/engine"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// A program can adopt a resource by its ID: the engine reads it and then changes it in place to what the program says.
// What can only be had by replacing it the engine refuses, in a preview with no more than a warning; here both are
// errors that say which properties differ.

// unreplaceable begins the engine's words about that.
const unreplaceable = "previously-imported resources that still specify an ID may not be replaced"

// notThere is what the engine says of an ID that nothing has.
var notThere = regexp.MustCompile(`resource '(.*)' does not exist$`)

// refusedImport tells of a planned replacement of an adopted resource.
func (w *waveRuntime) refusedImport(payload any) (Event, bool) {
	p, ok := payload.(engine.ResourcePreEventPayload)
	if !ok {
		return Event{}, false
	}
	m := p.Metadata
	if m.Op != deploy.OpCreateReplacement || !imported(m.Old) && !imported(m.New) {
		return Event{}, false
	}
	e, _ := w.stepEvent(m, OperationStarted)
	var differing []string
	for _, change := range e.Changes {
		if change.ForcesReplace {
			differing = append(differing, fmt.Sprintf("%s: %s → %s", change.Path, shown(change.Old), shown(change.New)))
		}
	}
	return Event{Kind: Diagnostic, URN: e.URN, Severity: string(diag.Error), Message: replacedImport(strings.Join(differing, ", "))}, true
}

func shown(value string) string {
	if value == "" {
		return "nothing"
	}
	return value
}

func replacedImport(differing string) string {
	return "the resource that import names would have to be replaced to become what the YAML says (" + differing +
		"): say what it has, in the fields or under aws: in the spec, or take import away to have a new one"
}

// importMessage puts what the engine says about imports in the words of the YAML; other messages stay as they are.
func importMessage(urn resource.URN, message string) string {
	if _, differing, found := strings.Cut(message, unreplaceable); found {
		lines := strings.Split(differing, "\n")
		return replacedImport(strings.ReplaceAll(strings.Join(lines[1:], ", "), " => ", " → "))
	}
	if m := notThere.FindStringSubmatch(message); m != nil && urn != "" {
		return fmt.Sprintf("import names %s, and there is no %s with this id in the account and region", m[1], urn.Type())
	}
	return message
}

func imported(m *engine.StepEventStateMetadata) bool {
	return m != nil && m.State != nil && m.State.ImportID != ""
}

// holds tells whether a resource is recorded, and not only as one that awaits deletion. It is nil-safe.
func (s *State) holds(u resource.URN) bool {
	return s != nil && s.deployment != nil && slices.ContainsFunc(s.deployment.Resources, func(r apitype.ResourceV3) bool {
		return r.URN == u && !r.Delete && r.ID != ""
	})
}
