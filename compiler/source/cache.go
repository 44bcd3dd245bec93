package source

import (
	"context"
	"slices"
	"sync"

	"github.com/panka-io/panka/compiler/diag"
)

// Cache remembers what Load and LoadTemplates have read, so that compilations of several environments read and parse
// each file once. It takes the files for unchanged as long as it lives. The zero Cache is ready, a nil one reads anew
// each time; both are safe for concurrent use. Who shares one shares the documents too, and must not change them.
type Cache struct {
	mu    sync.Mutex
	known map[cacheKey]func() reading
}

// cacheKey names a folder of a repository.
type cacheKey struct{ root, folder string }

// reading is what was read of a folder. Its lists have no room, so that nobody appends into what others see.
type reading struct {
	documents []*Document
	files     []File
	diags     diag.List
}

// Load is Load, remembered. The context of the first call counts.
func (c *Cache) Load(ctx context.Context, root, stack string) ([]*Document, []File, diag.List) {
	if c == nil {
		return Load(ctx, root, stack)
	}
	return c.once(cacheKey{root, stacksFolder + "/" + stack}, func() ([]*Document, []File, diag.List) { return Load(ctx, root, stack) })
}

// LoadTemplates is LoadTemplates, remembered. The context of the first call counts.
func (c *Cache) LoadTemplates(ctx context.Context, root string) ([]*Document, []File, diag.List) {
	if c == nil {
		return LoadTemplates(ctx, root)
	}
	return c.once(cacheKey{root, templatesFolder}, func() ([]*Document, []File, diag.List) { return LoadTemplates(ctx, root) })
}

// once reads on the first call for a key; calls at the same time wait for it.
func (c *Cache) once(key cacheKey, read func() ([]*Document, []File, diag.List)) ([]*Document, []File, diag.List) {
	c.mu.Lock()
	if c.known == nil {
		c.known = map[cacheKey]func() reading{}
	}
	get := c.known[key]
	if get == nil {
		get = sync.OnceValue(func() reading {
			documents, files, diags := read()
			return reading{slices.Clip(documents), slices.Clip(files), slices.Clip(diags)}
		})
		c.known[key] = get
	}
	c.mu.Unlock()
	r := get()
	return r.documents, r.files, r.diags
}
