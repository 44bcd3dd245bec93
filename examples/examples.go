// Package examples holds deployment repositories to learn from and to start with. They work as they stand; panka init
// writes the seed example into an empty repository.
package examples

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed seed-example/sandbox.yaml seed-example/stacks
var files embed.FS

// Seed is the repository of the seed example: one stack with a service in front of a database, and a sandbox.yaml
// that gives the simulated account its secret.
func Seed() fs.FS {
	sub, err := fs.Sub(files, "seed-example")
	if err != nil {
		panic(fmt.Sprintf("the embedded example is gone: %v", err)) // cannot happen: the path is valid
	}
	return sub
}
