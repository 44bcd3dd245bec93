package codegen

// GenerateWith is Generate with other kinds.
var GenerateWith = generate
