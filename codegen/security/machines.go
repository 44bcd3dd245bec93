package security

import "regexp"

const (
	machine        = "aws:ec2/instance:Instance"
	launchTemplate = "aws:ec2/launchTemplate:LaunchTemplate"
	machineGroup   = "aws:autoscaling/group:Group"
)

var accessKey = regexp.MustCompile(`\b(AKIA|ASIA)[0-9A-Z]{16}\b`)

func machineRules() []Rule {
	return []Rule{
		{"CKV_AWS_79", "The metadata of machines is only for who asks for a token", checkov("IMDSv1Disabled.py"), []string{machine, launchTemplate}, Always,
			must("metadataOptions.httpTokens", "required")},
		{"CKV_AWS_341", "The metadata of machines does not leave them", checkov("LaunchTemplateMetadataHop.py"), []string{machine, launchTemplate}, Always,
			must("metadataOptions.httpPutResponseHopLimit", 1.0)},
		{"CKV_AWS_8", "The disks that machines start with are encrypted", checkov("LaunchConfigurationEBSEncryption.py"), []string{machine, launchTemplate}, Always, encryptedDisks},
		{"CKV_AWS_88", "Machines have no public addresses", checkov("EC2PublicIP.py"), []string{machine, launchTemplate}, OwnNetwork, noPublicAddress},
		{"CKV_AWS_46", "Machines have no credentials in their user data", checkov("EC2Credentials.py"), []string{machine}, Always, noCredentialsInUserData},
		{"CKV2_AWS_41", "Machines have a role", checkov("EC2InstanceHasIAMRoleAttached.yaml"), []string{machine}, Always, present("iamInstanceProfile")},
		{"panka/machine-ssh", "Machines have no key for SSH", "", []string{machine, launchTemplate}, Always, absent("keyName")},
		{"panka/machine-protection", "Machines have termination protection", "", []string{machine}, Protected, must("disableApiTermination", true)},
		{"CKV_AWS_315", "Groups of machines use launch templates", checkov("AutoScalingLaunchTemplate.py"), []string{machineGroup}, Always, present("launchTemplate.id")},
		{"CKV_AWS_153", "Groups of machines have tags", checkov("AutoScalingTagging.py"), []string{machineGroup}, Always, present("tags.0.key")},
		{"CKV2_AWS_15", "Groups behind a load balancer heed its health checks", checkov("AutoScallingEnabledELB.yaml"), []string{machineGroup}, Always,
			where("targetGroupArns.0", must("healthCheckType", "ELB"))},
	}
}

func encryptedDisks(r Resource, s *Stack) string {
	if r.Type == launchTemplate {
		return both(present("blockDeviceMappings.0"), each("blockDeviceMappings", must("ebs.encrypted", true)))(r, s)
	}
	return must("rootBlockDevice.encrypted", true)(r, s)
}

func noPublicAddress(r Resource, s *Stack) string {
	if r.Type == launchTemplate {
		return each("networkInterfaces", must("associatePublicIpAddress", false))(r, s)
	}
	return must("associatePublicIpAddress", false)(r, s)
}

func noCredentialsInUserData(r Resource, _ *Stack) string {
	if secretText(r.text("userData")) {
		return "userData holds a credential"
	}
	return ""
}

// absent is a check that there is no value at a path.
func absent(path string) func(Resource, *Stack) string {
	return func(r Resource, _ *Stack) string {
		if v := r.at(path); v != nil && v != "" {
			return path + " is " + asText(v)
		}
		return ""
	}
}
