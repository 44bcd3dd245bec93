package balance

import (
	"hash/fnv"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// lastPriority is the largest number that AWS takes; the route without conditions has it. maxRoutes is how many routes
// the schema allows.
const (
	lastPriority = 50000
	maxRoutes    = 100
)

// Priorities are the numbers by which an ALB tries its routes, one each. Those that the YAML numbers come first, then the
// others in their order, then the one that has no conditions.
//
// AWS refuses two rules with one number, even for the moment in which the others move up because one was put among them.
// So each of the others has a range to itself, in which a hash of the routes up to it chooses: a route whose predecessors
// stay keeps its number, and one that moves up gets none that another one has just left, but for one chance in hundreds.
func Priorities(routes []ALBRoute) ([]int, diag.List) {
	var found diag.List
	numbers, highest := make([]int, len(routes)), 0
	for i, r := range routes {
		if r.Priority == nil || r.unconditional() {
			continue
		}
		if *r.Priority == lastPriority {
			found.Add(diag.Errorf(r.Source, component.Code, "the priority %d is kept for the route without conditions", lastPriority).
				WithHint("choose a lower one"))
			continue
		}
		numbers[i], highest = *r.Priority, max(highest, *r.Priority)
	}
	width, position, predecessors := (lastPriority-1-highest)/maxRoutes, 0, fnv.New32a()
	for i, r := range routes {
		switch {
		case r.unconditional():
			numbers[i] = lastPriority
		case r.Priority == nil && width < 1:
			found.Add(diag.Errorf(r.Source, component.Code,
				"the route %s comes after those with a priority, and %d leaves no room for it", r.Name, highest).
				WithHint("give it a priority, or the others lower ones"))
		case r.Priority == nil:
			predecessors.Write([]byte(r.Name + "\x00"))
			numbers[i] = highest + 1 + position*width + int(predecessors.Sum32()%uint32(width))
			position++
		}
	}
	return numbers, found
}

// unconditional tells whether the route takes what the others leave.
func (r ALBRoute) unconditional() bool {
	return len(r.Hosts)+len(r.Paths)+len(r.Methods)+len(r.Headers)+len(r.QueryStrings)+len(r.SourceAddresses) == 0
}
