package agreement

import (
	paths "path"
	"regexp"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// mounted is a volume that is mounted into a component.
type mounted struct {
	volume *ir.Component
	entry  *ir.Value // of the volume's mounts
	at     *ir.Value // the component's name in it
}

// checkMounts judges the volumes that are mounted into a component against it and against each other.
func checkMounts(c *ir.Component, byID map[string]*ir.Component) diag.List {
	var found diag.List
	var before []mounted
	for _, ref := range c.References {
		volume := byID[ref.Component]
		if ref.Mount == nil || volume == nil || volume.Kind != "EFS" && volume.Kind != "EBS" {
			continue // not a use of this sort, or a load balancer, which its targets register with
		}
		m := mounted{volume: volume, entry: ref.Mount, at: ref.Mount.Get("component")}
		problems := samePath(c, m, before)
		switch {
		case c.Kind == "Lambda":
			problems.Add(intoFunction(c, m, before)...)
		case c.Kind == "EC2Instance" && volume.Kind == "EBS":
			problems.Add(intoMachine(c, m)...)
		}
		volume.Template.Cite(problems)
		found.Add(problems...)
		before = append(before, m)
	}
	return found
}

// samePath judges a volume by what is mounted into the component already: other volumes, and the folders of single files,
// which hold nothing else.
func samePath(c *ir.Component, m mounted, before []mounted) diag.List {
	path := m.entry.Get("path")
	for _, f := range c.ConfigFiles {
		folder := paths.Dir(f.MountPath)
		if at := text(path); at != "" && (within(at, folder) || within(folder, at)) {
			return diag.List{refuse(path, "%s is mounted at %s of %s, and the file %s into %s: neither can be within the other",
				m.volume.ID(), at, c.ID(), f.Name, folder).
				WithHint("choose another path for one of them").
				WithRelated(f.Source, "the file %s is mounted here", f.Name)}
		}
	}
	for _, other := range before {
		if there := other.entry.Get("path"); text(path) != "" && text(there) == text(path) {
			both := other.volume.ID() + " and " + m.volume.ID() + " are both"
			if other.volume == m.volume {
				both = m.volume.ID() + " is twice"
			}
			return diag.List{refuse(path, "%s mounted at %s of %s", both, text(path), c.ID()).
				WithHint("choose another path for one of them").
				WithRelated(there.Source, "%s is mounted here", other.volume.ID())}
		}
	}
	return nil
}

// within tells whether a path is a folder or in it.
func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, "/")+"/")
}

// inFunction is where AWS mounts a file system into a function.
var inFunction = regexp.MustCompile(`^/mnt/[A-Za-z0-9._-]{1,155}$`)

// intoFunction judges a file system in a function: AWS mounts one, below /mnt, by an access point, in the VPC.
func intoFunction(c *ir.Component, m mounted, before []mounted) diag.List {
	var found diag.List
	path := m.entry.Get("path")
	if at := text(path); at != "" && !inFunction.MatchString(at) {
		found.Add(refuse(path, "a file system is mounted into a function directly below /mnt, under a name of letters, digits and . _ -, not at %s", at).
			WithHint("choose a path such as /mnt/files").WithRelated(c.Source, "%s is defined here", c.ID()))
	}
	if snapshot := c.Spec.Get("snapStart"); on(snapshot) {
		found.Add(refuse(m.at, "%s starts from a snapshot, and AWS makes none of a function with a file system", c.ID()).
			WithHint("leave snapStart out of %s, or give it no file system", c.ID()).WithRelated(snapshot.Source, "snapStart is set here"))
	}
	if m.entry.Get("accessPoint") == nil {
		found.Add(refuse(m.at, "a function such as %s can use a file system by an access point only", c.ID()).
			WithHint("list one in accessPoints of %s and name it as accessPoint beside it", m.volume.ID()).
			WithRelated(c.Source, "%s is defined here", c.ID()))
	}
	if inside := c.Spec.Get("vpc"); off(inside) {
		found.Add(refuse(m.at, "%s runs outside the VPC, where it cannot reach a file system", c.ID()).
			WithHint("leave vpc out of %s", c.ID()).WithRelated(inside.Source, "%s leaves the VPC here", c.ID()))
	}
	if len(before) > 0 {
		found.Add(refuse(m.at, "a function can have one file system, and %s has one already", c.ID()).
			WithRelated(before[0].at.Source, "%s is mounted here", before[0].volume.ID()))
	}
	return found
}

// intoMachine judges a disk in a machine: AWS attaches it to one that exists, in the disk's availability zone.
func intoMachine(c *ir.Component, m mounted) diag.List {
	if group := c.Spec.Get("group"); group != nil {
		return diag.List{refuse(m.at, "%s is a group of machines that come and go, and a disk is attached to a single one", c.ID()).
			WithHint("use an EFS, or list the disk in volumes of %s", c.ID()).
			WithRelated(group.Source, "%s is made a group here", c.ID())}
	}
	zone, disk := c.Spec.Get("placement", "zone"), m.volume.Spec.Get("availabilityZone")
	if text(zone) == "" || text(disk) == "" || strings.HasSuffix(text(disk), text(zone)) {
		return nil
	}
	return diag.List{refuse(m.at, "%s stands in availability zone %s, and the disk in %s", c.ID(), text(zone), text(disk)).
		WithHint("leave availabilityZone out of %s; the disk is then made where the machine is", m.volume.ID()).
		WithRelated(zone.Source, "the zone of %s", c.ID()).
		WithRelated(disk.Source, "the zone of %s", m.volume.ID())}
}
