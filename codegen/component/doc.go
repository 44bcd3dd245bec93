// Package component writes the Go file of one component.
//
// A kind is given a Builder and calls it in the order that the code shall have: Resource for each resource, Statement
// for what lies between, Output for what other components may use. The builder emits the Go and records the resource
// for bundle.json in the same call, so that the two cannot drift apart.
//
// Text from the YAML reaches the code only through Text, Plain and Lit, as quoted string literals or as look-ups of
// variables: never in a comment, an identifier or a format string. What cannot be generated is reported with Fail, at
// its place, and the file is then not written.
package component

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind generates the components of one kind.
type Kind interface {
	// Name is the kind as the YAML writes it.
	Name() string
	// Outputs are what this component exports for others, sorted by name. It may be asked of a component that another
	// one refers to, so it must not fail on a spec that Generate would report.
	Outputs(c *ir.Component) []Output
	// Generate adds everything the component needs to the builder.
	Generate(b *Builder)
}

// Stateful is a Kind whose loss loses data.
type Stateful interface {
	Kind
	Stateful() bool
}

// Output is a value that a component exports.
type Output struct {
	Name string
	Type Type
	// Internal outputs are for panka's own wiring, not for valueFrom.
	Internal bool
}

// Type of an output.
type Type string

// The types.
const (
	StringOutput Type = "string"
	IntOutput    Type = "int"
)

// File is the finished code of one component.
type File struct {
	Name      string
	Code      *jen.File
	Resources []bundle.Resource
	Secrets   []bundle.Secret
	Component bundle.Component
	// Variables are the names of the variables that the code looks up.
	Variables []string
	// Uses are the outputs of other components that the code needs, sorted; main.go hands them in.
	Uses []Use
	// Attached are files beside the code that it reads when it runs, by their names.
	Attached map[string][]byte
	// LooksUpSecrets is true if the code calls secretARNs, which the wave must then have.
	LooksUpSecrets bool
	// HasObjects is true if the code calls labeller, which the wave must then have.
	HasObjects bool
}

// Use is an output of another component.
type Use struct {
	// Stack is the other component's stack, "" for this one.
	Stack     string
	Component *ir.Component
	Output    Output
	// Source is the place of the first reference that needs it.
	Source diag.Position
}

// Owner is the ID of the component that has the output.
func (u Use) Owner() string {
	if u.Component.Service == "" {
		return ir.Foundation
	}
	return u.Component.ID()
}

// Export is the name that the output is exported by.
func (u Use) Export() string { return u.Owner() + "." + u.Output.Name }

// Field is the field of a component's inputs that holds the outputs of the used component.
func (u Use) Field() string {
	words := []string{u.Component.Service, u.Component.Name}
	if u.Component.Service == "" {
		words = words[1:]
	}
	if u.Stack != "" {
		return names.Foreign(u.Stack, words...)
	}
	return names.Identifier(words...)
}

// Context is what the components of a stack have in common.
type Context struct {
	Stack *ir.Stack
	// Kind gives the generator of a kind, nil if there is none.
	Kind func(name string) Kind
	// Component gives a component of the stack by its ID, nil if there is none.
	Component func(id string) *ir.Component
	// Users are the uses of a component by others, by their IDs.
	Users func(id string) []User
}

// Code is the code of the diagnostics that code generation makes.
const Code = "cannot-generate"

// NotDeployableCode is the code of the diagnostics about what is sound and cannot be deployed by this version yet.
const NotDeployableCode = "not-deployable"

// NotYet ends the message of NotDeployable.
const NotYet = " cannot be deployed by this version yet"

// NotDeployable reports something, such as "platform eks", that is sound and cannot be deployed by this version yet.
// Commands that only check pass over it.
func NotDeployable(at diag.Position, what string) diag.Diagnostic {
	return diag.Errorf(at, NotDeployableCode, "%s%s", what, NotYet)
}

// place turns a position into the bundle's form.
func place(p diag.Position) bundle.Source { return bundle.Source(p) }
