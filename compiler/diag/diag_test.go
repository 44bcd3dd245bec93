package diag

import (
	"fmt"
	"strings"
	"testing"
)

func place(file string, line int) Position { return Position{File: file, Line: line, Column: 1} }

func shown(l List) string {
	var b strings.Builder
	for _, d := range l {
		fmt.Fprintln(&b, d.Error())
		for _, r := range d.Related {
			fmt.Fprintf(&b, "  %s: %s\n", r.Position, r.Message)
		}
	}
	return strings.TrimSpace(b.String())
}

func TestSortedJoinsRepetitions(t *testing.T) {
	fault := Errorf(place("t.yaml", 8), "c", "wrong")
	used := func(file string, line int) Diagnostic { return fault.WithRelated(place(file, line), "used here") }
	for _, c := range []struct {
		name string
		list List
		want string
	}{
		{"by place", List{Errorf(place("b", 1), "c", "x"), Errorf(place("a", 2), "c", "x"), Errorf(place("a", 1), "c", "x")},
			"a:1:1: error: x\na:2:1: error: x\nb:1:1: error: x"},
		{"exact", List{used("a", 1), used("a", 1)}, "t.yaml:8:1: error: wrong\n  a:1:1: used here"},
		{"different messages stay", List{fault, Errorf(place("t.yaml", 8), "c", "other")}, "t.yaml:8:1: error: other\nt.yaml:8:1: error: wrong"},
		{"three places", List{used("a", 1), used("b", 1), used("c", 1)},
			"t.yaml:8:1: error: wrong\n  a:1:1: used here\n  b:1:1: used here\n  c:1:1: used here"},
		{"four places", List{used("a", 1), used("b", 1), used("c", 1), used("d", 1), used("d", 1)},
			"t.yaml:8:1: error: wrong\n  a:1:1: used here\n  b:1:1: used here\n  c:1:1: used here, and in 1 more place"},
		{"more places", List{used("a", 1), used("b", 1), used("c", 1), used("d", 1), used("d", 2)},
			"t.yaml:8:1: error: wrong\n  a:1:1: used here\n  b:1:1: used here\n  c:1:1: used here, and in 2 more places"},
		{"each message for itself", List{used("a", 1), used("b", 1), used("c", 1), used("d", 1),
			fault.WithRelated(place("e", 1), "given here")},
			"t.yaml:8:1: error: wrong\n  a:1:1: used here\n  b:1:1: used here\n  c:1:1: used here, and in 1 more place\n  e:1:1: given here"},
		{"what one finding has is all shown", List{fault.WithRelated(place("a", 1), "x").WithRelated(place("a", 2), "x").
			WithRelated(place("a", 3), "x").WithRelated(place("a", 4), "x")},
			"t.yaml:8:1: error: wrong\n  a:1:1: x\n  a:2:1: x\n  a:3:1: x\n  a:4:1: x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := shown(c.list)
			sorted := c.list.Sorted()
			if got := shown(sorted); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if got := shown(sorted.Sorted()); got != c.want {
				t.Errorf("sorted again:\n%s", got)
			}
			if got := shown(c.list); got != before {
				t.Errorf("the list was changed:\n%s", got)
			}
		})
	}
}
