package security

import "strings"

// unrestrictable are the actions for which AWS has no resource-level permission, by service: in its service
// authorization reference they have no resource type, so that a policy has to name every resource.
var unrestrictable = map[string]struct {
	page    string
	actions []string
}{
	"xray":     {"awsx-ray", []string{"PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets"}},
	"dynamodb": {"amazondynamodb", []string{"ListStreams"}},
	"ec2": {"amazonec2", []string{
		"DescribeAvailabilityZones", "DescribeImages", "DescribeInstanceTypes", "DescribeLaunchTemplateVersions", "DescribeNetworkInterfaces",
		"DescribeSecurityGroups", "DescribeSubnets", "DescribeTags", "DescribeVolumes", "DescribeVpcs", "GetInstanceTypesFromInstanceRequirements",
	}},
	"autoscaling": {"amazonec2autoscaling", []string{
		"DescribeAutoScalingGroups", "DescribeAutoScalingInstances", "DescribeLaunchConfigurations", "DescribeScalingActivities", "DescribeTags",
	}},
	"cloudwatch":           {"amazoncloudwatch", []string{"GetMetricData", "PutMetricData"}},
	"elasticloadbalancing": {"awselasticloadbalancingv2", []string{"DescribeTargetGroups", "DescribeTargetHealth"}},
}

// Unrestrictable gives the page of AWS's service authorization reference that shows that an action, such as
// xray:PutTraceSegments, cannot be limited to a resource; it is empty for an action that can.
func Unrestrictable(action string) string {
	service, verb, _ := strings.Cut(action, ":")
	for _, known := range unrestrictable[service].actions {
		if verb == known {
			return "https://docs.aws.amazon.com/service-authorization/latest/reference/list_" + unrestrictable[service].page + ".html"
		}
	}
	return ""
}
