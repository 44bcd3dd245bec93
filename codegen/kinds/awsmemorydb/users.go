package awsmemorydb

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/codegen/password"
)

// users registers the users and the access control list that holds them. A user's name is what it logs in with, so it is
// that of the YAML.
func (m *cluster) users() {
	var secrets []password.Secret
	for _, u := range m.Logins {
		if u.PasswordSecret != nil {
			secrets = append(secrets, password.Secret{Spec: *u.PasswordSecret, Var: "passwordOf" + names.Exported(u.Name)})
		}
	}
	if len(secrets) > 0 {
		password.Read(m.Builder, secrets...)
	}
	var logins []jen.Code
	for _, u := range m.Logins {
		local := "user" + names.Exported(u.Name)
		logins = append(logins, jen.Id(local).Dot("UserName"))
		m.Resource(component.Resource{
			Var: local, Type: "aws:memorydb/user:User", Part: "user-" + u.Name, What: "user " + u.Name, Source: u.Source,
			Args: component.Fields{
				{Name: "UserName", Value: component.Str(u.Name)},
				{Name: "AccessString", Value: component.Str(u.Access)},
				{Name: "AuthenticationMode", Value: component.Struct(component.AWS("memorydb", "UserAuthenticationModeArgs"), component.Fields{
					{Name: "Type", Value: component.Str(u.Authentication)},
					{Name: "Passwords", Value: component.If(u.PasswordSecret != nil,
						component.StrArray(jen.Id("passwordOf"+names.Exported(u.Name))))},
				})},
			},
		})
	}
	m.Resource(component.Resource{
		Var: "acl", Type: "aws:memorydb/acl:Acl", Part: "users", What: "access control list", Source: m.Place("users"),
		Args: component.Fields{
			{Name: "Name", Value: m.Physical(40, "")},
			{Name: "UserNames", Value: component.List(component.Pulumi("StringArray"), logins...)},
		},
	})
}
