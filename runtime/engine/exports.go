package engine

import (
	"fmt"

	"github.com/pulumi/pulumi/pkg/v3/resource/stack"
	"github.com/pulumi/pulumi/pkg/v3/secrets/b64"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// Exports are recorded outputs of a stack, under the names by which programs read them from a stack reference:
// <component>.<output>. Secret ones stay secret. The zero Exports are none.
type Exports struct{ values resource.PropertyMap }

// Has tells whether there is an output of that name.
func (e Exports) Has(name string) bool {
	_, ok := e.values[resource.PropertyKey(name)]
	return ok
}

// None tells that there are none.
func (e Exports) None() bool { return len(e.values) == 0 }

// componentPackage is the package of the types of panka's component resources.
const componentPackage = "panka:component"

// Exports are the outputs that the stack's components have recorded. Each component is asked, and not the stack resource,
// whose outputs lack those of the waves that the last run did not come to.
func (s *State) Exports() (Exports, error) {
	e := Exports{values: resource.PropertyMap{}}
	if s.deployment == nil {
		return e, nil
	}
	for _, r := range s.deployment.Resources {
		id, ok := r.Outputs["component"].(string)
		if !ok || r.Delete || r.Type.Module() != tokens.Module(componentPackage) {
			continue
		}
		outputs, err := stack.DeserializeProperties(r.Outputs, b64.NewBase64SecretsManager().Decrypter())
		if err != nil {
			return Exports{}, fmt.Errorf("read the outputs of %s: %w", id, err)
		}
		for name, v := range outputs {
			e.values[resource.PropertyKey(id)+"."+name] = v
		}
	}
	return e, nil
}
