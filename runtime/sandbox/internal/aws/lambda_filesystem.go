package aws

import (
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// functionFilesFit demands that the file system of a function can be reached by it: with an access point, in the VPC, and
// a mount target in each zone that the function is in.
func functionFilesFit(c *Call, subnets []*store.Resource) error {
	arn := c.In.Object("fileSystemConfig").String("arn")
	if arn == "" {
		return nil
	}
	point := c.Find(accessPointType, arn)
	if point == nil {
		return invalidLambda("EFS access point %s does not exist. Please provide a valid EFS access point.", arn)
	}
	if len(subnets) == 0 {
		return invalidLambda("Function must be configured to execute in a VPC to reference access point %s.", arn)
	}
	for _, s := range subnets {
		if !c.mountable(point.Inputs.String("fileSystemId"), s) {
			return invalidLambda("EFS file system %s does not have mount targets created in all availability zones the function will execute in. "+
				"Please create EFS mount targets for each availability zone your function has a subnet in.", point.Outputs.String("fileSystemArn"))
		}
	}
	return nil
}

// mountable tells whether a file system has a mount target in the zone and the network of a subnet.
func (c *Call) mountable(fileSystem string, subnet *store.Resource) bool {
	for _, m := range c.all(mountTargetType) {
		if m.Inputs.String("fileSystemId") == fileSystem && m.Outputs.String("availabilityZoneName") == subnet.Property("availabilityZone") &&
			c.vpcOf(subnetType, m.Inputs.String("subnetId")) == subnet.Property("vpcId") {
			return true
		}
	}
	return false
}

// functionFilesUnwell says why a function cannot mount its file system. One without a policy lets in everybody.
func functionFilesUnwell(c *Call, r, role *store.Resource) string {
	const mount = "elasticfilesystem:ClientMount"
	point := c.Find(accessPointType, r.Inputs.Object("fileSystemConfig").String("arn"))
	if point == nil {
		return ""
	}
	for _, p := range c.all(fileSystemPolicyType) {
		if p.Inputs.String("fileSystemId") == point.Inputs.String("fileSystemId") && !letsEveryone(p.Inputs.String("policy"), mount) &&
			!c.allowed(role, mount, point.Outputs.String("fileSystemArn")) {
			return "EFSMountFailureException: The function could not mount the EFS file system with access point " + point.Outputs.String("arn") +
				". Its role is not authorized to perform " + mount
		}
	}
	return ""
}
