package sandbox

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// TestCheckFailures: what is wrong with inputs before AWS sees them.
func TestCheckFailures(t *testing.T) {
	w := newWorld(t, "")
	db := props{"engine": "postgres", "instanceClass": "db.t3.medium"}
	targets := props{"port": 80, "protocol": "HTTP", "vpcId": "vpc-1"}
	for name, c := range map[string]struct {
		typ  string
		in   props
		want string
	}{
		"wrong type":            {tService, props{"desiredCount": "two"}, "desiredCount: expected number for desiredCount, got string"},
		"fraction":              {tService, props{"desiredCount": 1.5}, "expected a whole number for desiredCount, got 1.5"},
		"nested type":           {tService, props{"loadBalancers": []any{props{"containerName": "web", "containerPort": "http"}}}, "loadBalancers[0].containerPort: expected number"},
		"nested required":       {tService, props{"loadBalancers": []any{props{"containerPort": 80}}}, "missing required property loadBalancers[0].containerName"},
		"list for text":         {tLogs, props{"name": []any{"x"}}, "expected string for name, got a list"},
		"text for list":         {tDBSubnets, props{"subnetIds": "subnet-1"}, "expected a list for subnetIds, got string"},
		"map values":            {tLogs, props{"tags": props{"a": 1}}, "tags.a: expected string for tags.a, got number"},
		"unknown property":      {tService, props{"loadBalancer": []any{}}, "unknown property loadBalancer, did you mean loadBalancers?"},
		"missing":               {tDB, props{"engine": "postgres"}, "missing required property instanceClass"},
		"missing list":          {tDBSubnets, props{}, "missing required property subnetIds"},
		"engine":                {tDB, with(db, props{"engine": "oracle"}), `expected engine to be one of postgres, mysql, mariadb, got "oracle"`},
		"instance class":        {tDB, with(db, props{"instanceClass": "t3.medium"}), "a DB instance class is db.<family>.<size>"},
		"identifier":            {tDB, with(db, props{"identifier": "Shop_DB"}), "invalid value for identifier"},
		"backup retention":      {tDB, with(db, props{"backupRetentionPeriod": 36}), "range 0 to 35"},
		"retention":             {tLogs, props{"retentionInDays": 31}, "expected retentionInDays to be one of"},
		"launch type":           {tService, props{"launchType": "LAMBDA"}, "launchType"},
		"network mode":          {tTask, props{"family": "x", "containerDefinitions": "[]", "networkMode": "vpc"}, "networkMode"},
		"container JSON":        {tTask, props{"family": "x", "containerDefinitions": "[{]"}, "container_definitions is invalid"},
		"policy JSON":           {tPolicy, props{"role": "r", "policy": "{"}, "MalformedPolicyDocument"},
		"policy effect":         {tPolicy, props{"role": "r", "policy": `{"Statement":{"Effect":"Perhaps"}}`}, "Invalid effect"},
		"load balancer name":    {tLB, props{"name": strings.Repeat("a", 33)}, "cannot be longer than 32 characters"},
		"load balancer prefix":  {tLB, props{"name": "internal-web"}, `cannot begin with "internal-"`},
		"health check timing":   {tTargets, with(targets, props{"healthCheck": props{"interval": 5, "timeout": 10}}), "must be smaller than the interval"},
		"health check path":     {tTargets, with(targets, props{"healthCheck": props{"path": "health"}}), "must begin with /"},
		"target needs port":     {tTargets, with(targets, props{"port": nil}), "port should be set when targetType is not lambda"},
		"listener protocol":     {tListener, props{"loadBalancerArn": "a", "defaultActions": []any{}, "protocol": "FTP"}, "protocol"},
		"cidr host bits":        {tVpc, props{"cidrBlock": "10.0.0.1/16"}, `did you mean "10.0.0.0/16"?`},
		"cidr size":             {tVpc, props{"cidrBlock": "10.0.0.0/8"}, "between 16 and 28"},
		"rule without a peer":   {tIngress, props{"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 1, "toPort": 1}, "exactly one of"},
		"rule with two":         {tIngress, props{"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 1, "toPort": 1, "cidrIpv4": "0.0.0.0/0", "prefixListId": "pl-1"}, "got 2"},
		"rule without ports":    {tIngress, props{"securityGroupId": "sg-1", "ipProtocol": "tcp", "cidrIpv4": "0.0.0.0/0"}, "fromPort and toPort are required"},
		"rule with ports":       {tEgress, props{"securityGroupId": "sg-1", "ipProtocol": "-1", "fromPort": 1, "toPort": 2, "cidrIpv4": "0.0.0.0/0"}, "must not be given"},
		"group name":            {tGroup, props{"name": "sg-web"}, `cannot begin with "sg-"`},
		"parameter family":      {tDBParams, props{"family": "oracle19"}, "DBParameterGroupFamily oracle19 cannot be found"},
		"role name":             {tRole, props{"name": "a b", "assumeRolePolicy": trust}, "invalid value for name"},
		"scalable dimension":    {tScalable, props{"minCapacity": 1, "maxCapacity": 2, "resourceId": "x", "serviceNamespace": "ecs", "scalableDimension": "rds:x"}, "does not belong"},
		"scaling configuration": {tScaling, props{"policyType": "TargetTrackingScaling", "resourceId": "x", "serviceNamespace": "ecs", "scalableDimension": "ecs:x"}, "is required when policyType"},
		"fifo":                  {tQueue, props{"name": "q", "fifoQueue": true}, "ends with .fifo"},
		"queue delay":           {tQueue, props{"delaySeconds": 901}, "range 0 to 900"},
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			_, failures := w.check(urnOf(c.typ, "x"), nil, toMap(c.in))
			if !strings.Contains(failures, c.want) {
				t.Errorf("failures are %q; want %q among them", failures, c.want)
			}
		})
	}
}

func TestUnknownValuesPassTheCheck(t *testing.T) {
	w := newWorld(t, "")
	unknown := resource.MakeComputed(resource.NewProperty(""))
	_, failures := w.check(urnOf(tDB, "x"), nil, toMap(props{"engine": unknown, "instanceClass": unknown, "allocatedStorage": unknown,
		"vpcSecurityGroupIds": []any{unknown}, "password": resource.MakeSecret(unknown)}))
	if failures != "" {
		t.Error(failures)
	}
}

// TestCreateRefusals: what AWS says when it is asked for what cannot be.
func TestCreateRefusals(t *testing.T) {
	w := newWorld(t, shopConfig)
	s := newShop(t, w)
	given := func(key string) props {
		in := props{}
		for k, v := range s.things[key].inputs {
			in[string(k)] = v
		}
		return in
	}
	id := func(key string) string { return s.things[key].id }
	other := s.create(tVpc, "other", props{"cidrBlock": "10.9.0.0/16"})
	alone := s.create(tSubnet, "alone", props{"vpcId": other.id, "cidrBlock": "10.9.1.0/24", "availabilityZone": "us-east-1b"})
	beside := s.create(tSubnet, "beside", props{"vpcId": other.id, "cidrBlock": "10.9.2.0/24", "availabilityZone": "us-east-1a"})
	free := s.create(tTargets, "free", with(given("targets"), props{"name": "free"}))
	network := s.things["service"].inputs["networkConfiguration"].ObjectValue().Mappable()
	container := func(change string) props {
		return with(given("task"), props{"containerDefinitions": change})
	}
	for name, c := range map[string]struct {
		typ  string
		in   props
		want string
	}{
		"subnet of no VPC":             {tSubnet, props{"vpcId": "vpc-0", "cidrBlock": "10.0.0.0/24"}, "InvalidVpcID.NotFound: The vpc ID 'vpc-0' does not exist"},
		"subnet outside":               {tSubnet, props{"vpcId": other.id, "cidrBlock": "10.8.0.0/24"}, "InvalidSubnet.Range"},
		"subnet overlaps":              {tSubnet, props{"vpcId": other.id, "cidrBlock": "10.9.1.128/25"}, "InvalidSubnet.Conflict: The CIDR '10.9.1.128/25' conflicts with another subnet"},
		"subnet in no zone":            {tSubnet, props{"vpcId": other.id, "cidrBlock": "10.9.7.0/24", "availabilityZone": "us-west-2a"}, "Value (us-west-2a) for parameter availabilityZone is invalid"},
		"NAT without address":          {tNat, props{"subnetId": alone.id}, "MissingParameter"},
		"group name taken":             {tGroup, with(given("sg"), props{"tags": nil}), "InvalidGroup.Duplicate"},
		"rule of no group":             {tIngress, with(given("db-rule"), props{"securityGroupId": "sg-0"}), "InvalidGroup.NotFound: The security group 'sg-0' does not exist"},
		"rule twice":                   {tIngress, given("db-rule"), "InvalidPermission.Duplicate"},
		"cluster missing":              {tService, with(given("service"), props{"name": "x", "cluster": "nowhere"}), "ClusterNotFoundException: Cluster not found."},
		"service name taken":           {tService, given("service"), "Creation of service was not idempotent"},
		"service subnet missing":       {tService, with(given("service"), props{"name": "x", "networkConfiguration": with(network, props{"subnets": []any{"subnet-0"}})}), "Error retrieving subnet information for [subnet-0]: The subnet ID 'subnet-0' does not exist (ErrorCode: InvalidSubnetID.NotFound)"},
		"service in two networks":      {tService, with(given("service"), props{"name": "x", "networkConfiguration": with(network, props{"subnets": []any{alone.id}})}), "belong to different networks"},
		"service without network":      {tService, with(given("service"), props{"name": "x", "networkConfiguration": nil}), "Network Configuration must be provided"},
		"no such container":            {tService, with(given("service"), props{"name": "x", "loadBalancers": []any{props{"containerName": "api", "containerPort": 8080, "targetGroupArn": id("targets")}}}), "The container api does not exist in the task definition."},
		"no such container port":       {tService, with(given("service"), props{"name": "x", "loadBalancers": []any{props{"containerName": "web", "containerPort": 1, "targetGroupArn": id("targets")}}}), "The container web did not have a container port 1 defined."},
		"target group alone":           {tService, with(given("service"), props{"name": "x", "loadBalancers": []any{props{"containerName": "web", "containerPort": 8080, "targetGroupArn": free.id}}}), "does not have an associated load balancer"},
		"task definition missing":      {tService, with(given("service"), props{"name": "x", "taskDefinition": "gone:1"}), "TaskDefinition not found"},
		"Fargate size":                 {tTask, with(given("task"), props{"memory": "4096"}), "No Fargate configuration exists for given values: 256 CPU, 4096 memory"},
		"Fargate network":              {tTask, with(given("task"), props{"networkMode": "bridge"}), "Fargate only supports network mode"},
		"secrets without role":         {tTask, with(given("task"), props{"executionRoleArn": nil}), "you must also specify a value for 'executionRoleArn'"},
		"role missing":                 {tTask, with(given("task"), props{"executionRoleArn": "arn:aws:iam::123456789012:role/none"}), "Role is not valid"},
		"no containers":                {tTask, container(`[]`), "Container list cannot be empty"},
		"container without image":      {tTask, container(`[{"name":"a"}]`), "Container.image should not be null or empty"},
		"containers share a name":      {tTask, container(`[{"name":"a","image":"i"},{"name":"a","image":"i"}]`), "is not unique"},
		"waits for no container":       {tTask, container(`[{"name":"a","image":"i","dependsOn":[{"containerName":"b","condition":"START"}]}]`), "which is not another container of the task"},
		"waits for an essential's end": {tTask, container(`[{"name":"a","image":"i","dependsOn":[{"containerName":"b","condition":"SUCCESS"}]},{"name":"b","image":"i"}]`), "which is essential"},
		"waits for an unasked health":  {tTask, container(`[{"name":"a","image":"i","dependsOn":[{"containerName":"b","condition":"HEALTHY"}]},{"name":"b","image":"i"}]`), "which has no health check"},
		"unknown condition":            {tTask, container(`[{"name":"a","image":"i","dependsOn":[{"containerName":"b","condition":"STOP"}]},{"name":"b","image":"i"}]`), "condition 'STOP' is not one of"},
		"wait for each other":          {tTask, container(`[{"name":"a","image":"i","dependsOn":[{"containerName":"b","condition":"START"}]},{"name":"b","image":"i","dependsOn":[{"containerName":"a","condition":"START"}]}]`), "circular"},
		"too much CPU":                 {tTask, container(`[{"name":"a","image":"i","cpu":225},{"name":"b","image":"i","cpu":32}]`), "cpu of the containers is more than"},
		"too much memory":              {tTask, container(`[{"name":"a","image":"i","memoryReservation":513}]`), "memory of the containers is more than"},
		"ports differ":                 {tTask, container(`[{"name":"a","image":"i","portMappings":[{"containerPort":80,"hostPort":81}]}]`), "must match"},
		"database taken":               {tDB, given("db"), "DBInstanceAlreadyExists"},
		"database password short":      {tDB, with(given("db"), props{"identifier": "x", "password": secret("short")}), "shorter than 8 characters"},
		"database password form":       {tDB, with(given("db"), props{"identifier": "x", "password": secret("with a space")}), "Only printable ASCII characters"},
		"database user reserved":       {tDB, with(given("db"), props{"identifier": "x", "username": "admin"}), "MasterUsername admin cannot be used as it is a reserved word used by the engine"},
		"database without user":        {tDB, with(given("db"), props{"identifier": "x", "username": nil}), "MasterUsername must be provided"},
		"database subnet group":        {tDB, with(given("db"), props{"identifier": "x", "dbSubnetGroupName": "none"}), "DB subnet group 'none' does not exist."},
		"database parameters":          {tDB, with(given("db"), props{"identifier": "x", "parameterGroupName": "none"}), "DBParameterGroup not found: none"},
		"database family":              {tDB, with(given("db"), props{"identifier": "x", "engineVersion": "16.1"}), "Please use a Parameter Group with DBParameterGroupFamily postgres16"},
		"database group":               {tDB, with(given("db"), props{"identifier": "x", "vpcSecurityGroupIds": []any{"sg-0"}}), "Invalid security group , groupId= sg-0, groupName=."},
		"database storage":             {tDB, with(given("db"), props{"identifier": "x", "allocatedStorage": 10}), "Invalid storage size for engine name postgres and storage type gp3: 10"},
		"subnet group in one zone":     {tDBSubnets, props{"name": "x", "subnetIds": []any{alone.id}}, "DBSubnetGroupDoesNotCoverEnoughAZs"},
		"subnet group taken":           {tDBSubnets, given("db-subnets"), "DBSubnetGroupAlreadyExists"},
		"role taken":                   {tRole, given("role"), "EntityAlreadyExists: Role with name shop-dev-web-exec already exists."},
		"policy of no role":            {tPolicy, with(given("policy"), props{"role": "none"}), "NoSuchEntity: The role with name none cannot be found."},
		"unknown managed policy":       {tAttachment, props{"role": id("role"), "policyArn": "arn:aws:iam::123456789012:policy/mine"}, "does not exist or is not attachable"},
		"log group taken":              {tLogs, given("logs"), "ResourceAlreadyExistsException"},
		"load balancer in one zone":    {tLB, with(given("lb"), props{"name": "x", "subnets": []any{alone.id}, "securityGroups": nil}), "At least two subnets in two different Availability Zones"},
		"load balancer's subnet":       {tLB, with(given("lb"), props{"name": "x", "subnets": []any{"subnet-0"}}), "SubnetNotFound"},
		"public without gateway":       {tLB, props{"name": "x", "subnets": []any{alone.id, beside.id}}, "has no internet gateway"},
		"load balancer taken":          {tLB, given("lb"), "DuplicateLoadBalancerName"},
		"listener's port taken":        {tListener, given("listener"), "DuplicateListener"},
		"listener without target":      {tListener, with(given("listener"), props{"port": 81, "defaultActions": []any{props{"type": "forward", "targetGroupArn": "arn:none"}}}), "TargetGroupNotFound"},
		"HTTPS without certificate":    {tListener, with(given("listener"), props{"port": 443, "protocol": "HTTPS"}), "A certificate must be specified for HTTPS listeners"},
		"certificate missing":          {tListener, with(given("listener"), props{"port": 443, "protocol": "HTTPS", "certificateArn": "arn:aws:acm:none"}), "CertificateNotFound"},
		"scaling of no service":        {tScalable, with(given("scalable"), props{"resourceId": "service/shop-dev/none"}), "ECS service doesn't exist: service/shop-dev/none"},
		"capacity upside down":         {tScalable, with(given("scalable"), props{"minCapacity": 11}), "Maximum capacity cannot be less than minimum capacity"},
		"policy without its target":    {tScaling, with(given("scaling"), props{"resourceId": "service/shop-dev/none"}), "No scalable target registered"},
		"a type that is not simulated": {"aws:s3/bucket:Bucket", props{}, "the sandbox does not simulate aws:s3/bucket:Bucket"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.typ == "aws:s3/bucket:Bucket" {
				_, _, err := w.p.Check(t.Context(), checkOf(c.typ))
				wantError(t, err, c.want)
				return
			}
			w.t = t
			before := w.file()
			_, err := w.tryCreate(c.typ, "again", c.in)
			wantError(t, err, c.want)
			if strings.Contains(err.Error(), secretValue) {
				t.Error("the error holds the secret")
			}
			if w.file() != before {
				t.Error("a refused create changed the account")
			}
		})
	}
}

// TestDeleteRefusals: what keeps a resource from being deleted.
func TestDeleteRefusals(t *testing.T) {
	w := newWorld(t, shopConfig)
	s := newShop(t, w)
	for key, want := range map[string]string{
		"cluster":    "ClusterContainsServicesException: The Cluster cannot be deleted while Services are active.",
		"role":       "DeleteConflict: Cannot delete entity, must delete policies first.",
		"targets":    "is currently in use by a listener or a rule",
		"db-sg":      "DependencyViolation: resource " + s.things["db-sg"].id + " has a dependent object",
		"sg":         "has a dependent object",
		"lb-sg":      "has a dependent object",
		"db-subnets": "because at least one database instance: shop-dev-db is still using it",
		"db-params":  "One or more database instances are still members of this parameter group",
	} {
		wantError(t, s.delete(s.things[key]), want)
		if !s.read(s.things[key]).Found {
			t.Errorf("%s is gone although its deletion was refused", key)
		}
	}
	if err := s.delete(s.things["policy"]); err != nil {
		t.Fatal(err)
	}
	wantError(t, s.delete(s.things["role"]), "must detach all policies first")
}

func TestNetworkDeletions(t *testing.T) {
	w := newWorld(t, "")
	vpc := w.create(tVpc, "net", props{"cidrBlock": "10.0.0.0/16"})
	gateway := w.create(tGateway, "igw", props{"vpcId": vpc.id})
	_, err := w.tryCreate(tGateway, "igw2", props{"vpcId": vpc.id})
	wantError(t, err, "already has an internet gateway attached")
	subnet := w.create(tSubnet, "a", props{"vpcId": vpc.id, "cidrBlock": "10.0.0.0/24"})
	table := w.create(tTable, "rt", props{"vpcId": vpc.id})
	route := w.create(tRoute, "r", props{"routeTableId": table.id, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway.id})
	_, err = w.tryCreate(tRoute, "r2", props{"routeTableId": table.id, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway.id})
	wantError(t, err, "RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists.")
	assoc := w.create(tAssoc, "assoc", props{"routeTableId": table.id, "subnetId": subnet.id})
	_, err = w.tryCreate(tAssoc, "assoc2", props{"routeTableId": table.id, "subnetId": subnet.id})
	wantError(t, err, "Resource.AlreadyAssociated")
	address := w.create(tEip, "ip", props{"domain": "vpc"})
	nat := w.create(tNat, "nat", props{"allocationId": address.id, "subnetId": subnet.id})
	if nat.out("publicIp") == "" || nat.out("publicIp") != address.out("publicIp") {
		t.Errorf("the NAT gateway has address %q, its allocation %q", nat.out("publicIp"), address.out("publicIp"))
	}
	wantError(t, w.delete(vpc), "The vpc '"+vpc.id+"' has dependencies and cannot be deleted")
	wantError(t, w.delete(subnet), "The subnet '"+subnet.id+"' has dependencies")
	wantError(t, w.delete(table), "The routeTable '"+table.id+"' has dependencies")
	wantError(t, w.delete(gateway), "DependencyViolation")
	wantError(t, w.delete(address), "in use by "+nat.id)
	for _, th := range []*thing{nat, address, assoc, route, table, subnet, gateway, vpc, vpc} {
		if err := w.delete(th); err != nil {
			t.Fatalf("delete %s: %v", th.id, err)
		}
	}
}
