package kindtest

import (
	"go/ast"
	"regexp"
	"slices"
	"testing"
)

// subdomain is what Kubernetes takes as a name of most objects, label of those that others are found by.
var (
	subdomain = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
	label     = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
)

// short are the kinds of objects whose names are labels, as they become names in the DNS, or parts of labels and of
// conditions of pods.
var short = []string{"Deployment", "Namespace", "ScaledObject", "Service", "StatefulSet", "TargetGroupBinding"}

// wide are the kinds of objects that belong to no namespace.
var wide = []string{"Namespace", "PersistentVolume", "StorageClass"}

// checkObject holds an object of Kubernetes to a fixed name that its kind can have, and to a namespace if it has one.
func checkObject(t *testing.T, r registration) {
	t.Helper()
	metadata := fieldsOf(r.fields["Metadata"])
	name, fixed := literal(metadata["Name"])
	longest := 253
	form := subdomain
	if slices.Contains(short, r.typ) {
		longest = 63
		if r.typ == "Service" || r.typ == "Namespace" {
			form = label
		}
	}
	if r.typ == "CronJob" {
		longest = 52
	}
	if !fixed || len(name) > longest || !form.MatchString(name) {
		t.Errorf("%s %s has the name %q, which Kubernetes does not take", r.typ, r.name, name)
	}
	if _, has := metadata["Namespace"]; has == slices.Contains(wide, r.typ) {
		t.Errorf("%s %s has a namespace: %t", r.typ, r.name, has)
	}
	if _, has := metadata["Labels"]; !has {
		t.Errorf("%s %s has no labels", r.typ, r.name)
	}
}

// fieldsOf are the fields of a struct that an expression is the address of.
func fieldsOf(e ast.Expr) map[string]ast.Expr {
	fields := map[string]ast.Expr{}
	address, ok := e.(*ast.UnaryExpr)
	if !ok {
		return fields
	}
	literal, ok := address.X.(*ast.CompositeLit)
	if !ok {
		return fields
	}
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok {
				fields[key.Name] = pair.Value
			}
		}
	}
	return fields
}
