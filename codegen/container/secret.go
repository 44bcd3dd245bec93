package container

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// LookUpSecrets finds the ARNs of secrets, as the local variable secrets, which also tells early if one does not exist.
func LookUpSecrets(b *component.Builder, secrets []Secret) {
	refs := SecretRefs(secrets)
	if len(refs) == 0 {
		return
	}
	for _, s := range secrets {
		b.Secret(s.Ref, s.Source)
	}
	args := []jen.Code{jen.Id("ctx")}
	for _, ref := range refs {
		args = append(args, jen.Lit(ref))
	}
	b.LookUpSecrets()
	b.Statement(
		jen.List(jen.Id("secrets"), jen.Err()).Op(":=").Id("secretARNs").Call(args...),
		b.Check("secrets"), jen.Line(),
	)
}
