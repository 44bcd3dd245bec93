package names_test

import (
	"go/token"
	"regexp"
	"testing"

	"github.com/panka-io/panka/codegen/names"
)

var (
	validName    = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)
	physicalName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9-]*$`)
)

// FuzzNames derives everything that is derived from a service's and a component's name. Whatever names the schema lets
// through, the results must be Go identifiers, plain file names, and AWS names within their limits.
func FuzzNames(f *testing.F) {
	for _, seed := range [][2]string{{"web", "api"}, {"a", "test"}, {"linux", "amd64"}, {"a--b", "c-"}, {"x1-2", "func"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, service, component string) {
		if !validName.MatchString(service) || !validName.MatchString(component) {
			return
		}
		if id := names.Identifier(service, component); !token.IsIdentifier(id) {
			t.Errorf("identifier %q", id)
		}
		if id := names.Exported(service, component); !token.IsIdentifier(id) || !token.IsExported(id) {
			t.Errorf("exported identifier %q", id)
		}
		if file := names.File(service, component); !regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*\.go$`).MatchString(file) ||
			regexp.MustCompile(`_(test|linux|amd64|windows)\.go$`).MatchString(file) {
			t.Errorf("file name %q", file)
		}
		for _, limit := range []int{24, 32, 63, 255} {
			name := names.Physical(limit, "stack", "environment", service, component)
			if len(name) > limit || !physicalName.MatchString(name) || name != names.Physical(limit, "stack", "environment", service, component) {
				t.Errorf("AWS name %q, limit %d", name, limit)
			}
		}
	})
}
