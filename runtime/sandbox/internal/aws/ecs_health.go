package aws

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// serviceUnwell says why a service's tasks cannot start: each reason is one that stops them in AWS, too.
func serviceUnwell(c *Call, r *store.Resource) string {
	desired := desiredCount(r)
	if desired == 0 {
		return ""
	}
	reason := func(format string, args ...any) string {
		return fmt.Sprintf("0/%d tasks running: ", desired) + fmt.Sprintf(format, args...)
	}
	task := c.Find(taskDefinitionType, r.Inputs.String("taskDefinition"))
	if task == nil {
		return reason("task definition %s is not active", r.Inputs.String("taskDefinition"))
	}
	if c.Find(clusterType, clusterName(r.Inputs.String("cluster"))) == nil {
		return reason("cluster not found")
	}
	role := c.Find(roleType, task.Inputs.String("executionRoleArn"))
	for _, d := range task.Derived.Objects("containers") {
		if group := d.String("logGroup"); group != "" && c.Find(logGroupType, group) == nil {
			return reason("ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: " +
				"failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.")
		}
		for _, secret := range d.Strings("secrets") {
			if why := c.secretUnreadable(secret, role); why != "" {
				return reason("ResourceInitializationError: unable to pull secrets or registry auth: %s", why)
			}
		}
		if strings.HasPrefix(d.String("image"), "missing/") { // a way to rehearse an image that is not there
			return reason("CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref %s: not found", d.String("image"))
		}
	}
	return ""
}

func serviceDetail(_ *Call, r *store.Resource) string {
	n := desiredCount(r)
	return fmt.Sprintf("%d/%d tasks running", n, n)
}

func desiredCount(r *store.Resource) int {
	if n, ok := r.Inputs.Number("desiredCount"); ok {
		return int(n)
	}
	return r.Outputs.Int("desiredCount")
}

// secretUnreadable says why a role cannot read a secret or parameter that a container names, or "".
func (c *Call) secretUnreadable(valueFrom string, role *store.Resource) string {
	if strings.Contains(valueFrom, ":ssm:") || !strings.HasPrefix(valueFrom, "arn:") {
		name := valueFrom
		if _, path, ok := strings.Cut(valueFrom, ":parameter"); ok {
			name = path
		}
		if c.Tx.Document().Parameters[name] == nil {
			return "unable to retrieve secrets from ssm: ParameterNotFound: " + name
		}
		return c.notGranted(role, "ssm:GetParameters", valueFrom)
	}
	arn := secretARNOf(valueFrom)
	switch secret, _ := c.secretByID(arn); {
	case secret == nil:
		return "unable to retrieve secret from asm: ResourceNotFoundException: Secrets Manager can't find the specified secret."
	case secret.VersionID == "":
		return "unable to retrieve secret from asm: ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"
	}
	return c.notGranted(role, "secretsmanager:GetSecretValue", arn)
}

// secretARNOf takes the JSON key, stage and version off a container's valueFrom.
func secretARNOf(valueFrom string) string {
	parts := strings.Split(valueFrom, ":")
	return strings.Join(parts[:min(len(parts), 7)], ":")
}
