package compiler

import (
	"context"
	"io/fs"
	"path"
	"strconv"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/variable"
)

// readConfigFiles reads the files that sound components mount. They count as sources: the digest covers them.
func (c *compilation) readConfigFiles(ctx context.Context) {
	read := map[string]bool{}
	for _, k := range c.components {
		list := k.result.Spec.Get("configFiles")
		if !k.sound || list == nil {
			continue
		}
		for _, item := range list.Items {
			if ctx.Err() != nil {
				return
			}
			if f, ok := c.readConfigFile(k, item); ok {
				k.result.ConfigFiles = append(k.result.ConfigFiles, f)
				if !read[f.Path] {
					read[f.Path] = true
					c.files = append(c.files, source.File{Path: f.Path, Content: f.Content})
				}
			}
		}
	}
	if len(read) > 0 {
		c.stack.SourceDigest = digest(c.inEffect())
	}
}

func (c *compilation) readConfigFile(k *component, item *ir.Value) (ir.ConfigFile, bool) {
	at := item.Get("path")
	folder := path.Join("stacks", c.Stack, "services", k.Service, "components", k.Name)
	file, problem := source.ReadConfigFile(c.Root, path.Join(folder, variable.Scalar(at)), at.Source)
	if problem != nil {
		list := diag.List{*problem}
		k.result.Template.Cite(list)
		c.report(list...)
		return ir.ConfigFile{}, false
	}
	mode, _ := strconv.ParseUint(variable.Scalar(item.Get("mode")), 8, 32) // the schema has judged it
	return ir.ConfigFile{
		Name: variable.Scalar(item.Get("name")), Path: file.Path, MountPath: variable.Scalar(item.Get("mountPath")),
		Mode: fs.FileMode(mode), Content: file.Content, Source: item.Source,
	}, true
}
