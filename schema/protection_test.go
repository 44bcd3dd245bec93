package schema

import (
	"testing"

	"github.com/panka-io/panka/compiler/diag"
)

func TestCheckProtected(t *testing.T) {
	s := load(t)
	for _, c := range []struct{ name, kind, spec, want string }{
		{"defaults", "S3", "{}", ""},
		{"explicit", "S3", "forceDestroy: true", "f.yaml:1:15: error: forceDestroy is true, so that the bucket is deleted with all that is in it"},
		{"a variable", "S3", "forceDestroy: \"${X}\"", ""},
		{"null", "S3", "forceDestroy: null", ""},
		{"in a structure", "EFS", "backupPolicy: {enabled: false}", "f.yaml:1:25: error: backupPolicy.enabled is false, so that there is nothing to restore"},
		{"a structure of another form", "EFS", "backupPolicy: [false]", ""},
		{"an item of a list", "Kafka", "topics: [{name: a, partitions: 1}, {name: b, partitions: 1, replicationFactor: 1}]",
			"f.yaml:1:80: error: the topic b has one copy, so that each message is lost with the broker that keeps it"},
		{"advice about a default", "ElastiCacheRedis", "nodeType: cache.t4g.small",
			"f.yaml:1:1: warning: without replicas data is lost or out of reach while a node fails"},
		{"an unknown field", "S3", "force: true", ""},
		{"an unknown kind", "Nothing", "forceDestroy: true", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			diags := s.CheckProtected(c.kind, spec(t, c.spec))
			speaksPlainly(t, diags)
			got := ""
			if len(diags) > 0 {
				got = diags.Error()
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			for _, d := range diags {
				if d.Code != Unprotected || d.Hint == "" {
					t.Errorf("%+v", d)
				}
			}
		})
	}
}

// TestEveryDataKindIsProtected finds kinds that keep data and have no rule for protected environments, but for those that
// have nothing to turn off.
func TestEveryDataKindIsProtected(t *testing.T) {
	s := load(t)
	nothing := map[string]bool{"SQS": true}
	for _, kind := range s.Kinds(ComponentVersion) {
		if s.Stateful(kind) && !nothing[kind] && !refusesInProtected(s.document(kind)) {
			t.Errorf("%s keeps data and has no #protected rule", kind)
		}
	}
}

func refusesInProtected(sh *shape) bool {
	if sh == nil {
		return false
	}
	for _, r := range sh.protected {
		if r.severity == diag.Error {
			return true
		}
	}
	for _, f := range sh.fields {
		if refusesInProtected(f.shape) {
			return true
		}
	}
	return refusesInProtected(sh.elem)
}
