package sandbox

import (
	"fmt"
	"testing"
)

const (
	tVpc        = "aws:ec2/vpc:Vpc"
	tSubnet     = "aws:ec2/subnet:Subnet"
	tGateway    = "aws:ec2/internetGateway:InternetGateway"
	tEip        = "aws:ec2/eip:Eip"
	tNat        = "aws:ec2/natGateway:NatGateway"
	tTable      = "aws:ec2/routeTable:RouteTable"
	tRoute      = "aws:ec2/route:Route"
	tAssoc      = "aws:ec2/routeTableAssociation:RouteTableAssociation"
	tGroup      = "aws:ec2/securityGroup:SecurityGroup"
	tIngress    = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	tEgress     = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	tCluster    = "aws:ecs/cluster:Cluster"
	tTask       = "aws:ecs/taskDefinition:TaskDefinition"
	tService    = "aws:ecs/service:Service"
	tDB         = "aws:rds/instance:Instance"
	tDBSubnets  = "aws:rds/subnetGroup:SubnetGroup"
	tDBParams   = "aws:rds/parameterGroup:ParameterGroup"
	tRole       = "aws:iam/role:Role"
	tPolicy     = "aws:iam/rolePolicy:RolePolicy"
	tAttachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	tLogs       = "aws:cloudwatch/logGroup:LogGroup"
	tLB         = "aws:lb/loadBalancer:LoadBalancer"
	tTargets    = "aws:lb/targetGroup:TargetGroup"
	tListener   = "aws:lb/listener:Listener"
	tScalable   = "aws:appautoscaling/target:Target"
	tScaling    = "aws:appautoscaling/policy:Policy"
	tQueue      = "aws:sqs/queue:Queue"

	secretName  = "/shop/db-password"
	secretValue = "canary-value-of-the-secret"
	shopConfig  = "secrets: {" + secretName + ": {value: " + secretValue + "}}\n"
)

// shop is a web service with a database, as panka's programs make them.
type shop struct {
	*world
	things map[string]*thing
	order  []string
}

func (s *shop) add(key, typ string, in props) *thing {
	s.t.Helper()
	th := s.create(typ, "web-"+key, in)
	s.things[key] = th
	s.order = append(s.order, key)
	return th
}

func tagsFor(name string) props {
	return props{"panka:stack": "shop", "panka:environment": "dev", "panka:resource": name}
}

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

func newShop(t *testing.T, w *world) *shop {
	t.Helper()
	s := &shop{world: w, things: map[string]*thing{}}
	network, err := w.invoke("aws:ec2/getVpc:getVpc", props{"default": true})
	if err != nil {
		t.Fatal(err)
	}
	vpcID := network["id"].StringValue()
	found, err := w.invoke("aws:ec2/getSubnets:getSubnets", props{"filters": []any{
		props{"name": "vpc-id", "values": []any{vpcID}}, props{"name": "default-for-az", "values": []any{"true"}}}})
	if err != nil {
		t.Fatal(err)
	}
	var subnets []any
	for _, v := range found["ids"].ArrayValue() {
		subnets = append(subnets, v.StringValue())
	}
	sec, err := w.invoke("aws:secretsmanager/getSecret:getSecret", props{"name": secretName})
	if err != nil {
		t.Fatal(err)
	}
	version, err := w.invoke("aws:secretsmanager/getSecretVersion:getSecretVersion", props{"secretId": secretName})
	if err != nil {
		t.Fatal(err)
	}
	arn := sec["arn"].StringValue()
	dbGroup := s.database(vpcID, subnets, props{"password": version["secretString"]})
	s.service(vpcID, subnets, arn, dbGroup)
	return s
}

func (s *shop) database(vpcID string, subnets []any, password props) *thing {
	group := s.add("db-sg", tGroup, props{"vpcId": vpcID, "description": "database", "tags": tagsFor("web-db-sg")})
	s.add("db-subnets", tDBSubnets, props{"name": "shop-dev-db", "subnetIds": subnets, "tags": tagsFor("web-db-subnets")})
	params := s.add("db-params", tDBParams, props{"family": "postgres15", "parameters": []any{props{"name": "rds.force_ssl", "value": "1"}}})
	s.add("db", tDB, with(props{"identifier": "shop-dev-db", "engine": "postgres", "engineVersion": "15.4", "instanceClass": "db.t3.medium",
		"allocatedStorage": 50, "storageType": "gp3", "dbName": "shop", "username": "dbadmin", "dbSubnetGroupName": "shop-dev-db",
		"parameterGroupName": params.out("name"), "vpcSecurityGroupIds": []any{group.id}, "storageEncrypted": true,
		"skipFinalSnapshot": true, "tags": tagsFor("web-db")}, password))
	return group
}

func (s *shop) service(vpcID string, subnets []any, secretARN string, dbGroup *thing) {
	s.add("logs", tLogs, props{"name": "/panka/shop/dev/web", "retentionInDays": 14})
	role := s.add("role", tRole, props{"name": "shop-dev-web-exec", "assumeRolePolicy": trust, "tags": tagsFor("web-role")})
	s.add("policy", tPolicy, props{"name": "secrets", "role": role.id, "policy": fmt.Sprintf(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["secretsmanager:GetSecretValue"],"Resource":[%q]}]}`, secretARN)})
	s.add("managed", tAttachment, props{"role": role.id, "policyArn": "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"})
	lbGroup := s.add("lb-sg", tGroup, props{"vpcId": vpcID, "description": "load balancer"})
	group := s.add("sg", tGroup, props{"vpcId": vpcID, "description": "service"})
	s.add("egress", tEgress, props{"securityGroupId": group.id, "ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"})
	s.add("db-rule", tIngress, props{"securityGroupId": dbGroup.id, "referencedSecurityGroupId": group.id, "ipProtocol": "tcp", "fromPort": 5432, "toPort": 5432})
	lb := s.add("lb", tLB, props{"name": "shop-dev-web", "internal": true, "subnets": subnets, "securityGroups": []any{lbGroup.id}})
	targets := s.add("targets", tTargets, props{"name": "shop-dev-web", "port": 8080, "protocol": "HTTP", "targetType": "ip", "vpcId": vpcID,
		"healthCheck": props{"path": "/health", "interval": 15, "timeout": 5}})
	s.add("listener", tListener, props{"loadBalancerArn": lb.id, "port": 80, "protocol": "HTTP",
		"defaultActions": []any{props{"type": "forward", "targetGroupArn": targets.id}}})
	cluster := s.add("cluster", tCluster, props{"name": "shop-dev"})
	task := s.add("task", tTask, taskInputs(role.out("arn"), secretARN, "v1"))
	s.add("service", tService, props{"name": "shop-dev-web", "cluster": cluster.id, "taskDefinition": task.out("arn"), "launchType": "FARGATE",
		"desiredCount": 2, "waitForSteadyState": true,
		"networkConfiguration": props{"subnets": subnets, "securityGroups": []any{group.id}, "assignPublicIp": true},
		"loadBalancers":        []any{props{"containerName": "web", "containerPort": 8080, "targetGroupArn": targets.id}},
		"tags":                 tagsFor("web-service")})
	target := s.add("scalable", tScalable, props{"resourceId": "service/shop-dev/shop-dev-web", "minCapacity": 2, "maxCapacity": 10,
		"scalableDimension": "ecs:service:DesiredCount", "serviceNamespace": "ecs"})
	s.add("scaling", tScaling, props{"name": "cpu", "policyType": "TargetTrackingScaling", "resourceId": target.id,
		"scalableDimension": "ecs:service:DesiredCount", "serviceNamespace": "ecs",
		"targetTrackingScalingPolicyConfiguration": props{"targetValue": 60.0, "predefinedMetricSpecification": props{
			"predefinedMetricType": "ECSServiceAverageCPUUtilization"}}})
}

func taskInputs(role, secretARN, tag string) props {
	return props{"family": "shop-dev-web", "requiresCompatibilities": []any{"FARGATE"}, "networkMode": "awsvpc", "cpu": "256", "memory": "512",
		"executionRoleArn": role, "tags": tagsFor("web-task"), "containerDefinitions": fmt.Sprintf(`[{"name": "web", "image": "shop/web:%s",
			"portMappings": [{"containerPort": 8080}], "secrets": [{"name": "PASSWORD", "valueFrom": %q}],
			"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/panka/shop/dev/web", "awslogs-region": "us-east-1"}}}]`,
			tag, secretARN)}
}

// destroy deletes everything in reverse.
func (s *shop) destroy() {
	s.t.Helper()
	for i := len(s.order) - 1; i >= 0; i-- {
		if err := s.delete(s.things[s.order[i]]); err != nil {
			s.t.Fatalf("delete %s: %v", s.order[i], err)
		}
	}
}
