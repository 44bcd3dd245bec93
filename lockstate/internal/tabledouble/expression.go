package tabledouble

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// value is an attribute as DynamoDB writes it: {"S": "text"}, {"N": "1"} or {"BOOL": true}.
type value map[string]any

func (v value) equal(w value) bool {
	return len(v) == 1 && len(w) == 1 && fmt.Sprint(v) == fmt.Sprint(w)
}

func (v value) number() (*big.Int, error) {
	text, ok := v["N"].(string)
	n, parsed := new(big.Int).SetString(text, 10)
	if !ok || !parsed {
		return nil, fmt.Errorf("an operand is no number: %v", v)
	}
	return n, nil
}

type item map[string]value

var tokenRE = regexp.MustCompile(`[#:]?[A-Za-z_][A-Za-z0-9_]*|<=|>=|[=<>(),+]`)

// expression is one being read.
type expression struct {
	tokens []string
	names  map[string]string
	values map[string]value
	item   item
	used   map[string]bool
}

func (e *expression) peek() string {
	if len(e.tokens) == 0 {
		return ""
	}
	return e.tokens[0]
}

func (e *expression) next() string {
	t := e.peek()
	if t != "" {
		e.tokens = e.tokens[1:]
	}
	return t
}

func (e *expression) expect(want string) error {
	if got := e.next(); got != want {
		return fmt.Errorf("syntax: want %q, got %q", want, got)
	}
	return nil
}

// path reads the placeholder of an attribute's name. Plain names are refused: some are DynamoDB's own words.
func (e *expression) path() (string, error) {
	placeholder := e.next()
	name, ok := e.names[placeholder]
	if !ok {
		return "", fmt.Errorf("an attribute's name must be a placeholder that is given: %q", placeholder)
	}
	e.used[placeholder] = true
	return name, nil
}

// operand reads a value: one that is given, an attribute (nil if it does not exist) or if_not_exists.
func (e *expression) operand() (value, error) {
	switch t := e.peek(); {
	case strings.HasPrefix(t, ":"):
		e.next()
		v, ok := e.values[t]
		if !ok {
			return nil, fmt.Errorf("the value %s is not given", t)
		}
		e.used[t] = true
		return v, nil
	case t == "if_not_exists":
		e.next()
		if err := e.expect("("); err != nil {
			return nil, err
		}
		name, err := e.path()
		if err == nil {
			err = e.expect(",")
		}
		if err != nil {
			return nil, err
		}
		other, err := e.operand()
		if err == nil {
			err = e.expect(")")
		}
		if has, ok := e.item[name]; ok {
			return has, err
		}
		return other, err
	default:
		name, err := e.path()
		return e.item[name], err
	}
}

// condition tells whether all terms, joined by AND, hold.
func (e *expression) condition() (bool, error) {
	holds := true
	for {
		ok, err := e.term()
		if err != nil {
			return false, err
		}
		holds = holds && ok
		switch e.next() {
		case "":
			return holds, nil
		case "AND":
		default:
			return false, fmt.Errorf("syntax: terms are joined by AND")
		}
	}
}

func (e *expression) term() (bool, error) {
	if t := e.peek(); t == "attribute_not_exists" || t == "attribute_exists" {
		e.next()
		if err := e.expect("("); err != nil {
			return false, err
		}
		name, err := e.path()
		if err == nil {
			err = e.expect(")")
		}
		_, has := e.item[name]
		return has == (t == "attribute_exists"), err
	}
	left, err := e.operand()
	if err != nil {
		return false, err
	}
	operator := e.next()
	right, err := e.operand()
	if err != nil {
		return false, err
	}
	if operator == "=" {
		return left != nil && left.equal(right), nil
	}
	if left == nil || right == nil {
		return false, nil
	}
	a, err := left.number()
	if err != nil {
		return false, err
	}
	b, err := right.number()
	if err != nil {
		return false, err
	}
	switch operator {
	case "<":
		return a.Cmp(b) < 0, nil
	case "<=":
		return a.Cmp(b) <= 0, nil
	case ">":
		return a.Cmp(b) > 0, nil
	case ">=":
		return a.Cmp(b) >= 0, nil
	default:
		return false, fmt.Errorf("syntax: there is no operator %q", operator)
	}
}

// update gives the item after the change. All operands are of the item as it was.
func (e *expression) update() (item, error) {
	after := item{}
	for name, v := range e.item {
		after[name] = v
	}
	for section := e.next(); section != ""; section = e.next() {
		if section != "SET" && section != "REMOVE" {
			return nil, fmt.Errorf("syntax: want SET or REMOVE, got %q", section)
		}
		for {
			name, err := e.path()
			if err != nil {
				return nil, err
			}
			if section == "REMOVE" {
				delete(after, name)
			} else if after[name], err = e.assigned(); err != nil {
				return nil, err
			}
			if e.peek() != "," {
				break
			}
			e.next()
		}
	}
	return after, nil
}

func (e *expression) assigned() (value, error) {
	if err := e.expect("="); err != nil {
		return nil, err
	}
	v, err := e.operand()
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, fmt.Errorf("the update refers to an attribute that the item does not have")
	}
	if e.peek() != "+" {
		return v, nil
	}
	e.next()
	w, err := e.operand()
	if err != nil {
		return nil, err
	}
	a, err := v.number()
	if err != nil {
		return nil, err
	}
	b, err := w.number()
	if err != nil {
		return nil, err
	}
	return value{"N": new(big.Int).Add(a, b).String()}, nil
}

// unused are placeholders that were given and that no expression uses, which DynamoDB refuses.
func unused(names map[string]string, values map[string]value, used map[string]bool) []string {
	var all []string
	for name := range names {
		if !used[name] {
			all = append(all, name)
		}
	}
	for name := range values {
		if !used[name] {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}
