package microservice

import (
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// securityGroup is the one that the containers are in. They may connect to anything; what they reach is decided by the
// groups at the other end.
func (m *service) securityGroup() {
	m.SecurityGroup("securityGroup", "service", "Containers of the service", m.Component().Source)
	m.rule(rule{
		local: "egress", typ: egress, part: "egress", what: "rule for outgoing connections",
		group: id("securityGroup"), protocol: "-1", peer: cidr("0.0.0.0/0"),
	})
	m.waitFor = append(m.waitFor, "egress")
}

// paths opens every component that this one takes values from, at its ports, to this one's group.
func (m *service) paths() {
	done := map[string]bool{}
	for _, ref := range m.Component().References {
		entry, ok := m.Entry(ref.Component)
		if !ok || done[ref.Component] {
			continue
		}
		done[ref.Component] = true
		group, _ := m.Use(ref.Component, entry.SecurityGroup, ref.Source)
		for _, p := range entry.Ports {
			m.openPort(ref, group, p, len(entry.Ports) > 1)
		}
	}
}

func (m *service) openPort(ref ir.Reference, group jen.Code, port int, several bool) {
	service, name, _ := strings.Cut(ref.Component, "/")
	local, part := "to"+names.Exported(service, name), names.Resource("to", service, name)
	if several {
		local, part = local+strconv.Itoa(port), part+"-"+strconv.Itoa(port)
	}
	m.rule(rule{
		local: local, typ: ingress, part: part, what: "rule for connections to " + ref.Component, source: ref.Source,
		group: group, protocol: "tcp", port: port, peer: groupPeer("securityGroup"),
	})
	m.waitFor = append(m.waitFor, local)
}

// The types of rules.
const (
	ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	egress  = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
)

// rule is one rule of a security group.
type rule struct {
	local, typ, part, what string
	group                  jen.Code
	protocol               string
	port                   int // 0 for all
	peer                   component.Field
	source                 diag.Position
}

func cidr(addresses string) component.Field {
	return component.Field{Name: "CidrIpv4", Value: component.Str(addresses)}
}

func groupPeer(local string) component.Field {
	return component.Field{Name: "ReferencedSecurityGroupId", Value: id(local)}
}

func (m *service) rule(r rule) {
	m.Resource(component.Resource{
		Var: r.local, Type: r.typ, Part: r.part, What: r.what, Source: r.source,
		Args: component.Fields{
			{Name: "SecurityGroupId", Value: r.group},
			{Name: "IpProtocol", Value: component.Str(r.protocol)},
			{Name: "FromPort", Value: component.If(r.port > 0, component.Int(r.port))},
			{Name: "ToPort", Value: component.If(r.port > 0, component.Int(r.port))},
			r.peer,
		},
	})
}
