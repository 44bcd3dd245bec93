package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// readFile reads a file of variables with the text, and gives the values, or else what is wrong, without the folder.
func readFile(t *testing.T, name, text string) (string, givenVariables) {
	t.Helper()
	w := newWorld(t)
	if err := os.WriteFile(filepath.Join(w.process.Dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	a := &app{Process: w.process}
	given, err := a.variables(variableFlags{files: []string{name}}, nil)
	if err != nil {
		return strings.ReplaceAll(err.Error(), w.process.Dir+string(filepath.Separator), ""), given
	}
	return fmt.Sprint(given.values), given
}

func TestVariableFiles(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"YAML", "v.yaml", "A: text\nB: 010\nC: 1.10\nD: true\nE: 'it''s'\nF: |\n  two\n  lines\nG: \"\"\n", "map[A:text B:010 C:1.10 D:true E:it's F:two\nlines\n G:]"},
		{"JSON in YAML", "v.yaml", "{\"A\": \"x\",\n\t\"B\": 1}\n", "map[A:x B:1]"},
		{"YAML of any name", "v.txt", "A: x\n", "map[A:x]"},
		{"nothing", "v.yaml", "# nothing\n", "map[]"},
		{"YAML nested", "v.yaml", "A: {b: c}\nB: [1]\nC:\nD: x\n", `v.yaml:1:4: error: variable A must be a string, a number or a boolean
v.yaml:2:4: error: variable B must be a string, a number or a boolean
v.yaml:3:3: error: variable C must be a string, a number or a boolean`},
		{"YAML list", "v.yaml", "- A\n", "v.yaml:1:1: error: the file must be a mapping, not a list"},
		{"YAML twice", "v.yaml", "A: 1\nA: 2\n", `v.yaml:2:1: error: the key "A" stands twice in this mapping`},
		{"YAML documents", "v.yaml", "A: 1\n---\nB: 2\n", "v.yaml:3:1: error: only one document may stand here"},
		{"JSON", "v.json", "{\"A\": \"\\ud83d\\ude00 \\\"x\\\"\",\n\t\"B\": 1.10, \"C\": false, \"D\": 1e3,\"E\":\"\"}\n", "map[A:😀 \"x\" B:1.10 C:false D:1e3 E:]"},
		{"JSON empty", "v.JSON", " \n", "map[]"},
		{"JSON nested", "v.json", "{\n  \"A\": {\"b\": 1},\n  \"ü\": [1], \"C\": null, \"D\": 1\n}", `v.json:2:8: error: variable A must be a string, a number or a boolean
v.json:3:8: error: variable ü must be a string, a number or a boolean
v.json:3:18: error: variable C must be a string, a number or a boolean`},
		{"JSON list", "v.json", " [1]", "v.json:1:2: error: the file must be a mapping"},
		{"JSON twice", "v.json", `{"A": 1, "A": 2}`, `v.json:1:10: error: the key "A" stands twice in this object`},
		{"JSON with more", "v.json", "{}\n{}", "v.json:2:1: error: not valid JSON: invalid character '{' after top-level value"},
		{"JSON cut off", "v.json", "{\"A\": 1", "v.json:1:8: error: not valid JSON: unexpected end of JSON input"},
		{"JSON cut off in a value", "v.json", "{\"A\": \"x", "v.json:1:9: error: not valid JSON: unexpected end of JSON input"},
		{"JSON wrong", "v.json", "{\"A\": x}", "v.json:1:7: error: not valid JSON: invalid character 'x' looking for beginning of value"},
		{"JSON bad key", "v.json", "{A: 1}", "v.json:1:2: error: not valid JSON: invalid character 'A' looking for beginning of object key string"},
		{"JSON of other bytes", "v.json", "{\"A\": \"\xff\"}", "v.json:1:1: error: the file is not UTF-8 text"},
		{"nowhere", "../nowhere/v.json", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "nowhere" {
				w := newWorld(t)
				a := &app{Process: w.process}
				if _, err := a.variables(variableFlags{files: []string{"nowhere.json"}}, nil); err == nil || exitCode(err) != exitUsage {
					t.Errorf("a file that does not exist gives %v", err)
				}
				return
			}
			if got, _ := readFile(t, c.file, c.text); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// TestVariableFilesStayUnseen: on a terminal findings come with the line, but not with one of a file of variables.
func TestVariableFilesStayUnseen(t *testing.T) {
	w := newWorld(t)
	w.process.ErrTerminal = true
	if err := os.WriteFile(filepath.Join(w.process.Dir, "v.yaml"), []byte("TOKEN: {a: hunter2}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code := w.run("validate", "--var-file", "v.yaml"); code != exitUsage || !strings.Contains(w.err.String(), "v.yaml:1:8") {
		t.Errorf("exit code %d\n%s", code, w.err.String())
	}
	if strings.Contains(w.err.String(), "hunter2") {
		t.Errorf("the secret is shown:\n%s", w.err.String())
	}
}

// TestVariableOrigins: what is wrong with a value is reported where it was given.
func TestVariableOrigins(t *testing.T) {
	for _, file := range []struct{ name, text string }{{"v.yaml", "B: 1\nA: x\n"}, {"v.json", "{\"B\": 1,\n\"A\": \"x\"}"}} {
		_, given := readFile(t, file.name, file.text)
		from := given.origins["A"]
		if from.By != "--var-file" || from.Name.Line != 2 || from.Name.Column != 1 || from.Value.Line != 2 || from.Value.Column < 4 {
			t.Errorf("%s: %+v", file.name, from)
		}
	}
	w := newWorld(t)
	w.process.Env["PANKA_VAR_A"], w.process.Env["PANKA_VAR_B"] = "env", "env"
	given, err := (&app{Process: w.process}).variables(variableFlags{vars: []string{"B=flag"}}, map[string]bool{"A": true, "B": true})
	if err != nil || given.origins["A"].By != "PANKA_VAR_A" || given.origins["B"].By != "--var" {
		t.Errorf("%v, %+v", err, given.origins)
	}
}
