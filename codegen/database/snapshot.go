package database

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/ir"
)

// maxSnapshot leaves room for the id of a security group within the 255 characters of a snapshot's name.
const maxSnapshot = 200

// FinalSnapshot is the code of the name of the snapshot that is made before the database is deleted. Snapshots stay, so no
// two may ever have the same name: it ends with the id of the database's security group, which AWS gives only once, and
// which stays as long as the component does. Within that time a hash tells one database from what replaces it; replaces
// is what forces a replacement, besides another key.
func FinalSnapshot(b *component.Builder, replaces ...string) jen.Code {
	stack, c := b.Stack(), b.Component()
	salt := append(keySalt(b), replaces...)
	name := names.Salted(maxSnapshot, salt, stack.Name, stack.Environment, c.Service, c.Name, "final")
	return component.Pulumi("Sprintf").Call(jen.Lit("%s-%s"), jen.Lit(name), network.ID("securityGroup"))
}

// keySalt is what tells which key encrypts the component.
func keySalt(b *component.Builder) []string {
	texts := func(v *ir.Value) string {
		if v == nil {
			return ""
		}
		return v.Text.String()
	}
	encryption := b.Stack().Security.Get("encryption")
	return []string{
		texts(b.Component().Spec.Get("kmsKeyArn")), texts(encryption.Get("key")), texts(encryption.Get("keyArn")),
	}
}
