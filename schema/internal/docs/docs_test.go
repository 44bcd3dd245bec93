package main

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/schema"
	"github.com/panka-io/panka/schema/internal/spectest"
)

const root = "../../.."

// TestPagesAreCurrent compares docs/reference with what make docs would write.
func TestPagesAreCurrent(t *testing.T) {
	want, err := render(root)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ownPages(filepath.Join(root, "docs", "reference"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range want {
		if got[name] != text {
			t.Errorf("docs/reference/%s is not current; run make docs", name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("docs/reference/%s is of no kind; run make docs", name)
		}
	}
}

// TestExamplesAreSound checks the example on each page as the compiler would check it alone.
func TestExamplesAreSound(t *testing.T) {
	s := load(t)
	pages, err := ownPages(filepath.Join(root, "docs", "reference"))
	if err != nil {
		t.Fatal(err)
	}
	fenced := regexp.MustCompile("(?s)## Example\n\n```yaml\n(.*?)```")
	for _, apiVersion := range s.APIVersions() {
		for _, kind := range s.Kinds(apiVersion) {
			m := fenced.FindStringSubmatch(pages[fileName(kind)])
			if m == nil {
				t.Errorf("the page of %s has no example", kind)
				continue
			}
			roots, found := source.Parse(exampleFile(kind), []byte(m[1]))
			if found.HasErrors() || len(roots) != 1 {
				t.Errorf("the example of %s is not one document: %v", kind, found)
				continue
			}
			doc := document(roots[0])
			if doc.Kind != kind || doc.APIVersion != apiVersion {
				t.Errorf("the example of %s is a %s of %s", kind, doc.Kind, doc.APIVersion)
				continue
			}
			found = s.CheckDocument(doc, nil)
			if spec := roots[0].Get("spec"); spec != nil && !s.Describe(kind).Partial {
				found.Add(s.CheckMerged(apiVersion, kind, spectest.Value(spec))...)
			}
			if len(found) > 0 {
				t.Errorf("the example of %s: %v", kind, found)
			}
		}
	}
}

// TestLinksLeadSomewhere follows every link on the pages to a page or heading.
func TestLinksLeadSomewhere(t *testing.T) {
	pages, err := render(root)
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`\]\(([^)]*)\)`)
	heading := regexp.MustCompile(`(?m)^#+ (.*)$`)
	count := 0
	for name, text := range pages {
		anchors := map[string]bool{}
		for _, m := range heading.FindAllStringSubmatch(text, -1) {
			anchors[anchor(html.UnescapeString(m[1]))] = true
		}
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			count++
			if to, local := strings.CutPrefix(m[1], "#"); local {
				if !anchors[to] {
					t.Errorf("%s: no heading %s", name, m[1])
				}
			} else if pages[m[1]] == "" && m[1] != "resources.md" { // which package codegen writes
				t.Errorf("%s: no page %s", name, m[1])
			}
		}
	}
	if count < 30 {
		t.Errorf("only %d links", count)
	}
}

// TestWriteRemovesPagesOfNoKind: what is not ours stays.
func TestWriteRemovesPagesOfNoKind(t *testing.T) {
	dir := t.TempDir()
	pages := filepath.Join(dir, "docs", "reference")
	for path, text := range map[string]string{
		filepath.Join(pages, "gone.md"): mark + "\n# Gone\n", filepath.Join(pages, "resources.md"): "# Resources\n",
	} {
		if err := os.MkdirAll(pages, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	schemaDir, err := filepath.Abs(filepath.Join(root, "schema"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(schemaDir, filepath.Join(dir, "schema")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	if err := write(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(pages, "gone.md")); err == nil {
		t.Error("the page of no kind is still there")
	}
	for _, name := range []string{"resources.md", "stack.md", "README.md"} {
		if _, err := os.Stat(filepath.Join(pages, name)); err != nil {
			t.Error(err)
		}
	}
}

func load(t *testing.T) *schema.Schema {
	t.Helper()
	s, err := schema.New()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheBetterExample(t *testing.T) {
	short, good, long := strings.Repeat("x\n", 4), strings.Repeat("x\n", 12), strings.Repeat("x\n", 90)
	for _, c := range []struct {
		a, b string
		want bool
	}{{short, "", true}, {good, short, true}, {short, good, false}, {good, long, true}, {long, good, false}, {long, short, true}} {
		if better(c.a, c.b) != c.want {
			t.Errorf("%d lines against %d", strings.Count(c.a, "\n"), strings.Count(c.b, "\n"))
		}
	}
}
