package schema

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/schema/internal/spectest"
)

// TestExampleIsSound checks the user's own example, every document as written.
func TestExampleIsSound(t *testing.T) {
	root := filepath.Join("..", "examples", "seed-example")
	documents, _, diags := source.Load(t.Context(), root, "user-platform")
	if len(documents) != 11 {
		t.Errorf("%d documents", len(documents))
	}
	s := load(t)
	for _, doc := range documents {
		diags.Add(s.CheckDocument(doc, VariableTypes{"VERSION": "string"})...)
	}
	if len(diags) > 0 {
		t.Errorf("%v", diags)
	}
}

func TestConcurrentUse(t *testing.T) {
	s := load(t)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			text := strings.Replace(soundMicroService, "v1", fmt.Sprintf("v%d", i), 1)
			if diags := s.CheckMerged(ComponentVersion, "MicroService", spec(t, text)); len(diags) > 0 {
				t.Errorf("%v", diags)
			}
			s.Defaults("RDS", spec(t, soundRDS))
			s.Outputs("RDS")
		})
	}
	group.Wait()
}

// thousand are a thousand different components' documents, parsed.
func thousand(tb testing.TB) []*source.Document {
	var documents []*source.Document
	for i := range 1000 {
		text := fmt.Sprintf(`apiVersion: components.panka.io/v1
kind: MicroService
metadata: {name: c%[1]d, service: s, stack: x}
spec:
  image: {repository: registry.example.com/team/app-%[1]d, tag: "${VERSION}"}
  ports: [{name: http, port: %[2]d}]
  environment:
    - {name: DATABASE_HOST, valueFrom: {component: s/db%[1]d, output: endpoint}}
    - {name: LEVEL, value: debug-%[1]d}
  secrets: [{name: TOKEN, secretRef: /team/app-%[1]d/token}]
  healthCheck: {readiness: {http: {path: /health/%[1]d, port: %[2]d}}}
  dependsOn: [s/db%[1]d]
  resources: {cpu: 256, memory: 512}
  scaling: {replicas: 2, autoscaling: {enabled: true, minReplicas: 2, maxReplicas: %[3]d}}
  networking: {loadBalancer: {enabled: true}}
  tags: {number: "%[1]d"}
`, i, 8000+i, 2+i%50)
		roots, diags := source.Parse("f.yaml", []byte(text))
		if len(diags) > 0 {
			tb.Fatal(diags)
		}
		documents = append(documents, &source.Document{APIVersion: ComponentVersion, Kind: "MicroService", Root: roots[0]})
	}
	return documents
}

// BenchmarkCheck1000 loads the schema and checks a thousand components as written and merged, and fills in their
// defaults; nearly every value is different.
func BenchmarkCheck1000(b *testing.B) {
	documents := thousand(b)
	b.ReportAllocs()
	for b.Loop() {
		s := load(b)
		for _, doc := range documents {
			if diags := s.CheckDocument(doc, nil); len(diags) > 0 {
				b.Fatal(diags)
			}
			merged := spectest.Value(doc.Root.Get("spec"))
			if diags := s.CheckMerged(doc.APIVersion, doc.Kind, merged); len(diags) > 0 {
				b.Fatal(diags)
			}
			s.Defaults(doc.Kind, merged)
		}
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	b.ReportMetric(float64(memory.HeapInuse)/(1<<20), "MiB-heap")
}

// BenchmarkNewExample loads the schema and makes the shapes of the kinds of the user's own example, as a command does.
func BenchmarkNewExample(b *testing.B) {
	for b.Loop() {
		s := load(b)
		kinds := []string{"Stack", "Environment", "Service", "InfraDefaults", "ComponentInfra", "MicroService", "RDS"}
		s.Use(kinds...)
		for _, kind := range kinds {
			s.document(kind)
		}
	}
}

// BenchmarkNew loads the schema and makes the shapes of all kinds.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		s := load(b)
		var names []string
		for _, k := range s.kinds {
			names = append(names, k.name)
		}
		s.Use(names...)
		for _, name := range names {
			s.document(name)
		}
	}
}

func BenchmarkParse1000(b *testing.B) {
	for b.Loop() {
		thousand(b)
	}
}
