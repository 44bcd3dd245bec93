// Package schema is the language of panka's documents: one CUE file for each kind, embedded, and the code that applies
// them.
//
//	core/*.cue    Stack, Environment, Service
//	infra/*.cue   InfraDefaults, ComponentInfra, Networking, Security, Observability
//	kinds/*.cue   the kinds of components, each with its outputs
//	shared/*.cue  what several kinds have in common
//
// A definition #<Kind> holds a kind's fields, a definition #<Kind>Outputs its outputs; a name is defined once in all
// files. The first use of a kind builds its definition and those that it refers to (sources.go), and turns it into a
// shape (shape.go): a tree of structures, lists, maps and leaves. Documents are walked along that
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
//	@raw()          the field holds a mapping that code generation judges
//	@fragment()     the field holds a part of a component's spec; CheckFragment judges it
//	@stateful()     losing a component of the kind loses data
//	@component(…)   the string names a component that this one is wired to; see below
//	@access(…)      on a kind: IAM guards it, and these levels of access can be had (read, write, readwrite); the first
//	                is what a reference without access gets. A kind without it refuses access
//	@when("path")   on an output: it exists only if that field of spec is there, and is not false; @when("!path") is the
//	                opposite, and unlike="regexp" behind it excludes texts. An output has a ? if, and only if, it has this
//
// A field that names a component (a trigger's queue, a route's target, the origin of a distribution) says so:
//
//	queue!:     #ComponentRef @component(SQS, access=read)      // a queue, of which this component reads
//	target!:    #ComponentRef @component(MicroService, Lambda)  // one of two kinds
//	listeners?: [...#ComponentRef] @component()                 // any kind; on a list it speaks of each item
//	component!: #ComponentRef @component(Worker, edge=reverse)  // mounts: the worker depends on this one
//	senders?:   [...#ComponentRef] @component(SQS, edge=none)   // only names them: nobody depends on anybody
//	stream?:    #ComponentRef @component(DynamoDB, needs=streamArn) // a table that has this output; see @when
//	service?:   #ComponentRef @component(ALB, NLB, behind=NLB)      // of an NLB, after what its routes lead to as well
//
// A field with edge=reverse stands in a mapping of its own, which says how the component is mounted into the named one;
// access is then what the named one can do with it, and a field readOnly of that mapping that is true makes it read.
//
// That is all a new kind has to write: package reference finds these fields through ComponentFields, refuses what does
// not exist or is of another kind, and makes the reference and the dependency. A field may take something else as well,
// such as an ARN or a URL; only text that has the form of #ComponentRef counts as a component. Other fields use
// #ValueFrom and dependsOn, which need no attribute.
//
// A field written name! is required, name? is optional, and a plain one has a default. A structure's #rules are rules
// between its fields, and its #protected are more of them for environments that forbid losing data; see rule.go.
//
// Describe gives the shape of a kind to what shows the language: package schema/jsonschema for editors, and
// schema/internal/docs for the reference, where an example of each kind comes from examples/. A rule is told there by its
// comment or, without one, by its message.
//
// The schema refuses what it can know to be wrong without AWS; it does not know which components, variables, secrets
// and environments exist.
package schema
