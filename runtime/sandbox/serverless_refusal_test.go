package sandbox

import (
	"fmt"
	"strings"
	"testing"

	"github.com/panka-io/panka/runtime/observe"
)

// TestServerlessCreateRefusals: what AWS says when it is asked for what cannot be.
func TestServerlessCreateRefusals(t *testing.T) {
	w := newWorld(t, "")
	s := newPipeline(t, w)
	given := func(key string, change props) props { return with(mappable(s.things[key]), change) }
	const none = "arn:aws:sqs:us-east-1:123456789012:none"
	fifo := s.create(tQueue, "fifo", props{"name": "q.fifo", "fifoQueue": true})
	slow := s.create(tQueue, "short", props{"name": "short", "visibilityTimeoutSeconds": 1})
	target := s.things["schedule"].inputs["target"].ObjectValue().Mappable()
	for i := range 4 {
		s.create(tEventTarget, fmt.Sprintf("more-%d", i), given("target", props{"targetId": fmt.Sprint("more-", i)}))
	}
	for name, c := range map[string]struct {
		typ  string
		in   props
		want string
	}{
		"function taken":         {tFunction, given("function", nil), "ResourceConflictException: Function already exist: worker"},
		"function role":          {tFunction, given("function", props{"name": "x", "role": s.things["scheduler"].out("arn")}), "The role defined for the function cannot be assumed by Lambda."},
		"function without role":  {tFunction, given("function", props{"name": "x", "role": "arn:aws:iam::123456789012:role/none"}), "cannot be assumed by Lambda"},
		"function reserved key":  {tFunction, given("function", props{"name": "x", "environment": props{"variables": props{"AWS_REGION": "r"}}}), "Reserved keys used in this request: AWS_REGION"},
		"function environment":   {tFunction, given("function", props{"name": "x", "environment": props{"variables": props{"A": strings.Repeat("x", 4096)}}}), "exceeded the 4KB limit"},
		"function subnet":        {tFunction, given("function", props{"name": "x", "vpcConfig": props{"subnetIds": []any{"subnet-0"}, "securityGroupIds": []any{}}}), "The subnet ID 'subnet-0' does not exist"},
		"function dead letters":  {tFunction, given("function", props{"name": "x", "deadLetterConfig": props{"targetArn": none}}), "does not exist"},
		"permission no function": {tPermission, given("rule-in", props{"function": "none"}), "ResourceNotFoundException: Function not found: none"},
		"permission taken":       {tPermission, given("rule-in", nil), "ResourceConflictException: The statement id (rule) provided already exists."},
		"permission qualifier":   {tPermission, given("rule-in", props{"qualifier": "none"}), "Cannot find alias arn"},
		"alias taken":            {tAlias, given("alias", nil), "ResourceConflictException: Alias already exists"},
		"alias version":          {tAlias, given("alias", props{"name": "x", "functionVersion": "7"}), "Function not found: arn:aws:lambda:us-east-1:123456789012:function:worker:7"},
		"URL taken":              {tURL, given("url", nil), "FunctionUrlConfig exists for this Lambda function"},
		"warm unpublished":       {tConcurrency, given("warm", props{"qualifier": "$LATEST"}), "cannot be applied to unpublished function versions"},
		"warm without alias":     {tConcurrency, given("warm", props{"qualifier": "none"}), "Cannot find alias arn"},
		"destination":            {tInvokeConfig, given("destinations", props{"destinationConfig": props{"onFailure": props{"destination": none}}}), "The destination ARN " + none + " is invalid."},
		"mapping twice":          {tSourceMapping, given("mapping", nil), "provided mapping already exists. Please update or delete the existing mapping with UUID " + s.things["mapping"].id},
		"mapping without queue":  {tSourceMapping, given("mapping", props{"eventSourceArn": none}), "The specified queue does not exist"},
		"mapping too quick":      {tSourceMapping, given("mapping", props{"eventSourceArn": slow.out("arn")}), "Queue visibility timeout: 1 seconds is less than Function timeout: 3 seconds"},
		"topic taken":            {tTopic, given("topic", nil), "Topic already exists"},
		"policy of no topic":     {tTopicPolicy, given("topic-policy", props{"arn": "arn:aws:sns:us-east-1:123456789012:none"}), "NotFound: Topic does not exist"},
		"subscription twice":     {tSubscription, given("subscription", nil), "Subscription already exists"},
		"subscription to FIFO":   {tSubscription, given("subscription", props{"endpoint": fifo.out("arn")}), "FIFO SQS Queues can not be subscribed to standard SNS topics"},
		"policy of no queue":     {tQueuePolicy, given("queue-policy", props{"queueUrl": "none"}), "The specified queue does not exist."},
		"redrive to nothing":     {tRedrive, given("redrive", props{"redrivePolicy": `{"deadLetterTargetArn":"` + none + `","maxReceiveCount":3}`}), "Dead letter target does not exist."},
		"redrive to FIFO":        {tRedrive, given("redrive", props{"redrivePolicy": `{"deadLetterTargetArn":"` + fifo.out("arn") + `","maxReceiveCount":3}`}), "must be same type of queue as the source"},
		"redrive never":          {tRedrive, given("redrive", props{"redrivePolicy": `{"deadLetterTargetArn":"` + slow.out("arn") + `","maxReceiveCount":0}`}), "Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000"},
		"redrive by nobody":      {tRedriveAllow, given("redrive-allow", props{"redriveAllowPolicy": `{"redrivePermission":"byQueue"}`}), "for parameter RedriveAllowPolicy is invalid"},
		"queue's redrive":        {tQueue, props{"name": "x", "redrivePolicy": `{"deadLetterTargetArn":"` + none + `","maxReceiveCount":3}`}, "Dead letter target does not exist."},
		"alarm's region":         {tAlarm, given("alarm", props{"name": "x", "alarmActions": []any{"arn:aws:sns:eu-west-1:123456789012:t"}}), "Invalid region eu-west-1 specified. Only us-east-1 is supported."},
		"composite of nothing":   {tComposite, given("composite", props{"alarmName": "x", "alarmRule": "ALARM(none)"}), "as alarms [none] in the alarm rule do not exist"},
		"bus taken":              {tBus, given("bus", nil), "ResourceAlreadyExistsException: Event bus shop already exists."},
		"rule on no bus":         {tEventRule, given("rule", props{"eventBusName": "none"}), "ResourceNotFoundException: Event bus none does not exist."},
		"target of no rule":      {tEventTarget, given("target", props{"rule": "none"}), "Rule none does not exist on EventBus shop."},
		"sixth target":           {tEventTarget, given("target", props{"targetId": "sixth"}), "LimitExceededException"},
		"target of FIFO":         {tEventTarget, given("target", props{"targetId": "worker", "arn": fifo.out("arn")}), "MessageGroupId"},
		"archive taken":          {tArchive, given("archive", nil), "Archive shop already exists."},
		"archive of no bus":      {tArchive, given("archive", props{"name": "x", "eventSourceArn": "arn:aws:events:us-east-1:123456789012:event-bus/none"}), "Event bus none does not exist."},
		"discoverer taken":       {tDiscoverer, given("discoverer", nil), "ConflictException"},
		"schedule taken":         {tSchedule, given("schedule", nil), "ConflictException: Schedule nightly already exists."},
		"schedule's group":       {tSchedule, given("schedule", props{"groupName": "none"}), "Schedule group none does not exist."},
		"schedule's role":        {tSchedule, given("schedule", props{"name": "x", "target": with(target, props{"roleArn": s.things["role"].out("arn")})}), "must allow AWS EventBridge Scheduler to assume the role"},
		"group taken":            {tSchedules, given("schedules", nil), "Schedule group shop already exists."},
		"metric of no group":     {tMetricFilter, given("metric", props{"logGroupName": "none"}), "The specified log group does not exist."},
		"policy taken":           {tManaged, given("custom", nil), "A policy called worker-queues already exists"},
		"profile taken":          {tProfile, given("profile", nil), "Instance Profile worker already exists."},
		"profile's role":         {tProfile, given("profile", props{"name": "x", "role": "none"}), "The role with name none cannot be found."},
		"issuer taken":           {tOidc, given("oidc", nil), "EntityAlreadyExists"},
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			before := w.file()
			_, err := w.tryCreate(c.typ, "again", c.in)
			wantError(t, err, c.want)
			if w.file() != before {
				t.Error("a refused create changed the account")
			}
		})
	}
}

// TestServerlessDeletions: what keeps a resource from being deleted, and what goes with its parent.
func TestServerlessDeletions(t *testing.T) {
	w := newWorld(t, "")
	s := newPipeline(t, w)
	for key, want := range map[string]string{
		"custom": "DeleteConflict: Cannot delete a policy attached to entities.",
		"bus":    "can't be deleted since it has rules",
		"rule":   "ValidationException: Rule can't be deleted since it has targets.",
		"alarm":  "Cannot delete errors as there are composite alarm(s) depending on it",
	} {
		wantError(t, s.delete(s.things[key]), want)
	}
	for key, gone := range map[string][]string{
		"function":   {"alias", "rule-in", "url", "warm", "destinations"},
		"topic":      {"subscription", "topic-policy"},
		"queue":      {"queue-policy", "redrive"},
		"schedules":  {"schedule"},
		"other-logs": {"forward"},
	} {
		if err := s.delete(s.things[key]); err != nil {
			t.Fatal(err)
		}
		for _, g := range gone {
			if s.read(s.things[g]).Found {
				t.Errorf("%s outlives %s", g, key)
			}
		}
	}
	if !s.read(s.things["mapping"]).Found {
		t.Error("a mapping stays when its function goes")
	}
	for _, key := range []string{"attached", "basic"} {
		if err := s.delete(s.things[key]); err != nil {
			t.Fatal(err)
		}
	}
	wantError(t, s.delete(s.things["role"]), "must remove roles from instance profile first")
}

// TestDroppedEvents: wiring that AWS takes but that carries nothing is unwell, and says why.
func TestDroppedEvents(t *testing.T) {
	w := newWorld(t, "")
	s := newPipeline(t, w)
	for _, c := range []struct{ remove, unwell, why string }{
		{"rule-in", "target", "no permission lets events.amazonaws.com invoke worker"},
		{"queue-policy", "subscription", "lets sns.amazonaws.com call sqs:SendMessage"},
		{"scheduler-may", "schedule", "is not authorized to perform: lambda:InvokeFunction"},
		{"other-in", "forward", "Could not execute the lambda function"},
		{"attached", "mapping", "does not have permissions to call ReceiveMessage on SQS"},
		{"topic", "alarm", "the alarm's action"},
	} {
		if err := s.delete(s.things[c.remove]); err != nil {
			t.Fatal(err)
		}
		if h := s.health(s.things[c.unwell]); h.Health != observe.Unhealthy || !strings.Contains(h.Detail, c.why) {
			t.Errorf("without %s, %s is %s: %q; want unhealthy with %q", c.remove, c.unwell, h.Health, h.Detail, c.why)
		}
	}
	public := s.create(tURL, "public", props{"functionName": "worker", "qualifier": "live", "authorizationType": "NONE"})
	if h := s.health(public); h.Health != observe.Unhealthy || !strings.Contains(h.Detail, "403") {
		t.Errorf("a public URL that nobody may call is %+v", h)
	}
	s.create(tPermission, "public", props{"function": "worker", "qualifier": "live", "action": "lambda:InvokeFunctionUrl", "principal": "*", "functionUrlAuthType": "NONE"})
	if h := s.health(public); h.Health != observe.Healthy {
		t.Errorf("a public URL is %+v", h)
	}
}

// TestFunctionVersions: publishing numbers the versions; code and configuration change the outputs that follow.
func TestFunctionVersions(t *testing.T) {
	w := newWorld(t, "")
	s := newPipeline(t, w)
	f := s.things["function"]
	arn, sum := f.out("arn"), f.out("codeSha256")
	if f.id != "worker" || arn != "arn:aws:lambda:us-east-1:123456789012:function:worker" || f.out("qualifiedArn") != arn+":1" ||
		f.out("invokeArn") != "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"+arn+"/invocations" {
		t.Errorf("function %s: %v", f.id, f.outputs)
	}
	if err := s.update(f, with(mappable(f), props{"code": code(t, "v2")})); err != nil {
		t.Fatal(err)
	}
	if f.out("version") != "2" || f.out("codeSha256") == sum {
		t.Errorf("after new code: version %s, hash %s (was %s)", f.out("version"), f.out("codeSha256"), sum)
	}
	if r := s.read(f); !r.Outputs.DeepEquals(f.outputs) || !r.Inputs["code"].IsArchive() {
		t.Errorf("read %v, update gave %v", r.Outputs, f.outputs)
	}
	if err := s.update(s.things["alias"], with(mappable(s.things["alias"]), props{"functionVersion": "2"})); err != nil {
		t.Error(err)
	}
	wantError(t, s.update(s.things["alias"], with(mappable(s.things["alias"]), props{"functionVersion": "3"})), "Function not found")
}

// TestFunctionInNetwork: a function in a network needs a role that may make network interfaces.
func TestFunctionInNetwork(t *testing.T) {
	w := newWorld(t, "")
	vpc, err := w.invoke("aws:ec2/getVpc:getVpc", props{"default": true})
	if err != nil {
		t.Fatal(err)
	}
	subnets, err := w.invoke("aws:ec2/getSubnets:getSubnets", props{})
	if err != nil {
		t.Fatal(err)
	}
	group := w.create(tGroup, "workers", props{"vpcId": vpc["id"].StringValue()})
	role := w.create(tRole, "role", props{"name": "r", "assumeRolePolicy": trustOf("lambda.amazonaws.com")})
	w.create(tAttachment, "basic", props{"role": "r", "policyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"})
	in := props{"name": "f", "role": role.out("arn"), "handler": "h", "runtime": "python3.12", "code": code(t, "x"),
		"vpcConfig": props{"subnetIds": []any{subnets["ids"].ArrayValue()[0].StringValue()}, "securityGroupIds": []any{group.id}}}
	f, err := w.tryCreate(tFunction, "f", in)
	wantError(t, err, "f did not stabilize: InvalidParameterValueException: The provided execution role does not have permissions to call CreateNetworkInterface on EC2")
	w.create(tAttachment, "network", props{"role": "r", "policyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"})
	if err := w.update(f, with(in, props{"timeout": 10})); err != nil {
		t.Error(err)
	}
	wantError(t, w.delete(group), "DependencyViolation")
}

// TestFunctionWithFiles: a file system is mounted by an access point, from the zones that have a mount target, and only if
// the role may.
func TestFunctionWithFiles(t *testing.T) {
	w := newWorld(t, "")
	vpc, subnets := w.subnets()
	group := w.create(tGroup, "group", props{"vpcId": vpc, "description": "all"})
	fs := w.create(tFiles, "files", props{"encrypted": true})
	w.create(tFilesPolicy, "policy", props{"fileSystemId": fs.id, "policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*",` +
		`"Action":"elasticfilesystem:ClientMount","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`})
	w.create(tMount, "a", props{"fileSystemId": fs.id, "subnetId": subnets[0]})
	point := w.create(tAccessPoint, "point", props{"fileSystemId": fs.id})
	role := w.create(tRole, "role", props{"name": "r", "assumeRolePolicy": trustOf("lambda.amazonaws.com")})
	w.create(tAttachment, "network", props{"role": "r", "policyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"})
	in := func(arn string, subnets ...any) props {
		in := props{"name": "f", "role": role.out("arn"), "handler": "h", "runtime": "python3.12", "code": code(t, "x"),
			"fileSystemConfig": props{"arn": arn, "localMountPath": "/mnt/files"}}
		if len(subnets) > 0 {
			in["vpcConfig"] = props{"subnetIds": subnets, "securityGroupIds": []any{group.id}}
		}
		return in
	}
	w.refuses(t, map[string]refusal{
		"no such point":   {tFunction, in(strings.Replace(point.out("arn"), "fsap-0", "fsap-1", 1), subnets[0]), "does not exist"},
		"no network":      {tFunction, in(point.out("arn")), "must be configured to execute in a VPC"},
		"no mount target": {tFunction, in(point.out("arn"), subnets[0], subnets[1]), "does not have mount targets created in all availability zones"},
	})
	f, err := w.tryCreate(tFunction, "f", in(point.out("arn"), subnets[0]))
	wantError(t, err, "f did not stabilize: EFSMountFailureException")
	w.create(tPolicy, "mount", props{"role": "r", "policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` +
		`"Action":"elasticfilesystem:ClientMount","Resource":"` + fs.out("arn") + `"}]}`})
	if err := w.update(f, with(in(point.out("arn"), subnets[0]), props{"timeout": 10})); err != nil {
		t.Error(err)
	}
}

// TestTasksThatMayNotStart: who starts a task needs a role that may, on its definition.
func TestTasksThatMayNotStart(t *testing.T) {
	w := newWorld(t, "")
	task := w.create(tTask, "task", props{"family": "job", "containerDefinitions": `[{"name":"job","image":"job","memory":128}]`})
	trusting := strings.Replace(trust, `"ecs-tasks.amazonaws.com"`, `["events.amazonaws.com","scheduler.amazonaws.com"]`, 1)
	role := w.create(tRole, "starter", props{"name": "starter", "assumeRolePolicy": trusting})
	w.create(tEventRule, "uploads", props{"name": "uploads", "eventPattern": `{"source": ["shop"]}`})
	arn := w.create(tCluster, "cluster", props{"name": "jobs"}).out("arn")
	start := props{"taskDefinitionArn": task.out("arn")}
	target := w.create(tEventTarget, "target", props{"rule": "uploads", "targetId": "task", "arn": arn, "roleArn": role.out("arn"), "ecsTarget": start})
	schedule := w.create(tSchedule, "nightly", props{"name": "nightly", "scheduleExpression": "rate(1 day)", "flexibleTimeWindow": props{"mode": "OFF"},
		"target": props{"arn": arn, "roleArn": role.out("arn"), "ecsParameters": start}})
	for _, r := range []*thing{target, schedule} {
		if h := w.health(r); h.Health != observe.Unhealthy || !strings.Contains(h.Detail, "is not authorized to perform: ecs:RunTask on resource: "+task.out("arn")) {
			t.Errorf("%s without a right to start: %+v", r.id, h)
		}
	}
	w.create(tPolicy, "may", props{"role": "starter", "policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` +
		`"Action":"ecs:RunTask","Resource":"` + task.out("arnWithoutRevision") + `:*"}]}`})
	for _, r := range []*thing{target, schedule} {
		if h := w.health(r); h.Health != observe.Healthy {
			t.Errorf("%s that may start: %+v", r.id, h)
		}
	}
}
