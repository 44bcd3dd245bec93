// Package salvage sorts what was found of a journal that may be damaged.
package salvage

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/internal/frame"
)

// Entry is a journal entry that can be read.
type Entry struct {
	frame.Frame
	Object string // that holds it
	Older  bool   // it is not in place any more
}

// run is one run's entries for one snapshot.
type run struct{ base, token uint64 }

// Entries gives those that count: of each base the highest token's, by base and seq. Gaps among those in place are faults.
func Entries(all []Entry) (entries []lockstate.SalvagedEntry, gaps []lockstate.Fault) {
	highest := map[uint64]uint64{}
	for _, e := range all {
		highest[e.Serial] = max(highest[e.Serial], e.Token)
	}
	var chosen []Entry
	for _, e := range all {
		if e.Token == highest[e.Serial] {
			chosen = append(chosen, e)
		}
	}
	slices.SortStableFunc(chosen, func(a, b Entry) int {
		inPlaceFirst := 0
		if a.Older != b.Older {
			inPlaceFirst = 1
			if b.Older {
				inPlaceFirst = -1
			}
		}
		return cmp.Or(cmp.Compare(a.Serial, b.Serial), cmp.Compare(a.Seq, b.Seq), inPlaceFirst)
	})
	next := map[run]uint64{}
	for _, e := range chosen {
		r := run{e.Serial, e.Token}
		expected, begun := next[r]
		if !begun {
			expected = e.First
		}
		if begun && e.Seq < expected {
			continue // another copy
		}
		if e.Seq > expected && !e.Older {
			gaps = append(gaps, gap(r, expected, e.Seq-1))
		}
		next[r] = e.Seq + 1
		entries = append(entries, lockstate.SalvagedEntry{
			JournalEntry: lockstate.JournalEntry{Token: e.Token, Base: e.Serial, Seq: e.Seq, Data: e.Data}, Object: e.Object, Older: e.Older,
		})
	}
	return entries, gaps
}

func gap(r run, first, last uint64) lockstate.Fault {
	which := fmt.Sprintf("entry %d", first)
	if last > first {
		which = fmt.Sprintf("entries %d to %d", first, last)
	}
	return lockstate.Fault{
		Kind: lockstate.JournalObject, Object: fmt.Sprintf("%s of the journal of token %d since serial %d", which, r.token, r.base), Gone: true,
		Err: fmt.Errorf("%w: what comes later is there", lockstate.ErrCorrupt),
	}
}
