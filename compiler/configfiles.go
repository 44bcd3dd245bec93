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
	file, ok := c.readText(k, item.Get("path"), source.Mounted)
	if !ok {
		return ir.ConfigFile{}, false
	}
	mode, _ := strconv.ParseUint(variable.Scalar(item.Get("mode")), 8, 32) // the schema has judged it
	return ir.ConfigFile{
		Name: variable.Scalar(item.Get("name")), Path: file.Path, MountPath: variable.Scalar(item.Get("mountPath")),
		Mode: fs.FileMode(mode), Content: file.Content, Source: item.Source,
	}, true
}

// readText reads the file that a component names, from its own folder.
func (c *compilation) readText(k *component, at *ir.Value, use source.TextUse) (source.File, bool) {
	file, problem := source.ReadText(c.Root, c.beside(k, at), use, at.Source)
	if problem != nil {
		list := diag.List{*problem}
		k.result.Template.Cite(list)
		c.report(list...)
	}
	return file, problem == nil
}

// beside is a path that a component gives, from the repository's root: it begins at the component's folder.
func (c *compilation) beside(k *component, at *ir.Value) string {
	return path.Join("stacks", c.Stack, "services", k.Service, "components", k.Name, variable.Scalar(at))
}
