package source

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/panka-io/panka/compiler/diag"
)

// MaxDepth is how deep mappings and lists of a document may nest.
const MaxDepth = 100

// maxProblems bounds the diagnostics of one file; a file with more is not a document that someone mistyped.
const maxProblems = 100

// Parse turns the text of one file into a Node per YAML document; empty documents are skipped. file is the path that
// positions name. With a syntax error no document of the file is returned. Nodes that were refused are Null in the
// tree, so that the rest can still be checked.
func Parse(file string, content []byte) ([]*Node, diag.List) {
	if d := checkText(file, content); d != nil {
		return nil, diag.List{*d}
	}
	p := &parser{file: file, lines: splitLines(content)}
	var roots []*Node
	for decoder := yaml.NewDecoder(bytes.NewReader(content)); ; {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return roots, p.diags
		}
		if err != nil {
			return nil, diag.List{syntaxError(file, content, p.lines, err)}
		}
		if len(document.Content) == 0 {
			continue
		}
		if root := p.node(document.Content[0], 0); root.Kind != Null || document.Content[0].Kind == yaml.AliasNode {
			roots = append(roots, root)
		}
	}
}

// parser turns the YAML library's tree into ours and refuses what the language does not have.
type parser struct {
	file  string
	lines lines
	diags diag.List
}

func (p *parser) refuse(pos diag.Position, code, hint, format string, args ...any) {
	if len(p.diags) < maxProblems {
		p.diags.Add(diag.Errorf(pos, code, format, args...).WithHint("%s", hint))
	}
}

// pos is the place of a node. The library puts an empty value at the end of a file on a line of its own.
func (p *parser) pos(y *yaml.Node) diag.Position {
	if last := len(p.lines); y.Line > last {
		return diag.Position{File: p.file, Line: last, Column: utf8.RuneCountInString(p.lines[last-1]) + 1}
	}
	return diag.Position{File: p.file, Line: max(y.Line, 1), Column: max(y.Column, 1)}
}

func (p *parser) node(y *yaml.Node, depth int) *Node {
	pos := p.pos(y)
	switch {
	case y.Kind == yaml.AliasNode:
		p.refuse(pos, "yaml-alias", "write the value out here", "YAML aliases are not allowed: *%s", y.Value)
		return &Node{Pos: pos}
	case y.Anchor != "":
		p.refuse(pos, "yaml-anchor", "remove the anchor and write values out where they are used",
			"YAML anchors are not allowed: &%s", y.Anchor)
	case y.Style&yaml.TaggedStyle != 0:
		p.refuse(pos, "yaml-tag", "remove the tag; quote a value to make it a string", "YAML tags are not allowed: %s", y.Tag)
		return &Node{Pos: pos}
	case depth > MaxDepth:
		p.refuse(pos, "too-deep", "", "mappings and lists nest deeper than %d", MaxDepth)
		return &Node{Pos: pos}
	}
	switch y.Kind {
	case yaml.MappingNode:
		return p.mapping(y, depth)
	case yaml.SequenceNode:
		list := &Node{Kind: List, Pos: pos, Items: make([]*Node, 0, len(y.Content))}
		for _, item := range y.Content {
			list.Items = append(list.Items, p.node(item, depth+1))
		}
		return list
	default:
		return p.scalar(y)
	}
}

func (p *parser) mapping(y *yaml.Node, depth int) *Node {
	mapping := &Node{Kind: Map, Pos: p.pos(y), Fields: make([]Field, 0, len(y.Content)/2)}
	seen := make(map[string]diag.Position, len(y.Content)/2)
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, ok := p.key(y.Content[i])
		if !ok {
			continue
		}
		keyPos := p.pos(y.Content[i])
		if first, duplicate := seen[key]; duplicate && depth == 0 && key == "apiVersion" {
			p.diags.Add(diag.Errorf(keyPos, "duplicate-key", "a second document begins here, without a line --- above it").
				WithHint("write a line --- between the two").WithRelated(first, "the first document begins here"))
			break
		} else if duplicate {
			if len(p.diags) < maxProblems {
				p.diags.Add(diag.Errorf(keyPos, "duplicate-key", "the key %q stands twice in this mapping", key).
					WithHint("keep one of the two").WithRelated(first, "the first %q is here", key))
			}
			continue
		}
		seen[key] = keyPos
		mapping.Fields = append(mapping.Fields, Field{Key: key, KeyPos: keyPos, Value: p.node(y.Content[i+1], depth+1)})
	}
	return mapping
}

// key gives a mapping's key, or false after refusing it.
func (p *parser) key(y *yaml.Node) (string, bool) {
	pos := p.pos(y)
	switch {
	case y.Kind == yaml.AliasNode:
		p.refuse(pos, "yaml-alias", "write the key out here", "YAML aliases are not allowed: *%s", y.Value)
		return "", false
	case y.Kind != yaml.ScalarNode:
		hint := ""
		if y.Kind == yaml.MappingNode && y.Style&yaml.FlowStyle != 0 {
			hint = "if {{ is meant to be text, put it in quotes; a variable is written ${NAME}"
		}
		p.refuse(pos, "non-string-key", hint, "a key must be a string, not a list or mapping")
		return "", false
	case y.Anchor != "":
		p.refuse(pos, "yaml-anchor", "remove the anchor", "YAML anchors are not allowed: &%s", y.Anchor)
	case y.Style&yaml.TaggedStyle != 0:
		p.refuse(pos, "yaml-tag", "remove the tag", "YAML tags are not allowed: %s", y.Tag)
		return "", false
	}
	if !isPlain(y) {
		return y.Value, true
	}
	if y.Value == "<<" {
		p.refuse(pos, "yaml-merge-key", "write the merged values out here", "YAML merge keys are not allowed")
		return "", false
	}
	if message, hint := lookalike(y.Value); message != "" {
		p.refuse(pos, "lookalike", hint, "%s", message)
		return "", false
	}
	if n, _ := plainScalar(y.Value); n.Kind != String {
		p.refuse(pos, "non-string-key", `put the key in quotes: "`+y.Value+`"`, "a key must be a string, not a %s", n.Kind)
		return "", false
	}
	return y.Value, true
}

func (p *parser) scalar(y *yaml.Node) *Node {
	pos := p.pos(y)
	if !isPlain(y) {
		return &Node{Kind: String, Text: y.Value, Pos: pos, EndPos: p.end(y, pos)}
	}
	if message, hint := lookalike(y.Value); message != "" {
		p.refuse(pos, "lookalike", hint, "%s", message)
		return &Node{Pos: pos}
	}
	n, problem := plainScalar(y.Value)
	if problem != "" {
		p.refuse(pos, "number-range", `if it is not a number, put it in quotes: "`+y.Value+`"`, "%s: %s", problem, y.Value)
		return &Node{Pos: pos}
	}
	n.Pos, n.EndPos = pos, p.end(y, pos)
	return &n
}

func isPlain(y *yaml.Node) bool {
	return y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
}

// end finds where a scalar on one line ends. It is the zero Position for a scalar over several lines and for
// one far out on a very long line.
func (p *parser) end(y *yaml.Node, start diag.Position) diag.Position {
	rest, length := p.lines.from(start.Line, start.Column), -1
	if rest == "" {
		return diag.Position{}
	}
	switch {
	case y.Style&yaml.DoubleQuotedStyle != 0:
		length = quotedLength(rest, '"')
	case y.Style&yaml.SingleQuotedStyle != 0:
		length = quotedLength(rest, '\'')
	case isPlain(y) && len(rest) >= len(y.Value) && rest[:len(y.Value)] == y.Value:
		length = len(y.Value)
	}
	if length < 0 {
		return diag.Position{}
	}
	start.Column += utf8.RuneCountInString(rest[:length])
	return start
}

// quotedLength is the length in bytes of the quoted scalar that s begins with, or -1 if it does not end on the line.
func quotedLength(s string, quote byte) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quote == '"':
			i++
		case s[i] == quote && quote == '\'' && i+1 < len(s) && s[i+1] == quote:
			i++
		case s[i] == quote:
			return i + 1
		}
	}
	return -1
}
