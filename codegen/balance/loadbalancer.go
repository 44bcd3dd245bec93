package balance

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// LoadBalancer is what the load balancers of all types have in common.
type LoadBalancer struct {
	// Type is application or network.
	Type string
	// Group is the local variable of its security group.
	Group string
	// Scheme is internal or internet-facing.
	Scheme             string
	IPAddressType      string
	AccessLogs         *AccessLogs
	DeletionProtection *bool
	// Subnets is what it stands in: Subnets or SubnetMappings; left out, the subnets of its scheme.
	Subnets component.Field
	// Exclusive tells that it holds what no other one can have at the same time, such as elastic IP addresses, so that a
	// replacement can only be made once it is gone.
	Exclusive bool
	// Settings are further arguments of lb.LoadBalancerArgs.
	Settings component.Fields
}

// AccessLogs is where a load balancer writes what it was asked.
type AccessLogs struct {
	Component string        `yaml:"component"`
	Prefix    string        `yaml:"prefix"`
	Source    diag.Position `yaml:"-"`
}

// Keys is what the keys of the logs begin with. They hold the account's number, and so no other account's logs.
func (l AccessLogs) Keys() string {
	keys := "AWSLogs/" + component.Account + "/"
	if l.Prefix != "" {
		keys = strings.TrimSuffix(l.Prefix, "/") + "/" + keys
	}
	return keys
}

// Public tells whether a scheme means that the internet reaches it.
func Public(scheme string) bool { return scheme == "internet-facing" }

// AddLoadBalancer registers a load balancer as the local variable loadBalancer.
func AddLoadBalancer(b *component.Builder, l LoadBalancer) {
	if l.IPAddressType == "dualstack" {
		checkIPv6(b)
	}
	protected := b.Stack().Protected
	if l.DeletionProtection != nil {
		protected = *l.DeletionProtection
	}
	subnets := l.Subnets
	if subnets.Value == nil {
		subnets = component.Field{Name: "Subnets", Value: Subnets(l.Scheme)}
	}
	args := component.Fields{
		{Name: "Name", Value: b.Salted(32, "", ReplacedBy(b, b.Component())...)},
		{Name: "LoadBalancerType", Value: component.Str(l.Type)},
		{Name: "Internal", Value: component.Bool(!Public(l.Scheme))},
		{Name: "IpAddressType", Value: component.Str(l.IPAddressType)},
		{Name: "SecurityGroups", Value: component.StrArray(jen.Id(l.Group).Dot("ID").Call())},
		subnets,
	}
	args = append(args, l.Settings...)
	replace := component.CreateFirst()
	if l.Exclusive {
		replace = component.Pulumi("DeleteBeforeReplace").Call(jen.True())
	}
	b.Resource(component.Resource{
		Var: "loadBalancer", Type: "aws:lb/loadBalancer:LoadBalancer", What: "load balancer", Source: b.Component().Source,
		Args: append(args, component.Fields{
			{Name: "EnableDeletionProtection", Value: component.Bool(protected)},
			{Name: "AccessLogs", Value: l.AccessLogs.code(b)},
		}...),
		Options: []jen.Code{replace},
	})
}

// Subnets is the code of the subnets for a scheme.
func Subnets(scheme string) jen.Code {
	if Public(scheme) {
		return jen.Id("base").Dot("publicSubnetIDs")
	}
	return jen.Id("base").Dot("privateSubnetIDs")
}

// checkIPv6 reports what has addresses of version 6 in a VPC that panka makes, which has none.
func checkIPv6(b *component.Builder) {
	if use := b.Stack().Network.Get("vpc", "use"); use != nil && use.Text.String() == "create" {
		b.Fail(diag.Errorf(b.Place("ipAddressType"), component.Code, "the VPC that panka creates has IPv4 addresses only").
			WithHint("set ipAddressType: ipv4").WithRelated(use.Source, "the VPC is created because of this"))
	}
}

// code is the block of a load balancer's arguments. The bucket's policy, which lets the logs in, is with the bucket.
func (l *AccessLogs) code(b *component.Builder) jen.Code {
	if l == nil {
		return nil
	}
	bucket, _ := b.Use(l.Component, "bucketName", l.Source)
	return component.Struct(component.AWS("lb", "LoadBalancerAccessLogsArgs"), component.Fields{
		{Name: "Bucket", Value: bucket},
		{Name: "Prefix", Value: component.If(l.Prefix != "", component.Str(strings.TrimSuffix(l.Prefix, "/")))},
		{Name: "Enabled", Value: component.Bool(true)},
	})
}

// Outputs are those that the load balancers of all types export.
func Outputs() []component.Output {
	var all []component.Output
	for _, name := range []string{"arn", "dnsName", "securityGroupId", "zoneId"} {
		all = append(all, component.Output{Name: name, Type: component.StringOutput})
	}
	return all
}

// Publish sets the values of Outputs.
func Publish(b *component.Builder, group string) {
	b.Output("arn", jen.Id("loadBalancer").Dot("Arn"))
	b.Output("dnsName", jen.Id("loadBalancer").Dot("DnsName"))
	b.Output("securityGroupId", jen.Id(group).Dot("ID").Call())
	b.Output("zoneId", jen.Id("loadBalancer").Dot("ZoneId"))
}
