package settings

import (
	"errors"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/suggest"
)

// file is what one settings file says; empty strings where it is silent.
type file struct {
	Backend, Tenant, Profile, MinPanka string
	CheckedIn                          bool

	backendPos, tenantPos diag.Position
}

// The keys that each file may hold.
var (
	repositoryKeys = []string{"backend", "generated", "tenant", "versions"}
	userKeys       = []string{"backend", "profile", "tenant"}
)

var versionRE = regexp.MustCompile(`^v?\d+\.\d+\.\d+$`)

// readFile reads a settings file; one that does not exist says nothing. Name is how diagnostics call it.
func readFile(path, name string, keys []string) (file, diag.List) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return file{}, nil
	}
	root, found := ReadMapping(path, name)
	if root == nil || found.HasErrors() {
		return file{}, found
	}
	r := reader{}
	f := r.file(root, keys)
	return f, r.found
}

// reader turns a YAML tree into a file and collects what is wrong.
type reader struct{ found diag.List }

func (r *reader) file(root *source.Node, keys []string) file {
	var f file
	for _, e := range r.entries(root, keys) {
		switch e.Key {
		case "backend":
			f.Backend, f.backendPos = r.text(e), e.Value.Pos
		case "tenant":
			f.Tenant, f.tenantPos = r.text(e), e.Value.Pos
		case "profile":
			f.Profile = r.text(e)
		case "generated":
			f.CheckedIn = r.checkedIn(e)
		case "versions":
			f.MinPanka = r.versions(e)
		}
	}
	return f
}

// entries returns the known entries of a mapping and reports unknown keys.
func (r *reader) entries(n *source.Node, keys []string) []source.Field {
	var out []source.Field
	for _, f := range n.Fields {
		if slices.Contains(keys, f.Key) {
			out = append(out, f)
		} else {
			r.found.Add(unknown(f.KeyPos, f.Key, keys))
		}
	}
	return out
}

func unknown(at diag.Position, key string, keys []string) diag.Diagnostic {
	d := diag.Errorf(at, "unknown-key", "unknown key %q", key)
	if near, ok := suggest.Nearest(key, keys); ok {
		return d.WithHint("did you mean %q?", near)
	}
	return d.WithHint("the keys are %s", strings.Join(keys, ", "))
}

func (r *reader) text(e source.Field) string {
	if e.Value.Kind != source.String || e.Value.Text == "" {
		r.found.Add(diag.Errorf(e.Value.Pos, "wrong-type", "%s must be a string", e.Key))
		return ""
	}
	return e.Value.Text
}

func (r *reader) checkedIn(e source.Field) bool {
	switch v := r.text(e); v {
	case "", "checked-in":
		return v != ""
	default:
		r.found.Add(diag.Errorf(e.Value.Pos, "invalid-value", "generated is %q", v).
			WithHint(`the only value is "checked-in"; leave the key out to generate the programs in each run`))
		return false
	}
}

func (r *reader) versions(e source.Field) string {
	if e.Value.Kind != source.Map {
		r.found.Add(diag.Errorf(e.Value.Pos, "wrong-type", "versions must be a mapping"))
		return ""
	}
	version := ""
	for _, v := range r.entries(e.Value, []string{"panka"}) {
		version = v.Value.Text
		if !versionRE.MatchString(version) {
			r.found.Add(diag.Errorf(v.Value.Pos, "invalid-value", "versions.panka is %q", version).
				WithHint(`write the least version that may be used here, as "0.1.0"`))
			version = ""
		}
	}
	return version
}

// CheckBackend refuses an address that is neither the embedded backend's nor one in S3.
func CheckBackend(backend string) diag.List {
	if backend == Embedded {
		return nil
	}
	if _, err := ParseAddress(backend); err != nil {
		return diag.List{diag.Errorf(diag.Position{}, "invalid-value", "backend %q is neither %q nor an S3 address: %v", backend, Embedded, err).
			WithHint("write s3://bucket/prefix?region=us-east-1&lockTable=table")}
	}
	return nil
}
