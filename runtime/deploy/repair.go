package deploy

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/engine"
)

// Mend is one thing that is wrong with what is stored of a stack, and what a repair does about it.
type Mend struct {
	Object  string `json:"object"`
	Problem string `json:"problem"`
	Remedy  string `json:"remedy"`
}

// Repairs tells what a repair would do.
type Repairs struct {
	Mends []Mend
	// State tells where the state is taken from, for people; "" if the stored one is whole.
	State     string
	Serial    uint64 // the highest that was written
	Resources int    // recorded after the repair
	// Pending are operations of which nobody knows how they ended, as State has them; the next run looks.
	Pending []string
	// Warnings tell what may be lost.
	Warnings []string
}

// IrreparableError says that nothing is left from which a state could be taken.
type IrreparableError struct{ Faults []Mend }

func (e *IrreparableError) Error() string {
	text := "no state can be read any more"
	for _, f := range e.Faults {
		text += "\n" + f.Object + ": " + f.Problem
	}
	return text
}

// Repair makes a damaged state whole from what can still be read of it: the stored snapshot or one before it, with the
// journal. Nothing in the cloud changes, and what is damaged is kept aside. Of the request it needs the backend, the key and
// the owner. The outcome is NothingToDo if nothing is damaged. Errors are those of Import, and *IrreparableError.
func Repair(ctx context.Context, req Request, approve func(context.Context, Repairs) (bool, error)) (*Result, error) {
	return hold(ctx, req, "repair", func(ctx context.Context, lease lockstate.Lease) (*Result, error) {
		started := time.Now()
		found, err := req.Backend.Salvage(ctx, req.Key)
		if err != nil {
			return nil, err
		}
		r := newRepair(found)
		if err := r.plan(); err != nil {
			return nil, err
		}
		if len(r.repairs.Mends) == 0 {
			return &Result{Outcome: NothingToDo, Seconds: time.Since(started).Seconds()}, nil
		}
		if ok, err := approve(ctx, r.repairs); err != nil || !ok {
			return &Result{Outcome: Declined}, err
		}
		return r.carryOut(ctx, req, lease, started)
	})
}

// repair is one under way.
type repair struct {
	found   lockstate.Salvage
	repairs Repairs
	state   *engine.State // to be stored; nil if the stored one is whole
}

func newRepair(found lockstate.Salvage) *repair {
	return &repair{found: found, repairs: Repairs{Serial: found.Serial}}
}

// plan finds out what is to be done.
func (r *repair) plan() error {
	// What is left here of a state that was moved is of no use, even if nobody can read any more that it was.
	if len(r.found.Snapshots) > 0 && movedTo(r.found.Snapshots[0].Data) != "" {
		return &MovedError{To: movedTo(r.found.Snapshots[0].Data)}
	}
	if last := r.lastDeployment(); last != nil && last.MovedTo != "" && last.Result == Succeeded {
		return &MovedError{To: last.MovedTo}
	}
	damaged := false
	for _, f := range r.found.Faults {
		damaged = damaged || f.Kind != lockstate.RecordObject
		r.repairs.Mends = append(r.repairs.Mends, Mend{Object: f.Object, Problem: reason(f.Err), Remedy: r.remedy(f)})
	}
	if !damaged {
		// What can be read may still be no state.
		s, _, err := r.recovered()
		if err == nil {
			r.repairs.Resources = len(urns(s))
			return nil
		}
		r.repairs.Mends = append(r.repairs.Mends, Mend{Object: "the state", Problem: err.Error(), Remedy: "is taken from what was stored before"})
	}
	s, from, err := r.best()
	if err != nil {
		return &IrreparableError{Faults: r.repairs.Mends}
	}
	r.state = s
	r.repairs.State, r.repairs.Resources, r.repairs.Pending = from.String(), len(urns(s)), s.Pending()
	r.repairs.Warnings = r.warnings(from)
	return nil
}

// reason is an error without what every damaged object's has.
func reason(err error) string {
	text := err.Error()
	if _, after, ok := strings.Cut(text, lockstate.ErrCorrupt.Error()+": "); ok {
		return after
	}
	return text
}

// remedy says what is done about a fault.
func (r *repair) remedy(f lockstate.Fault) string {
	switch {
	case f.Kind == lockstate.SnapshotObject:
		return "the state is taken from what was stored before"
	case f.Kind == lockstate.JournalObject:
		return "the state is taken from the snapshot and what can be read of the journal"
	case r.olderRecord(f.Object) != nil:
		return "the record is put back as it was stored before"
	default:
		return "the record is set aside: the history no longer has this deployment"
	}
}

func (r *repair) olderRecord(object string) *lockstate.SalvagedRecord {
	for i, rec := range r.found.Records {
		if rec.Older && rec.Object == object {
			return &r.found.Records[i]
		}
	}
	return nil
}

// origin is what a recovered state is made of.
type origin struct {
	snapshot      uint64 // its serial; 0 for none
	through       uint64 // the serial that the journal leads to
	entries       int
	skipped       int  // entries that others that are lost should have come before
	gap           bool // entries in the middle are lost
	stoppedAtGaps bool // what comes after the first gap does not fit, and was left out
}

func (o origin) String() string {
	text := "no snapshot"
	if o.snapshot > 0 {
		text = fmt.Sprintf("the snapshot with serial %d", o.snapshot)
	}
	switch o.entries {
	case 0:
		return text
	case 1:
		return text + " and 1 journal entry since"
	default:
		return fmt.Sprintf("%s and %d journal entries since", text, o.entries)
	}
}

// recovered is the newest state that can be read, as it would be for a run.
func (r *repair) recovered() (*engine.State, origin, error) {
	if len(r.found.Snapshots) == 0 {
		return r.from(lockstate.SalvagedSnapshot{})
	}
	return r.from(r.found.Snapshots[0])
}

// best is the newest state that can be had, going back as far as it takes.
func (r *repair) best() (*engine.State, origin, error) {
	candidates := slices.Clone(r.found.Snapshots)
	if r.found.Serial == 0 || len(r.found.Entries) > 0 && r.found.Entries[0].Base == 0 {
		candidates = append(candidates, lockstate.SalvagedSnapshot{}) // a first run's journal begins with nothing
	}
	var last error
	for _, c := range candidates {
		s, from, err := r.from(c)
		if err == nil {
			return s, from, nil
		}
		last = err
	}
	if last == nil {
		last = lockstate.ErrCorrupt
	}
	return nil, origin{}, last
}

// from is a snapshot with the journals that lead on from it: each ends with the snapshot that the next one began with.
func (r *repair) from(c lockstate.SalvagedSnapshot) (*engine.State, origin, error) {
	o := origin{snapshot: c.Serial, through: c.Serial}
	s, err := engine.DecodeState(c.Data)
	if err != nil {
		return nil, o, err
	}
	for base := c.Serial; ; base++ {
		run := r.journal(base)
		if len(run.records) == 0 {
			return s, o, nil
		}
		next, skipped, err := s.FoldAround(run.records)
		if err != nil && run.gap > 0 {
			o.stoppedAtGaps = true
			run.records = run.records[:run.gap]
			next, skipped, err = s.FoldAround(run.records)
		}
		if err != nil {
			return nil, o, err
		}
		s = next
		o.entries, o.skipped, o.gap, o.through = o.entries+len(run.records), o.skipped+skipped, o.gap || run.gap > 0, base+1
		if base >= r.found.Serial { // the journal of a run that wrote no snapshot
			o.through = base
			return s, o, nil
		}
	}
}

// journal is what can be read of the entries for a base.
type journal struct {
	records [][]byte
	gap     int // how many of them come before the first gap; 0 if there is none
}

func (r *repair) journal(base uint64) journal {
	var j journal
	var last uint64
	for _, e := range r.found.Entries {
		if e.Base != base {
			continue
		}
		if last > 0 && e.Seq != last+1 && j.gap == 0 {
			j.gap = len(j.records)
		}
		j.records, last = append(j.records, e.Data), e.Seq
	}
	return j
}

func (r *repair) warnings(o origin) []string {
	var all []string
	if o.through < r.found.Serial {
		all = append(all, fmt.Sprintf("serial %d was written last, and what can be read leads to %d: what the runs between them did is not recorded",
			r.found.Serial, o.through))
	}
	if o.gap || o.stoppedAtGaps || o.skipped > 0 || slices.ContainsFunc(r.found.Faults, func(f lockstate.Fault) bool { return f.Kind == lockstate.JournalObject && !r.replaced(f.Object) }) {
		all = append(all, "journal entries are lost: what they told of may be in the cloud and not recorded, or recorded and gone")
	}
	if r.found.Older != nil && len(r.found.Faults) > 0 {
		all = append(all, "earlier versions could not be looked at: "+r.found.Older.Error())
	}
	if len(all) > 0 {
		all = append(all, "look at panka plan before the next apply, and compare with an export if there is one")
	}
	return all
}

// replaced tells whether a damaged journal object is there as it was before.
func (r *repair) replaced(object string) bool {
	return slices.ContainsFunc(r.found.Entries, func(e lockstate.SalvagedEntry) bool { return e.Older && e.Object == object })
}

// carryOut mends the history first, so that the state, once it is whole, is usable at once. It can be repeated after a crash.
func (r *repair) carryOut(ctx context.Context, req Request, lease lockstate.Lease, started time.Time) (*Result, error) {
	for _, f := range r.found.Faults {
		if f.Kind != lockstate.RecordObject {
			continue
		}
		var err error
		if older := r.olderRecord(f.Object); older != nil {
			err = lease.PutRecord(ctx, older.ID, older.Data)
		} else {
			err = lease.SetAside(ctx, f.Object)
		}
		if err != nil {
			return nil, fmt.Errorf("mend the history: %w", err)
		}
	}
	d := successor(req, lease, "repair", r.lastDeployment(), started)
	if err := putDeployment(ctx, lease, &d); err != nil {
		return nil, err
	}
	if r.state != nil {
		encoded, err := r.state.Encode()
		if err != nil {
			return nil, err
		}
		if _, err := lease.Restore(ctx, r.found.Serial+1, encoded); err != nil {
			return nil, fmt.Errorf("write the state: %w", err)
		}
	}
	d.Result, d.Seconds = Succeeded, time.Since(started).Seconds()
	return &Result{Deployment: d.ID, Outcome: Succeeded, Seconds: d.Seconds}, putDeployment(ctx, lease, &d)
}

// lastDeployment is the newest one whose record can be read, nil if there is none.
func (r *repair) lastDeployment() *Deployment { return newestDeployment(r.found.Records) }

func newestDeployment(records []lockstate.SalvagedRecord) *Deployment {
	for _, rec := range slices.Backward(records) {
		var d Deployment
		if json.Unmarshal(rec.Data, &d) == nil {
			return &d
		}
	}
	return nil
}
