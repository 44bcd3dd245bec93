package codegen_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/compiler/ir"
)

// hostileTexts would break out of a literal, a comment, a format or a shell if they were not quoted.
var hostileTexts = []string{
	`"`, "`", "\n", "\r\n", `*/`, `/*`, `//`, `${VERSION}`, `%s`, `%!d(x)`, `\`, "\x00", "\xff\xfe", "\u2028",
	`"); os.Exit(1); fmt.Println("`,
	"*/\nfunc init() { panic(1) }\n/*",
	"`+os.Getenv(\"HOME\")+`",
	`{{.Secret}}`, `$(reboot)`, "'; drop table users; --",
}

// TestHostileTextStaysInLiterals puts texts wherever the YAML leaves them free, and where only the schema does not. The code may differ from that of a
// harmless text in the values of string literals only.
func TestHostileTextStaysInLiterals(t *testing.T) {
	stack := goldenCases()[2].compiled(t)
	harmless := withTexts(stack, "harmless")
	want := skeletons(t, harmless)
	check := func(t interface{ Fatalf(string, ...any) }, text string) {
		p, ds := codegen.Generate(withTexts(stack, text))
		if ds.HasErrors() {
			t.Fatalf("%q: %v", text, ds)
		}
		for name, data := range p.Files {
			if path.Ext(name) != ".go" {
				continue
			}
			code, literals := skeleton(t, name, data)
			if code != want[name] {
				t.Fatalf("%q changes the code of %s:\n%s", text, name, data)
			}
			if strings.Contains(want[name], "ContainerDefinitions") && !slices.Contains(literals, text+":"+text) {
				t.Fatalf("%s does not hold the text %q as it is", name, text)
			}
		}
	}
	for _, text := range hostileTexts {
		check(t, text)
	}
	rapid.Check(t, func(r *rapid.T) { check(r, rapid.StringN(1, 40, -1).Filter(noNumber).Draw(r, "text")) })
}

// noNumber leaves out what a parameter such as max_connections may mean as a number, from which an alarm follows.
func noNumber(text string) bool {
	_, err := strconv.Atoi(text)
	return err != nil
}

// withTexts is the stack with the text in all free places.
func withTexts(original *ir.Stack, text string) *ir.Stack {
	stack := *original
	stack.Components = nil
	for _, c := range original.Components {
		n := *c
		n.Tags = map[string]string{"free": text}
		n.Spec = freed(c.Spec, "", text)
		stack.Components = append(stack.Components, &n)
	}
	return &stack
}

// freed replaces the texts below fields that the YAML leaves free; a text with variables keeps them around it.
func freed(v *ir.Value, field, text string) *ir.Value {
	if v == nil {
		return nil
	}
	c := *v
	switch field {
	case "repository", "tag", "value", "command", "entryPoint", "parameters", "username", "certificateArn", "path", "window":
		if v.Kind == ir.String {
			c.Text = ir.Literal(text)
		}
	}
	c.Items, c.Fields = nil, nil
	for _, item := range v.Items {
		c.Items = append(c.Items, freed(item, field, text))
	}
	for _, f := range v.Fields {
		below := f.Name
		if field == "parameters" {
			below = field
		}
		c.Fields = append(c.Fields, ir.Field{Name: f.Name, Value: freed(f.Value, below, text)})
	}
	return &c
}

func skeletons(t *testing.T, stack *ir.Stack) map[string]string {
	all := map[string]string{}
	for name, data := range generated(t, stack).Files {
		if path.Ext(name) == ".go" {
			all[name], _ = skeleton(t, name, data)
		}
	}
	return all
}

// skeleton is the code, comments included, with every string literal emptied; the literals come beside it.
func skeleton(t interface{ Fatalf(string, ...any) }, name string, data []byte) (string, []string) {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, name, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var comments strings.Builder
	for _, group := range f.Comments {
		comments.WriteString(group.Text())
	}
	var literals []string
	f.Comments = nil
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			literals = append(literals, text)
			lit.Value = `""`
		}
		return true
	})
	var b bytes.Buffer
	// Raw and without positions, so that the width of a literal does not show.
	if err := (&printer.Config{Mode: printer.RawFormat}).Fprint(&b, token.NewFileSet(), f); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return comments.String() + b.String(), literals
}
