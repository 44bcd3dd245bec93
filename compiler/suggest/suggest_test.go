package suggest

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	fields := []string{"resources", "replicas", "minReplicas", "maxReplicas", "image", "tag", "retentionDays"}
	for _, c := range []struct {
		word, want string
		candidates []string
	}{
		{"replcas", "replicas", fields},
		{"replicsa", "replicas", fields},
		{"retention_days", "retentionDays", fields},
		{"RETENTIONDAYS", "retentionDays", fields},
		{"Image", "image", fields},
		{"tga", "tag", fields},
		{"zzz", "", fields},
		{"wholly-different", "", fields},
		{"image", "", []string{"image"}},
		{"", "", fields},
		{"ab", "a", []string{"a", "b"}},
		{strings.Repeat("x", 4000), "", fields},
		{"postgress", "postgres", []string{"mysql", "mariadb", "postgres"}},
	} {
		got, ok := Nearest(c.word, c.candidates)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("Nearest(%.20q) = %q, %v; want %q", c.word, got, ok, c.want)
		}
	}
}

func TestHint(t *testing.T) {
	if got := Hint("replcas", []string{"replicas"}); got != `did you mean "replicas"?` {
		t.Errorf("Hint = %q", got)
	}
	if got := Hint("zzz", []string{"replicas"}); got != "" {
		t.Errorf("Hint = %q, want none", got)
	}
}
