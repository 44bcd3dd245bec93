package compiler

import (
	"context"

	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
)

// readUserData reads the files that sound machines have as user data. They count as sources: the digest covers them.
func (c *compilation) readUserData(ctx context.Context) {
	read := false
	for _, k := range c.components {
		at := k.result.Spec.Get("userDataFile")
		if !k.sound || at == nil || ctx.Err() != nil {
			continue
		}
		if file, ok := c.readText(k, at, source.UserData); ok {
			k.result.UserData = &ir.UserData{Path: file.Path, Content: file.Content, Source: at.Source}
			c.files = append(c.files, file)
			read = true
		}
	}
	if read {
		c.stack.SourceDigest = digest(c.inEffect())
	}
}
