package aws

import (
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const routeTableType = "aws:ec2/routeTable:RouteTable"

var routeTableMissing = missing("InvalidRouteTableID.NotFound", "The routeTable ID '%s' does not exist")

func routeTable() *Kind {
	return &Kind{
		Type: routeTableType, Label: "EC2 Route Table", Random: true,
		Replace: []string{"vpcId"},
		Refs: []Ref{
			{Path: "vpcId", To: vpcType, Missing: vpcMissing},
			{Path: "routes[].gatewayId", To: gatewayType, Missing: gatewayMissing, Builtin: isLocal},
			{Path: "routes[].natGatewayId", To: natType, Missing: natMissing},
		},
		Create: func(c *Call) (*Made, error) {
			id := "rtb-0" + c.Hex("rtb", 16)
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("ec2", "route-table/"+id), "ownerId": c.Account}}, nil
		},
		InUse: func(r, by *store.Resource) error {
			return errorf("DependencyViolation", "The routeTable '%s' has dependencies and cannot be deleted. (%s uses it)", r.ID, by.ID)
		},
		Usual: Usual{1, 1, 1},
	}
}

var (
	gatewayMissing = missing("InvalidInternetGatewayID.NotFound", "The internetGateway ID '%s' does not exist")
	natMissing     = missing("InvalidNatGatewayID.NotFound", "The gateway ID '%s' does not exist")
)

func isLocal(value string) bool { return value == "local" }

func route() *Kind {
	destinations := []string{"destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"}
	return &Kind{
		Type: "aws:ec2/route:Route", Label: "EC2 Route",
		Replace: append([]string{"routeTableId"}, destinations...),
		Checks: []Check{
			exactlyOne(destinations...),
			exactlyOne("gatewayId", "natGatewayId", "carrierGatewayId", "coreNetworkArn", "egressOnlyGatewayId", "localGatewayId",
				"networkInterfaceId", "transitGatewayId", "vpcEndpointId", "vpcPeeringConnectionId"),
			cidr("destinationCidrBlock", 0, 32),
		},
		Refs: []Ref{
			{Path: "routeTableId", To: routeTableType, Missing: routeTableMissing, Owned: true},
			{Path: "gatewayId", To: gatewayType, Missing: gatewayMissing, Builtin: isLocal},
			{Path: "natGatewayId", To: natType, Missing: natMissing, Loose: true}, // AWS leaves a blackhole
		},
		Create: func(c *Call) (*Made, error) {
			table, destination := c.In.String("routeTableId"), destinationOf(c.In)
			for _, r := range c.all("aws:ec2/route:Route") {
				if r.Inputs.String("routeTableId") == table && destinationOf(r.Inputs) == destination {
					return nil, errorf("RouteAlreadyExists", "The route identified by %s already exists.", destination)
				}
			}
			// The ID follows from the contents: a route has none in AWS.
			return &Made{ID: "r-" + table + spell(destination, "0123456789", 10),
				Outputs: store.Values{"origin": "CreateRoute", "state": "active"}}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

func destinationOf(in store.Values) string {
	return in.String("destinationCidrBlock") + in.String("destinationIpv6CidrBlock") + in.String("destinationPrefixListId")
}

func routeTableAssociation() *Kind {
	const typ = "aws:ec2/routeTableAssociation:RouteTableAssociation"
	return &Kind{
		Type: typ, Label: "EC2 Route Table Association", Random: true,
		Replace: []string{"subnetId", "gatewayId"},
		Checks:  []Check{exactlyOne("subnetId", "gatewayId")},
		Refs: []Ref{
			{Path: "routeTableId", To: routeTableType, Missing: routeTableMissing},
			{Path: "subnetId", To: subnetType, Missing: subnetMissing, Owned: true},
			{Path: "gatewayId", To: gatewayType, Missing: gatewayMissing, Owned: true},
		},
		Create: func(c *Call) (*Made, error) {
			for _, r := range c.all(typ) {
				if s := c.In.String("subnetId"); s != "" && r.Inputs.String("subnetId") == s {
					return nil, errorf("Resource.AlreadyAssociated", "the specified association for route table %s conflicts with "+
						"an existing association", c.In.String("routeTableId"))
				}
			}
			return &Made{ID: "rtbassoc-0" + c.Hex("rtbassoc", 16)}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

var subnetMissing = missing("InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist")
