package aws

import (
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
		},
		Defaults: func(*Call) store.Values {
			return store.Values{"loadBalancerType": "application", "internal": false, "ipAddressType": "ipv4", "idleTimeout": 60,
				"enableDeletionProtection": false, "enableHttp2": true, "dropInvalidHeaderFields": false, "clientKeepAlive": 3600,
				"desyncMitigationMode": "defensive", "enableCrossZoneLoadBalancing": true, "enableWafFailOpen": false,
				"enableTlsVersionAndCipherSuiteHeaders": false, "enableXffClientPort": false, "preserveHostHeader": false,
				"xffHeaderProcessingMode": "append", "enableZonalShift": false}
		},
		Refs: []Ref{
			{Path: "subnets[]", To: subnetType, Missing: missing("SubnetNotFound", "The subnet ID '%s' does not exist")},
			{Path: "subnetMappings[].subnetId", To: subnetType, Missing: missing("SubnetNotFound", "The subnet ID '%s' does not exist")},
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

func createLoadBalancer(c *Call) (*Made, error) {
	network, err := c.balancerNetwork()
	if err != nil {
		return nil, err
	}
	kind := "app"
	if c.In.String("loadBalancerType") == "network" {
		kind = "net"
	}
	name := c.In.String("name")
	suffix := kind + "/" + name + "/" + c.Hex("lb", 16)
	arn := c.ARN("elasticloadbalancing", "loadbalancer/"+suffix)
	host := name + "-" + c.Digits("dns", 10) + "." + c.Region + ".elb.amazonaws.com"
	if c.In.Bool("internal") {
		host = "internal-" + host
	}
	return &Made{ID: arn, Outputs: store.Values{"arn": arn, "arnSuffix": suffix, "dnsName": host, "vpcId": network,
		"zoneId": balancerZone(c.Region)}}, nil
}

// balancerNetwork checks a load balancer's subnets and gives their network.
func (c *Call) balancerNetwork() (string, error) {
	ids := c.In.Strings("subnets")
	for _, m := range c.In.Objects("subnetMappings") {
		ids = append(ids, m.String("subnetId"))
	}
	subnets := c.subnetsOf(ids)
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

// loadBalancersOf gives the ARNs of the load balancers whose listeners forward to a target group.
func (c *Call) loadBalancersOf(group *store.Resource) []string {
	var out []string
	for _, l := range c.all(listenerType) {
		for _, arn := range listenerTargets(l.Inputs) {
			if arn == group.ID {
				out = append(out, l.Inputs.String("loadBalancerArn"))
			}
		}
	}
	return out
}
