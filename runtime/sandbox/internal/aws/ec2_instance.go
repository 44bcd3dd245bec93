package aws

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const ec2InstanceType = "aws:ec2/instance:Instance"

func ec2Instance() *Kind {
	return &Kind{
		Type: ec2InstanceType, Label: "EC2 Instance", Random: true,
		Replace: []string{"ami", "associatePublicIpAddress", "availabilityZone", "cpuCoreCount", "cpuOptions", "cpuThreadsPerCore", "ebsBlockDevices",
			"ebsOptimized", "enablePrimaryIpv6", "enclaveOptions", "ephemeralBlockDevices", "hibernation", "hostId", "hostResourceGroupArn", "instanceMarketOptions",
			"ipv6AddressCount", "ipv6Addresses", "keyName", "launchTemplate", "networkInterfaces", "placementGroup", "placementPartitionNumber",
			"privateDnsNameOptions", "privateIp",
			"securityGroups", "subnetId", "tenancy"},
		ReplaceIf: func(old, now store.Values) []string {
			var out []string
			for _, p := range []string{"userData", "userDataBase64"} {
				if now.Bool("userDataReplaceOnChange") && old[p] != now[p] {
					out = append(out, p)
				}
			}
			was, is := old.Object("rootBlockDevice"), now.Object("rootBlockDevice")
			if was.Bool("encrypted") != is.Bool("encrypted") || was.String("kmsKeyId") != is.String("kmsKeyId") {
				out = append(out, "rootBlockDevice")
			}
			return out
		},
		Checks: []Check{
			matching("ami", imageIDs, "an image ID is ami- and 8 or 17 hexadecimal digits"), matching("instanceType", instanceTypes, "an instance type is <family>.<size>"),
			atMostOne("userData", "userDataBase64"), checkUserData("userDataBase64"), longest("userData", 16384), atMostOne("securityGroups", "vpcSecurityGroupIds"),
			oneOf("tenancy", "default", "dedicated", "host"), oneOf("instanceInitiatedShutdownBehavior", "stop", "terminate"),
			oneOf("metadataOptions.httpTokens", "optional", "required"), oneOf("metadataOptions.httpEndpoint", "enabled", "disabled"),
			within("metadataOptions.httpPutResponseHopLimit", 1, 64), oneOf("rootBlockDevice.volumeType", volumeTypes()...),
			oneOf("creditSpecification.cpuCredits", "standard", "unlimited"), checkImage,
		},
		Defaults: ec2Defaults,
		Refs: []Ref{
			{Path: "subnetId", To: subnetType, Missing: missing("InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist")},
			{Path: "vpcSecurityGroupIds[]", To: securityGroupType, Missing: groupMissing},
			{Path: "iamInstanceProfile", To: instanceProfileType, Loose: true,
				Missing: missing("InvalidParameterValue", "Value (%s) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name")},
			{Path: "launchTemplate.id", To: launchTemplateType, Loose: true, Missing: missing("InvalidLaunchTemplateId.NotFound", "The specified launch template, with template ID %s, does not exist.")},
			{Path: "launchTemplate.name", To: launchTemplateType, Loose: true, Missing: missing("InvalidLaunchTemplateName.NotFoundException", "The specified launch template, with template name %s, does not exist.")},
		},
		Create: createEC2,
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, ec2Fits(c, c.instanceSubnet()) },
		Delete: func(_ *Call, r *store.Resource) error {
			if r.Inputs.Bool("disableApiTermination") {
				return errorf("OperationNotPermitted", "The instance '%s' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.", r.ID)
			}
			return nil
		},
		Detail: func(*Call, *store.Resource) string { return "running, 2/2 status checks passed" },
		Usual:  Usual{15, 20, 60},
	}
}

func checkImage(in store.Values) []Problem {
	if in.Has("launchTemplate") {
		return nil
	}
	var out []Problem
	for _, p := range []string{"ami", "instanceType"} {
		if !in.Has(p) {
			out = append(out, Problem{p, fmt.Sprintf("one of %s, launchTemplate must be given", p)})
		}
	}
	return out
}

// instanceSubnet gives the subnet that the call's instance is in: the one it names or the default one of its zone.
func (c *Call) instanceSubnet() *store.Resource {
	if id := c.In.String("subnetId"); id != "" {
		return c.Find(subnetType, id)
	}
	zone := c.In.String("availabilityZone")
	for _, s := range c.ambient(subnetType) {
		if s.Derived.Bool("defaultForAz") && (zone == "" || s.Property("availabilityZone") == zone) {
			return s
		}
	}
	return nil
}

func ec2Defaults(c *Call) store.Values {
	out := store.Values{"associatePublicIpAddress": false, "disableApiStop": false, "disableApiTermination": false, "ebsOptimized": false,
		"getPasswordData": false, "hibernation": false, "instanceInitiatedShutdownBehavior": "stop", "monitoring": false, "sourceDestCheck": true,
		"tenancy": "default", "userDataReplaceOnChange": false, "placementPartitionNumber": 0,
		"metadataOptions": map[string]any{"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 2,
			"httpProtocolIpv6": "disabled", "instanceMetadataTags": "disabled"}}
	if t := c.templateOf(c.In); t != nil {
		out["ami"], out["instanceType"] = t.Inputs["imageId"], t.Inputs["instanceType"]
	}
	s := c.instanceSubnet()
	if s == nil {
		return out
	}
	out["subnetId"], out["availabilityZone"] = s.ID, s.Property("availabilityZone")
	out["associatePublicIpAddress"] = s.Inputs.Bool("mapPublicIpOnLaunch")
	if v := c.Find(vpcType, s.Property("vpcId")); v != nil {
		out["vpcSecurityGroupIds"] = []string{v.Outputs.String("defaultSecurityGroupId")}
	}
	return out
}

func createEC2(c *Call) (*Made, error) {
	subnet := c.instanceSubnet()
	if subnet == nil {
		return nil, errorf("MissingInput", "No subnets found for the default VPC. Please specify a subnet.")
	}
	if err := ec2Fits(c, subnet); err != nil {
		return nil, err
	}
	id := "i-0" + c.Hex("instance", 16)
	out := store.Values{"arn": c.ARN("ec2", "instance/"+id), "instanceState": "running", "outpostArn": "", "passwordData": "",
		"primaryNetworkInterfaceId": "eni-0" + c.Hex("eni", 16), "publicIp": "", "publicDns": ""}
	private := c.In.String("privateIp")
	if private == "" {
		private = c.addressIn(subnet.Property("cidrBlock"))
		out["privateIp"] = private
	}
	out["privateDns"] = privateName(private, c.Region)
	public := subnet.Inputs.Bool("mapPublicIpOnLaunch")
	if c.In.Has("associatePublicIpAddress") {
		public = c.In.Bool("associatePublicIpAddress")
	}
	if public {
		ip := c.publicAddress()
		out["publicIp"], out["publicDns"] = ip, publicName(ip, c.Region)
	}
	if !c.In.Has("rootBlockDevice") {
		out["rootBlockDevice"] = map[string]any{"deviceName": "/dev/xvda", "volumeId": "vol-0" + c.Hex("root", 16), "volumeSize": 8, "volumeType": "gp3",
			"iops": 3000, "throughput": 125, "encrypted": false, "deleteOnTermination": true}
	}
	return &Made{ID: id, Outputs: out}, nil
}

// ec2Fits demands that groups and address belong to the subnet's network.
func ec2Fits(c *Call, subnet *store.Resource) error {
	if subnet == nil {
		return nil
	}
	for _, g := range c.In.Strings("vpcSecurityGroupIds") {
		if c.vpcOf(securityGroupType, g) != subnet.Property("vpcId") {
			return errorf("InvalidParameter", "Security group %s and subnet %s belong to different networks.", g, subnet.ID)
		}
	}
	if zone := c.In.String("availabilityZone"); zone != "" && zone != subnet.Property("availabilityZone") {
		return errorf("InvalidParameterValue", "The availability zone %s is not that of subnet %s.", zone, subnet.ID)
	}
	if ip := c.In.String("privateIp"); ip != "" && !inside(ip+"/32", subnet.Property("cidrBlock")) {
		return errorf("InvalidParameterValue", "Address %s does not fall within the subnet's address range", ip)
	}
	if t := c.templateOf(c.In); t != nil && !t.Inputs.Has("imageId") && !c.In.Has("ami") {
		return errorf("MissingParameter", "The request must contain the parameter ImageId")
	}
	return nil
}

// addressIn picks an address of a network, past the four that AWS keeps for itself.
func (c *Call) addressIn(block string) string {
	p, err := netip.ParsePrefix(block)
	if err != nil || !p.Addr().Is4() {
		return ""
	}
	var pick uint32
	fmt.Sscanf(c.Hex("private", 8), "%x", &pick)
	b := p.Addr().As4()
	first := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	size := uint32(1) << (32 - p.Bits())
	at := first + 4 + pick%(size-5)
	return netip.AddrFrom4([4]byte{byte(at >> 24), byte(at >> 16), byte(at >> 8), byte(at)}).String()
}

func privateName(ip, region string) string {
	zone := region + ".compute.internal"
	if region == "us-east-1" {
		zone = "ec2.internal"
	}
	return "ip-" + strings.ReplaceAll(ip, ".", "-") + "." + zone
}
