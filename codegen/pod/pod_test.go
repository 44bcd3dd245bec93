package pod

import (
	"slices"
	"testing"
)

// TestSize: amounts as Kubernetes writes them, so that what it gives back is what it got.
func TestSize(t *testing.T) {
	for s, want := range map[size][2]string{
		{256, 512}: {"250m", "512Mi"}, {1024, 2048}: {"1", "2Gi"}, {16384, 122880}: {"16", "120Gi"}, {32, 64}: {"31m", "64Mi"},
	} {
		if got := [2]string{s.CPU(), s.Memory()}; got != want {
			t.Errorf("%v is %v, want %v", s, got, want)
		}
	}
}

// TestCommand: health checks are written in one way for all platforms.
func TestCommand(t *testing.T) {
	for _, c := range []struct{ words, want []string }{
		{[]string{"CMD", "ls", "/"}, []string{"ls", "/"}},
		{[]string{"CMD-SHELL", "ls / | wc"}, []string{"/bin/sh", "-c", "ls / | wc"}},
		{[]string{"ls", "CMD"}, []string{"ls", "CMD"}},
	} {
		if got := Command(c.words); !slices.Equal(got, c.want) {
			t.Errorf("%q is %q, want %q", c.words, got, c.want)
		}
	}
}

// TestGrace: failures that do not count are whole ones.
func TestGrace(t *testing.T) {
	p := Probe{Interval: 10, Failures: 3}
	if p.Grace(25); p.Failures != 6 {
		t.Errorf("after 25 s in steps of 10 and three more there have been %d failures, want 6", p.Failures)
	}
}
