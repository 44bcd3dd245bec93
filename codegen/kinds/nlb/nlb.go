// Package nlb generates NLB: a load balancer for connections and its security group.
//
// Its listeners are with the components that its routes name, as AWS has no listener without something behind it: a
// component registers with the load balancer and brings the listener along (package balance).
package nlb

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/bucketpolicy"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of NLB.
type Kind struct{}

// Name is NLB.
func (Kind) Name() string { return "NLB" }

// group is the local variable of the load balancer's security group.
const group = "securityGroup"

// Outputs are the load balancer's.
func (Kind) Outputs(*ir.Component) []component.Output { return balance.Outputs() }

// Entry is the load balancer's security group at those ports of its listeners that take TCP.
func (Kind) Entry(c *ir.Component) (component.Entry, bool) {
	s, ds := decode(c)
	entry := component.Entry{SecurityGroup: "securityGroupId"}
	for _, p := range s.ports() {
		if p.Protocol == "tcp" {
			entry.Ports = append(entry.Ports, p.Port)
		}
	}
	return entry, !ds.HasErrors() && len(entry.Ports) > 0
}

// Deposits are the logs of TLS connections, which AWS's delivery of logs writes.
func (Kind) Deposits(_ *ir.Stack, c *ir.Component, bucket string) []bucketpolicy.Deposit {
	s, _ := decode(c)
	if s.AccessLogs == nil || s.AccessLogs.Component != bucket {
		return nil
	}
	return []bucketpolicy.Deposit{{
		Principal: "delivery.logs.amazonaws.com", Prefix: s.AccessLogs.Keys(), Service: "logs", Resource: "*", OwnedByBucket: true,
	}}
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	checkRoutes(b, s)
	b.SecurityGroup(group, "access", "Who may connect to the load balancer", b.Place("allowFrom"))
	source := b.Place("allowFrom")
	if balance.Public(s.Scheme) {
		source = b.Place("scheme")
	}
	network.Admit(b, network.Admission{
		Group: group, Ports: s.ports(), AllowFrom: s.AllowFrom, Public: balance.Public(s.Scheme), IPv6: s.IPAddressType == "dualstack",
		Source: source,
	})
	balance.AddLoadBalancer(b, balance.LoadBalancer{
		Type: "network", Group: group, Scheme: s.Scheme, IPAddressType: s.IPAddressType, AccessLogs: s.AccessLogs,
		DeletionProtection: s.DeletionProtection, Subnets: addresses(b, s), Exclusive: len(s.ElasticIPIDs) > 0,
		Settings: component.Fields{
			{Name: "EnableCrossZoneLoadBalancing", Value: component.Bool(s.CrossZone)},
			{Name: "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", Value: component.If(linked(b), component.Str("off"))},
		},
	})
	alarms(b)
	balance.Publish(b, group)
}

// linked tells whether an API of protocol REST connects through a VPC link, that is by PrivateLink: its addresses are AWS's
// own, so that no rule of the security group could let them in. APIs of protocol HTTP come out of a group of their own.
func linked(b *component.Builder) bool {
	return slices.ContainsFunc(b.Users(), func(u component.User) bool {
		protocol := u.Component.Spec.Get("protocol")
		return u.Component.Kind == "APIGateway" && u.Reference.Output == "" && protocol != nil && protocol.Text.String() == "REST"
	})
}

// checkRoutes reports certificates of other regions.
func checkRoutes(b *component.Builder, s specification) {
	for _, route := range s.Routes {
		if route.CertificateARN != "" {
			b.CheckRegion("the certificate of the route "+route.Name, route.CertificateARN, b.Stack().Region, route.Source)
		}
	}
}

// alarms tell of what the load balancer itself cannot do. Whether targets are well is watched with them.
func alarms(b *component.Builder) {
	alarm.Add(b, alarm.Alarm{
		Part: "ports", Description: "The load balancer " + b.ID() + " has no ports left for connections to its targets.",
		Comparison: alarm.Above, SilenceIsWell: true,
		Metric: alarm.Metric{
			Namespace: "AWS/NetworkELB", Name: "PortAllocationErrorCount", Statistic: "Sum",
			Dimensions: component.Fields{{Name: "LoadBalancer", Value: jen.Id("loadBalancer").Dot("ArnSuffix")}},
		},
	})
}
