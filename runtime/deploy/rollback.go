package deploy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/panka-io/panka/codegen/bundle"
)

// ErrNoEarlier says that there is no deployment to go back to.
var ErrNoEarlier = errors.New("there is no earlier deployment to go back to")

// Previous finds the deployment that a rollback without a name goes back to, in a history that is oldest first. If the
// newest one failed, that is the last one that succeeded, or what a failed rollback was to go back to; otherwise the one
// before it that wanted something else. What a rollback ran again counts for the rollback, so that rolling back twice goes
// back two steps. Deployments that were limited to some components say nothing of the others, and are passed over. Nothing
// is gone back to beyond a destruction. The error is ErrNoEarlier.
func Previous(history []Deployment) (*Deployment, error) {
	good := func(d *Deployment) bool {
		return d.Result == Succeeded && len(d.Selected) == 0 && d.Code != "" && (d.Operation == "apply" || d.Operation == "rollback")
	}
	at := len(history) - 1
	for at >= 0 && history[at].Result == NothingToDo {
		at--
	}
	if at < 0 {
		return nil, ErrNoEarlier
	}
	current := &history[at]
	if current.RolledBackTo != "" {
		complete := good(current)
		for i := at - 1; i >= 0 && current.RolledBackTo != ""; i-- {
			if history[i].ID != current.RolledBackTo {
				continue
			}
			if current, at = &history[i], i; !complete {
				return current, nil
			}
		}
	} else if current.Operation == "destroy" && len(current.Selected) == 0 {
		return nil, ErrNoEarlier
	}
	for i := at - 1; i >= 0; i-- {
		d := &history[i]
		if d.Operation == "destroy" && len(d.Selected) == 0 {
			break
		}
		if good(d) && !(good(current) && sameWish(d, current)) {
			return d, nil
		}
	}
	return nil, ErrNoEarlier
}

// sameWish tells whether two deployments wanted the same, as far as the history knows.
func sameWish(a, b *Deployment) bool {
	return a.Code == b.Code && maps.Equal(a.Variables, b.Variables)
}

// Rollback runs the bundle and the programs of an earlier deployment, which Request.RollbackTo names. Components that hold
// data stay as they are unless Request.Revert names them: to take them back would not bring back what was in them, and
// could lose what is. One that is gone is made anew. Errors are those of Apply.
func Rollback(ctx context.Context, req Request, approve Approve) (*Result, error) {
	foreign, err := readForeign(ctx, req)
	if err != nil {
		return nil, err
	}
	return locked(ctx, req, "rollback", func(ctx context.Context, s *session) (*Result, error) {
		s.foreign = foreign
		s.keepData()
		return s.apply(ctx, "rollback", approve)
	})
}

// keepData finds out which components a rollback leaves alone, and says so.
func (s *session) keepData() {
	holding := map[string]bool{}
	known := s.req.Bundle.Components
	if s.last != nil {
		known = slices.Concat(known, s.last.Components)
	}
	for _, c := range known {
		if c.Stateful {
			holding[c.ID] = true
		}
	}
	deployed := map[string]bool{}
	for _, r := range s.state.Resources() {
		owner := s.owners[r.URN]
		if !r.InCloud() || owner == "" {
			continue
		}
		deployed[owner] = true
		if stateful(r.Type) {
			holding[owner] = true
		}
	}
	for id := range holding {
		if deployed[id] && !slices.Contains(s.req.Revert, id) {
			s.kept = append(s.kept, id)
		}
	}
	slices.Sort(s.kept)
	if len(s.kept) > 0 {
		s.emit(Event{Kind: EventDiagnostic, Wave: -1, Severity: "info", Message: fmt.Sprintf(
			"left as they are, because they hold data: %s (--revert-data SERVICE/COMPONENT takes one back, too)", strings.Join(s.kept, ", "))})
	}
}

// left are the components that stay although the bundle does not have them.
func (s *session) left() []bundle.Component {
	if s.last == nil {
		return nil
	}
	var out []bundle.Component
	for _, c := range s.last.Components {
		if slices.Contains(s.kept, c.ID) && s.req.Bundle.Component(c.ID) == nil {
			out = append(out, c)
		}
	}
	return out
}
