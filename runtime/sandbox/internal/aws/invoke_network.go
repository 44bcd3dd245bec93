package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func getVpc(c *Call) (*Answer, error) {
	found, err := c.search(vpcType)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no matching EC2 VPC found")
	}
	if len(found) > 1 {
		return nil, fmt.Errorf("multiple EC2 VPCs matched; use additional constraints to reduce matches to a single EC2 VPC")
	}
	r := found[0]
	return answer(store.Values{"id": r.ID, "arn": r.Outputs.String("arn"), "cidrBlock": r.Inputs.String("cidrBlock"),
		"default": r.Derived.Bool("isDefault"), "dhcpOptionsId": r.Outputs.String("dhcpOptionsId"), "state": "available",
		"enableDnsHostnames": truth(r, "enableDnsHostnames"), "enableDnsSupport": truth(r, "enableDnsSupport"),
		"enableNetworkAddressUsageMetrics": false, "instanceTenancy": r.Property("instanceTenancy"), "ipv6AssociationId": "",
		"ipv6CidrBlock": "", "mainRouteTableId": r.Outputs.String("mainRouteTableId"), "ownerId": c.Account, "tags": tagsOf(r),
		"cidrBlockAssociations": []any{map[string]any{"cidrBlock": r.Inputs.String("cidrBlock"), "state": "associated",
			"associationId": "vpc-cidr-assoc-0" + digest(r.ID, 16)}}})
}

func getSubnet(c *Call) (*Answer, error) {
	found, err := c.search(subnetType)
	if err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("%d EC2 Subnets matched; the arguments must identify one", len(found))
	}
	r := found[0]
	zone := r.Property("availabilityZone")
	return answer(store.Values{"id": r.ID, "arn": r.Outputs.String("arn"), "availabilityZone": zone, "availabilityZoneId": zoneID(zone, c.Region),
		"cidrBlock": r.Inputs.String("cidrBlock"), "vpcId": r.Property("vpcId"), "defaultForAz": r.Derived.Bool("defaultForAz"),
		"mapPublicIpOnLaunch": truth(r, "mapPublicIpOnLaunch"), "state": "available", "ownerId": c.Account, "tags": tagsOf(r),
		"availableIpAddressCount": 4091, "assignIpv6AddressOnCreation": false, "customerOwnedIpv4Pool": "", "enableDns64": false,
		"enableLniAtDeviceIndex": 0, "enableResourceNameDnsARecordOnLaunch": false, "enableResourceNameDnsAaaaRecordOnLaunch": false,
		"ipv6CidrBlock": "", "ipv6CidrBlockAssociationId": "", "ipv6Native": false, "mapCustomerOwnedIpOnLaunch": false,
		"outpostArn": "", "privateDnsHostnameTypeOnLaunch": "ip-name"})
}

func getSubnets(c *Call) (*Answer, error) {
	found, err := c.search(subnetType)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, r := range found {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return answer(store.Values{"id": c.Region, "ids": ids})
}

// search gives the VPCs or subnets that the arguments describe: by ID, by attribute, by filters, by tags.
func (c *Call) search(typ string) ([]*store.Resource, error) {
	filters := map[string][]string{}
	for _, f := range c.In.Objects("filters") {
		filters[f.String("name")] = f.Strings("values")
	}
	for argument, filter := range map[string]string{"cidrBlock": "cidr", "state": "state", "vpcId": "vpc-id",
		"availabilityZone": "availability-zone"} {
		if v := c.In.String(argument); v != "" {
			filters[filter] = []string{v}
		}
	}
	if v := c.In.String("id"); v != "" {
		filters[idFilter(typ)] = []string{v}
	}
	if c.In.Bool("default") {
		filters["is-default"] = []string{"true"}
	}
	if c.In.Bool("defaultForAz") {
		filters["default-for-az"] = []string{"true"}
	}
	for name, value := range c.In.Object("tags") {
		if s, ok := value.(string); ok {
			filters["tag:"+name] = []string{s}
		}
	}
	var found []*store.Resource
	for _, r := range c.all(typ) {
		ok, err := fits(r, filters)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, r)
		}
	}
	return found, nil
}

func idFilter(typ string) string {
	if typ == vpcType {
		return "vpc-id"
	}
	return "subnet-id"
}

func fits(r *store.Resource, filters map[string][]string) (bool, error) {
	for name, wanted := range filters {
		has, err := attribute(r, name)
		if err != nil {
			return false, err
		}
		if !slices.ContainsFunc(wanted, func(w string) bool { return Wildcard(w, has) }) {
			return false, nil
		}
	}
	return true, nil
}

// attribute gives what a filter of that name looks at.
func attribute(r *store.Resource, filter string) (string, error) {
	if tag, ok := strings.CutPrefix(filter, "tag:"); ok {
		return r.Tag(tag), nil
	}
	switch filter {
	case idFilter(r.Type):
		return r.ID, nil
	case "vpc-id":
		return r.Property("vpcId"), nil
	case "cidr", "cidr-block", "cidrBlock":
		return r.Inputs.String("cidrBlock"), nil
	case "state":
		return "available", nil
	case "is-default", "isDefault":
		return fmt.Sprint(r.Derived.Bool("isDefault")), nil
	case "default-for-az", "defaultForAz":
		return fmt.Sprint(r.Derived.Bool("defaultForAz")), nil
	case "availability-zone", "availabilityZone":
		return r.Property("availabilityZone"), nil
	case "map-public-ip-on-launch":
		return fmt.Sprint(truth(r, "mapPublicIpOnLaunch")), nil
	}
	return "", errorf("InvalidParameterValue", "The filter '%s' is invalid", filter)
}

func truth(r *store.Resource, property string) bool {
	return r.Inputs.Bool(property) || r.Outputs.Bool(property)
}

func tagsOf(r *store.Resource) map[string]any {
	if tags := r.Inputs.Object("tags"); tags != nil {
		return tags
	}
	return map[string]any{}
}
