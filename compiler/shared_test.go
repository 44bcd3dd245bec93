package compiler_test

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/schema"
)

// TestSharedSchemaAndDocuments compiles several environments at the same time with one schema and one reading of the
// documents, as validate does.
func TestSharedSchemaAndDocuments(t *testing.T) {
	rules, err := schema.New()
	if err != nil {
		t.Fatal(err)
	}
	documents := new(source.Cache)
	var group sync.WaitGroup
	for _, environment := range []string{"", "development", "production", "staging", "production"} {
		group.Go(func() {
			options := compiler.Options{
				Root: "../examples/seed-example", Stack: "user-platform", Environment: environment,
				Variables: map[string]string{"VERSION": "v1"},
			}
			alone, found := compiler.Compile(t.Context(), options)
			if found.HasErrors() {
				t.Error(found.Err())
			}
			options.Schema, options.Documents = rules, documents
			shared, found := compiler.Compile(t.Context(), options)
			if found.HasErrors() {
				t.Error(found.Err())
			}
			a, errA := json.Marshal(alone)
			b, errB := json.Marshal(shared)
			if errA != nil || errB != nil || string(a) != string(b) {
				t.Errorf("%q is another stack with what is shared", environment)
			}
		})
	}
	group.Wait()
}
