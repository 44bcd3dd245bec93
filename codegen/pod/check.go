package pod

import (
	"strings"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/configfile"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/compiler/diag"
)

// Runnable tells whether there is a way to run the pods as the YAML wants; if not, that is reported at its place.
func Runnable(b *component.Builder, s container.Spec) bool {
	configfile.Check(b, s.Runtime.User)
	var found diag.List
	if strings.HasSuffix(b.Component().Name, "-") {
		found.Add(diag.Errorf(b.Component().Source, component.Code,
			"the name of %s ends in a dash, and Kubernetes takes no such name", b.ID()).WithHint("give the component another name"))
	}
	if _, given := s.Runtime.NodeSelector[archLabel]; given {
		found.Add(diag.Errorf(b.Place("runtime", "nodeSelector"), component.Code,
			"the label %s of the nodes of %s follows from its architecture", archLabel, b.ID()).
			WithHint("set runtime.architecture in place of it"))
	}
	b.Fail(found...)
	return !found.HasErrors()
}
