package sandbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"

	"github.com/panka-io/panka/runtime/observe"
)

const (
	tFunction      = "aws:lambda/function:Function"
	tPermission    = "aws:lambda/permission:Permission"
	tAlias         = "aws:lambda/alias:Alias"
	tSourceMapping = "aws:lambda/eventSourceMapping:EventSourceMapping"
	tURL           = "aws:lambda/functionUrl:FunctionUrl"
	tConcurrency   = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"
	tInvokeConfig  = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
	tAlarm         = "aws:cloudwatch/metricAlarm:MetricAlarm"
	tComposite     = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
	tDashboard     = "aws:cloudwatch/dashboard:Dashboard"
	tBus           = "aws:cloudwatch/eventBus:EventBus"
	tBusPolicy     = "aws:cloudwatch/eventBusPolicy:EventBusPolicy"
	tEventRule     = "aws:cloudwatch/eventRule:EventRule"
	tEventTarget   = "aws:cloudwatch/eventTarget:EventTarget"
	tArchive       = "aws:cloudwatch/eventArchive:EventArchive"
	tDiscoverer    = "aws:schemas/discoverer:Discoverer"
	tMetricFilter  = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
	tSubFilter     = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"
	tSchedule      = "aws:scheduler/schedule:Schedule"
	tSchedules     = "aws:scheduler/scheduleGroup:ScheduleGroup"
	tTopic         = "aws:sns/topic:Topic"
	tTopicPolicy   = "aws:sns/topicPolicy:TopicPolicy"
	tSubscription  = "aws:sns/topicSubscription:TopicSubscription"
	tQueuePolicy   = "aws:sqs/queuePolicy:QueuePolicy"
	tRedrive       = "aws:sqs/redrivePolicy:RedrivePolicy"
	tRedriveAllow  = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"
	tManaged       = "aws:iam/policy:Policy"
	tProfile       = "aws:iam/instanceProfile:InstanceProfile"
	tOidc          = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
)

func trustOf(service string) string {
	return strings.Replace(trust, "ecs-tasks.amazonaws.com", service, 1)
}

func allow(service, action, target string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":%q},"Action":%q,"Resource":%q}]}`, service, action, target)
}

func grant(actions ...any) string {
	list, _ := json.Marshal(actions)
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":%s,"Resource":"*"}]}`, list)
}

// code is a package of one file as the engine hands it over, hashed.
func code(t *testing.T, text string) resource.PropertyValue {
	t.Helper()
	file, err := asset.FromText(text)
	if err != nil {
		t.Fatal(err)
	}
	a, err := archive.FromAssets(map[string]any{"index.js": file})
	if err != nil {
		t.Fatal(err)
	}
	return resource.NewProperty(a)
}

// newPipeline is a function with all that feeds it: a queue, a topic, a rule, a schedule, logs, a URL.
func newPipeline(t *testing.T, w *world) *shop {
	t.Helper()
	s := &shop{world: w, things: map[string]*thing{}}
	role := s.add("role", tRole, props{"name": "worker", "assumeRolePolicy": trustOf("lambda.amazonaws.com")})
	custom := s.add("custom", tManaged, props{"name": "worker-queues", "policy": grant("sqs:*")})
	s.add("attached", tAttachment, props{"role": role.id, "policyArn": custom.out("arn")})
	s.add("basic", tAttachment, props{"role": role.id, "policyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"})
	logs := s.add("logs", tLogs, props{"name": "/aws/lambda/worker"})
	s.add("function", tFunction, props{"name": "worker", "role": role.out("arn"), "handler": "index.handler", "runtime": "nodejs20.x", "publish": true,
		"code": code(t, "v1"), "environment": props{"variables": props{"MODE": "fast", "TOKEN": secret(secretValue)}}, "tags": tagsFor("worker")})
	s.add("alias", tAlias, props{"name": "live", "functionName": "worker", "functionVersion": "1"})
	s.add("url", tURL, props{"functionName": "worker", "authorizationType": "AWS_IAM"})
	s.add("warm", tConcurrency, props{"functionName": "worker", "qualifier": "live", "provisionedConcurrentExecutions": 2})
	s.pipelineMessages()
	s.pipelineEvents(role)
	s.add("metric", tMetricFilter, props{"name": "errors", "logGroupName": logs.id, "pattern": "ERROR", "metricTransformation": props{
		"name": "errors", "namespace": "shop", "value": "1"}})
	s.add("logs-in", tPermission, props{"action": "lambda:InvokeFunction", "function": "worker", "principal": "logs.amazonaws.com", "sourceArn": logs.out("arn") + ":*"})
	other := s.add("other-logs", tLogs, props{"name": "/shop/api"})
	s.add("other-in", tPermission, props{"statementId": "other", "action": "lambda:InvokeFunction", "function": "worker", "principal": "logs.amazonaws.com", "sourceArn": other.out("arn") + ":*"})
	s.add("forward", tSubFilter, props{"name": "forward", "logGroup": other.id, "filterPattern": "", "destinationArn": s.things["function"].out("arn")})
	alarm := s.add("alarm", tAlarm, props{"name": "errors", "comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 2, "threshold": 1, "metricName": "errors",
		"namespace": "shop", "period": 60, "statistic": "Sum", "alarmActions": []any{s.things["topic"].out("arn")}})
	s.add("composite", tComposite, props{"alarmName": "all", "alarmRule": `ALARM("` + alarm.id + `") AND NOT (OK(errors) OR FALSE)`})
	s.add("dashboard", tDashboard, props{"dashboardName": "shop", "dashboardBody": `{"widgets": [{"type": "text", "x": 0, "y": 0, "width": 6, "height": 3, "properties": {"markdown": "hello"}}]}`})
	return s
}

func (s *shop) pipelineMessages() {
	dead := s.add("dead", tQueue, props{"name": "dead"})
	queue := s.add("queue", tQueue, props{"name": "jobs", "visibilityTimeoutSeconds": 60})
	s.add("redrive", tRedrive, props{"queueUrl": queue.id, "redrivePolicy": fmt.Sprintf(`{"deadLetterTargetArn": %q, "maxReceiveCount": 3}`, dead.out("arn"))})
	s.add("redrive-allow", tRedriveAllow, props{"queueUrl": dead.id, "redriveAllowPolicy": fmt.Sprintf(`{"redrivePermission": "byQueue", "sourceQueueArns": [%q]}`, queue.out("arn"))})
	s.add("mapping", tSourceMapping, props{"eventSourceArn": queue.out("arn"), "functionName": s.things["alias"].out("arn"), "batchSize": 5})
	s.add("destinations", tInvokeConfig, props{"functionName": "worker", "maximumRetryAttempts": 1, "destinationConfig": props{"onFailure": props{"destination": dead.out("arn")}}})
	topic := s.add("topic", tTopic, props{"name": "orders"})
	s.add("topic-policy", tTopicPolicy, props{"arn": topic.out("arn"), "policy": allow("events.amazonaws.com", "sns:Publish", topic.out("arn"))})
	s.add("queue-policy", tQueuePolicy, props{"queueUrl": queue.id, "policy": allow("sns.amazonaws.com", "sqs:SendMessage", queue.out("arn"))})
	s.add("subscription", tSubscription, props{"topic": topic.out("arn"), "protocol": "sqs", "endpoint": queue.out("arn"), "filterPolicy": `{"kind": ["order"]}`})
}

func (s *shop) pipelineEvents(role *thing) {
	bus := s.add("bus", tBus, props{"name": "shop"})
	s.add("bus-policy", tBusPolicy, props{"eventBusName": bus.id, "policy": allow("s3.amazonaws.com", "events:PutEvents", bus.out("arn"))})
	s.add("archive", tArchive, props{"name": "shop", "eventSourceArn": bus.out("arn"), "retentionDays": 7})
	s.add("discoverer", tDiscoverer, props{"sourceArn": bus.out("arn")})
	rule := s.add("rule", tEventRule, props{"name": "placed", "eventBusName": bus.id, "eventPattern": `{"source": ["shop"]}`})
	s.add("rule-in", tPermission, props{"statementId": "rule", "action": "lambda:InvokeFunction", "function": "worker", "principal": "events.amazonaws.com", "sourceArn": rule.out("arn")})
	s.add("target", tEventTarget, props{"rule": "placed", "eventBusName": bus.id, "targetId": "worker", "arn": s.things["function"].out("arn")})
	scheduler := s.add("scheduler", tRole, props{"name": "scheduler", "assumeRolePolicy": trustOf("scheduler.amazonaws.com")})
	s.add("scheduler-may", tPolicy, props{"name": "invoke", "role": scheduler.id, "policy": grant("lambda:InvokeFunction")})
	group := s.add("schedules", tSchedules, props{"name": "shop"})
	s.add("schedule", tSchedule, props{"name": "nightly", "groupName": group.id, "scheduleExpression": "cron(0 3 * * ? *)", "flexibleTimeWindow": props{"mode": "OFF"},
		"target": props{"arn": s.things["function"].out("arn"), "roleArn": scheduler.out("arn")}})
	s.add("profile", tProfile, props{"name": "worker", "role": role.id})
	s.add("oidc", tOidc, props{"url": "https://token.actions.githubusercontent.com", "clientIdLists": []any{"sts.amazonaws.com"}})
}

// lifecycle reads back all that was made, wants it well and of declared properties, deletes it and wants nothing left.
func (s *shop) lifecycle(t *testing.T) {
	t.Helper()
	for _, key := range s.order {
		th := s.things[key]
		if h := s.health(th); h.Health != observe.Healthy {
			t.Errorf("%s is %s: %s", key, h.Health, h.Detail)
		}
		r := s.read(th)
		if !r.Found || !r.Inputs.DeepEquals(th.inputs) {
			t.Errorf("reading %s gives other inputs than were given:\n%v\n%v", key, r.Inputs, th.inputs)
		}
		if !r.Outputs.DeepEquals(th.outputs) {
			t.Errorf("reading %s gives other outputs than its creation:\n%v\n%v", key, r.Outputs, th.outputs)
		}
		if d, _ := s.diff(th, mappable(th)); len(d.Changed) > 0 {
			t.Errorf("%s differs from itself in %v", key, d.Changed)
		}
		shape := s.account.types.Resources[string(th.urn.Type())]
		for name := range th.outputs {
			_, input := shape.Inputs[string(name)]
			if _, output := shape.Outputs[string(name)]; !input && !output {
				t.Errorf("%s gives an output %s that the SDK does not know", key, name)
			}
		}
		for name := range shape.Outputs {
			if _, ok := th.outputs[resource.PropertyKey(name)]; !ok && !mayLack[name] {
				t.Errorf("%s lacks the output %s", key, name)
			}
		}
	}
	if t.Failed() {
		return
	}
	s.destroy()
	var after struct {
		Resources map[string]any `json:"resources"`
	}
	if err := json.Unmarshal([]byte(s.file()), &after); err != nil {
		t.Fatal(err)
	}
	if len(after.Resources) != 0 {
		t.Errorf("after everything is deleted the account holds %v", after.Resources)
	}
}

// mayLack are outputs that most resources do not have in AWS either.
var mayLack = map[string]bool{"signingJobArn": true, "signingProfileVersionArn": true, "outpostArn": true, "passwordData": true,
	"spotInstanceRequestId": true, "instanceLifecycle": true}

func TestServerlessLifecycle(t *testing.T) {
	w := newWorld(t, "")
	s := newPipeline(t, w)
	if strings.Contains(w.file(), secretValue) {
		t.Error("a secret of the function's environment is in cloud.json")
	}
	s.lifecycle(t)
}

// TestServerlessDiffs: what changes in place and what replaces.
func TestServerlessDiffs(t *testing.T) {
	w := newWorld(t, "")
	s := newPipeline(t, w)
	for name, c := range map[string]struct {
		key              string
		change           props
		changed, replace string
		deleteFirst      bool
	}{
		"same code":          {"function", props{"code": code(t, "v1")}, "", "", false},
		"other code":         {"function", props{"code": code(t, "v2")}, "code", "", false},
		"memory":             {"function", props{"memorySize": 512}, "memorySize", "", false},
		"function name":      {"function", props{"name": "other"}, "name", "name", false},
		"packaging":          {"function", props{"packageType": "Image", "imageUri": "x", "code": nil, "handler": nil, "runtime": nil}, "code handler imageUri packageType runtime", "packageType", true},
		"alias version":      {"alias", props{"functionVersion": "$LATEST"}, "functionVersion", "", false},
		"alias name":         {"alias", props{"name": "beta"}, "name", "name", false},
		"permission":         {"rule-in", props{"principal": "s3.amazonaws.com"}, "principal", "principal", true},
		"URL auth":           {"url", props{"authorizationType": "NONE"}, "authorizationType", "", false},
		"URL qualifier":      {"url", props{"qualifier": "live"}, "qualifier", "qualifier", false},
		"warm count":         {"warm", props{"provisionedConcurrentExecutions": 3}, "provisionedConcurrentExecutions", "", false},
		"warm alias":         {"warm", props{"qualifier": "1"}, "qualifier", "qualifier", false},
		"batch":              {"mapping", props{"batchSize": 7}, "batchSize", "", false},
		"source":             {"mapping", props{"eventSourceArn": "arn:aws:sqs:us-east-1:123456789012:x"}, "eventSourceArn", "eventSourceArn", false},
		"retries":            {"destinations", props{"maximumRetryAttempts": 0}, "maximumRetryAttempts", "", false},
		"topic display name": {"topic", props{"displayName": "Orders"}, "displayName", "", false},
		"topic to FIFO":      {"topic", props{"name": "orders.fifo", "fifoTopic": true}, "fifoTopic name", "fifoTopic name", false},
		"filter in form":     {"subscription", props{"filterPolicy": `{"kind":["order"]}`}, "", "", false},
		"filter":             {"subscription", props{"filterPolicy": `{"kind":["offer"]}`}, "filterPolicy", "", false},
		"endpoint":           {"subscription", props{"endpoint": "arn:aws:sqs:us-east-1:123456789012:x"}, "endpoint", "endpoint", false},
		"queue policy form":  {"queue-policy", props{"policy": strings.ReplaceAll(s.things["queue-policy"].inputs["policy"].StringValue(), ",", ", ")}, "", "", false},
		"queue of policy":    {"queue-policy", props{"queueUrl": "x"}, "queueUrl", "queueUrl", false},
		"redrive count":      {"redrive", props{"redrivePolicy": "{}"}, "redrivePolicy", "", false},
		"threshold":          {"alarm", props{"threshold": 5}, "threshold", "", false},
		"alarm name":         {"alarm", props{"name": "x"}, "name", "name", false},
		"composite rule":     {"composite", props{"alarmRule": "OK(errors)"}, "alarmRule", "", false},
		"composite actions":  {"composite", props{"actionsEnabled": false}, "actionsEnabled", "actionsEnabled", true},
		"dashboard form":     {"dashboard", props{"dashboardBody": strings.ReplaceAll(s.things["dashboard"].inputs["dashboardBody"].StringValue(), " ", "")}, "", "", false},
		"dashboard name":     {"dashboard", props{"dashboardName": "x"}, "dashboardName", "dashboardName", false},
		"rule pattern":       {"rule", props{"eventPattern": `{"source":["x"]}`}, "eventPattern", "", false},
		"rule bus":           {"rule", props{"eventBusName": "default"}, "eventBusName", "eventBusName", true},
		"target ARN":         {"target", props{"arn": s.things["queue"].out("arn")}, "arn", "", false},
		"target rule":        {"target", props{"rule": "x"}, "rule", "rule", false},
		"archive days":       {"archive", props{"retentionDays": 8}, "retentionDays", "", false},
		"archive name":       {"archive", props{"name": "x"}, "name", "name", false},
		"schedule time":      {"schedule", props{"scheduleExpression": "rate(1 hour)"}, "scheduleExpression", "", false},
		"schedule group":     {"schedule", props{"groupName": "default"}, "groupName", "groupName", true},
		"metric pattern":     {"metric", props{"pattern": "WARN"}, "pattern", "", false},
		"metric's group":     {"metric", props{"logGroupName": "x"}, "logGroupName", "logGroupName", true},
		"forward pattern":    {"forward", props{"filterPattern": "x"}, "filterPattern", "", false},
		"forward to":         {"forward", props{"destinationArn": "arn:aws:lambda:us-east-1:123456789012:function:x"}, "destinationArn", "destinationArn", true},
		"policy text":        {"custom", props{"policy": grant("sqs:*", "s3:*")}, "policy", "", false},
		"policy description": {"custom", props{"description": "x"}, "description", "description", true},
		"profile role":       {"profile", props{"role": "scheduler"}, "role", "", false},
		"profile path":       {"profile", props{"path": "/x/"}, "path", "path", true},
		"issuer's clients":   {"oidc", props{"clientIdLists": []any{"x"}}, "clientIdLists", "", false},
		"issuer":             {"oidc", props{"url": "https://example.com"}, "url", "url", false},
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			d, _ := w.diff(s.things[c.key], with(mappable(s.things[c.key]), c.change))
			if got := strings.Join(d.Changed, " "); got != c.changed {
				t.Errorf("changed %q, want %q", got, c.changed)
			}
			if got := strings.Join(d.Replace, " "); got != c.replace {
				t.Errorf("replaces because of %q, want %q", got, c.replace)
			}
			if d.DeleteBeforeReplace != c.deleteFirst {
				t.Errorf("delete before replace is %v, want %v", d.DeleteBeforeReplace, c.deleteFirst)
			}
		})
	}
}

func TestServerlessCheckFailures(t *testing.T) {
	w := newWorld(t, "")
	function := props{"role": "arn:aws:iam::123456789012:role/x", "handler": "h", "runtime": "nodejs20.x", "s3Bucket": "b", "s3Key": "k"}
	alarm := props{"comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 2, "threshold": 1, "metricName": "m", "namespace": "n", "period": 60, "statistic": "Sum"}
	mapping := props{"eventSourceArn": "arn:aws:sqs:us-east-1:123456789012:q", "functionName": "f"}
	schedule := props{"scheduleExpression": "rate(5 minutes)", "flexibleTimeWindow": props{"mode": "OFF"}, "target": props{"arn": "arn:aws:sqs:us-east-1:123456789012:q", "roleArn": "arn:aws:iam::123456789012:role/x"}}
	target := props{"rule": "r", "arn": "arn:aws:sqs:us-east-1:123456789012:q"}
	for name, c := range map[string]struct {
		typ  string
		in   props
		want string
	}{
		"runtime":               {tFunction, with(function, props{"runtime": "nodejs14.x"}), "expected runtime to be one of"},
		"memory":                {tFunction, with(function, props{"memorySize": 64}), "range 128 to 10240"},
		"timeout":               {tFunction, with(function, props{"timeout": 901}), "range 1 to 900"},
		"no code":               {tFunction, with(function, props{"s3Bucket": nil, "s3Key": nil}), "exactly one of code, imageUri, s3Bucket"},
		"no handler":            {tFunction, with(function, props{"handler": nil}), "handler and runtime must be set when packageType is Zip"},
		"image with layers":     {tFunction, props{"role": function["role"], "packageType": "Image", "imageUri": "i", "layers": []any{"l"}}, "layers must not be given when packageType is Image"},
		"two architectures":     {tFunction, with(function, props{"architectures": []any{"arm64", "x86_64"}}), "one architecture"},
		"no S3 key":             {tFunction, with(function, props{"s3Key": nil}), "s3Key must be given with s3Bucket"},
		"permission action":     {tPermission, props{"action": "s3:Get", "function": "f", "principal": "*"}, "an action such as lambda:InvokeFunction"},
		"permission URL":        {tPermission, props{"action": "lambda:InvokeFunction", "function": "f", "principal": "*", "functionUrlAuthType": "NONE"}, "only supported for lambda:InvokeFunctionUrl"},
		"alias digits":          {tAlias, props{"name": "12", "functionName": "f", "functionVersion": "1"}, "not only digits"},
		"alias weight":          {tAlias, props{"functionName": "f", "functionVersion": "1", "routingConfig": props{"additionalVersionWeights": props{"2": 1.5}}}, "between 0 and 1"},
		"queue's position":      {tSourceMapping, with(mapping, props{"startingPosition": "LATEST"}), "startingPosition is not valid for SQS event sources"},
		"stream's position":     {tSourceMapping, with(mapping, props{"eventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s"}), "startingPosition must be given for a stream"},
		"batch window":          {tSourceMapping, with(mapping, props{"batchSize": 100}), "Maximum batch window in seconds must be greater than 0"},
		"FIFO batch":            {tSourceMapping, with(mapping, props{"eventSourceArn": mapping["eventSourceArn"].(string) + ".fifo", "batchSize": 11}), "at most 10"},
		"concurrency":           {tSourceMapping, with(mapping, props{"scalingConfig": props{"maximumConcurrency": 1}}), "range 2 to 1000"},
		"URL auth":              {tURL, props{"functionName": "f", "authorizationType": "OPEN"}, "NONE, AWS_IAM"},
		"URL method":            {tURL, props{"functionName": "f", "authorizationType": "NONE", "cors": props{"allowMethods": []any{"FETCH"}}}, "an HTTP method"},
		"retries":               {tInvokeConfig, props{"functionName": "f", "maximumRetryAttempts": 3}, "range 0 to 2"},
		"event age":             {tInvokeConfig, props{"functionName": "f", "maximumEventAgeInSeconds": 10}, "range 60 to 21600"},
		"warm zero":             {tConcurrency, props{"functionName": "f", "qualifier": "q", "provisionedConcurrentExecutions": 0}, "range 1"},
		"alarm statistic":       {tAlarm, with(alarm, props{"statistic": nil}), "one of statistic or extendedStatistic"},
		"alarm both":            {tAlarm, with(alarm, props{"extendedStatistic": "p95"}), "conflicts with statistic"},
		"alarm period":          {tAlarm, with(alarm, props{"period": 45}), "10, 30 or a multiple of 60"},
		"alarm day":             {tAlarm, with(alarm, props{"evaluationPeriods": 1441}), "more than a day"},
		"alarm datapoints":      {tAlarm, with(alarm, props{"datapointsToAlarm": 3}), "less than or equal to EvaluationPeriods"},
		"alarm action":          {tAlarm, with(alarm, props{"alarmActions": []any{"topic"}}), "an action is an ARN"},
		"alarm percentile":      {tAlarm, with(alarm, props{"statistic": nil, "extendedStatistic": "95"}), "a percentile such as p95"},
		"alarm queries":         {tAlarm, props{"comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "threshold": 1, "metricQueries": []any{props{"id": "e1", "expression": "m1/m2"}}}, "should return data, got 0"},
		"alarm without metric":  {tAlarm, with(alarm, props{"metricName": nil}), "exactly one of metricName, metricQueries"},
		"rule of composite":     {tComposite, props{"alarmName": "x", "alarmRule": "ALARM(a) OK(b)"}, "could not be parsed near"},
		"composite parentheses": {tComposite, props{"alarmName": "x", "alarmRule": "(ALARM(a) AND TRUE"}, "could not be parsed to its end"},
		"dashboard widget":      {tDashboard, props{"dashboardName": "x", "dashboardBody": `{"widgets":[{"type":"chart","properties":{}}]}`}, "/widgets/0/type"},
		"dashboard width":       {tDashboard, props{"dashboardName": "x", "dashboardBody": `{"widgets":[{"type":"text","properties":{},"width":25}]}`}, "between 1 and 24"},
		"dashboard body":        {tDashboard, props{"dashboardName": "x", "dashboardBody": `{}`}, "/widgets is required"},
		"bus default":           {tBus, props{"name": "default"}, "cannot be default"},
		"rule of nothing":       {tEventRule, props{"name": "r"}, "one of eventPattern or scheduleExpression"},
		"rule schedule":         {tEventRule, props{"name": "r", "scheduleExpression": "rate(1 minutes)"}, "Parameter ScheduleExpression is not valid"},
		"rule schedule on bus":  {tEventRule, props{"name": "r", "scheduleExpression": "rate(1 minute)", "eventBusName": "b"}, "only on the default event bus"},
		"rule pattern":          {tEventRule, props{"name": "r", "eventPattern": `{"source":"shop"}`}, `"source" must be an object or an array`},
		"target inputs":         {tEventTarget, with(target, props{"input": "{}", "inputPath": "$.x"}), "inputPath conflicts with input"},
		"target role":           {tEventTarget, with(target, props{"arn": "arn:aws:states:us-east-1:123456789012:stateMachine:x"}), "RoleArn is required"},
		"target input":          {tEventTarget, with(target, props{"input": "{"}), "invalid JSON"},
		"schedule expression":   {tSchedule, with(schedule, props{"scheduleExpression": "every day"}), "Invalid Schedule Expression"},
		"schedule window":       {tSchedule, with(schedule, props{"flexibleTimeWindow": props{"mode": "FLEXIBLE"}}), "must be given with mode FLEXIBLE"},
		"schedule zone":         {tSchedule, with(schedule, props{"scheduleExpressionTimezone": "utc+1"}), "Invalid ScheduleExpressionTimezone"},
		"topic name":            {tTopic, props{"name": "a b"}, "invalid value for name"},
		"topic FIFO name":       {tTopic, props{"name": "a", "fifoTopic": true}, "ends with .fifo"},
		"topic deduplication":   {tTopic, props{"name": "a", "contentBasedDeduplication": true}, "can only be set for FIFO topics"},
		"endpoint":              {tSubscription, props{"topic": "t", "protocol": "https", "endpoint": "http://x"}, "a URL that begins with https://"},
		"firehose role":         {tSubscription, props{"topic": "t", "protocol": "firehose", "endpoint": "arn:aws:firehose:us-east-1:123456789012:x"}, "subscriptionRoleArn must be given"},
		"metric dimensions":     {tMetricFilter, props{"logGroupName": "l", "pattern": "", "metricTransformation": props{"name": "n", "namespace": "s", "value": "1", "defaultValue": "0", "dimensions": props{"a": "$.a"}}}, "mutually exclusive"},
		"filter role":           {tSubFilter, props{"logGroup": "l", "filterPattern": "", "destinationArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s"}, "must be used with roleArn"},
		"policy effect":         {tManaged, props{"policy": `{"Statement":[{"Effect":"May"}]}`}, "Invalid effect"},
		"policy size":           {tManaged, props{"policy": grant(strings.Repeat("s", 6200))}, "Cannot exceed quota for PolicySize: 6144"},
		"thumbprint":            {tOidc, props{"url": "https://x", "clientIdLists": []any{"a"}, "thumbprintLists": []any{"xyz"}}, "40 hexadecimal digits"},
		"issuer":                {tOidc, props{"url": "http://x", "clientIdLists": []any{"a"}}, "must begin with https://"},
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
