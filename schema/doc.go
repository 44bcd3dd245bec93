// Package schema is the language of panka's documents: one CUE file for each kind, embedded, and the code that applies
// them.
//
//	core/*.cue    Stack, Environment, Service
//	infra/*.cue   InfraDefaults, ComponentInfra, Networking, Security, Observability
//	kinds/*.cue   the kinds of components, each with its outputs
//	shared/*.cue  what several kinds have in common
//
// A definition #<Kind> holds a kind's fields, a definition #<Kind>Outputs its outputs. The first use of a kind turns
// its definition into a shape (shape.go): a tree of structures, lists, maps and leaves. Documents are walked along that
// tree (check.go), so that each mistake is reported once, at its place and in words; CUE judges the leaves (leaf.go) and
// the rules between fields (rule.go), and its answers are remembered, because a thousand components repeat each other's
// values.
//
// What CUE has no word for stands in attributes:
//
//	@expect("…")    what a leaf's value must be, in words, to follow "must be"
//	@keys("#Def")   the leaf that a map's keys must match
//	@max(n)         the most entries that a list or map may have
//	@seconds()      the leaf takes a number of seconds or a time span such as 15m or 14d; it becomes a number of seconds
//	@pattern("…")   the value is a pattern of messages: fields or matchers; see pattern.go
//	@deferred()     the leaf's variables may stay variables until the program runs
//	@refuse("…")    the field is known but cannot be used yet
//	@identity()     the field is checked by package source
//	@partial()      documents of the kind are layers: any subset of the fields will do
//	@stateful()     losing a component of the kind loses data
//
// A field written name! is required, name? is optional, and a plain one has a default. A structure's #rules are rules
// between its fields; see rule.go.
//
// The schema refuses what it can know to be wrong without AWS; it does not know which components, variables, secrets
// and environments exist.
package schema
