package compiler

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"path"
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/layer"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/suggest"
	"github.com/panka-io/panka/compiler/template"
	"github.com/panka-io/panka/compiler/variable"
	"github.com/panka-io/panka/schema"
)

// compilation is one run of Compile: what each stage leaves for the next ones.
type compilation struct {
	Options
	rules *schema.Schema
	diags diag.List

	documents []*source.Document // in effect
	files     []source.File      // in effect, later with those that components mount
	// templateFiles are the files of templates/, in use or not.
	templateFiles []source.File
	// templatesUnread tells that something is wrong with a file of templates/, so that a template may be missing for that.
	templatesUnread bool

	layers    *layer.Layers
	index     *layer.Index
	variables *variable.Set
	// unread holds ids of components in whose folders something is wrong, so that they may be missing for that.
	unread map[string]bool
	// flawed holds the files that have errors, so that a mistake is not reported again where it has been merged.
	flawed map[string]bool

	// core holds the merged specs of the Stack and the Environment, by kind, without their variables.
	core       map[string]*ir.Value
	components []*component // as in layers
	stack      *ir.Stack
}

// component is a component on its way into the stack.
type component struct {
	*layer.Component
	result *ir.Component
	// checked is the spec as the schema should see it.
	checked *ir.Value
	// complete is false when variables are missing, so that the spec cannot be judged.
	complete bool
	// sound tells that the merged spec passed the schema.
	sound bool
}

// load reads the documents and keeps those in effect. It reports false when there is nothing to go on with.
func (c *compilation) load(ctx context.Context) bool {
	documents, files, problems := c.Documents.Load(ctx, c.Root, c.Stack)
	c.unread, c.flawed = map[string]bool{}, map[string]bool{}
	for _, d := range problems {
		if !c.elsewhere(d.File) {
			c.report(d)
		}
	}
	for _, f := range files {
		if !c.elsewhere(f.Path) {
			c.files = append(c.files, f)
		}
	}
	if len(documents) == 0 {
		if len(c.diags) == 0 {
			c.report(diag.Errorf(diag.Position{}, "missing-stack", "stack %q has no documents", c.Stack).
				WithHint("it needs a stacks/%s/stack.yaml of kind Stack", c.Stack))
		}
		return false
	}
	if !c.environmentExists(documents) {
		return false
	}
	c.loadTemplates(ctx)
	for _, doc := range documents {
		if c.elsewhere(doc.Pos.File) || doc.Kind == template.Kind && c.known(doc) { // misplaced, and reported
			continue
		}
		c.documents = append(c.documents, doc)
		if doc.Scope.Component != "" && !c.known(doc) {
			c.unread[doc.Scope.Service+"/"+doc.Scope.Component] = true
		}
	}
	c.rules.Use(c.kinds()...)
	return true
}

// kinds are those that the schema will be asked about, some more than once: those of the documents, and those of which
// each stack has a sum.
func (c *compilation) kinds() []string {
	kinds := []string{"Stack", "Environment", "ComponentInfra", "InfraDefaults", "Networking", "Security", "Observability"}
	for _, doc := range c.documents {
		kinds = append(kinds, doc.Kind)
	}
	return kinds
}

func (c *compilation) known(doc *source.Document) bool {
	return c.rules.Known(doc.APIVersion, doc.Kind)
}

// elsewhere tells whether a file belongs to an environment other than the one being compiled. Without an environment
// none does.
func (c *compilation) elsewhere(file string) bool {
	rest, below := strings.CutPrefix(file, path.Join("stacks", c.Stack, "environments")+"/")
	if !below || c.Environment == "" {
		return false
	}
	environment, _, nested := strings.Cut(rest, "/")
	return nested && environment != c.Environment
}

// report adds a finding and remembers where errors are.
func (c *compilation) report(ds ...diag.Diagnostic) {
	for _, d := range ds {
		c.diags.Add(d)
		if d.Severity != diag.Error || !d.IsValid() {
			continue
		}
		c.flawed[d.File] = true
		parts := strings.Split(d.File, "/")
		if len(parts) > 6 && parts[2] == "services" && parts[4] == "components" {
			c.unread[parts[3]+"/"+parts[5]] = true
		}
	}
}

// environmentExists reports an environment that neither has a file nor is listed by the stack.
func (c *compilation) environmentExists(documents []*source.Document) bool {
	if c.Environment == "" {
		return true
	}
	var known []string
	for _, doc := range documents {
		if doc.Kind == "Environment" && doc.Scope.Environment != "" {
			known = append(known, doc.Scope.Environment)
		}
		if doc.Kind == "Stack" && doc.Scope.Environment == "" {
			if list := doc.Root.Get("spec", "environments"); list != nil {
				for _, item := range list.Items {
					known = append(known, item.Text)
				}
			}
		}
	}
	own := path.Join("stacks", c.Stack, "environments", c.Environment, "environment.yaml")
	unreadable := slices.ContainsFunc(c.diags, func(d diag.Diagnostic) bool { return d.File == own })
	if unreadable || slices.Contains(known, c.Environment) {
		return true
	}
	slices.Sort(known)
	known = slices.Compact(known)
	d := diag.Errorf(diag.Position{}, "unknown-environment", "stack %s has no environment %q", c.Stack, c.Environment)
	switch near, ok := suggest.Nearest(c.Environment, known); {
	case ok:
		d = d.WithHint("did you mean %q?", near)
	case len(known) > 0:
		d = d.WithHint("it has %s", strings.Join(known, ", "))
	default:
		d = d.WithHint("list it in spec.environments of stack.yaml")
	}
	c.report(d)
	return false
}

// digest is the SHA-256 over the paths and contents of the files, which come sorted by path. Each part is preceded by
// its length, so that no two sets of files give the same bytes.
func digest(files []source.File) string {
	h := sha256.New()
	add := func(b []byte) {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(b)))
		h.Write(length[:])
		h.Write(b)
	}
	files = slices.SortedFunc(slices.Values(files), func(a, b source.File) int { return strings.Compare(a.Path, b.Path) })
	for _, f := range files {
		add([]byte(f.Path))
		add(f.Content)
	}
	return hex.EncodeToString(h.Sum(nil))
}
