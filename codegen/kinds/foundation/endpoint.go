package foundation

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
)

// endpoints are ways from the VPC to AWS's own services that need no NAT gateway: routes for those that have them, and
// addresses in the private subnets, under the services' usual names, that the whole VPC may connect to by TLS.
func (v vpc) endpoints(n networking) {
	source := v.Place("endpoints")
	for _, service := range n.Endpoints.Gateway {
		v.Resource(component.Resource{
			Type: endpointType, Part: "gateway-" + service, What: "way to " + service, Source: source,
			Args: Fields{
				{Name: "VpcId", Value: id("network")},
				{Name: "VpcEndpointType", Value: component.Str("Gateway")},
				{Name: "ServiceName", Value: v.serviceName(service)},
				{Name: "RouteTableIds", Value: component.StrArray(v.routeTables()...)},
			},
		})
	}
	if len(n.Endpoints.Interface) == 0 {
		return
	}
	v.Resource(component.Resource{
		Var: "endpointGroup", Type: "aws:ec2/securityGroup:SecurityGroup", Part: "endpoints", What: "security group of the endpoints",
		Source: source,
		Args: Fields{
			{Name: "Name", Value: v.Salted(255, "endpoints", n.VPC.CIDR)},
			{Name: "Description", Value: component.Str("Who may connect to services of AWS from within the VPC")},
			{Name: "VpcId", Value: id("network")},
		},
		Options: []jen.Code{component.CreateFirst()},
	})
	network.Add(v.Builder, network.Rule{
		Direction: network.Ingress, Part: "endpoints-443", What: "rule for the endpoints", Group: network.ID("endpointGroup"),
		Protocol: "tcp", Port: 443, Peer: component.Field{Name: "CidrIpv4", Value: jen.Id("network").Dot("CidrBlock")}, Source: source,
	})
	for _, service := range n.Endpoints.Interface {
		v.Resource(component.Resource{
			Type: endpointType, Part: "endpoint-" + strings.ReplaceAll(service, ".", "-"), What: "endpoint of " + service, Source: source,
			Args: Fields{
				{Name: "VpcId", Value: id("network")},
				{Name: "VpcEndpointType", Value: component.Str("Interface")},
				{Name: "ServiceName", Value: v.serviceName(service)},
				{Name: "SubnetIds", Value: v.ids("private")},
				{Name: "SecurityGroupIds", Value: component.StrArray(id("endpointGroup"))},
				{Name: "PrivateDnsEnabled", Value: component.Bool(true)},
			},
		})
	}
}

const endpointType = "aws:ec2/vpcEndpoint:VpcEndpoint"

func (v vpc) serviceName(service string) jen.Code {
	return component.Str("com.amazonaws." + v.Stack().Region + "." + service)
}

// routeTables are all that the VPC's subnets use.
func (v vpc) routeTables() []jen.Code {
	all := []jen.Code{id("publicRoutes")}
	for i := range v.privateTables() {
		all = append(all, id(v.privateTable(i)))
	}
	return all
}
