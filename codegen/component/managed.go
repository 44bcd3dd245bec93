package component

import (
	"slices"
	"strings"
)

// Properties that panka sets itself, because names, permissions and network paths of this and other components rest on
// them. A raw property could only make these disagree.

// managed tells whether a property is one of those, and what to do instead. Depth is 0 for a property of the resource
// itself.
func (o *overlay) managed(property string, depth int) (instead string, yes bool) {
	switch property {
	case "tags", "tagsAll":
		return "use the field tags", depth == 0
	case "securityGroups", "securityGroupIds", "vpcSecurityGroupIds", "securityGroupNames", "networkConfiguration", "networkInterfaces":
		return "a path through the network is opened by a reference: name the other component in valueFrom", true
	case "subnets", "subnetIds", "subnetId", "subnetMappings", "subnetGroupName", "dbSubnetGroupName", "vpcId", "vpcConfig":
		return "the stack's Networking document says where components stand", true
	}
	if slices.Contains(o.resource.Secrets, property) || strings.Contains(strings.ToLower(property), "password") ||
		property == "authToken" {
		return "secrets stand in AWS Secrets Manager: use the kind's own field, which names one", true
	}
	if depth > 0 {
		return "", false
	}
	return o.managedOfMain(property)
}

func (o *overlay) managedOfMain(property string) (instead string, yes bool) {
	switch property {
	case "name", "namePrefix", "identifier", "identifierPrefix", "clusterIdentifier", "clusterIdentifierPrefix",
		"clusterId", "clusterName", "replicationGroupId", "bucket", "bucketPrefix":
		// A resource that exists already has its name.
		return "it follows from the names of stack, environment, service and component", o.comp.Import == nil
	case "role", "roleArn", "iamRole", "executionRoleArn", "taskRoleArn", "iamInstanceProfile":
		return "panka makes the role; references grant what it may do", true
	case "taskDefinition", "containerDefinitions", "family":
		return "use image, command, environment, resources and the other fields of the container", true
	case "typeName", "desiredState", "schema", "typeVersionId":
		return "what AWS makes of it follows from the component's own fields", true
	case "cluster", "loadBalancers", "serviceRegistries", "targetGroupArns":
		return "use runtime, networking and ports", true
	case "parameterGroupName", "dbClusterParameterGroupName":
		return "use parameters, if the kind has it", true
	case "port", "ports":
		return "use the kind's own field for the port, which the network paths follow", true
	case "kmsKeyId", "kmsKeyArn", "kmsMasterKeyId":
		return "use the kind's own field for the key, or encryption.key of the stack's Security document", true
	}
	return "", false
}
