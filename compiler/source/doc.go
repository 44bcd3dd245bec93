// Package source finds and parses the YAML of a deployment repository.
//
// FindRoot and Stacks answer from folders alone; Load reads one stack:
//
//	stacks/<stack>/**.yaml ──discover──▶ files ──parse──▶ Nodes ──identify──▶ Documents, each with its place and scope
//
// The YAML is the part of YAML 1.2 (core schema) that configuration needs. Everything else is refused at the place it
// stands: anchors, aliases and merge keys (never expanded), tags, keys that are not strings, a key twice in one
// mapping, nesting deeper than MaxDepth, files larger than MaxFileSize or not in UTF-8, numbers that a float64 cannot
// hold exactly, and symbolic links that lead out of the repository or to folders.
//
// Plain scalars mean what they look like: yes, no, on, off and dates are strings; true and false are booleans; 010 is
// the string "010" (never octal, and the zeros of an account id are kept); ~, null and nothing are null.
//
// This package knows where a kind of document may lie and that identity comes from metadata; what a kind's fields are
// is the business of package schema, which also refuses unknown kinds.
package source
