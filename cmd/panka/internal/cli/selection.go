package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/compiler/suggest"
)

// selection limits a command to some components. The zero value selects everything.
type selection struct {
	services   []string
	components []string
}

func (s *selection) flags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&s.services, "service", nil, "only the components of `SERVICE` (may be repeated)")
	cmd.Flags().StringArrayVar(&s.components, "component", nil, "only the component `SERVICE/COMPONENT` (may be repeated)")
}

// all tells whether nothing is selected, which means everything.
func (s *selection) all() bool { return len(s.services)+len(s.components) == 0 }

// among returns the IDs that are selected, sorted; nil, which means all, if nothing is. Naming what does not exist is
// a usage error.
func (s *selection) among(ids []string) ([]string, error) {
	if s.all() {
		return nil, nil
	}
	var out []string
	for _, service := range s.services {
		if err := checkName("--service", "service", service); err != nil {
			return nil, err
		}
	}
	if len(s.components) == 0 {
		for _, service := range s.services {
			of := componentsOf(service, ids)
			if len(of) == 0 {
				return nil, noSuch("service", service, servicesIn(ids))
			}
			out = append(out, of...)
		}
	}
	for _, name := range s.components {
		id, err := s.component(name, ids)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// component finds the ID that name stands for: SERVICE/COMPONENT, or a component's name alone if it is clear which.
func (s *selection) component(name string, ids []string) (string, error) {
	service, component, full := strings.Cut(name, "/")
	if !full {
		component = name
	} else if err := checkName("--component", "service", service); err != nil {
		return "", err
	}
	if err := checkName("--component", "component", component); err != nil {
		return "", err
	}
	var found []string
	for _, id := range ids {
		in, has, _ := strings.Cut(id, "/")
		inSelected := len(s.services) == 0 || slices.Contains(s.services, in)
		if id == name || !full && has == component && inSelected {
			found = append(found, id)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return "", usagef("write --component SERVICE/COMPONENT", "which %s? There are %s", name, strings.Join(found, ", "))
	default:
		return "", noSuch("component", name, ids)
	}
}

func noSuch(what, name string, known []string) error {
	return usagef(orElse(suggest.Hint(name, known), "there are "+orElse(strings.Join(known, ", "), "none")), "there is no %s %q", what, name)
}

func componentsOf(service string, ids []string) []string {
	var out []string
	for _, id := range ids {
		if strings.HasPrefix(id, service+"/") {
			out = append(out, id)
		}
	}
	return out
}

func servicesIn(ids []string) []string {
	var out []string
	for _, id := range ids {
		if service, _, ok := strings.Cut(id, "/"); ok && !slices.Contains(out, service) {
			out = append(out, service)
		}
	}
	return out
}
