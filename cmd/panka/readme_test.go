package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// excerptRE finds the blocks of the README that are taken from files: a comment names the file, and a code block
// follows.
var excerptRE = regexp.MustCompile("(?s)<!-- from ([^ ]+) -->\n+```[a-z]*\n(.*?)```")

// withoutIndent leaves out white space at the ends of lines, and empty lines.
func withoutIndent(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// TestReadmeExcerpts holds the README's code to the files it is taken from. Generated code is looked up in the golden
// of the example.
func TestReadmeExcerpts(t *testing.T) {
	root := filepath.Join("..", "..")
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	excerpts := excerptRE.FindAllStringSubmatch(string(readme), -1)
	if len(excerpts) < 2 {
		t.Fatalf("found %d excerpts, want the YAML and the Go at least", len(excerpts))
	}
	for _, e := range excerpts {
		file, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(e[1])))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, part := range strings.Split(e[2], "…\n") { // an ellipsis stands for lines left out
			if strings.TrimSpace(part) == "" {
				continue
			}
			if !strings.Contains(withoutIndent(string(file)), withoutIndent(part)) {
				t.Errorf("%s does not hold:\n%s", e[1], part)
			}
		}
	}
}
