package security

import (
	"fmt"
	"slices"
	"strings"
)

const (
	task    = "aws:ecs/taskDefinition:TaskDefinition"
	service = "aws:ecs/service:Service"
	// shifted is a service, too: Cloud Control makes those that shift requests, and no kind has it make anything else.
	shifted = "aws:cloudcontrol/resource:Resource"
)

func containerRules() []Rule {
	return []Rule{
		{"CKV_AWS_97", "Tasks mount file systems with TLS", checkov("ECSTaskDefinitionEFSVolumeEncryption.py"), []string{task}, Always,
			each("volumes", where("efsVolumeConfiguration", must("efsVolumeConfiguration.transitEncryption", "ENABLED")))},
		{"CKV_AWS_249", "A task's own role is not the one that starts it", checkov("ECSTaskDefinitionRoleCheck.py"), []string{task}, Always, ownRole},
		{"CKV_AWS_334", "Containers are not privileged", checkov("ECSContainerPrivilege.py"), []string{task}, Always,
			eachContainer(never("privileged", true))},
		{"CKV_AWS_335", "Tasks do not see the processes of the machine", checkov("ECSContainerHostProcess.py"), []string{task}, Always, never("pidMode", "host")},
		{"ECS.8", "Containers have no credentials in their environment", hub("ECS.8"), []string{task}, Always,
			eachContainer(each("environment", noCredential))},
		{"ECS.9", "Containers log", hub("ECS.9"), []string{task}, Always, eachContainer(present("logConfiguration.logDriver"))},
		{"ECS.17", "Tasks do not use the machine's network", hub("ECS.17"), []string{task}, Always, must("networkMode", "awsvpc")},
		{"CKV_AWS_332", "Tasks run on Fargate's latest platform", checkov("ECSServiceFargateLatest.py"), []string{service}, Always,
			where("platformVersion", must("platformVersion", "LATEST"))},
		{"CKV_AWS_333", "Tasks have no public addresses", checkov("ECSServicePublicIP.py"), []string{service, shifted}, OwnNetwork, tasksHidden},
	}
}

// eachContainer is a check of every container of a task.
func eachContainer(check func(Resource, *Stack) string) func(Resource, *Stack) string {
	return func(r Resource, s *Stack) string {
		// The definitions are a JSON text: an element of it is read through its index.
		for i := range 100 {
			container, ok := r.at(fmt.Sprint("containerDefinitions.", i)).(map[string]any)
			if !ok {
				if i == 0 {
					return "it has no containers"
				}
				return ""
			}
			if reason := check(Resource{r.Type, r.Name, container}, s); reason != "" {
				return "container " + asText(container["name"]) + ": " + reason
			}
		}
		return ""
	}
}

// tasksHidden: the properties of a service that Cloud Control makes are a JSON text, with CloudFormation's words.
func tasksHidden(r Resource, s *Stack) string {
	if r.Type == shifted {
		return must("desiredState.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp", "DISABLED")(r, s)
	}
	return must("networkConfiguration.assignPublicIp", false)(r, s)
}

// ownRole: a task without a role has no rights, which is as well.
func ownRole(r Resource, _ *Stack) string {
	if own := r.text("taskRoleArn"); own != "" && own == r.text("executionRoleArn") {
		return "both roles are " + own
	}
	return ""
}

// credentials are variables that AWS's SDKs read keys from.
var credentials = []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "ECS_ENGINE_AUTH_DATA"}

func noCredential(r Resource, _ *Stack) string {
	if name := r.text("name"); slices.Contains(credentials, name) || secretText(r.text("value")) {
		return name + " holds a credential"
	}
	return ""
}

// secretText tells whether a text holds an access key of AWS or a private key.
func secretText(text string) bool {
	return accessKey.MatchString(text) || strings.Contains(text, "-----BEGIN ") && strings.Contains(text, "PRIVATE KEY-----")
}
