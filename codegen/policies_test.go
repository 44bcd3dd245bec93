package codegen_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/security"
)

// TestNoPolicyAllowsTooMuch reads every statement of a policy in the code of all goldens, those of everything that a kind
// can do included: none allows every action of a service, or any action on every resource that AWS could tell apart.
func TestNoPolicyAllowsTooMuch(t *testing.T) {
	seen := 0
	check := func(name string, files map[string][]byte) {
		for _, file := range slices.Sorted(maps.Keys(files)) {
			if path.Ext(file) != ".go" {
				continue
			}
			for _, s := range policyStatements(t, file, files[file]) {
				seen++
				if reason := s.tooMuch(); reason != "" {
					t.Errorf("%s: %s: statement %v %s", name, file, s["Sid"], reason)
				}
			}
		}
	}
	for _, c := range kindCases(t) {
		check(c.kind+"/"+c.name(), generated(t, c.compiled(t)).Files)
	}
	for _, c := range goldenCases() {
		check(c.name, generated(t, c.compiled(t)).Files)
	}
	if seen < 400 {
		t.Errorf("only %d statements were read", seen)
	}
}

// policyStatement are the texts that stand in the code for each field of a statement.
type policyStatement map[string][]string

// tooMuch says what a statement allows that it should not. A key's policy is its own: there, every resource is the key,
// and every action is the account's.
func (s policyStatement) tooMuch() string {
	if !slices.Equal(s["Effect"], []string{"Allow"}) || s.ofKey() {
		return ""
	}
	for _, action := range s["Action"] {
		if strings.Trim(action, "*") == "" || strings.HasSuffix(action, ":*") {
			return "allows " + action
		}
		if slices.Contains(s["Resource"], "*") && security.Unrestrictable(action) == "" {
			return "allows " + action + " on every resource"
		}
	}
	return ""
}

// ofKey: only a key's policy has both principals and every resource.
func (s policyStatement) ofKey() bool {
	_, principal := s["Principal"]
	return principal && slices.Contains(s["Resource"], "*") &&
		!slices.ContainsFunc(s["Action"], func(a string) bool { return !strings.HasPrefix(a, "kms:") })
}

// policyStatements are the literals of maps in a file that have an effect.
func policyStatements(t *testing.T, name string, data []byte) []policyStatement {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, data, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []policyStatement
	ast.Inspect(file, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		s := policyStatement{}
		for _, e := range literal.Elts {
			pair, ok := e.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			if key := literalText(pair.Key); key != "" {
				s[key] = literalTexts(pair.Value)
			}
		}
		if s["Effect"] != nil {
			all = append(all, s)
		}
		return true
	})
	return all
}

func literalText(e ast.Expr) string {
	if b, ok := e.(*ast.BasicLit); ok && b.Kind == token.STRING {
		if text, err := strconv.Unquote(b.Value); err == nil {
			return text
		}
	}
	return ""
}

// literalTexts are the texts anywhere in an expression.
func literalTexts(e ast.Expr) []string {
	var all []string
	ast.Inspect(e, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok {
			if text := literalText(e); text != "" {
				all = append(all, text)
			}
		}
		return true
	})
	return all
}
