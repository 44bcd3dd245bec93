package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const vpcEndpointType = "aws:ec2/vpcEndpoint:VpcEndpoint"

func vpcEndpoint() *Kind {
	return &Kind{
		Type: vpcEndpointType, Label: "EC2 VPC Endpoint", Random: true,
		Replace: []string{"vpcId", "serviceName", "serviceRegion", "vpcEndpointType", "resourceConfigurationArn", "serviceNetworkArn"},
		JSON:    []string{"policy"},
		Checks: []Check{oneOf("vpcEndpointType", "Gateway", "Interface", "GatewayLoadBalancer", "Resource", "ServiceNetwork"),
			oneOf("ipAddressType", "ipv4", "dualstack", "ipv6"), oneOf("dnsOptions.dnsRecordIpType", "ipv4", "dualstack", "ipv6", "service-defined"),
			jsonText("policy"), exactlyOne("serviceName", "resourceConfigurationArn", "serviceNetworkArn")},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"vpcEndpointType": "Gateway", "privateDnsEnabled": false}
			if c.In.String("vpcEndpointType") != "Interface" {
				return out
			}
			out["ipAddressType"], out["dnsOptions"] = "ipv4", map[string]any{"dnsRecordIpType": "ipv4"}
			if v := c.Find(vpcType, c.In.String("vpcId")); v != nil && v.Property("defaultSecurityGroupId") != "" {
				out["securityGroupIds"] = []string{v.Property("defaultSecurityGroupId")}
			}
			return out
		},
		Refs: []Ref{
			{Path: "vpcId", To: vpcType, Missing: missing("InvalidVpcId.NotFound", "The Vpc Id %s does not exist")},
			{Path: "subnetIds[]", To: subnetType, Missing: missing("InvalidSubnetId.NotFound", "The subnet ID '%s' does not exist")},
			{Path: "routeTableIds[]", To: routeTableType, Missing: missing("InvalidRouteTableId.NotFound", "The routeTable ID '%s' does not exist")},
			{Path: "securityGroupIds[]", To: securityGroupType, Missing: missing("InvalidSecurityGroupId.NotFound", "The security group '%s' does not exist")},
		},
		Create: func(c *Call) (*Made, error) {
			if err := endpointFits(c, nil); err != nil {
				return nil, err
			}
			id := "vpce-0" + c.Hex("endpoint", 16)
			return &Made{ID: id, Outputs: c.endpointOutputs(id)}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) { return nil, endpointFits(c, prior) },
		Usual:  Usual{60, 20, 40},
	}
}

func (c *Call) endpointOutputs(id string) store.Values {
	out := store.Values{"arn": c.ARN("ec2", "vpc-endpoint/"+id), "state": "available", "ownerId": c.Account, "requesterManaged": false,
		"networkInterfaceIds": []any{}, "dnsEntries": []any{}, "cidrBlocks": []any{}}
	service := c.In.String("serviceName")
	if c.In.String("vpcEndpointType") == "Interface" {
		var interfaces []string
		for _, s := range c.In.Strings("subnetIds") {
			interfaces = append(interfaces, "eni-0"+c.Hex("eni|"+s, 16))
		}
		host := fmt.Sprintf("%s-%s.%s.%s.vpce.amazonaws.com", id, c.Hex("dns", 8), lastPart(service), c.Region)
		out["networkInterfaceIds"] = interfaces
		out["dnsEntries"] = []map[string]any{{"dnsName": host, "hostedZoneId": "Z7HUB22UULQXV"}}
	} else if l := c.prefixList(service); l != nil {
		out["prefixListId"], out["cidrBlocks"] = l.id, l.blocks
	}
	return out
}

func lastPart(service string) string { return service[strings.LastIndex(service, ".")+1:] }

// endpointFits demands a service of the region, subnets or route tables as the endpoint's type has them, all of its
// network, and no second one that would answer for the same name.
func endpointFits(c *Call, prior *store.Resource) error {
	service, kind, vpc := c.In.String("serviceName"), c.In.String("vpcEndpointType"), c.In.String("vpcId")
	isInterface := kind == "Interface"
	if strings.HasPrefix(service, "com.amazonaws.") && !strings.HasPrefix(service, "com.amazonaws."+c.Region+".") && !strings.HasPrefix(service, "com.amazonaws.vpce.") && !c.In.Has("serviceRegion") {
		return errorf("InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist", service)
	}
	gateway := slices.Contains([]string{"s3", "dynamodb"}, lastPart(service))
	switch {
	case (kind == "" || kind == "Gateway") && !gateway:
		return errorf("InvalidParameter", "Endpoint type (Gateway) does not match available service types ([Interface]).")
	case isInterface && len(c.In.Strings("routeTableIds")) > 0:
		return errorf("InvalidParameter", "Route table IDs are not supported for VPC endpoints of type Interface.")
	case !isInterface && kind != "GatewayLoadBalancer" && (len(c.In.Strings("subnetIds")) > 0 || len(c.In.Strings("securityGroupIds")) > 0):
		return errorf("InvalidParameter", "Subnets and security groups are not supported for VPC endpoints of type Gateway.")
	}
	subnets := c.subnetsOf(c.In.Strings("subnetIds"))
	if len(zonesOf(subnets)) != len(subnets) {
		return errorf("DuplicateSubnetsInSameZone", "Found another VPC endpoint subnet in the availability zone of one of %v", c.In.Strings("subnetIds"))
	}
	for path, typ := range map[string]string{"subnetIds": subnetType, "securityGroupIds": securityGroupType, "routeTableIds": routeTableType} {
		for _, id := range c.In.Strings(path) {
			if c.vpcOf(typ, id) != vpc {
				return errorf("InvalidParameter", "%s is not in the VPC %s", id, vpc)
			}
		}
	}
	for _, r := range c.all(vpcEndpointType) {
		same := r.Inputs.String("vpcId") == vpc && r.Inputs.String("serviceName") == service && (prior == nil || prior.Key != r.Key)
		if same && isInterface && c.In.Bool("privateDnsEnabled") && r.Inputs.Bool("privateDnsEnabled") {
			return errorf("InvalidParameter", "private-dns-enabled cannot be set because there is already a conflicting DNS domain for %s in the VPC %s", service, vpc)
		}
		if same && !isInterface && slices.ContainsFunc(c.In.Strings("routeTableIds"), func(id string) bool { return slices.Contains(r.Inputs.Strings("routeTableIds"), id) }) {
			return errorf("RouteAlreadyExists", "route table already has a route with destination-prefix-list-id of %s", service)
		}
	}
	return nil
}

func flowLog() *Kind {
	return &Kind{
		Type: "aws:ec2/flowLog:FlowLog", Label: "EC2 Flow Log", Random: true,
		Replace: []string{"deliverCrossAccountRole", "destinationOptions", "eniId", "iamRoleArn", "logDestination", "logDestinationType", "logFormat",
			"logGroupName", "maxAggregationInterval", "subnetId", "trafficType", "transitGatewayAttachmentId", "transitGatewayId", "vpcId"},
		Checks: []Check{exactlyOne("eniId", "subnetId", "transitGatewayAttachmentId", "transitGatewayId", "vpcId"),
			oneOf("logDestinationType", "cloud-watch-logs", "s3", "kinesis-data-firehose"), oneOf("trafficType", "ACCEPT", "ALL", "REJECT"),
			among("maxAggregationInterval", 60, 600), oneOf("destinationOptions.fileFormat", "plain-text", "parquet")},
		Defaults: func(*Call) store.Values {
			return store.Values{"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600, "logFormat": "${version} ${account-id} ${interface-id} " +
				"${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"}
		},
		Refs: []Ref{
			{Path: "vpcId", To: vpcType, Owned: true, Missing: missing("InvalidVpcId.NotFound", "The vpc ID '%s' does not exist")},
			{Path: "subnetId", To: subnetType, Owned: true, Missing: missing("InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist")},
			{Path: "iamRoleArn", To: roleType, Loose: true, Missing: missing("InvalidParameter", "Access Denied for LogDestination: the role %s does not exist")},
		},
		Create: func(c *Call) (*Made, error) {
			logs := !c.In.Has("logDestinationType") || c.In.String("logDestinationType") == "cloud-watch-logs"
			switch {
			case logs && !c.In.Has("iamRoleArn"):
				return nil, errorf("InvalidParameter", "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.")
			case logs && !c.In.Has("logDestination") && !c.In.Has("logGroupName"):
				return nil, errorf("InvalidParameter", "LogDestination can't be empty")
			case !logs && !c.In.Has("logDestination"):
				return nil, errorf("InvalidParameter", "LogDestination can't be empty")
			case !c.In.Has("trafficType") && !c.In.Has("transitGatewayId") && !c.In.Has("transitGatewayAttachmentId"):
				return nil, errorf("MissingParameter", "The request must contain the parameter trafficType")
			}
			id := "fl-0" + c.Hex("flowlog", 16)
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("ec2", "vpc-flow-log/"+id)}}, nil
		},
		Usual: Usual{2, 1, 1},
	}
}

// prefixList is a list of networks that AWS keeps.
type prefixList struct {
	id, name string
	blocks   []string
}

// prefixList finds AWS's list of a service: by the service's or list's name, or by ID. The networks are stand-ins.
func (c *Call) prefixList(nameOrID string) *prefixList {
	names := []string{"com.amazonaws." + c.Region + ".s3", "com.amazonaws." + c.Region + ".dynamodb", "com.amazonaws.global.cloudfront.origin-facing",
		"com.amazonaws." + c.Region + ".route53-healthchecks", "com.amazonaws." + c.Region + ".ec2-instance-connect", "com.amazonaws." + c.Region + ".vpc-lattice"}
	for i, name := range names {
		if id := "pl-" + digest(c.Region+"|"+name, 8); nameOrID == name || nameOrID == id {
			return &prefixList{id, name, []string{fmt.Sprintf("198.18.%d.0/24", i), fmt.Sprintf("198.19.%d.0/24", i)}}
		}
	}
	return nil
}

// askedPrefixList gives the list that a function's arguments ask for.
func (c *Call) askedPrefixList(idArgument string) *prefixList {
	asked := []string{c.In.String("name"), c.In.String(idArgument)}
	for _, f := range c.In.Objects("filters") {
		if name := f.String("name"); name == "prefix-list-name" || name == "prefix-list-id" {
			asked = append(asked, f.Strings("values")...)
		}
	}
	for _, a := range asked {
		if l := c.prefixList(a); l != nil {
			return l
		}
	}
	return nil
}

func getPrefixList(c *Call) (*Answer, error) {
	l := c.askedPrefixList("prefixListId")
	if l == nil {
		return nil, fmt.Errorf("no matching prefix list found; the prefix list ID or name may be invalid or not exist in the current region")
	}
	return answer(store.Values{"id": l.id, "name": l.name, "cidrBlocks": l.blocks})
}

func getManagedPrefixList(c *Call) (*Answer, error) {
	l := c.askedPrefixList("id")
	if l == nil {
		return nil, fmt.Errorf("no matching EC2 Managed Prefix List found")
	}
	var entries []map[string]any
	for _, b := range l.blocks {
		entries = append(entries, map[string]any{"cidr": b, "description": ""})
	}
	return answer(store.Values{"id": l.id, "name": l.name, "arn": fmt.Sprintf("arn:aws:ec2:%s:aws:prefix-list/%s", c.Region, l.id), "addressFamily": "IPv4",
		"entries": entries, "maxEntries": 0, "ownerId": "AWS", "tags": map[string]any{}, "version": 0})
}
