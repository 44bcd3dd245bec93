package engine

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// fold applies journal entries to a base state.
//
// An entry names a resource in one of two ways: by its index in the base state ("old"), or by the operation that
// recorded it in this journal ("new"). So the fold keeps two lists: slots for the base's resources, each of which may
// be replaced or removed, and the recorded ones in order. For example, the update of base resource 3 by operation 7 is
//
//	{begin, op 7, updating …}    → operation 7 is pending
//	{success, op 7, remove old 3, state …} → slot 3 is empty, recorded[7] holds the new state, nothing is pending
//
// The result holds the recorded resources and then what is left of the base, put in an order in which every resource
// comes after what it depends on.
type fold struct {
	base     *apitype.DeploymentV3
	slots    []*apitype.ResourceV3 // nil where removed
	recorded map[int64]*apitype.ResourceV3
	order    []int64 // operations in recorded, oldest first
	pending  map[int64]apitype.OperationV2
	began    []int64 // operations in pending, oldest first
	pruned   bool    // a refresh may have removed what others depend on
	around   bool    // entries are lost
	skipped  int     // references to what lost entries recorded
}

func newFold(s *State) *fold {
	f := &fold{}
	base := s.deployment
	if base == nil {
		base = emptyDeployment()
	}
	f.rebase(base)
	return f
}

func (f *fold) rebase(base *apitype.DeploymentV3) {
	f.base = base
	f.slots = make([]*apitype.ResourceV3, len(base.Resources))
	for i := range base.Resources {
		r := base.Resources[i]
		f.slots[i] = &r
	}
	f.recorded, f.order = map[int64]*apitype.ResourceV3{}, nil
	f.pending, f.began = map[int64]apitype.OperationV2{}, nil
	f.pruned = false
}

func (f *fold) add(e apitype.JournalEntry) error {
	switch e.Kind {
	case apitype.JournalEntryKindBegin:
		if e.Operation != nil {
			f.pending[e.OperationID] = *e.Operation
			f.began = append(f.began, e.OperationID)
		}
		return nil
	case apitype.JournalEntryKindFailure:
		delete(f.pending, e.OperationID)
		return nil
	case apitype.JournalEntryKindSuccess:
		return f.success(e)
	case apitype.JournalEntryKindRefreshSuccess:
		delete(f.pending, e.OperationID)
		f.pruned = true
		return f.replace(e, e.State)
	case apitype.JournalEntryKindOutputs:
		if e.State == nil {
			return nil
		}
		return f.replace(e, e.State)
	case apitype.JournalEntryKindWrite:
		f.rebase(e.NewSnapshot)
		return nil
	case apitype.JournalEntryKindRebuiltBaseState:
		d, err := f.deployment()
		if err != nil {
			return err
		}
		f.rebase(d)
		return nil
	case apitype.JournalEntryKindSecretsManager:
		return nil
	default:
		return fmt.Errorf("journal entry of unknown kind %d: it may be of a newer panka", e.Kind)
	}
}

func (f *fold) success(e apitype.JournalEntry) error {
	delete(f.pending, e.OperationID)
	f.pruned = f.pruned || e.IsRefresh
	for _, change := range []struct {
		old, new *int64
		apply    func(**apitype.ResourceV3)
	}{
		{e.RemoveOld, e.RemoveNew, func(r **apitype.ResourceV3) { *r = nil }},
		{e.DeleteOld, e.DeleteNew, func(r **apitype.ResourceV3) { *r = with(*r, func(r *apitype.ResourceV3) { r.Delete = true }) }},
		{e.PendingReplacementOld, e.PendingReplacementNew, func(r **apitype.ResourceV3) {
			*r = with(*r, func(r *apitype.ResourceV3) { r.PendingReplacement = true })
		}},
	} {
		if err := f.change(e, change.old, change.new, change.apply); err != nil {
			return err
		}
	}
	if e.State != nil {
		f.recorded[e.OperationID] = e.State
		f.order = append(f.order, e.OperationID)
	}
	return nil
}

// replace puts a new state where the old one is, or nothing if the state is nil.
func (f *fold) replace(e apitype.JournalEntry, state *apitype.ResourceV3) error {
	return f.change(e, e.RemoveOld, e.RemoveNew, func(r **apitype.ResourceV3) { *r = state })
}

// change applies a function to the resource that old (an index) or new (an operation) names, if any does.
func (f *fold) change(e apitype.JournalEntry, old, new *int64, apply func(**apitype.ResourceV3)) error {
	if old != nil {
		if *old < 0 || *old >= int64(len(f.slots)) {
			return fmt.Errorf("journal entry %d refers to resource %d of %d: it belongs to another state",
				e.SequenceID, *old, len(f.slots))
		}
		if r := f.slots[*old]; f.around && r != nil && e.State != nil && e.State.URN != r.URN {
			return fmt.Errorf("journal entry %d about %s refers to %s: entries between have changed the state", e.SequenceID, e.State.URN, r.URN)
		}
		apply(&f.slots[*old])
	}
	if new != nil {
		r, ok := f.recorded[*new]
		if !ok && f.around {
			f.skipped++
			return nil
		}
		if !ok {
			return fmt.Errorf("journal entry %d refers to operation %d, which is not in the journal", e.SequenceID, *new)
		}
		apply(&r)
		f.recorded[*new] = r
	}
	return nil
}

func with(r *apitype.ResourceV3, change func(*apitype.ResourceV3)) *apitype.ResourceV3 {
	if r == nil {
		return nil
	}
	c := *r
	change(&c)
	return &c
}

func (f *fold) state() (*State, error) {
	d, err := f.deployment()
	if err != nil {
		return nil, err
	}
	return &State{deployment: d}, nil
}

func (f *fold) deployment() (*apitype.DeploymentV3, error) {
	d := *f.base
	d.Resources, d.PendingOperations = nil, nil
	for _, id := range f.order {
		if r := f.recorded[id]; r != nil {
			d.Resources = append(d.Resources, *r)
		}
	}
	for _, r := range f.slots {
		if r != nil {
			d.Resources = append(d.Resources, *r)
		}
	}
	for _, id := range f.began {
		if op, ok := f.pending[id]; ok {
			d.PendingOperations = append(d.PendingOperations, op)
		}
	}
	for _, op := range f.base.PendingOperations { // an earlier run's, still not settled
		if op.Type == apitype.OperationTypeCreating {
			d.PendingOperations = append(d.PendingOperations, op)
		}
	}
	if f.pruned {
		dropDangling(d.Resources)
	}
	sorted, err := dependencyOrder(d.Resources)
	if err != nil {
		return nil, err
	}
	d.Resources = sorted
	return &d, nil
}

// dropDangling removes references to resources that are gone.
func dropDangling(resources []apitype.ResourceV3) {
	exists := map[resource.URN]bool{}
	parent := map[resource.URN]resource.URN{}
	for _, r := range resources {
		exists[r.URN] = true
		parent[r.URN] = r.Parent
	}
	gone := func(u resource.URN) bool { return !exists[u] }
	for i := range resources {
		r := &resources[i]
		r.Dependencies = slices.DeleteFunc(slices.Clone(r.Dependencies), gone)
		properties := map[resource.PropertyKey][]resource.URN{}
		for k, deps := range r.PropertyDependencies {
			properties[k] = slices.DeleteFunc(slices.Clone(deps), gone)
		}
		if r.PropertyDependencies != nil {
			r.PropertyDependencies = properties
		}
		r.ReplaceWith = slices.DeleteFunc(slices.Clone(r.ReplaceWith), gone)
		if gone(r.DeletedWith) {
			r.DeletedWith = ""
		}
		if r.Parent != "" && gone(r.Parent) {
			r.Parent = parent[r.Parent]
		}
	}
}

// dependencyOrder sorts resources so that each comes after what it refers to, and otherwise keeps their order.
//
// A dependency on a component resource stands for one on the component's children. The engine sees it so when it
// orders deletions, but only for children that come before the dependent in this very order; so they must.
// Copies that await deletion come after the resource that took their place.
func dependencyOrder(resources []apitype.ResourceV3) ([]apitype.ResourceV3, error) {
	s := sorter{
		in: resources, byURN: map[resource.URN]int{}, children: map[resource.URN][]int{},
		mark: make([]mark, len(resources)), out: make([]apitype.ResourceV3, 0, len(resources)),
	}
	for i, r := range resources {
		if j, ok := s.byURN[r.URN]; !ok || resources[j].Delete && !r.Delete {
			s.byURN[r.URN] = i
		}
		if r.Parent != "" {
			s.children[r.Parent] = append(s.children[r.Parent], i)
		}
	}
	for i := range resources {
		if err := s.visit(i); err != nil {
			return nil, err
		}
	}
	return s.out, nil
}

type mark int

const (
	unseen mark = iota
	visiting
	done
)

// sorter is a depth-first walk from resources to what they refer to.
type sorter struct {
	in, out  []apitype.ResourceV3
	byURN    map[resource.URN]int
	children map[resource.URN][]int
	mark     []mark
}

func (s *sorter) visit(i int) error {
	r := s.in[i]
	switch s.mark[i] {
	case done:
		return nil
	case visiting:
		return fmt.Errorf("the recorded state has a cycle of dependencies through %s", r.URN)
	}
	s.mark[i] = visiting
	for _, u := range references(r) {
		if j, ok := s.byURN[u]; ok && j != i {
			if err := s.visit(j); err != nil {
				return err
			}
		}
	}
	for _, u := range r.Dependencies {
		if err := s.visitChildren(u); err != nil {
			return err
		}
	}
	if j := s.byURN[r.URN]; j != i {
		if err := s.visit(j); err != nil {
			return err
		}
	}
	s.mark[i] = done
	s.out = append(s.out, r)
	return nil
}

// visitChildren visits what is below a component resource, but for what is being visited: an implied dependency makes
// no cycle.
func (s *sorter) visitChildren(u resource.URN) error {
	i, ok := s.byURN[u]
	if !ok || s.in[i].Custom {
		return nil
	}
	for _, child := range s.children[u] {
		if s.mark[child] == visiting {
			continue
		}
		if err := s.visit(child); err != nil {
			return err
		}
		if err := s.visitChildren(s.in[child].URN); err != nil {
			return err
		}
	}
	return nil
}

// references lists the URNs that a resource refers to.
func references(r apitype.ResourceV3) []resource.URN {
	urns := slices.Clone(r.Dependencies)
	for _, deps := range r.PropertyDependencies {
		urns = append(urns, deps...)
	}
	urns = append(urns, r.ReplaceWith...)
	urns = append(urns, r.DeletedWith, r.Parent, providerURN(r.Provider))
	return slices.DeleteFunc(urns, func(u resource.URN) bool { return u == "" })
}

// providerURN takes the ID off a provider reference, <urn>::<id>.
func providerURN(ref string) resource.URN {
	for i := len(ref) - 2; i > 0; i-- {
		if ref[i:i+2] == urn.NameDelimiter {
			return resource.URN(ref[:i])
		}
	}
	return ""
}
