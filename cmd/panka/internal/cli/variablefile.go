package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/variable"
)

// maxVariableFile is the size in bytes that no file of variables may exceed.
const maxVariableFile = 1 << 20

// variableFile reads one file of variables: a mapping of names to scalars, JSON if it is called .json, else YAML. Values
// are taken as they are spelt, so that 010 stays 010. Everything that is wrong with it is reported at its place, but no
// line of it is shown: such a file may hold secrets.
func (a *app) variableFile(file string, given givenVariables) error {
	path := a.path(file)
	data, err := readVariables(path)
	if err != nil {
		return usagef("give a readable YAML or JSON file of at most 1 MiB to --var-file", "cannot read variables from %s: %v",
			file, settings.WithoutPath(err))
	}
	r := &variableReader{file: a.inRepository(path), data: data, given: given}
	if strings.EqualFold(filepath.Ext(path), ".json") {
		r.json()
	} else {
		r.yaml()
	}
	for i := range r.found {
		r.found[i].Secret = true
	}
	return r.found.Err()
}

func readVariables(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() && info.Mode()&os.ModeNamedPipe == 0 {
		return nil, errors.New("it is not a file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxVariableFile+1))
	if err == nil && len(data) > maxVariableFile {
		err = errors.New("it is larger than 1 MiB")
	}
	return data, err
}

// variableReader reads one file of variables into given.
type variableReader struct {
	file  string
	data  []byte
	given givenVariables
	found diag.List
}

func (r *variableReader) refuse(pos diag.Position, code, hint, format string, args ...any) {
	r.found.Add(diag.Errorf(pos, code, format, args...).WithHint("%s", hint))
}

func (r *variableReader) notMapping(pos diag.Position) {
	r.refuse(pos, "wrong-type", "write NAME: value", "the file must be a mapping")
}

func (r *variableReader) notScalar(pos diag.Position, name string) {
	r.refuse(pos, "wrong-type", "", "variable %s must be a string, a number or a boolean", name)
}

func (r *variableReader) yaml() {
	root, found := settings.ParseMapping(r.file, r.data)
	r.found.Add(found...)
	if root == nil || found.HasErrors() {
		return
	}
	for _, f := range root.Fields {
		switch f.Value.Kind {
		case source.String, source.Number, source.Bool:
			r.given.set(f.Key, f.Value.Text, variable.Origin{By: "--var-file", Name: f.KeyPos, Value: f.Value.Pos})
		default:
			r.notScalar(f.Value.Pos, f.Key)
		}
	}
}

// json checks the whole and then reads by tokens, because only so the places are known and numbers keep their spelling.
func (r *variableReader) json() {
	if len(bytes.TrimSpace(r.data)) == 0 {
		return
	}
	if !utf8.Valid(r.data) {
		r.refuse(r.place(0), "not-utf8", "", "the file is not UTF-8 text")
		return
	}
	var whole json.RawMessage
	if err := json.Unmarshal(r.data, &whole); err != nil {
		r.syntax(err)
		return
	}
	if whole[0] != '{' {
		r.notMapping(r.place(r.next(0)))
		return
	}
	d := json.NewDecoder(bytes.NewReader(r.data))
	first := map[string]diag.Position{}
	_, err := d.Token()
	for err == nil && d.More() {
		err = r.member(d, first)
	}
	if err != nil {
		r.syntax(err)
	}
}

// member reads one name and value.
func (r *variableReader) member(d *json.Decoder, first map[string]diag.Position) error {
	namePos := r.place(r.next(int(d.InputOffset())))
	token, err := d.Token()
	if err != nil {
		return err
	}
	name, _ := token.(string) // names of members are strings
	var raw json.RawMessage
	if err := d.Decode(&raw); err != nil {
		return err
	}
	pos := r.place(int(d.InputOffset()) - len(raw))
	if earlier, twice := first[name]; twice {
		r.found.Add(diag.Errorf(namePos, "duplicate-key", "the key %q stands twice in this object", name).WithRelated(earlier, "first here"))
		return nil
	}
	first[name] = namePos
	value := string(raw)
	switch raw[0] {
	case '{', '[', 'n':
		r.notScalar(pos, name)
		return nil
	case '"':
		if err := json.Unmarshal(raw, &value); err != nil {
			return err
		}
	}
	r.given.set(name, value, variable.Origin{By: "--var-file", Name: namePos, Value: pos})
	return nil
}

func (r *variableReader) syntax(err error) {
	at := len(r.data)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && int(syntax.Offset) < at {
		at = max(0, int(syntax.Offset)-1)
	}
	r.refuse(r.place(at), "json-syntax", "", "not valid JSON: %v", err)
}

// next is the offset of what follows white space, and the comma between members, from an offset on.
func (r *variableReader) next(from int) int {
	return len(r.data) - len(bytes.TrimLeft(r.data[from:], " \t\r\n,"))
}

// place is where the byte at offset stands.
func (r *variableReader) place(offset int) diag.Position {
	before := r.data[:min(offset, len(r.data))]
	line := bytes.Count(before, []byte("\n"))
	start := bytes.LastIndexByte(before, '\n') + 1
	return diag.Position{File: r.file, Line: line + 1, Column: utf8.RuneCount(before[start:]) + 1}
}
