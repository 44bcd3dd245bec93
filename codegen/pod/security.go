package pod

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/configfile"
	"github.com/panka-io/panka/codegen/container"
)

// startsAsRoot are the capabilities that a process gets which may start as root: those by which images give folders to a
// user of their own, become that user and open ports below 1024. All others are taken away from any process.
var startsAsRoot = []string{"CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID"}

// user is the user and the group that the process runs as, by number; ok is false if that is left to the image. The group
// is -1 if that is.
func (p *Pod) user() (user, group int, ok bool) {
	owner := configfile.Owner(p.Spec.Runtime.User)
	if owner == "" {
		return 0, -1, false
	}
	name, of, given := strings.Cut(owner, ":")
	user, _ = strconv.Atoi(name) // digits, as the schema sees to
	group = -1
	if given {
		group, _ = strconv.Atoi(of)
	}
	return user, group, true
}

// context is what holds for all containers of a pod. The files of its volumes belong to the process's group, or to one that
// is made up for its user.
func (p *Pod) context() jen.Code {
	user, group, ok := p.user()
	fields := component.Fields{{Name: "SeccompProfile", Value: typed("SeccompProfileArgs", component.Fields{
		{Name: "Type", Value: component.Str("RuntimeDefault")},
	})}}
	if ok {
		files := group
		if group < 0 {
			files = user
		}
		fields = append(fields,
			component.Field{Name: "RunAsUser", Value: component.Int(user)},
			component.Field{Name: "RunAsGroup", Value: component.If(group >= 0, component.Int(group))},
			component.Field{Name: "RunAsNonRoot", Value: component.If(user > 0, component.Bool(true))},
			component.Field{Name: "FsGroup", Value: component.Int(files)},
			component.Field{Name: "FsGroupChangePolicy", Value: component.Str("OnRootMismatch")})
	}
	return typed("PodSecurityContextArgs", fields)
}

// confinement is what a container may not do. Only a process that may start as root keeps some of root's capabilities, and
// any may open the ports that it is said to listen on.
func (p *Pod) confinement() jen.Code {
	user, _, ok := p.user()
	var add []string
	switch {
	case !ok || user == 0:
		add = startsAsRoot
	case slices.ContainsFunc(p.Ports, func(port container.Port) bool { return port.Port < 1024 }):
		add = []string{"NET_BIND_SERVICE"}
	}
	return confined(p.Spec.Runtime.ReadOnlyRootFilesystem, add)
}

func confined(readOnly bool, add []string) jen.Code {
	return typed("SecurityContextArgs", component.Fields{
		{Name: "AllowPrivilegeEscalation", Value: component.Bool(false)},
		{Name: "ReadOnlyRootFilesystem", Value: component.Bool(readOnly)},
		{Name: "Capabilities", Value: typed("CapabilitiesArgs", component.Fields{
			{Name: "Drop", Value: texts([]string{"ALL"})}, {Name: "Add", Value: texts(add)},
		})},
	})
}
