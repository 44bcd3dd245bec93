// Package variable reads, checks and expands the ${NAME} variables of a stack.
//
// A stack declares its variables in stack.yaml. Their values come, lowest first, from the declaration's default, the
// environment and the command line. Strings are split at their variables once (Parse), when documents are read; Check
// finds uses of what is not declared, at the exact place; Expand puts values in.
//
// Where a variable stands decides when it is looked up. In a place that only fills a property of a resource (an image
// tag, the value of an environment variable; the schema says which) it stays a variable all the way into the generated program,
// so that a new value builds nothing. Anywhere else it shapes what is generated and must have a value to compile.
//
// The package refuses sensitive variables in shaping places, since their values would end up in generated code, and it
// never puts a sensitive value into a diagnostic. Values are not expanded themselves: a ${ in a value is just text.
package variable
