package aws

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const taskDefinitionType = "aws:ecs/taskDefinition:TaskDefinition"

func taskDefinition() *Kind {
	return &Kind{
		Type: taskDefinitionType, Label: "ECS Task Definition", Random: true,
		// All but the tags: a task definition's revision never changes.
		Replace: []string{"containerDefinitions", "cpu", "enableFaultInjection", "ephemeralStorage", "executionRoleArn", "family",
			"inferenceAccelerators", "ipcMode", "memory", "networkMode", "pidMode", "placementConstraints", "proxyConfiguration",
			"requiresCompatibilities", "runtimePlatform", "taskRoleArn", "volumes"},
		JSON: []string{"containerDefinitions"},
		Checks: []Check{
			matching("family", `^[0-9A-Za-z_-]{1,255}$`, "only letters, digits, hyphens and underscores, up to 255"),
			oneOf("networkMode", "bridge", "host", "awsvpc", "none"),
			oneOf("ipcMode", "host", "none", "task"), oneOf("pidMode", "host", "task"),
			oneOf("runtimePlatform.cpuArchitecture", "X86_64", "ARM64"),
			oneOf("runtimePlatform.operatingSystemFamily", "LINUX", "WINDOWS_SERVER_2019_FULL", "WINDOWS_SERVER_2019_CORE", "WINDOWS_SERVER_2022_FULL",
				"WINDOWS_SERVER_2022_CORE"), oneOf("proxyConfiguration.type", "APPMESH"),
			within("ephemeralStorage.sizeInGib", 21, 200), volumeChecks(),
			checkCompatibilities, checkContainers,
		},
		Defaults: func(*Call) store.Values {
			return store.Values{"networkMode": "bridge", "enableFaultInjection": false, "skipDestroy": false, "trackLatest": false}
		},
		Refs: []Ref{
			{Path: "executionRoleArn", To: roleType, Missing: func(string) error { return errorf("ClientException", "Role is not valid") }, Loose: true},
			{Path: "taskRoleArn", To: roleType, Missing: func(string) error { return errorf("ClientException", "Role is not valid") }, Loose: true},
		},
		Create: createTaskDefinition,
		// The ID is the family: revisions are told apart by their ARNs.
		Key: func(id string, outputs store.Values) string {
			if arn := outputs.String("arn"); arn != "" {
				return arn
			}
			return id
		},
		Usual: Usual{1, 1, 1},
	}
}

func checkCompatibilities(in store.Values) []Problem {
	for i, v := range in.Strings("requiresCompatibilities") {
		if !slices.Contains([]string{"EC2", "FARGATE", "EXTERNAL"}, v) {
			return []Problem{{fmt.Sprintf("requiresCompatibilities[%d]", i), fmt.Sprintf("expected one of EC2, FARGATE, EXTERNAL, got %q", v)}}
		}
	}
	return nil
}

func checkContainers(in store.Values) []Problem {
	text, ok := at(in, "containerDefinitions").(string)
	if !ok {
		return nil
	}
	if _, err := parseContainers(text); err != nil {
		return []Problem{{"containerDefinitions", fmt.Sprintf("ECS Task Definition container_definitions is invalid: %v", err)}}
	}
	return nil
}

// container is what the sandbox needs of a container definition.
type container struct {
	Name         string `json:"name"`
	Image        string `json:"image"`
	Essential    *bool  `json:"essential"`
	PortMappings []struct {
		ContainerPort int    `json:"containerPort"`
		HostPort      int    `json:"hostPort"`
		Protocol      string `json:"protocol"`
		Name          string `json:"name"`
	} `json:"portMappings"`
	Environment []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"environment"`
	Secrets []struct {
		Name      string `json:"name"`
		ValueFrom string `json:"valueFrom"`
	} `json:"secrets"`
	Command          []string `json:"command"`
	EntryPoint       []string `json:"entryPoint"`
	LogConfiguration *struct {
		LogDriver string            `json:"logDriver"`
		Options   map[string]string `json:"options"`
	} `json:"logConfiguration"`
	MountPoints []struct {
		SourceVolume string `json:"sourceVolume"`
	} `json:"mountPoints"`
	HealthCheck *struct {
		Command []string `json:"command"`
	} `json:"healthCheck"`
	CPU               int          `json:"cpu"`
	MemoryReservation int          `json:"memoryReservation"`
	DependsOn         []dependency `json:"dependsOn"`
}

func parseContainers(text string) ([]container, error) {
	var list []container
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("decoding JSON: %w", err)
	}
	return list, nil
}

func createTaskDefinition(c *Call) (*Made, error) {
	containers, err := parseContainers(c.In.String("containerDefinitions"))
	if err != nil {
		return nil, errorf("ClientException", "%v", err)
	}
	if err := registerable(containers); err != nil {
		return nil, err
	}
	if slices.Contains(c.In.Strings("requiresCompatibilities"), "FARGATE") {
		if err := runsOnFargate(c.In, containers); err != nil {
			return nil, err
		}
	}
	if err := volumesFit(c.In, containers); err != nil {
		return nil, err
	}
	family := c.In.String("family")
	revision := int(c.Tx.Next(fmt.Sprintf("revision/%s/%s", c.Region, family)))
	bare := c.ARN("ecs", "task-definition/"+family)
	return &Made{ID: family, Derived: describeContainers(containers), Outputs: store.Values{
		"arn": fmt.Sprintf("%s:%d", bare, revision), "arnWithoutRevision": bare, "revision": revision}}, nil
}

// registerable demands what RegisterTaskDefinition demands of the containers.
func registerable(containers []container) error {
	if len(containers) == 0 {
		return errorf("ClientException", "Container list cannot be empty.")
	}
	names := map[string]bool{}
	essential := false
	for _, d := range containers {
		switch {
		case d.Name == "":
			return errorf("ClientException", "Container.name should not be null or empty.")
		case d.Image == "":
			return errorf("ClientException", "Container.image should not be null or empty.")
		case names[d.Name]:
			return errorf("ClientException", "Container.name: %s is not unique.", d.Name)
		}
		names[d.Name] = true
		essential = essential || d.Essential == nil || *d.Essential
		for _, p := range d.PortMappings {
			if p.ContainerPort < 1 || p.ContainerPort > 65535 {
				return errorf("ClientException", "Invalid 'containerPort' setting for container '%s'", d.Name)
			}
		}
		for _, s := range d.Secrets {
			if s.Name == "" || s.ValueFrom == "" {
				return errorf("ClientException", "The secret name must be unique and not null, and its valueFrom not empty, in container '%s'.", d.Name)
			}
		}
		if h := d.HealthCheck; h != nil && (len(h.Command) < 2 || (h.Command[0] != "CMD" && h.Command[0] != "CMD-SHELL")) {
			return errorf("ClientException", "Container health check command must start with CMD or CMD-SHELL, in container '%s'.", d.Name)
		}
	}
	if !essential {
		return errorf("ClientException", "A task definition must have at least one essential container.")
	}
	return ordered(containers)
}

// runsOnFargate demands what Fargate needs of a task definition.
func runsOnFargate(in store.Values, containers []container) error {
	cpu, memory := in.String("cpu"), in.String("memory")
	switch {
	case in.String("networkMode") != "awsvpc":
		return errorf("ClientException", "Fargate only supports network mode 'awsvpc'.")
	case cpu == "" || memory == "":
		return errorf("ClientException", "Fargate requires that 'cpu' and 'memory' be defined at the task level.")
	case !fargateSize(cpu, memory):
		return errorf("ClientException", "No Fargate configuration exists for given values: %s CPU, %s memory. See the Amazon "+
			"ECS documentation for the valid values.", cpu, memory)
	}
	units, _ := strconv.Atoi(cpu) // both are sizes that Fargate has
	mib, _ := strconv.Atoi(memory)
	if err := sharesFit(units, mib, containers); err != nil {
		return err
	}
	hasRole := in.String("executionRoleArn") != ""
	for _, d := range containers {
		for _, p := range d.PortMappings {
			if p.HostPort != 0 && p.HostPort != p.ContainerPort {
				return errorf("ClientException", "When networkMode=awsvpc, the host ports and container ports in port mappings must match.")
			}
		}
		switch {
		case hasRole:
		case len(d.Secrets) > 0:
			return errorf("ClientException", "When you are specifying container secrets, and using Fargate, you must also specify a value for 'executionRoleArn'.")
		case d.LogConfiguration != nil && d.LogConfiguration.LogDriver == "awslogs":
			return errorf("ClientException", "Fargate requires task definition to have execution role ARN to support log driver awslogs.")
		case strings.Contains(d.Image, ".dkr.ecr."):
			return errorf("ClientException", "Fargate requires task definition to have execution role ARN to support ECR images.")
		}
	}
	return nil
}

// fargateSize tells whether Fargate offers a combination of CPU units and MiB of memory.
func fargateSize(cpu, memory string) bool {
	units, err1 := strconv.Atoi(cpu)
	mib, err2 := strconv.Atoi(memory)
	if err1 != nil || err2 != nil {
		return false
	}
	between := func(low, high, step int) bool { return mib >= low && mib <= high && mib%step == 0 }
	switch units {
	case 256:
		return mib == 512 || mib == 1024 || mib == 2048
	case 512:
		return between(1024, 4096, 1024)
	case 1024:
		return between(2048, 8192, 1024)
	case 2048:
		return between(4096, 16384, 1024)
	case 4096:
		return between(8192, 30720, 1024)
	case 8192:
		return between(16384, 61440, 4096)
	case 16384:
		return between(32768, 122880, 8192)
	}
	return false
}

// describeContainers keeps what services and their health need, without the environment's values.
func describeContainers(containers []container) store.Values {
	var list []any
	for _, d := range containers {
		v := map[string]any{"name": d.Name, "image": d.Image}
		var ports, secrets []any
		for _, p := range d.PortMappings {
			ports = append(ports, p.ContainerPort)
		}
		for _, s := range d.Secrets {
			secrets = append(secrets, s.ValueFrom)
		}
		if ports != nil {
			v["ports"] = ports
		}
		if secrets != nil {
			v["secrets"] = secrets
		}
		if l := d.LogConfiguration; l != nil && l.LogDriver == "awslogs" && l.Options["awslogs-create-group"] != "true" {
			v["logGroup"] = l.Options["awslogs-group"]
		}
		list = append(list, v)
	}
	return store.Values{"containers": list}
}
