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

// sources are the definitions of the schema as text. Parsing and building all of them takes several times as long as
// everything else that a short command does, so that only those are built which the kinds in use refer to, and those
// which they refer to, and so on.
//
// They are found in the text, which is formatted: a definition begins a line, with its comment above it, and whatever
// looks like a name may refer to one. So a name in a comment may bring a definition too many, which does no harm.
type sources struct {
	kinds    map[kind]string   // the definition of each
	defined  map[string]string // the text of each definition, by its name with # or _
	packages []string          // those that some file imports
}

// kindHead is how the definition of a kind goes on after apiVersion:.
var kindHead = regexp.MustCompile(`^ *"([^"]+)"\n\tkind: *"([^"]+)"\n`)

// readSources reads the schema's files, */*.cue, from some folders.
func readSources(folders ...fs.FS) (*sources, error) {
	s := &sources{kinds: map[kind]string{}, defined: map[string]string{}}
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
			if err := s.add(string(content)); err != nil {
				return nil, fmt.Errorf("read the schema: %s: %w", path, err)
			}
		}
	}
	return s, nil
}

// add takes a file apart.
func (s *sources) add(text string) error {
	name, start := "", -1 // of the definition that is being read
	comment := -1         // where the comment above the next one begins
	at := 0
	for line := range strings.Lines(text) {
		next := nameAt(line, 0)
		switch {
		case next != "":
			if comment < 0 {
				comment = at
			}
			if err := s.define(name, text[max(start, 0):comment]); err != nil {
				return err
			}
			name, start, comment = next, comment, -1
		case !strings.HasPrefix(line, "//"):
			comment = -1
			if name == "" {
				s.imports(line)
			}
		case comment < 0:
			comment = at
		}
		at += len(line)
	}
	return s.define(name, text[max(start, 0):])
}

// define keeps a definition; name is "" for what stands above the first one of a file.
func (s *sources) define(name, text string) error {
	if name == "" {
		return nil
	}
	if _, ok := s.defined[name]; ok {
		return fmt.Errorf("%s is defined twice", name)
	}
	s.defined[name] = text
	if _, rest, ok := strings.Cut(text, "\n\tapiVersion:"); ok {
		if m := kindHead.FindStringSubmatch(rest); m != nil {
			s.kinds[kind{m[1], m[2]}] = name
		}
	}
	return nil
}

// imports notes the package that a line above the definitions imports.
func (s *sources) imports(line string) {
	if parts := strings.Split(line, `"`); len(parts) == 3 && !slices.Contains(s.packages, parts[1]) {
		s.packages = append(s.packages, parts[1])
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

// needed are the names of some definitions and of those that they refer to, sorted.
func (s *sources) needed(names []string) []string {
	var all []string
	seen := map[string]bool{}
	names = slices.Clone(names)
	for len(names) > 0 {
		name := names[len(names)-1]
		names = names[:len(names)-1]
		if text, ok := s.defined[name]; ok && !seen[name] {
			seen[name] = true
			all = append(all, name)
			names = appendNames(names, text)
		}
	}
	slices.Sort(all)
	return all
}

// appendNames adds what looks like names of definitions in a text.
func appendNames(names []string, text string) []string {
	for at := 0; at < len(text); at++ {
		if name := nameAt(text, at); name != "" {
			names = append(names, name)
			at += len(name) - 1
		}
	}
	return names
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

// build makes one value of some definitions.
func (s *sources) build(context *cue.Context, names []string) (cue.Value, error) {
	file, err := parser.ParseFile("schema.cue", s.text(names), parser.ParseComments)
	if err != nil {
		return cue.Value{}, fmt.Errorf("parse the schema: %w", err)
	}
	instance := build.NewContext().NewInstance("schema", nil)
	if err := instance.AddSyntax(file); err != nil {
		return cue.Value{}, fmt.Errorf("make a package of the schema: %w", err)
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

// text is a file with some definitions and what they import.
func (s *sources) text(names []string) string {
	var body strings.Builder
	for _, name := range names {
		body.WriteString(s.defined[name])
		body.WriteString("\n")
	}
	head := "package schema\n"
	for _, path := range s.packages {
		if uses(body.String(), path) {
			head += fmt.Sprintf("import %q\n", path)
		}
	}
	return head + body.String()
}

// uses tells whether a text calls a function of a package or names its values, which begin with a capital.
func uses(text, path string) bool {
	for {
		_, rest, found := strings.Cut(text, path+".")
		if !found || rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' {
			return found && rest != ""
		}
		text = rest
	}
}
