// Package jsonschema says in JSON Schema (draft 2020-12) what documents panka takes, for editors.
//
// It works from the descriptions that package schema gives of its kinds: a schema for each kind (Document), one of
// overlays, which may hold any part of a document, and an index that goes by a document's kind (Index). What relates
// several fields, which components, variables and secrets exist, and where a document belongs is left to panka validate:
// a schema accepts every document that is sound, and refuses unknown keys, wrong types and values that cannot be.
// A string with a variable in it is accepted for any scalar.
package jsonschema
