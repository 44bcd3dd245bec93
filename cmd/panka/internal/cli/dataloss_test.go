package cli

import (
	"strings"
	"testing"

	"github.com/panka-io/panka/runtime/plan"
)

// TestAllowDataLoss: where data is protected, each component that would lose some must be named.
func TestAllowDataLoss(t *testing.T) {
	change := func(id, name string) plan.Component {
		return plan.Component{ID: id, Changes: []plan.Change{{Name: name, Op: plan.Replace, DataLoss: true}, {Name: name + "-2", Op: plan.Delete, DataLoss: true}}}
	}
	for name, c := range map[string]struct {
		args   []string
		code   int
		stderr []string
	}{
		"none": {nil, exitDenied, []string{"shop-database, shop-database-2, store-files, store-files-2",
			"--allow-data-loss shop/database --allow-data-loss store/files"}},
		"one":     {[]string{"--allow-data-loss", "shop/database"}, exitDenied, []string{"replace store-files, store-files-2", "--allow-data-loss store/files"}},
		"both":    {[]string{"--allow-data-loss", "shop/database", "--allow-data-loss", "store/files"}, exitDone, nil},
		"another": {[]string{"--allow-data-loss", "store/file"}, exitUsage, []string{`no component "store/file"`, `did you mean "store/files"?`}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.plan = &plan.Plan{Stack: "web", Environment: "production", Changes: plan.Counts{Replace: 2, Delete: 2}, Waves: []plan.Wave{
				{Components: []plan.Component{change("shop/database", "shop-database"), change("store/files", "store-files"), {ID: "shop/api"}}}}}
			code := w.run(append([]string{"apply", "--stack", "web", "--environment", "production", "--var", "VERSION=v1", "--yes"}, c.args...)...)
			if code != c.code {
				t.Errorf("exit code %d, want %d\n%s", code, c.code, w.err.String())
			}
			for _, want := range c.stderr {
				if !strings.Contains(w.err.String(), want) {
					t.Errorf("stderr has no %q:\n%s", want, w.err.String())
				}
			}
		})
	}
}
