package schema

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/build"
	"cuelang.org/go/cue/parser"
)

// sources are the files of the schema, read but not parsed. Parsing and building all of them takes ten times as long as
// what a command mostly needs, so a kind is built when it is first used, from the files that it refers to: those in
// which its names are defined, those in which theirs are, and so on.
//
// The names are found in the text: a definition begins a line, and whatever looks like a name may refer to one. So a
// name in a comment may bring a file too many, which does no harm.
type sources struct {
	texts   map[string]string // by path
	kinds   map[kind]string   // the path of each
	defined map[string]string // the path of each definition, named with its # or _
}

// kindHead is what follows the field apiVersion at the head of a kind.
var kindHead = regexp.MustCompile(`^ *"([^"]+)"\n\tkind: *"([^"]+)"\n`)

// readSources reads the schema's files, */*.cue, from some folders.
func readSources(folders ...fs.FS) (*sources, error) {
	s := &sources{texts: map[string]string{}, kinds: map[kind]string{}, defined: map[string]string{}}
	for _, folder := range folders {
		paths, err := fs.Glob(folder, "*/*.cue")
		if err != nil {
			return nil, fmt.Errorf("list the schema: %w", err)
		}
		for _, path := range paths {
			content, err := fs.ReadFile(folder, path)
			if err != nil {
				return nil, fmt.Errorf("read the schema: %w", err)
			}
			s.add(path, string(content))
		}
	}
	return s, nil
}

func (s *sources) add(path, text string) {
	s.texts[path] = text
	if _, rest, ok := strings.Cut(text, "\n\tapiVersion:"); ok {
		if m := kindHead.FindStringSubmatch(rest); m != nil {
			s.kinds[kind{m[1], m[2]}] = path
		}
	}
	for line := range strings.Lines(text) {
		if name := nameAt(line, 0); name != "" && strings.HasPrefix(line[len(name):], ":") {
			s.defined[name] = path
		}
	}
}

// sorted are the kinds, by apiVersion and name.
func (s *sources) sorted() []kind {
	kinds := make([]kind, 0, len(s.kinds))
	for k := range s.kinds {
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(a, b kind) int {
		return strings.Compare(a.apiVersion+" "+a.name, b.apiVersion+" "+b.name)
	})
	return kinds
}

// together are the paths of what is built at once with a file: a command that uses one of the documents in core/ and
// infra/ uses the others too.
func (s *sources) together(path string) []string {
	if !strings.HasPrefix(path, "core/") && !strings.HasPrefix(path, "infra/") {
		return []string{path}
	}
	var paths []string
	for other := range s.texts {
		if strings.HasPrefix(other, "core/") || strings.HasPrefix(other, "infra/") {
			paths = append(paths, other)
		}
	}
	return paths
}

// needed are the paths of some files and of those that they refer to, sorted.
func (s *sources) needed(paths ...string) []string {
	var all []string
	for len(paths) > 0 {
		path := paths[0]
		paths = paths[1:]
		if !slices.Contains(all, path) {
			all = append(all, path)
			paths = append(paths, s.referred(s.texts[path])...)
		}
	}
	slices.Sort(all)
	return all
}

// referred are the paths of the files that define the names in a text.
func (s *sources) referred(text string) []string {
	var paths []string
	for i := 0; i < len(text); i++ {
		name := nameAt(text, i)
		if name == "" {
			continue
		}
		if path, ok := s.defined[name]; ok && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
		i += len(name) - 1
	}
	return paths
}

// nameAt is the name of a definition that begins at a place in a text, "" if none does.
func nameAt(text string, at int) string {
	if c := text[at]; c != '#' && c != '_' || at > 0 && inName(text[at-1]) {
		return ""
	}
	end := at + 1
	for end < len(text) && inName(text[end]) {
		end++
	}
	if end == at+1 {
		return ""
	}
	return text[at:end]
}

func inName(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// build makes one value of some files.
func (s *sources) build(context *cue.Context, paths []string) (cue.Value, error) {
	instance := build.NewContext().NewInstance("schema", nil)
	for _, path := range paths {
		file, err := parser.ParseFile(path, s.texts[path], parser.ParseComments)
		if err != nil {
			return cue.Value{}, fmt.Errorf("parse the schema: %w", err)
		}
		if err := instance.AddSyntax(file); err != nil {
			return cue.Value{}, fmt.Errorf("add %s to the schema: %w", path, err)
		}
	}
	if err := instance.Complete(); err != nil {
		return cue.Value{}, fmt.Errorf("resolve the schema's imports: %w", err)
	}
	root := context.BuildInstance(instance)
	if err := root.Err(); err != nil {
		return cue.Value{}, fmt.Errorf("compile the schema: %w", err)
	}
	return root, nil
}
