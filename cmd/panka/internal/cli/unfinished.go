package cli

import (
	"strings"

	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/runtime/deploy"
)

// unfinished tells which components a run has not finished with, by ID, and what is left to do. Those are the ones with
// an operation whose end nobody saw and, if the last run did not succeed, those that lack resources which it was about:
// one that was stopped while it created or deleted leaves what is there in good health, but not the whole component.
func unfinished(state *deploy.State) map[string]string {
	half := map[string]string{}
	owners := map[string]string{}
	for _, r := range state.Resources {
		owners[r.URN] = r.Component
	}
	if last := state.Last; last != nil && last.Result != deploy.Succeeded && last.Result != deploy.NothingToDo {
		lacking := map[string]int{}
		for urn := range last.Sources {
			if _, there := owners[urn]; !there {
				lacking[componentOf(urn, last)]++
			}
		}
		for id, n := range lacking {
			half[id] = view.Count(n, "resource") + " not there"
		}
	}
	for _, p := range state.Pending {
		_, urn, _ := strings.Cut(p, " ")
		id, there := owners[urn]
		if !there {
			id = componentOf(urn, state.Last)
		}
		half[id] = view.PendingText(p)
	}
	return half
}

// componentOf finds the component of a resource that is not recorded, by its name: service-component or
// service-component-part. It gives "" if there is none.
func componentOf(urn string, last *deploy.Deployment) string {
	if last == nil {
		return ""
	}
	name := urn[strings.LastIndex(urn, "::")+len("::"):]
	owner := ""
	for _, c := range last.Components {
		stem := strings.ReplaceAll(c.ID, "/", "-")
		if (name == stem || strings.HasPrefix(name, stem+"-")) && len(c.ID) > len(owner) {
			owner = c.ID
		}
	}
	return owner
}
