// Package database writes what databases and caches have in common, whichever AWS service runs them: the group of private
// subnets that they stand in, the group of their engine's parameters, the log groups of the logs that they export, and the
// last snapshot before one is deleted.
//
// The groups' names hold a hash of what they cannot change: a new group is there before the old one goes, and the database
// moves from the one to the other.
package database

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
)

// Access registers the security group that guards a database, as the local variable securityGroup. It has no rules: each
// component that refers to the database makes one for itself.
func Access(b *component.Builder, what string) {
	b.SecurityGroup("securityGroup", "access", "Who may connect to the "+what, b.Component().Source)
}

// SubnetGroup registers the private subnets as a group of an AWS service, by its module in the SDK, as the local variable
// subnets.
func SubnetGroup(b *component.Builder, module string) {
	b.Resource(component.Resource{
		Var: "subnets", Type: "aws:" + module + "/subnetGroup:SubnetGroup", Part: "subnets", What: "subnet group",
		Args: component.Fields{
			{Name: "Name", Value: b.Salted(255, "", b.NetworkSalt())},
			{Name: "SubnetIds", Value: jen.Id("base").Dot("privateSubnetIDs")},
		},
		Options: []jen.Code{component.CreateFirst()},
	})
}

// Setting turns something on unless the YAML says otherwise.
func Setting(own *bool, usual bool) bool {
	if own != nil {
		return *own
	}
	return usual
}

// Optional is the code of a number that the YAML may leave out.
func Optional(n *int) jen.Code {
	if n == nil {
		return nil
	}
	return component.Int(*n)
}

// Window is the code of a time of the day or week that the YAML may leave out.
func Window(window string) jen.Code { return component.If(window != "", component.Str(window)) }

// Names is the code of a list of fixed texts, nil for an empty one.
func Names(names []string) jen.Code {
	var items []jen.Code
	for _, name := range names {
		items = append(items, component.Str(name))
	}
	return component.If(len(items) > 0, component.StrArray(items...))
}

// Guard is the argument that puts a database behind its security group.
func Guard() jen.Code { return component.StrArray(network.ID("securityGroup")) }

// WaitFor is the option that makes a database wait for resources, by their local variables; there is none without any.
func WaitFor(locals []string) []jen.Code {
	if len(locals) == 0 {
		return nil
	}
	locals = slices.Sorted(slices.Values(locals))
	return []jen.Code{component.Pulumi("DependsOn").Call(jen.Index().Add(component.Pulumi("Resource")).ValuesFunc(func(g *jen.Group) {
		for _, local := range locals {
			g.Id(local)
		}
	}))}
}
