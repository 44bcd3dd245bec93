package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/panka-io/panka/compiler/diag"
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
	data, err := readSmall(path)
	if errors.Is(err, fs.ErrNotExist) {
		return file{}, nil
	}
	if err != nil {
		at := diag.Position{File: name, Line: 1, Column: 1}
		return file{}, diag.List{diag.Errorf(at, "unreadable-file", "cannot be read: %v", err)}
	}
	root, err := parseOne(data)
	if err != nil {
		return file{}, diag.List{syntaxError(name, err)}
	}
	if root == nil {
		return file{}, nil
	}
	r := reader{name: name}
	f := r.file(root, keys)
	return f, r.found
}

// parseOne returns the only document's root node, nil if there is none.
func parseOne(data []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, err
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("yaml: line %d: only one document may stand here", more.Line)
	}
	if root := doc.Content[0]; root.Tag != "!!null" {
		return root, nil
	}
	return nil, nil
}

var yamlLineRE = regexp.MustCompile(`^yaml: (?:line (\d+): )?(?s)(.*)$`)

func syntaxError(name string, err error) diag.Diagnostic {
	at, message := diag.Position{File: name, Line: 1, Column: 1}, err.Error()
	if m := yamlLineRE.FindStringSubmatch(message); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil && n > 0 {
			at.Line = n
		}
		message = m[2]
	}
	return diag.Errorf(at, "yaml-syntax", "not valid YAML: %s", message)
}

// reader turns a YAML tree into a file and collects what is wrong.
type reader struct {
	name  string
	found diag.List
}

func (r *reader) pos(n *yaml.Node) diag.Position {
	return diag.Position{File: r.name, Line: n.Line, Column: n.Column}
}

func (r *reader) file(root *yaml.Node, keys []string) file {
	var f file
	for _, e := range r.entries(root, "the file", keys) {
		switch e.key.Value {
		case "backend":
			f.Backend, f.backendPos = r.text(e), r.pos(e.value)
		case "tenant":
			f.Tenant, f.tenantPos = r.text(e), r.pos(e.value)
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

type entry struct{ key, value *yaml.Node }

// entries returns the known entries of a mapping and reports unknown and repeated keys.
func (r *reader) entries(n *yaml.Node, what string, keys []string) []entry {
	if n.Kind != yaml.MappingNode {
		r.found.Add(diag.Errorf(r.pos(n), "wrong-type", "%s must be a mapping", what))
		return nil
	}
	var out []entry
	seen := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if first := seen[k.Value]; first != nil {
			r.found.Add(diag.Errorf(r.pos(k), "duplicate-key", "key %q occurs twice", k.Value).
				WithRelated(r.pos(first), "the first is here"))
			continue
		}
		seen[k.Value] = k
		if !slices.Contains(keys, k.Value) {
			r.found.Add(unknown(r.pos(k), k.Value, keys))
			continue
		}
		out = append(out, entry{k, n.Content[i+1]})
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

func (r *reader) text(e entry) string {
	if e.value.Kind != yaml.ScalarNode || e.value.Tag != "!!str" || e.value.Value == "" {
		r.found.Add(diag.Errorf(r.pos(e.value), "wrong-type", "%s must be a string", e.key.Value))
		return ""
	}
	return e.value.Value
}

func (r *reader) checkedIn(e entry) bool {
	switch v := r.text(e); v {
	case "", "checked-in":
		return v != ""
	default:
		r.found.Add(diag.Errorf(r.pos(e.value), "invalid-value", "generated is %q", v).
			WithHint(`the only value is "checked-in"; leave the key out to generate the programs in each run`))
		return false
	}
}

func (r *reader) versions(e entry) string {
	version := ""
	for _, v := range r.entries(e.value, "versions", []string{"panka"}) {
		version = v.value.Value
		if !versionRE.MatchString(version) {
			r.found.Add(diag.Errorf(r.pos(v.value), "invalid-value", "versions.panka is %q", version).
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
	u, err := url.Parse(backend)
	if err != nil || u.Scheme != "s3" || u.Host == "" {
		return diag.List{diag.Errorf(diag.Position{}, "invalid-value", "backend %q is neither %q nor an S3 address", backend, Embedded).
			WithHint("write s3://bucket/prefix?region=us-east-1&lockTable=table")}
	}
	return nil
}

// at puts findings in a place.
func at(pos diag.Position, found diag.List) diag.List {
	for i := range found {
		found[i].Position = pos
	}
	return found
}
