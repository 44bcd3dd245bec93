package names_test

import (
	"go/token"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/panka-io/panka/codegen/names"
)

// name draws what the schema lets through as a name.
var name = rapid.StringMatching(`[a-z][a-z0-9-]{0,62}`)

// close draws from few letters, so that different names are often nearly alike.
var close = rapid.StringMatching(`[ab][ab1-]{0,4}`)

func TestIdentifierIsOneToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s1, c1, s2, c2 := close.Draw(t, "s1"), close.Draw(t, "c1"), close.Draw(t, "s2"), close.Draw(t, "c2")
		joined := s1+"-"+c1 == s2+"-"+c2
		for what, same := range map[string]bool{
			"identifier": names.Identifier(s1, c1) == names.Identifier(s2, c2),
			"exported":   names.Exported(s1, c1) == names.Exported(s2, c2),
			"file":       names.File(s1, c1) == names.File(s2, c2),
			"resource":   names.Resource(s1, c1) == names.Resource(s2, c2),
		} {
			if same != joined {
				t.Fatalf("%s of %s/%s and %s/%s: same %t, joined names the same %t", what, s1, c1, s2, c2, same, joined)
			}
		}
	})
}

func TestIdentifierIsGo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := names.Identifier(name.Draw(t, "service"), name.Draw(t, "component"))
		if !token.IsIdentifier(id) || strings.ToLower(id) == id && !strings.Contains(id, "_") {
			t.Fatalf("%q is not an identifier apart from the generator's own", id)
		}
	})
}

func TestFile(t *testing.T) {
	for _, c := range []struct{ service, component, want string }{
		{"notification-service", "api", "notification_service_api.go"},
		{"web", "test", "web_test-component.go"},
		{"web", "load-test", "web_load_test-component.go"},
		{"web", "linux", "web_linux-component.go"},
		{"linux", "arm64", "linux_arm64-component.go"},
		{"test", "api", "test_api.go"},
	} {
		if got := names.File(c.service, c.component); got != c.want {
			t.Errorf("File(%q, %q) = %q, want %q", c.service, c.component, got, c.want)
		}
	}
}

func TestPhysical(t *testing.T) {
	for _, c := range []struct {
		limit int
		words []string
		want  string
	}{
		{63, []string{"shop", "test", "orders", "database", ""}, "shop-test-orders-database"},
		{20, []string{"shop", "test", "orders", "database"}, "shop-test-o-9a806234"},
		{63, []string{"a--b", "c-"}, "a-b-c-ff399550"},
		{63, []string{"sg", "api"}, "x-sg-api-bbc74a9c"},
		{63, []string{"internal", "api"}, "x-internal-api-6f6c1eb2"},
	} {
		if got := names.Physical(c.limit, c.words...); got != c.want {
			t.Errorf("Physical(%d, %q) = %q, want %q", c.limit, c.words, got, c.want)
		}
	}
}

func TestPhysicalFits(t *testing.T) {
	form := regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(20, 255).Draw(t, "limit")
		words := rapid.SliceOfN(name, 1, 5).Draw(t, "words")
		for _, got := range []string{names.Physical(limit, words...), names.Salted(limit, []string{"salt"}, words...)} {
			if len(got) > limit || !form.MatchString(got) || strings.HasPrefix(got, "sg-") || strings.HasPrefix(got, "internal-") {
				t.Fatalf("%q does not fit", got)
			}
		}
	})
}

func TestSaltChangesTheName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word, a, b := name.Draw(t, "word"), rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		if same := names.Salted(32, []string{a}, word) == names.Salted(32, []string{b}, word); same != (a == b) {
			t.Fatalf("salts %q and %q: same name %t", a, b, same)
		}
	})
}

func TestPartIsCut(t *testing.T) {
	long := strings.Repeat("x", 63)
	if got := names.Part(long, long, "to", long, long); len(got) > 240 || got == names.Part(long, long, "to", long, long[:62]+"y") {
		t.Errorf("%q is too long or no longer tells two apart", got)
	}
}
