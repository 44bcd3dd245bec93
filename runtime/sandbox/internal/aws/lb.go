package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const loadBalancerType = "aws:lb/loadBalancer:LoadBalancer"

const balancerNames = `^[0-9A-Za-z](-?[0-9A-Za-z])*$`

func loadBalancer() *Kind {
	return &Kind{
		Type: loadBalancerType, Label: "ELBv2 Load Balancer",
		Name: "name", MaxName: 32,
		Conflict: func(name string) error {
			return errorf("DuplicateLoadBalancerName", "A load balancer with the same name '%s' exists, but with different settings", name)
		},
		Replace: []string{"name", "namePrefix", "internal", "loadBalancerType", "customerOwnedIpv4Pool"},
		Checks: []Check{
			matching("name", `^.{1,32}$`, "cannot be longer than 32 characters"),
			matching("name", balancerNames, "only letters, digits and single hyphens are allowed, a hyphen neither first nor last"),
			notBeginning("name", "internal-"),
			oneOf("loadBalancerType", "application", "network", "gateway"),
			oneOf("ipAddressType", "ipv4", "dualstack", "dualstack-without-public-ipv4"),
			within("idleTimeout", 1, 4000), within("clientKeepAlive", 60, 604800),
			oneOf("desyncMitigationMode", "monitor", "defensive", "strictest"),
			oneOf("xffHeaderProcessingMode", "append", "preserve", "remove"),
			oneOf("dnsRecordClientRoutingPolicy", "any_availability_zone", "availability_zone_affinity", "partial_availability_zone_affinity"),
			oneOf("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "on", "off"),
			exactlyOne("subnets", "subnetMappings"),
		},
		Defaults:  balancerDefaults,
		ReplaceIf: replaceBalancer,
		Refs: []Ref{
			{Path: "subnets[]", To: subnetType, Missing: missing("SubnetNotFound", "The subnet ID '%s' does not exist")},
			{Path: "subnetMappings[].subnetId", To: subnetType, Missing: missing("SubnetNotFound", "The subnet ID '%s' does not exist")},
			{Path: "subnetMappings[].allocationId", To: eipType, Missing: missing("AllocationIdNotFound", "The allocation IDs '%s' are not available for use")},
			{Path: "securityGroups[]", To: securityGroupType, Missing: missing("InvalidSecurityGroup", "The security group '%s' does not exist")},
		},
		Create: createLoadBalancer,
		Update: func(c *Call, _ *store.Resource) (*Made, error) {
			_, err := c.balancerNetwork()
			return nil, err
		},
		Delete: func(_ *Call, r *store.Resource) error {
			if r.Inputs.Bool("enableDeletionProtection") {
				return errorf("OperationNotPermitted", "Load balancer '%s' cannot be deleted because deletion protection is enabled", r.ID)
			}
			return nil
		},
		Usual: Usual{120, 10, 20},
	}
}

// balancerDefaults depend on the load balancer's type.
func balancerDefaults(c *Call) store.Values {
	kind := c.In.String("loadBalancerType")
	if kind == "" {
		kind = "application"
	}
	out := store.Values{"loadBalancerType": kind, "internal": false, "ipAddressType": "ipv4", "enableDeletionProtection": false,
		"enableCrossZoneLoadBalancing": kind == "application", "enableZonalShift": false}
	switch kind {
	case "application":
		out = out.Over(store.Values{"idleTimeout": 60, "enableHttp2": true, "dropInvalidHeaderFields": false, "clientKeepAlive": 3600,
			"desyncMitigationMode": "defensive", "enableWafFailOpen": false, "enableTlsVersionAndCipherSuiteHeaders": false,
			"enableXffClientPort": false, "preserveHostHeader": false, "xffHeaderProcessingMode": "append"})
		if subnets := c.balancerSubnets(); len(subnets) > 0 {
			if v := c.Find(vpcType, subnets[0].Property("vpcId")); v != nil && v.Property("defaultSecurityGroupId") != "" {
				out["securityGroups"] = []string{v.Property("defaultSecurityGroupId")}
			}
		}
	case "network":
		out["dnsRecordClientRoutingPolicy"] = "any_availability_zone"
		if len(c.In.Strings("securityGroups")) > 0 {
			out["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] = "on"
		}
	}
	return out
}

// replaceBalancer: a network load balancer keeps its zones, and has security groups for life or never. A mapping of a
// subnet can be added, and an application load balancer's be taken away; none can be changed.
func replaceBalancer(old, new store.Values) []string {
	var out []string
	network := new.String("loadBalancerType") == "network"
	if network && (len(old.Strings("securityGroups")) == 0) != (len(new.Strings("securityGroups")) == 0) && new.Known("securityGroups") == new.Has("securityGroups") {
		out = append(out, "securityGroups")
	}
	list := "subnets"
	if new.Has("subnetMappings") {
		list = "subnetMappings"
	}
	was, now := zoneTexts(old), zoneTexts(new)
	if unsure(new[list]) || hasAll(now, was) {
		return out
	}
	if network || list == "subnetMappings" && !hasAll(was, now) {
		out = append(out, list)
	}
	return out
}

// zoneTexts gives a text for each of a load balancer's subnets, with what it is mapped to. A subnet is a mapping to nothing.
func zoneTexts(in store.Values) []string {
	var out []string
	for _, id := range in.Strings("subnets") {
		out = append(out, fmt.Sprint(map[string]any{"subnetId": id}))
	}
	for _, mapping := range in.Objects("subnetMappings") {
		out = append(out, fmt.Sprint(map[string]any(mapping)))
	}
	return out
}

// hasAll tells whether every one of the wanted texts is in a list.
func hasAll(list, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(text string) bool { return !slices.Contains(list, text) })
}

// unsure tells whether a value, or part of it, is not known yet.
func unsure(v any) bool {
	switch t := v.(type) {
	case store.Unknown:
		return true
	case []any:
		return slices.ContainsFunc(t, unsure)
	case map[string]any:
		for _, e := range t {
			if unsure(e) {
				return true
			}
		}
	}
	return false
}

func createLoadBalancer(c *Call) (*Made, error) {
	network, err := c.balancerNetwork()
	if err != nil {
		return nil, err
	}
	kind := map[string]string{"network": "net", "gateway": "gwy"}[c.In.String("loadBalancerType")]
	if kind == "" {
		kind = "app"
	}
	name := c.In.String("name")
	suffix := kind + "/" + name + "/" + c.Hex("lb", 16)
	arn := c.ARN("elasticloadbalancing", "loadbalancer/"+suffix)
	zone, host := balancerZone(c.Region), name+"-"+c.Digits("dns", 10)+"."+c.Region+".elb.amazonaws.com"
	switch {
	case kind == "net":
		zone, host = networkBalancerZone(c.Region), name+"-"+c.Hex("lb", 16)+".elb."+c.Region+".amazonaws.com"
	case c.In.Bool("internal"):
		host = "internal-" + host
	}
	return &Made{ID: arn, Outputs: store.Values{"arn": arn, "arnSuffix": suffix, "dnsName": host, "vpcId": network,
		"zoneId": zone}}, nil
}

func (c *Call) balancerSubnets() []*store.Resource {
	return c.subnetsOf(append(c.In.Strings("subnets"), c.In.At("subnetMappings[].subnetId")...))
}

// mappingsFit demands fixed addresses only where a network load balancer can have them.
func (c *Call) mappingsFit() error {
	for _, m := range c.In.Objects("subnetMappings") {
		fixed := m.String("allocationId") + m.String("privateIpv4Address")
		switch internal := c.In.Bool("internal"); {
		case fixed == "":
		case c.In.String("loadBalancerType") != "network":
			return errorf("InvalidConfigurationRequest", "Fixed addresses are supported for network load balancers only, not '%s'", fixed)
		case internal && m.Has("allocationId"):
			return errorf("InvalidConfigurationRequest", "Allocation IDs are not supported for internal load balancers")
		case !internal && m.Has("privateIpv4Address"):
			return errorf("InvalidConfigurationRequest", "Private IPv4 addresses are not supported for internet-facing load balancers")
		}
	}
	return nil
}

// balancerNetwork checks a load balancer's subnets and gives their network.
func (c *Call) balancerNetwork() (string, error) {
	subnets := c.balancerSubnets()
	if err := c.mappingsFit(); err != nil {
		return "", err
	}
	if t := c.In.String("loadBalancerType"); (t == "" || t == "application") && len(zonesOf(subnets)) < 2 {
		return "", errorf("ValidationError", "At least two subnets in two different Availability Zones must be specified")
	}
	if len(subnets) == 0 {
		return "", errorf("ValidationError", "At least one subnet must be specified")
	}
	if len(zonesOf(subnets)) != len(subnets) {
		return "", errorf("InvalidConfigurationRequest", "A load balancer cannot be attached to multiple subnets in the same Availability Zone")
	}
	network := subnets[0].Property("vpcId")
	for _, s := range subnets[1:] {
		if s.Property("vpcId") != network {
			return "", errorf("InvalidConfigurationRequest", "All subnets must belong to the same VPC: '%s'", network)
		}
	}
	for _, g := range c.In.Strings("securityGroups") {
		if c.vpcOf(securityGroupType, g) != network {
			return "", errorf("InvalidConfigurationRequest", "One or more security groups are invalid")
		}
	}
	if !c.In.Bool("internal") && !c.hasGateway(network) {
		return "", errorf("InvalidSubnet", "VPC %s has no internet gateway", network)
	}
	return network, nil
}

func balancerZone(region string) string {
	if id := map[string]string{"us-east-1": "Z35SXDOTRQ7X7K", "us-east-2": "Z3AADJGX6KTTL2", "us-west-2": "Z1H1FL5HABSF5",
		"eu-west-1": "Z32O12XQLNTSW2", "eu-central-1": "Z215JYRZR1TBD5"}[region]; id != "" {
		return id
	}
	return "Z" + strings.ToUpper(digest("elb|"+region, 13))
}

// networkBalancerZone is the DNS zone of a region's network load balancers, which is not that of the others.
func networkBalancerZone(region string) string {
	if id := map[string]string{"us-east-1": "Z26RNL4JYFTOTI", "us-east-2": "ZLMOA37VPKANP", "us-west-2": "Z18D5FSROUN65G",
		"eu-west-1": "Z2IFOLAFXWLO4F", "eu-central-1": "Z3F0SRJ5LGBH90"}[region]; id != "" {
		return id
	}
	return "Z" + strings.ToUpper(digest("nlb|"+region, 13))
}
