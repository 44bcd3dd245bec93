package compiler

import (
	"context"

	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
)

// readCode reads the code that sound functions have in the repository. It counts as a source: the digest covers it.
func (c *compilation) readCode(ctx context.Context) {
	read := false
	for _, k := range c.components {
		at := k.result.Spec.Get("code", "zip")
		if !k.sound || at == nil || ctx.Err() != nil {
			continue
		}
		name := c.beside(k, at)
		code := &ir.Code{Path: name, Source: at.Source}
		code.Zip, code.Problem = source.ReadCode(c.Root, name, at.Source)
		k.result.Code = code
		c.files = append(c.files, source.File{Path: name, Content: code.Zip})
		read = true
	}
	if read {
		c.stack.SourceDigest = digest(c.inEffect())
	}
}
