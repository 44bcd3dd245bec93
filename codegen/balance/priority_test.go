package balance_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/panka-io/panka/codegen/balance"
)

func routes(names ...string) []balance.ALBRoute {
	var all []balance.ALBRoute
	for _, name := range names {
		all = append(all, balance.ALBRoute{Name: name, Paths: []string{"/" + name}})
	}
	return all
}

func priorities(t *testing.T, routes []balance.ALBRoute) []int {
	t.Helper()
	numbers, ds := balance.Priorities(routes)
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	return numbers
}

func TestRoutesKeepTheirOrder(t *testing.T) {
	all := routes("z", "y", "a")
	seven := 7
	all = append(all, balance.ALBRoute{Name: "rest"}, balance.ALBRoute{Name: "numbered", Paths: []string{"/n"}, Priority: &seven})
	n := priorities(t, all)
	if n[4] != 7 || !(7 < n[0] && n[0] < n[1] && n[1] < n[2] && n[2] < n[3]) || n[3] != 50000 {
		t.Errorf("priorities %v", n)
	}
	names := make([]string, 100)
	for i := range names {
		names[i] = fmt.Sprint("route-", i)
	}
	if n := priorities(t, routes(names...)); !slices.IsSorted(n) || len(slices.Compact(slices.Clone(n))) != 100 || n[99] >= 50000 {
		t.Errorf("priorities of a hundred routes: %v", n)
	}
}

// TestRoutesThatMoveTakeNoNumberInUse: AWS refuses two rules with one number, and those that move are not moved at once.
func TestRoutesThatMoveTakeNoNumberInUse(t *testing.T) {
	before := priorities(t, routes("a", "b", "c", "d"))
	if after := priorities(t, routes("a", "b", "c", "d", "e")); !slices.Equal(after[:4], before) {
		t.Errorf("a route at the end changes %v to %v", before, after)
	}
	after := priorities(t, routes("a", "new", "b", "c", "d"))
	if after[0] != before[0] {
		t.Errorf("a route in the middle moves the one before it from %d to %d", before[0], after[0])
	}
	for _, n := range after[1:] {
		if slices.Contains(before, n) {
			t.Errorf("the number %d of %v is taken again in %v", n, before, after)
		}
	}
}
