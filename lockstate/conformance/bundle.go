package conformance

import (
	"bytes"
	"strings"
	"testing"

	"github.com/panka-io/panka/lockstate"
)

func bundles(t *testing.T, s Store) {
	ctx := t.Context()
	one, two := strings.Repeat("1", 64), strings.Repeat("2", 64)
	_, err := s.Open().Bundle(ctx, dev, one)
	wantError(t, err, lockstate.ErrNoBundle, "read a bundle where there is no state")
	l := acquire(t, s.Open(), dev)
	big := bytes.Repeat([]byte("0123456789abcdef"), 1<<14)
	check(t, l.PutBundle(ctx, one, big), "put a bundle")
	check(t, l.PutBundle(ctx, one, []byte("another")), "put it again")
	got, err := s.Open().Bundle(ctx, dev, one)
	check(t, err, "read a bundle")
	if !bytes.Equal(got, big) {
		t.Errorf("the bundle has %d bytes, want %d", len(got), len(big))
	}
	for key, digest := range map[lockstate.Key]string{dev: two, prod: one} {
		_, err = s.Open().Bundle(ctx, key, digest)
		wantError(t, err, lockstate.ErrNoBundle, "read a bundle that was not put")
	}
	for _, digest := range []string{"", "x", "../" + one[3:], one + "1", strings.ToUpper(strings.Repeat("a", 64))} {
		if l.PutBundle(ctx, digest, nil) == nil {
			t.Errorf("a bundle was put under %q", digest)
		}
		if _, err := s.Open().Bundle(ctx, dev, digest); err == nil {
			t.Errorf("a bundle was read from %q", digest)
		}
	}
	check(t, l.Release(ctx), "release")
	wantError(t, l.PutBundle(ctx, two, nil), lockstate.ErrLockLost, "put a bundle after the release")
}
