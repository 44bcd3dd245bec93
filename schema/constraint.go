package schema

import (
	"slices"

	"cuelang.org/go/cue"
)

// Op is what a constraint asks.
type Op int

// The constraints on scalars.
const (
	OpAny     Op = iota // one of Parts holds
	OpAll               // all of Parts hold
	OpNot               // Parts[0] does not hold
	OpEqual             // the value is Value
	OpMatch             // the text matches the regular expression Value, in RE2 syntax
	OpMin               // the number is Value or more
	OpMax               // the number is Value or less
	OpAbove             // the number is more than Value
	OpBelow             // the number is less than Value
	OpOfTypes           // the value has one of the types Value, a []string
	OpMore              // the same, and the schema asks something that has no Op
)

// Constraint is a condition on a scalar. It holds for every value that the schema accepts, and for no other unless it is
// not Exact.
type Constraint struct {
	Op    Op
	Parts []*Constraint
	Value any // a string, bool, int64, float64 or []string
}

// Exact tells whether the condition is all that the schema asks of the scalar.
func (c *Constraint) Exact() bool {
	return c.Op != OpMore && !slices.ContainsFunc(c.Parts, func(part *Constraint) bool { return !part.Exact() })
}

// constraint reads the condition off a leaf's CUE expression.
func constraint(v cue.Value) *Constraint {
	op, parts := v.Expr()
	switch op {
	case cue.OrOp:
		return &Constraint{Op: OpAny, Parts: constraints(withoutRepeats(parts))}
	case cue.AndOp:
		return &Constraint{Op: OpAll, Parts: constraints(parts)}
	case cue.RegexMatchOp:
		return bound(OpMatch, parts, v)
	case cue.NotRegexMatchOp:
		return &Constraint{Op: OpNot, Parts: []*Constraint{bound(OpMatch, parts, v)}}
	case cue.NotEqualOp:
		return &Constraint{Op: OpNot, Parts: []*Constraint{bound(OpEqual, parts, v)}}
	case cue.GreaterThanEqualOp:
		return bound(OpMin, parts, v)
	case cue.LessThanEqualOp:
		return bound(OpMax, parts, v)
	case cue.GreaterThanOp:
		return bound(OpAbove, parts, v)
	case cue.LessThanOp:
		return bound(OpBelow, parts, v)
	}
	if op == cue.NoOp && len(parts) == 1 && parts[0] != v {
		if partOp, _ := parts[0].Expr(); partOp != cue.NoOp { // what is left of a disjunction whose default repeats it
			return constraint(parts[0])
		}
	}
	if target := cue.Dereference(v); target != v {
		if targetOp, _ := target.Expr(); targetOp != op {
			return constraint(target)
		}
	}
	if value, ok := concrete(v); ok {
		return &Constraint{Op: OpEqual, Value: value}
	}
	if op == cue.NoOp {
		return &Constraint{Op: OpOfTypes, Value: typeNames(v.IncompleteKind())}
	}
	return &Constraint{Op: OpMore, Value: typeNames(v.IncompleteKind())}
}

func constraints(parts []cue.Value) []*Constraint {
	all := make([]*Constraint, len(parts))
	for i, part := range parts {
		all[i] = constraint(part)
	}
	return all
}

// withoutRepeats leaves out the alternatives that are a value which another alternative accepts, as a default often is.
func withoutRepeats(parts []cue.Value) []cue.Value {
	var kept []cue.Value
	for i, part := range parts {
		repeated := false
		if _, ok := concrete(part); ok {
			for j, other := range parts {
				_, same := concrete(other)
				if i != j && (!same || j < i) && other.Unify(part).Validate(cue.Concrete(true)) == nil {
					repeated = true
				}
			}
		}
		if !repeated {
			kept = append(kept, part)
		}
	}
	return kept
}

// bound is a comparison with a value.
func bound(op Op, parts []cue.Value, v cue.Value) *Constraint {
	if len(parts) == 1 {
		if value, ok := concrete(parts[0]); ok {
			return &Constraint{Op: op, Value: value}
		}
	}
	return &Constraint{Op: OpMore, Value: typeNames(v.IncompleteKind())}
}

// concrete gives the scalar that v is; a disjunction with a default is none.
func concrete(v cue.Value) (any, bool) {
	if op, _ := v.Expr(); op == cue.OrOp {
		return nil, false
	}
	switch v.Kind() {
	case cue.StringKind:
		text, err := v.String()
		return text, err == nil
	case cue.BoolKind:
		truth, err := v.Bool()
		return truth, err == nil
	case cue.IntKind:
		n, err := v.Int64()
		return n, err == nil
	case cue.FloatKind, cue.NumberKind:
		n, err := v.Float64()
		return n, err == nil
	default:
		return nil, false
	}
}
