package agreement

import (
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// checkMemoryUsers judges the users of all MemoryDB clusters: AWS keeps them by name for the whole account and region, so
// two clusters cannot have users of one name.
func checkMemoryUsers(components []*ir.Component) diag.List {
	type owner struct {
		cluster *ir.Component
		name    *ir.Value
	}
	var found diag.List
	owners := map[string]owner{}
	for _, c := range components {
		if c.Kind != "AWSMemoryDB" {
			continue
		}
		var problems diag.List
		c.Spec.Each([]string{"users", "*", "name"}, func(_, name *ir.Value) {
			first, taken := owners[text(name)]
			switch {
			case text(name) == "":
			case !taken:
				owners[text(name)] = owner{c, name}
			case first.cluster != c: // twice in one list is for the schema to say
				problems.Add(refuse(name, "%s has a user %q too, and MemoryDB keeps users by name for the whole account", first.cluster.ID(), text(name)).
					WithHint("give one of them another name, such as %s-%s", c.Name, text(name)).
					WithRelated(first.name.Source, "the user of %s is here", first.cluster.ID()))
			}
		})
		c.Template.Cite(problems)
		found.Add(problems...)
	}
	return found
}
