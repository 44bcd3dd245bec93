// Package compiler turns the YAML of one stack into its intermediate representation.
//
// The stages run in the order that Compile shows: documents are loaded, laid over each other, checked against the
// schema as written and as merged, their variables put in, the files they name read, their references resolved,
// components that use each other compared and all placed in waves. Each stage adds what it finds wrong and the next ones
// go on as far as that makes sense, so that one run shows every mistake. The compiler reads the repository's files and
// nothing else: no environment, no network, no clock; the same files and options give the same result on any machine.
package compiler

import (
	"context"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/variable"
	"github.com/panka-io/panka/schema"
)

// Options says what to compile.
type Options struct {
	// Root is the folder that holds stacks/.
	Root string
	// Stack is the stack's name.
	Stack string
	// Environment is the environment's name. When it is empty the base is compiled without any overlay, and the
	// documents of every environment are checked one by one.
	Environment string
	// Variables are the values from outside the repository, by name; they go above the environment's.
	Variables map[string]string
	// Origins tells where values in Variables come from, as far as known, for diagnostics.
	Origins map[string]variable.Origin
	// RequireVariables makes a variable without a value an error even where only the running program needs it.
	RequireVariables bool
	// Schema is the language to compile by. It may be shared by compilations, at the same time too, which saves building
	// it for each. When it is nil, one is loaded.
	Schema *schema.Schema
	// Documents remembers the documents that were read. Compilations that share it read each file once. When it is nil,
	// files are read anew.
	Documents *source.Cache
}

// Compile compiles one stack in one environment. The stack is nil if the diagnostics hold an error.
func Compile(ctx context.Context, options Options) (*ir.Stack, diag.List) {
	c, diags := compile(ctx, options)
	if diags.HasErrors() {
		return nil, diags
	}
	return c.stack, diags
}

// compile runs the stages.
func compile(ctx context.Context, options Options) (*compilation, diag.List) {
	rules := options.Schema
	if rules == nil {
		var err error
		if rules, err = schema.New(); err != nil {
			return nil, diag.List{diag.Errorf(diag.Position{}, "internal", "panka's own schema is broken: %v", err).
				WithHint("this is a bug in panka")}
		}
	}
	c := &compilation{Options: options, rules: rules}
	if !c.load(ctx) {
		return c, c.diags
	}
	c.layLayers()
	c.declareVariables()
	c.checkDocuments()
	c.expandVariables()
	c.checkMerged()
	c.readConfigFiles(ctx)
	c.readUserData(ctx)
	c.readCode(ctx)
	c.resolveReferences(ctx)
	c.checkAgreement()
	c.placeInWaves()
	if err := ctx.Err(); err != nil {
		c.diags.Add(diag.Errorf(diag.Position{}, "cancelled", "compiling stack %s was cancelled: %v", options.Stack, err))
	}
	return c, c.diags
}
