package source

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/suggest"
)

// File is one file that was read, for digests and for showing source lines. Path is relative to the root, with slashes.
type File struct {
	Path    string
	Content []byte
}

// Load reads every document of one stack: all .yaml and .yml files below stacks/<stack>/ but hidden ones and those
// under configs/ folders, which are the application's own. Documents and files come sorted by path, whatever the order
// of the directories.
//
// Documents that have no usable identity are left out, each with an error; where the folder tells what a missing or
// malformed name must be, the folder's name is used, so that one mistake is reported once. Metadata.Stack, and
// Metadata.Service of what lies in a service's folder, are filled in when the document leaves them out.
func Load(ctx context.Context, root, stack string) ([]*Document, []File, diag.List) {
	if !ValidName(stack) {
		return nil, nil, diag.List{diag.Errorf(diag.Position{}, "invalid-name", "%q cannot name a stack", stack).
			WithHint("a name is %s", NameRule)}
	}
	dir, err := os.OpenRoot(root)
	if err != nil {
		return nil, nil, diag.List{diag.Errorf(diag.Position{}, "unreadable", "cannot open the repository: %v", err)}
	}
	defer dir.Close()
	if info, err := dir.Stat(stacksFolder + "/" + stack); err != nil || !info.IsDir() {
		return nil, nil, diag.List{unknownStack(dir.FS(), stack)}
	}
	return loadFrom(ctx, dir.FS(), stack)
}

func loadFrom(ctx context.Context, fsys fs.FS, stack string) ([]*Document, []File, diag.List) {
	found, diags := discover(ctx, fsys, stacksFolder+"/"+stack, Scope{Stack: stack})
	documents, files, problems := read(ctx, fsys, found)
	return documents, files, append(diags, problems...)
}

// LoadTemplates reads the documents of the folder templates/ at the root, which all stacks share, as Load reads those
// of a stack. A repository without that folder has none.
func LoadTemplates(ctx context.Context, root string) ([]*Document, []File, diag.List) {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return nil, nil, diag.List{diag.Errorf(diag.Position{}, "unreadable", "cannot open the repository: %v", err)}
	}
	defer dir.Close()
	if _, err := dir.Lstat(templatesFolder); errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	found, diags := discover(ctx, dir.FS(), templatesFolder, Scope{})
	documents, files, problems := read(ctx, dir.FS(), found)
	return documents, files, append(diags, problems...)
}

// read reads the documents of the files that were found, several files at a time.
func read(ctx context.Context, fsys fs.FS, found []found) ([]*Document, []File, diag.List) {
	parts := make([]contents, len(found))
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(len(found), runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(found)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				parts[i] = readOne(fsys, found[i])
			}
		})
	}
	group.Wait()
	var diags diag.List
	var documents []*Document
	var files []File
	for _, part := range parts {
		diags.Add(part.diags...)
		documents = append(documents, part.documents...)
		if part.file != nil {
			files = append(files, *part.file)
		}
	}
	if err := ctx.Err(); err != nil {
		diags.Add(diag.Errorf(diag.Position{}, "cancelled", "reading the documents was cancelled: %v", err))
	}
	return documents, files, diags
}

// contents are what one file holds; file is nil if it could not be read.
type contents struct {
	file      *File
	documents []*Document
	diags     diag.List
}

func readOne(fsys fs.FS, f found) contents {
	content, problem := readFile(fsys, f.path)
	if problem != nil {
		return contents{diags: diag.List{*problem}}
	}
	c := contents{file: &File{Path: f.path, Content: content}}
	nodes, problems := Parse(f.path, content)
	c.diags.Add(problems...)
	if len(nodes)+len(problems) == 0 {
		c.diags.Add(diag.Diagnostic{Severity: diag.Warning, Code: "empty-file", Message: "there is no document in this file",
			Position: diag.Position{File: f.path, Line: 1, Column: 1}, Hint: "write one, or delete the file"})
	}
	for _, node := range nodes {
		document, problems := identify(node, f.scope)
		c.diags.Add(problems...)
		if document != nil {
			c.documents = append(c.documents, document)
		}
	}
	return c
}

func unknownStack(fsys fs.FS, stack string) diag.Diagnostic {
	d := diag.Errorf(diag.Position{}, "unknown-stack", "there is no stack %q: the folder stacks/%s does not exist", stack, stack)
	if known, err := namedFolders(fsys, stacksFolder); err == nil {
		d.Hint = suggest.Hint(stack, known)
	}
	return d
}
