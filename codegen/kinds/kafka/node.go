package kafka

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/network"
)

// variablesOf are the local variables of a node.
type variablesOf struct {
	name, task, service, folder, subnet, volume, machine, attachment, persistent, claim string
}

func variables(n node) variablesOf {
	id := strings.ReplaceAll(n.name, "-", "")
	return variablesOf{
		name: id + "Name", task: id + "Task", service: id, folder: id + "Folder", subnet: id + "Subnet", volume: id + "Volume",
		machine: id + "Machine", attachment: id + "Attachment", persistent: id + "Data", claim: id + "Claim",
	}
}

// secretRefs are the secrets of the cluster, sorted.
func (c *cluster) secretRefs() []string {
	var refs []string
	if c.tls() {
		refs = append(refs, c.Security.CertificateSecret)
	}
	for _, u := range c.Security.Users {
		refs = append(refs, u.SecretRef)
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}

// lookUpSecrets finds the ARNs of the secrets, which ECS reads when a task starts.
func (c *cluster) lookUpSecrets() {
	refs := c.secretRefs()
	if len(refs) == 0 {
		return
	}
	args := []jen.Code{jen.Id("ctx")}
	for _, ref := range refs {
		c.Secret(ref, c.Place("security"))
		args = append(args, jen.Lit(ref))
	}
	c.LookUpSecrets()
	c.Statement(jen.List(jen.Id("secrets"), jen.Err()).Op(":=").Id("secretARNs").Call(args...), c.Check("secrets"), jen.Line())
}

// roles are the nodes' own role, by which they reach their folders, and the one by which ECS starts them.
func (c *cluster) roles() {
	c.Statement(jen.Id("trust").Op(":=").Add(iam.TrustServices("ecs-tasks.amazonaws.com")), jen.Line())
	if !c.onVolumes() {
		iam.AddRole(c.Builder, iam.Role{Var: "taskRole", Part: "task", What: "task role", Trust: jen.Id("trust")})
		c.waitFor = append(c.waitFor, iam.AddPolicy(c.Builder, iam.Policy{
			Var: "filesPolicy", Part: "files", What: "policy for the file system", Role: "taskRole", Source: c.Place("storage"),
			Statements: []iam.Statement{{
				Actions:   []string{"elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"},
				Resources: []jen.Code{jen.Id("files").Dot("Arn")},
			}},
		})...)
	}
	c.waitFor = append(c.waitFor, iam.AddRole(c.Builder, iam.Role{
		Var: "executionRole", Part: "execution", What: "execution role", Trust: jen.Id("trust"),
		Managed: []string{c.AWSPolicy("service-role/AmazonECSTaskExecutionRolePolicy")},
	})...)
	c.waitFor = append(c.waitFor, iam.AddPolicy(c.Builder, iam.Policy{
		Var: "secretsPolicy", Part: "secrets", What: "policy for secrets", Role: "executionRole",
		Statements: iam.ReadSecrets(c.secretRefs()), Source: c.Place("security"),
	})...)
}

// node registers a node: its name, its task and the service that keeps one copy of it. It changes only when the one that
// previous holds, "" for none, runs again.
func (c *cluster) node(n node, v variablesOf, previous string) {
	c.name(n, v)
	c.task(n, v)
	waitFor := slices.Clone(c.waitFor)
	if previous != "" {
		waitFor = append(waitFor, previous)
	}
	if c.onVolumes() {
		waitFor = append(waitFor, v.attachment)
	}
	args := component.Fields{
		{Name: "Name", Value: component.Str(serviceName(c.Component(), n))},
		{Name: "Cluster", Value: jen.Id("base").Dot("clusterARN")},
		{Name: "TaskDefinition", Value: jen.Id(v.task).Dot("Arn")},
	}
	args = append(args, c.placement(n, v)...)
	args = append(args, component.Fields{
		{Name: "DesiredCount", Value: component.Int(1)},
		// Two copies of a node would write to the same data.
		{Name: "DeploymentMinimumHealthyPercent", Value: component.Int(0)},
		{Name: "DeploymentMaximumPercent", Value: component.Int(100)},
		{Name: "DeploymentCircuitBreaker", Value: component.Struct(component.AWS("ecs", "ServiceDeploymentCircuitBreakerArgs"), component.Fields{
			{Name: "Enable", Value: component.Bool(true)}, {Name: "Rollback", Value: component.Bool(true)},
		})},
		{Name: "ServiceRegistries", Value: component.Struct(component.AWS("ecs", "ServiceServiceRegistriesArgs"), component.Fields{
			{Name: "RegistryArn", Value: jen.Id(v.name).Dot("Arn")},
		})},
		{Name: "PropagateTags", Value: component.Str("SERVICE")},
		{Name: "WaitForSteadyState", Value: component.Bool(true)},
	}...)
	c.Resource(component.Resource{
		Var: v.service, Type: "aws:ecs/service:Service", Part: n.name, What: n.name, Args: args, Options: []jen.Code{component.DependsOn(waitFor...)},
	})
}

// subnet is the code of the subnet that a node is in: nodes take turns with the zones, so that no zone has most of them, and
// stay where they are.
func (c *cluster) subnet(n node) jen.Code {
	return jen.Id("base").Dot("workloadSubnetIDs").Dot("Index").Call(component.Int(c.zoneOf(n)))
}

// zoneOf is the number of a node's zone, from 0.
func (c *cluster) zoneOf(n node) int { return n.place % network.Zones(c.Stack()) }

// placement is where a node runs: on its own machine, on any of the cluster's, or on Fargate. If its machine is another one
// or was stopped, the service waits until the node runs there, and with it the next node.
func (c *cluster) placement(n node, v variablesOf) component.Fields {
	var fields component.Fields
	switch {
	case c.onVolumes():
		fields = component.Fields{
			{Name: "LaunchType", Value: component.Str("EC2")},
			{Name: "PlacementConstraints", Value: component.List(component.AWS("ecs", "ServicePlacementConstraintArray"),
				component.Struct(component.AWS("ecs", "ServicePlacementConstraintArgs"), component.Fields{
					{Name: "Type", Value: component.Str("memberOf")},
					{Name: "Expression", Value: component.Str("attribute:" + nodeAttribute + " == " + c.attribute(n))},
				}))},
			{Name: "ForceNewDeployment", Value: component.Bool(true)},
			{Name: "Triggers", Value: component.Map(component.Pulumi("StringMap"), component.Fields{
				{Name: "machine", Value: component.Pulumi("Sprintf").Call(jen.Lit("%s %s"), network.ID(v.machine), jen.Id(v.machine).Dot("InstanceType"))},
			})},
		}
	case c.Runtime.Platform == container.EC2:
		fields = component.Fields{{Name: "CapacityProviderStrategies", Value: component.List(
			component.AWS("ecs", "ServiceCapacityProviderStrategyArray"),
			component.Struct(component.AWS("ecs", "ServiceCapacityProviderStrategyArgs"), component.Fields{
				{Name: "CapacityProvider", Value: jen.Id("base").Dot("onDemandCapacity")}, {Name: "Weight", Value: component.Int(1)},
			}))}}
	default:
		fields = component.Fields{{Name: "LaunchType", Value: component.Str("FARGATE")}}
	}
	return append(fields, component.Field{Name: "NetworkConfiguration", Value: component.Struct(
		component.AWS("ecs", "ServiceNetworkConfigurationArgs"), component.Fields{
			{Name: "Subnets", Value: component.StrArray(c.subnet(n))},
			{Name: "SecurityGroups", Value: component.StrArray(network.ID("securityGroup"))},
			{Name: "AssignPublicIp", Value: component.If(c.Runtime.Platform == container.Fargate, jen.Id("base").Dot("assignPublicIP"))},
		})})
}

func (c *cluster) task(n node, v variablesOf) {
	compatibility := "FARGATE"
	if c.Runtime.Platform == container.EC2 {
		compatibility = "EC2"
	}
	var role jen.Code
	if !c.onVolumes() {
		role = jen.Id("taskRole").Dot("Arn")
	}
	c.Resource(component.Resource{
		Var: v.task, Type: "aws:ecs/taskDefinition:TaskDefinition", Part: n.name, What: "task definition of " + n.name, Source: c.Place("image"),
		Args: component.Fields{
			{Name: "Family", Value: c.Physical(255, n.name)},
			{Name: "RequiresCompatibilities", Value: component.StrArray(component.Str(compatibility))},
			{Name: "NetworkMode", Value: component.Str("awsvpc")},
			{Name: "Cpu", Value: component.Str(strconv.Itoa(c.Resources.CPU))},
			{Name: "Memory", Value: component.Str(strconv.Itoa(c.Resources.Memory))},
			{Name: "TaskRoleArn", Value: role},
			{Name: "ExecutionRoleArn", Value: jen.Id("executionRole").Dot("Arn")},
			{Name: "Volumes", Value: c.volume(v)},
			{Name: "ContainerDefinitions", Value: component.Pulumi("JSONMarshal").Call(component.Objects(c.container(n)))},
		},
	})
}
