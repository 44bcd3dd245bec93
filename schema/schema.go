package schema

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
)

//go:embed core/*.cue infra/*.cue kinds/*.cue shared/*.cue
var files embed.FS

// ComponentVersion is the apiVersion of the documents that describe components.
const ComponentVersion = "components.panka.io/v1"

// Schema knows the kinds of documents. It is safe for concurrent use. It remembers the values it has judged, so a
// long-lived process makes a new one now and then.
type Schema struct {
	mu      sync.Mutex
	context *cue.Context
	sources *sources
	kinds   []kind               // sorted
	roots   map[string]cue.Value // what has been built, by the name of each definition in it
	shapes  map[string]*shape    // of whole documents, by kind
	// definitions are the shapes of definitions that others refer to, by path.
	definitions map[string]*shape
	leaves      map[leafKey]bool
	rules       map[ruleKey][]fault
}

// kind is a kind of document; name is unique over all apiVersions.
type kind struct {
	apiVersion string
	name       string
}

// New reads the embedded schema; a kind is built when it is first used. An error is a bug in panka.
func New() (*Schema, error) { return newFrom(files) }

// newFrom reads a schema that lies in the folders of several file systems.
func newFrom(folders ...fs.FS) (*Schema, error) {
	from, err := readSources(folders...)
	if err != nil {
		return nil, err
	}
	return &Schema{
		context:     cuecontext.New(),
		sources:     from,
		kinds:       from.sorted(),
		roots:       map[string]cue.Value{},
		shapes:      map[string]*shape{},
		definitions: map[string]*shape{},
		leaves:      map[leafKey]bool{},
		rules:       map[ruleKey][]fault{},
	}, nil
}

// APIVersions are the known apiVersions, sorted.
func (s *Schema) APIVersions() []string {
	var versions []string
	for _, k := range s.kinds {
		if !slices.Contains(versions, k.apiVersion) {
			versions = append(versions, k.apiVersion)
		}
	}
	return versions
}

// Kinds are the kinds of documents of an apiVersion, sorted; none if the apiVersion is unknown.
func (s *Schema) Kinds(apiVersion string) []string {
	var names []string
	for _, k := range s.kinds {
		if k.apiVersion == apiVersion {
			names = append(names, k.name)
		}
	}
	return names
}

// Known tells whether documents of that apiVersion and kind exist.
func (s *Schema) Known(apiVersion, kindName string) bool {
	return slices.Contains(s.kinds, kind{apiVersion, kindName})
}

// IsComponent tells whether kind is a kind of component, something that is deployed.
func (s *Schema) IsComponent(kindName string) bool { return s.Known(ComponentVersion, kindName) }

// document gives the shape of documents of a kind, nil for an unknown kind. The caller holds mu.
func (s *Schema) document(kindName string) *shape {
	if known, ok := s.shapes[kindName]; ok {
		return known
	}
	var found *shape
	if slices.ContainsFunc(s.kinds, func(k kind) bool { return k.name == kindName }) {
		found = s.compile(s.definition("#" + kindName))
		if s.IsComponent(kindName) {
			s.addCommon(found.field("spec").shape)
		}
	}
	s.shapes[kindName] = found
	return found
}

// Use builds some kinds together, which takes less time than one after the other. It is not needed before a kind is
// used, and unknown kinds are passed over.
func (s *Schema) Use(kinds ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, name := range kinds {
		if _, built := s.roots["#"+name]; built || !slices.ContainsFunc(s.kinds, func(k kind) bool { return k.name == name }) {
			continue
		}
		names = append(names, "#"+name)
		if s.IsComponent(name) {
			names = append(names, "#"+name+"Outputs")
			names = append(names, commonDefinitions()...)
		}
	}
	if len(names) > 0 {
		s.build(names)
	}
}

// definition gives a definition of the schema, building it if need be. The caller holds mu.
func (s *Schema) definition(name string) cue.Value {
	if _, ok := s.roots[name]; !ok {
		s.build([]string{name})
	}
	return s.roots[name].LookupPath(cue.MakePath(cue.Def(name)))
}

// build builds definitions and what they refer to. What has been built before stays what it is.
func (s *Schema) build(names []string) {
	names = s.sources.needed(names)
	root, err := s.sources.build(s.context, names)
	if err != nil {
		panic(fmt.Sprintf("schema: %v: %v", names, err))
	}
	for _, name := range names {
		if _, ok := s.roots[name]; !ok {
			s.roots[name] = root
		}
	}
}
