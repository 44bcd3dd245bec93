package layer

import (
	"testing"

	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
)

// FuzzMerge lays any document over any other. The merge must end, must not change its inputs, and laying the top over
// the result again must change nothing.
func FuzzMerge(f *testing.F) {
	for _, seed := range [][2]string{
		{"a: 1\nb: {c: [1, 2]}", "b: {c: null, d: x}"},
		{"ports: [{name: http, port: 80}]", "ports: [{name: http, port: 81}, {name: admin, port: 9}]"},
		{"a: [{name: x}, {name: x}]", "a: [{name: x}, 1]"},
		{"spec: null", "spec: {a: {b: {c: 1}}}"},
		{"[]", "{}"},
		{"a: {name: 1}", "a: [{name: null}]"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, base, top string) {
		b, ok := fuzzed(base)
		if !ok {
			return
		}
		o, ok := fuzzed(top)
		if !ok {
			return
		}
		before, beforeTop := show(b), show(o)
		merged := Merge(b, o)
		if show(b) != before || show(o) != beforeTop {
			t.Fatalf("the merge changed its inputs:\n%s\n%s", before, beforeTop)
		}
		if again := show(Merge(merged, o)); again != show(merged) {
			t.Fatalf("laid twice it is another value:\nonce  %s\ntwice %s", show(merged), again)
		}
	})
}

func fuzzed(text string) (*ir.Value, bool) {
	nodes, ds := source.Parse("fuzz.yaml", []byte(text))
	if len(ds) > 0 || len(nodes) != 1 {
		return nil, false
	}
	return FromNode(nodes[0]), true
}
