// Package security says what holds for everything that the component kinds register: a list of rules, each about the
// inputs of one or more resource types and what else is in the stack.
//
// Most rules are those of public catalogues, Checkov's and AWS Security Hub's, under their IDs; where neither has a rule
// for what panka promises, it has an ID of panka's own, panka/<topic>. A rule holds for what the kinds do by themselves.
// Where somebody's YAML asks for something weaker, such as a public bucket, Check reports it, and it is for the caller to
// know that it was asked for.
//
// Rules look at inputs as the Pulumi engine gets them, after references are resolved; a missing input and its zero are
// different things only where they are to AWS. Policies are looked at as documents, not as text.
package security
