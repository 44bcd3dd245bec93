// Package ec2instance generates EC2Instance: one machine, or an Auto Scaling group of equal ones with a launch template.
//
// Machines are administered by Session Manager, have the metadata service with tokens, and encrypted disks. What runs on
// them gets the rights that its references need by an instance profile, and secrets by their ARNs: it reads the values
// itself. A new image of the same operating system replaces machines only if the YAML says so. Disks and file systems that
// name the machine in their mounts are attached and mounted at the first start.
package ec2instance

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of EC2Instance.
type Kind struct{}

// Name is EC2Instance.
func (Kind) Name() string { return "EC2Instance" }

// Outputs are the security group, and the machine's or the group's.
func (Kind) Outputs(c *ir.Component) []component.Output {
	outputs := append(balance.ListenerOutputs(c), component.Output{Name: "securityGroupId", Type: component.StringOutput})
	if c.Spec.Get("group") != nil {
		return append(outputs, component.Output{Name: "asgName", Type: component.StringOutput})
	}
	return append(outputs, component.Output{Name: "instanceId", Type: component.StringOutput},
		component.Output{Name: "privateIp", Type: component.StringOutput})
}

// Entry is the machines' security group at their TCP ports.
func (Kind) Entry(c *ir.Component) (component.Entry, bool) {
	s, ds := decode(c)
	entry := component.Entry{SecurityGroup: "securityGroupId"}
	for _, p := range s.Ports {
		if p.Protocol == "tcp" {
			entry.Ports = append(entry.Ports, p.Port)
		}
	}
	return entry, !ds.HasErrors() && len(entry.Ports) > 0
}

// machine is an EC2Instance being generated.
type machine struct {
	*component.Builder
	specification
	// targets are the target groups that machines are put into.
	targets []balance.Registration
	// waitFor are the local variables of what must exist before a machine starts.
	waitFor []string
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	m := &machine{Builder: b, specification: s}
	if !m.sound() {
		return
	}
	b.Version(ir.Literal(s.InstanceType))
	m.secrets()
	m.role()
	m.access()
	m.image()
	m.script()
	if s.Group != nil {
		m.template()
		m.fleet()
	} else {
		m.single()
	}
	m.alarms()
	m.Output("securityGroupId", network.ID("securityGroup"))
}

// sound reports what AWS or the Security document would refuse.
func (m *machine) sound() bool {
	var found diag.List
	refuse := func(at diag.Position, hint, format string, args ...any) {
		found.Add(diag.Errorf(at, component.Code, format, args...).WithHint("%s", hint))
	}
	facing := m.Stack().Security.Get("ingress", "internetFacing")
	if m.Placement.PublicIP && facing != nil && facing.Text.String() == "deny" {
		refuse(m.Place("placement", "publicIp"), "leave publicIp out", "%s would be reached from the internet, which the Security document denies", m.ID())
	}
	if m.Group != nil && m.Group.HealthCheck == "ELB" && len(balance.Registered(m.Component())) == 0 {
		refuse(m.Place("group", "healthCheck"), "set healthCheck: EC2, or name it in a route of an ALB or NLB",
			"no load balancer sends to %s that could tell whether its machines are well", m.ID())
	}
	if m.Group != nil && m.CPUCredits != "" && m.Group.SpotPercent > 0 && m.CPUCredits == "unlimited" {
		refuse(m.Place("cpuCredits"), "set cpuCredits: standard", "machines of spare capacity that are gone soon pay for unlimited CPU credits in vain")
	}
	for _, d := range m.Volumes {
		if m.windows() != (d.Device[0] == 'x') {
			refuse(m.Place("volumes"), "Windows knows xvdf to xvdp, other systems /dev/sdf to /dev/sdp", "the device %s is not for the system of %s", d.Device, m.ID())
		}
	}
	m.soundScript(refuse)
	m.Fail(found...)
	return !found.HasErrors()
}

// access is the security group with the ways in and out, and the target groups that the machines are put into.
func (m *machine) access() {
	m.SecurityGroup("securityGroup", "machines", "Machines of the component", m.Component().Source)
	m.waitFor = append(m.waitFor, network.Out(m.Builder, "securityGroup"))
	m.waitFor = append(m.waitFor, network.Paths(m.Builder, "securityGroup")...)
	var open []network.Port
	var ports []balance.Port
	for _, p := range m.Ports {
		open = append(open, network.Port{Protocol: p.Protocol, Port: p.Port})
		ports = append(ports, balance.Port{Name: p.Name, Port: p.Port, Protocol: p.Protocol})
	}
	if m.AllowFrom != nil {
		network.Admit(m.Builder, network.Admission{Group: "securityGroup", Ports: open, AllowFrom: m.AllowFrom, Source: m.Place("allowFrom")})
	}
	m.targets = balance.Register(m.Builder, balance.Target{
		Type: balance.Instance, Group: "securityGroup", Ports: ports, Health: balance.Default(),
	})
}

// subnets is the code of those that machines may stand in, and publicIP of whether they get public addresses. Where
// private subnets have no way out, machines stand as other workloads do.
func (m *machine) subnets() (subnets, publicIP jen.Code) {
	if m.Placement.Subnets == "public" {
		return jen.Id("base").Dot("publicSubnetIDs"), component.Bool(m.Placement.PublicIP)
	}
	return jen.Id("base").Dot("workloadSubnetIDs"), jen.Id("base").Dot("assignPublicIP")
}
