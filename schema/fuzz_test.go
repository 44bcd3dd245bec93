package schema

import (
	"testing"

	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/schema/internal/spectest"
)

// FuzzCheck checks any document that parses, as written and its spec as if merged: neither may panic, and whatever
// passes as merged must take defaults and still pass.
func FuzzCheck(f *testing.F) {
	for _, kind := range []string{"MicroService", "RDS"} {
		f.Add(kind, []byte("spec:"+indented(soundRDS)), false)
		f.Add(kind, []byte("spec: {image: {repository: a, tag: \"${V}\"}, ports: [{name: p, port: 1}], scaling: null}"), true)
	}
	f.Add("ComponentInfra", []byte("spec: {resources: {cpu: 256, memory: 99999}, networking: []}"), true)
	f.Add("EventBridge", []byte("spec: {rules: [{name: a, targets: [], pattern: {source: [x, {prefix: y}], detail: {$or: [{a: [1]}, {b: [{numeric: [\">\", 1]}]}]}}}]}"), false)
	f.Add("SNS", []byte("spec: {subscriptions: [{name: a, queue: q, filterPolicy: {a: [{anything-but: {prefix: x}}], b: {c: [{exists: \"${V}\"}]}}}]}"), true)
	f.Add("DynamoDB", []byte("spec: {attributes: [{name: id, type: S}], hashKey: id, replicas: [{region: eu-west-1}], localSecondaryIndexes: [{name: abc, rangeKey: x}]}"), false)
	f.Add("S3", []byte("spec: {lifecycle: [{name: a, transitions: [{storageClass: GLACIER, days: 3}, {storageClass: STANDARD_IA}]}, null], notifications: [1]}"), false)
	f.Add("Worker", []byte("spec: {image: {repository: a, tag: v}, triggers: [{name: q, queue: {component: c}}], scaling: {autoscaling: {enabled: true, minReplicas: 0}}}"), true)
	f.Add("Observability", []byte("spec: {alarms: {evaluation: {period: 5m, periods: 14d}}}"), true)
	f.Add("Stack", []byte("spec: {variables: {A: {type: enum}}}\nmetadata: {labels: {a: 1}}"), false)
	s := load(f)
	f.Fuzz(func(t *testing.T, kind string, content []byte, overlay bool) {
		roots, _ := source.Parse("f.yaml", content)
		for _, root := range roots {
			for _, version := range s.APIVersions() {
				checkAny(t, s, version, kind, root, overlay)
			}
		}
	})
}

func checkAny(t *testing.T, s *Schema, version, kind string, root *source.Node, overlay bool) {
	if !s.Known(version, kind) || root.Kind != source.Map {
		return
	}
	doc := &source.Document{APIVersion: version, Kind: kind, Root: root}
	if overlay {
		doc.Scope.Environment = "live"
	}
	for _, d := range s.CheckDocument(doc, VariableTypes{"V": "number"}) {
		if d.Message == "" || d.Line < 1 || d.Column < 1 || d.Code == "internal" {
			t.Errorf("bad diagnostic: %+v", d)
		}
	}
	node := root.Get("spec")
	if node == nil || node.Kind != source.Map {
		return
	}
	merged := spectest.Value(node)
	if s.CheckMerged(version, kind, merged).HasErrors() {
		return
	}
	if diags := s.CheckMerged(version, kind, s.Defaults(kind, merged)); diags.HasErrors() {
		t.Errorf("with its defaults it is wrong: %v", diags)
	}
}

func indented(text string) string {
	out := ""
	for _, c := range text {
		out += string(c)
		if c == '\n' {
			out += "  "
		}
	}
	return out
}
