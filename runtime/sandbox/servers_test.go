package sandbox

import (
	"fmt"
	"strings"
	"testing"

	"github.com/panka-io/panka/runtime/observe"
)

const (
	tTemplate   = "aws:ec2/launchTemplate:LaunchTemplate"
	tInstance   = "aws:ec2/instance:Instance"
	tAttach     = "aws:ec2/volumeAttachment:VolumeAttachment"
	tVolume     = "aws:ebs/volume:Volume"
	tSnapshots  = "aws:dlm/lifecyclePolicy:LifecyclePolicy"
	tASG        = "aws:autoscaling/group:Group"
	tASGPolicy  = "aws:autoscaling/policy:Policy"
	tASGTime    = "aws:autoscaling/schedule:Schedule"
	tHook       = "aws:autoscaling/lifecycleHook:LifecycleHook"
	tParameter  = "aws:ssm/parameter:Parameter"
	tScaleAt    = "aws:appautoscaling/scheduledAction:ScheduledAction"
	image       = "ami-0123456789abcdef0"
	userDataB64 = "IyEvYmluL3NoCg=="
)

// newFleet is an Auto Scaling group, a single instance with a volume, and what they need.
func newFleet(t *testing.T, w *world) *shop {
	t.Helper()
	s := &shop{world: w, things: map[string]*thing{}}
	vpc, err := w.invoke("aws:ec2/getVpc:getVpc", props{"default": true})
	if err != nil {
		t.Fatal(err)
	}
	found, err := w.invoke("aws:ec2/getSubnets:getSubnets", props{})
	if err != nil {
		t.Fatal(err)
	}
	var subnets []any
	for _, v := range found["ids"].ArrayValue() {
		subnets = append(subnets, v.StringValue())
	}
	vpcID := vpc["id"].StringValue()
	group := s.add("sg", tGroup, props{"vpcId": vpcID})
	role := s.add("role", tRole, props{"name": "server", "assumeRolePolicy": trustOf("ec2.amazonaws.com")})
	profile := s.add("profile", tProfile, props{"name": "server", "role": role.id})
	targets := s.add("targets", tTargets, props{"name": "fleet", "port": 80, "protocol": "HTTP", "vpcId": vpcID})
	template := s.add("template", tTemplate, props{"name": "fleet", "imageId": image, "instanceType": "t3.small", "vpcSecurityGroupIds": []any{group.id},
		"userData": userDataB64, "iamInstanceProfile": props{"name": profile.id}})
	asg := s.add("asg", tASG, props{"name": "fleet", "minSize": 1, "maxSize": 4, "desiredCapacity": 2, "vpcZoneIdentifiers": subnets,
		"launchTemplate": props{"id": template.id, "version": "$Latest"}, "targetGroupArns": []any{targets.id}, "terminationPolicies": []any{"OldestInstance", "Default"}})
	s.add("scaling", tASGPolicy, props{"name": "cpu", "autoscalingGroupName": asg.id, "policyType": "TargetTrackingScaling", "targetTrackingConfiguration": props{
		"targetValue": 60.0, "predefinedMetricSpecification": props{"predefinedMetricType": "ASGAverageCPUUtilization"}}})
	s.add("night", tASGTime, props{"scheduledActionName": "night", "autoscalingGroupName": asg.id, "recurrence": "0 22 * * *", "desiredCapacity": 1})
	s.add("hook", tHook, props{"name": "drain", "autoscalingGroupName": asg.id, "lifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING"})
	instance := s.add("instance", tInstance, props{"ami": image, "instanceType": "t3.small", "subnetId": subnets[0], "vpcSecurityGroupIds": []any{group.id},
		"iamInstanceProfile": profile.id, "userData": "#!/bin/sh\n", "tags": tagsFor("server")})
	volume := s.add("volume", tVolume, props{"availabilityZone": instance.out("availabilityZone"), "size": 20, "type": "gp3"})
	s.add("attach", tAttach, props{"deviceName": "/dev/sdf", "instanceId": instance.id, "volumeId": volume.id})
	keeper := s.add("keeper", tRole, props{"name": "keeper", "assumeRolePolicy": trustOf("dlm.amazonaws.com")})
	s.add("backups", tSnapshots, props{"description": "daily snapshots", "executionRoleArn": keeper.out("arn"), "policyDetails": lifecycle("03:00")})
	s.add("parameter", tParameter, props{"name": "/shop/token", "type": "SecureString", "value": secret(secretValue)})
	return s
}

func lifecycle(at string) props {
	return props{"resourceTypes": []any{"VOLUME"}, "targetTags": props{"backup": "daily"}, "schedules": []any{props{"name": "daily",
		"createRule": props{"interval": 24, "intervalUnit": "HOURS", "times": at}, "retainRule": props{"count": 7}}}}
}

func TestFleetLifecycle(t *testing.T) {
	w := newWorld(t, "")
	s := newFleet(t, w)
	if n := strings.Count(w.file(), secretValue); n != 1 {
		t.Errorf("the parameter's value is in cloud.json %d times, want once, among the secrets", n)
	}
	if h := s.health(s.things["asg"]); h.Detail != "2/2 instances in service" {
		t.Errorf("the group is %+v", h)
	}
	i := s.things["instance"]
	if !strings.HasPrefix(i.id, "i-0") || !strings.HasPrefix(i.out("privateIp"), "172.31.") || i.out("publicIp") == "" || !strings.HasSuffix(i.out("privateDns"), ".ec2.internal") {
		t.Errorf("instance %s has %v", i.id, i.outputs)
	}
	s.lifecycle(t)
	if strings.Contains(w.file(), secretValue) {
		t.Error("the deleted parameter's value is still there")
	}
}

func TestFleetDiffs(t *testing.T) {
	w := newWorld(t, "")
	s := newFleet(t, w)
	zones := s.things["asg"].inputs["vpcZoneIdentifiers"].ArrayValue()
	for name, c := range map[string]struct {
		key              string
		change           props
		changed, replace string
		deleteFirst      bool
	}{
		"template image":       {"template", props{"imageId": "ami-0123456789abcdef1"}, "imageId", "", false},
		"template name":        {"template", props{"name": "other"}, "name", "name", false},
		"group size":           {"asg", props{"maxSize": 6}, "maxSize", "", false},
		"group subnets turned": {"asg", props{"vpcZoneIdentifiers": []any{zones[2].StringValue(), zones[1].StringValue(), zones[0].StringValue()}}, "", "", false},
		"order of termination": {"asg", props{"terminationPolicies": []any{"Default", "OldestInstance"}}, "terminationPolicies", "", false},
		"group name":           {"asg", props{"name": "other"}, "name", "name", false},
		"scaling target":       {"scaling", props{"targetTrackingConfiguration": props{"targetValue": 70.0, "predefinedMetricSpecification": props{"predefinedMetricType": "ASGAverageCPUUtilization"}}}, "targetTrackingConfiguration", "", false},
		"scaling type":         {"scaling", props{"policyType": "SimpleScaling", "scalingAdjustment": 1, "adjustmentType": "ExactCapacity", "targetTrackingConfiguration": nil}, "adjustmentType policyType scalingAdjustment targetTrackingConfiguration", "policyType", true},
		"night size":           {"night", props{"desiredCapacity": 2}, "desiredCapacity", "", false},
		"night name":           {"night", props{"scheduledActionName": "day"}, "scheduledActionName", "scheduledActionName", false},
		"hook timeout":         {"hook", props{"heartbeatTimeout": 60}, "heartbeatTimeout", "", false},
		"hook group":           {"hook", props{"autoscalingGroupName": "x"}, "autoscalingGroupName", "autoscalingGroupName", true},
		"instance type":        {"instance", props{"instanceType": "t3.large"}, "instanceType", "", false},
		"image":                {"instance", props{"ami": "ami-0123456789abcdef1"}, "ami", "ami", false},
		"user data":            {"instance", props{"userData": "x"}, "userData", "", false},
		"user data replaces":   {"instance", props{"userData": "x", "userDataReplaceOnChange": true}, "userData userDataReplaceOnChange", "userData", false},
		"root size":            {"instance", props{"rootBlockDevice": props{"volumeSize": 30}}, "rootBlockDevice", "", false},
		"root encryption":      {"instance", props{"rootBlockDevice": props{"encrypted": true}}, "rootBlockDevice", "rootBlockDevice", false},
		"volume size":          {"volume", props{"size": 30}, "size", "", false},
		"volume zone":          {"volume", props{"availabilityZone": "us-east-1c"}, "availabilityZone", "availabilityZone", false},
		"volume encryption":    {"volume", props{"encrypted": true}, "encrypted", "encrypted", false},
		"device":               {"attach", props{"deviceName": "/dev/sdg"}, "deviceName", "deviceName", false},
		"backup time":          {"backups", props{"policyDetails": lifecycle("04:00")}, "policyDetails", "", false},
		"parameter value":      {"parameter", props{"value": secret("other")}, "value", "", false},
		"parameter name":       {"parameter", props{"name": "/x"}, "name", "name", false},
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			d, _ := w.diff(s.things[c.key], with(mappable(s.things[c.key]), c.change))
			got := strings.Join(d.Changed, " ") + "|" + strings.Join(d.Replace, " ") + "|" + fmt.Sprint(d.DeleteBeforeReplace)
			if want := c.changed + "|" + c.replace + "|" + fmt.Sprint(c.deleteFirst); got != want {
				t.Errorf("changed|replace|delete first are %q, want %q", got, want)
			}
		})
	}
}

func TestFleetCheckFailures(t *testing.T) {
	w := newWorld(t, "")
	group := props{"minSize": 1, "maxSize": 2, "vpcZoneIdentifiers": []any{"s"}, "launchTemplate": props{"id": "lt-1"}}
	volume := props{"availabilityZone": "us-east-1a", "size": 20, "type": "gp3"}
	for name, c := range map[string]struct {
		typ  string
		in   props
		want string
	}{
		"template user data": {tTemplate, props{"userData": "#!/bin/sh"}, "Invalid BASE64 encoding of user data."},
		"template image":     {tTemplate, props{"imageId": "ubuntu"}, "an image ID is ami-"},
		"group bounds":       {tASG, with(group, props{"minSize": 3}), "Max bound, 2, must be greater than or equal to min bound, 3"},
		"group desired":      {tASG, with(group, props{"desiredCapacity": 5}), "Desired capacity:5 must be between the specified min size:1 and max size:2"},
		"group nowhere":      {tASG, with(group, props{"vpcZoneIdentifiers": nil}), "At least one Availability Zone or VPC Subnet is required."},
		"group of nothing":   {tASG, with(group, props{"launchTemplate": nil}), "exactly one of launchConfiguration, launchTemplate"},
		"group template":     {tASG, with(group, props{"launchTemplate": props{"version": "1"}}), "exactly one of launchTemplate.id, launchTemplate.name"},
		"policy empty":       {tASGPolicy, props{"autoscalingGroupName": "g", "policyType": "TargetTrackingScaling"}, "targetTrackingConfiguration must be given"},
		"policy metric":      {tASGPolicy, props{"autoscalingGroupName": "g", "policyType": "TargetTrackingScaling", "targetTrackingConfiguration": props{"targetValue": 1.0, "predefinedMetricSpecification": props{"predefinedMetricType": "CPU"}}}, "ASGAverageCPUUtilization"},
		"schedule empty":     {tASGTime, props{"autoscalingGroupName": "g", "scheduledActionName": "a", "recurrence": "0 0 * * *"}, "one of minSize, maxSize, desiredCapacity"},
		"schedule cron":      {tASGTime, props{"autoscalingGroupName": "g", "scheduledActionName": "a", "desiredCapacity": 1, "recurrence": "cron(0 0 * * ? *)"}, "five cron fields"},
		"hook transition":    {tHook, props{"autoscalingGroupName": "g", "lifecycleTransition": "launch"}, "EC2_INSTANCE_LAUNCHING"},
		"hook target":        {tHook, props{"autoscalingGroupName": "g", "lifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING", "notificationTargetArn": "arn:aws:sns:us-east-1:123456789012:t"}, "roleArn must be given"},
		"instance of what":   {tInstance, props{"instanceType": "t3.small"}, "one of ami, launchTemplate"},
		"instance type":      {tInstance, props{"ami": image, "instanceType": "small"}, "an instance type is"},
		"instance tokens":    {tInstance, props{"ami": image, "instanceType": "t3.small", "metadataOptions": props{"httpTokens": "on"}}, "optional, required"},
		"volume iops":        {tVolume, with(volume, props{"iops": 100}), "minimum is 3000"},
		"volume without":     {tVolume, with(volume, props{"size": nil}), "one of size, snapshotId"},
		"volume throughput":  {tVolume, with(volume, props{"type": "gp2", "throughput": 125}), "only be given for type gp3"},
		"device":             {tAttach, props{"deviceName": "disk", "instanceId": "i", "volumeId": "v"}, "a device such as /dev/sdf"},
		"backup interval":    {tSnapshots, props{"description": "d", "executionRoleArn": "arn:aws:iam::123456789012:role/r", "policyDetails": props{"resourceTypes": []any{"VOLUME"}, "targetTags": props{"a": "b"}, "schedules": []any{props{"name": "n", "createRule": props{"interval": 5}, "retainRule": props{"count": 1}}}}}, "to be one of [1 2 3 4 6 8 12 24]"},
		"backup of nothing":  {tSnapshots, props{"description": "d", "executionRoleArn": "arn:aws:iam::123456789012:role/r", "policyDetails": props{}}, "targetTags must be given"},
		"parameter name":     {tParameter, props{"name": "/aws/x", "type": "String", "value": "v"}, "can't be prefixed"},
		"parameter size":     {tParameter, props{"name": "x", "type": "String", "value": strings.Repeat("v", 5000)}, "exceeds the maximum of 4096"},
		"parameter empty":    {tParameter, props{"name": "x", "type": "String"}, "exactly one of value, insecureValue"},
		"parameter insecure": {tParameter, props{"name": "x", "type": "SecureString", "insecureValue": "v"}, "cannot be set with type SecureString"},
		"action time":        {tScaleAt, props{"resourceId": "r", "serviceNamespace": "ecs", "scalableDimension": "ecs:x", "schedule": "daily", "scalableTargetAction": props{"minCapacity": 1}}, "rate(5 minutes)"},
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

func TestFleetRefusals(t *testing.T) {
	w := newWorld(t, "parameters: {/given: {value: x}}\n")
	s := newFleet(t, w)
	given := func(key string, change props) props { return with(mappable(s.things[key]), change) }
	byIP := s.create(tTargets, "ip", given("targets", props{"name": "by-ip", "targetType": "ip"}))
	bare := s.create(tTemplate, "bare", props{"name": "bare", "instanceType": "t3.small"})
	far := s.create(tVolume, "far", props{"availabilityZone": "us-east-1c", "size": 1})
	near := s.create(tVolume, "near", props{"availabilityZone": s.things["instance"].out("availabilityZone"), "size": 1})
	for name, c := range map[string]struct {
		typ  string
		in   props
		want string
	}{
		"template taken":     {tTemplate, given("template", nil), "Launch template name already in use."},
		"group taken":        {tASG, given("asg", nil), "A group with the name fleet already exists"},
		"group subnet":       {tASG, given("asg", props{"name": "x", "vpcZoneIdentifiers": []any{"subnet-0"}}), "The subnet ID 'subnet-0' does not exist"},
		"group template":     {tASG, given("asg", props{"name": "x", "launchTemplate": props{"id": "lt-0"}}), "You must use a valid fully-formed launch template"},
		"group image":        {tASG, given("asg", props{"name": "x", "launchTemplate": props{"id": bare.id}}), "must contain the parameter ImageId"},
		"group target type":  {tASG, given("asg", props{"name": "x", "targetGroupArns": []any{byIP.id}}), "have target type of instance"},
		"policy of no group": {tASGPolicy, given("scaling", props{"autoscalingGroupName": "none"}), "AutoScalingGroup name not found - none"},
		"hook to nowhere":    {tHook, given("hook", props{"name": "x", "notificationTargetArn": "arn:aws:sns:us-east-1:123456789012:none", "roleArn": s.things["role"].out("arn")}), "Unable to publish test message"},
		"instance subnet":    {tInstance, given("instance", props{"subnetId": "subnet-0"}), "InvalidSubnetID.NotFound"},
		"instance group":     {tInstance, given("instance", props{"vpcSecurityGroupIds": []any{"sg-0"}}), "InvalidGroup.NotFound"},
		"instance profile":   {tInstance, given("instance", props{"iamInstanceProfile": "none"}), "Invalid IAM Instance Profile name"},
		"instance address":   {tInstance, given("instance", props{"privateIp": "10.0.0.1"}), "does not fall within the subnet's address range"},
		"volume zone":        {tVolume, given("volume", props{"availabilityZone": "eu-west-1a"}), "InvalidZone.NotFound"},
		"attached already":   {tAttach, given("attach", props{"deviceName": "/dev/sdg"}), "is already attached to an instance"},
		"device taken":       {tAttach, given("attach", props{"volumeId": near.id}), "Attachment point /dev/sdf is already in use"},
		"another zone":       {tAttach, given("attach", props{"volumeId": far.id}), "InvalidVolume.ZoneMismatch"},
		"no volume":          {tAttach, given("attach", props{"volumeId": "vol-0"}), "InvalidVolume.NotFound"},
		"backup role":        {tSnapshots, given("backups", props{"executionRoleArn": s.things["role"].out("arn")}), "cannot be assumed by DLM"},
		"parameter taken":    {tParameter, given("parameter", nil), "ParameterAlreadyExists"},
		"parameter given":    {tParameter, given("parameter", props{"name": "/given"}), "ParameterAlreadyExists"},
		"action without":     {tScaleAt, props{"name": "a", "resourceId": "r", "serviceNamespace": "ecs", "scalableDimension": "ecs:x", "schedule": "rate(1 hour)", "scalableTargetAction": props{"minCapacity": 1}}, "ObjectNotFoundException: No scalable target registered"},
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
	wantError(t, s.update(s.things["volume"], given("volume", props{"size": 10})), "New size cannot be smaller than existing size")
	wantError(t, s.delete(s.things["volume"]), "is currently attached to "+s.things["instance"].id)
	wantError(t, s.delete(s.things["sg"]), "DependencyViolation")
	if err := s.update(s.things["instance"], given("instance", props{"disableApiTermination": true})); err != nil {
		t.Fatal(err)
	}
	wantError(t, s.delete(s.things["instance"]), "may not be terminated")
	if err := s.delete(s.things["asg"]); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"scaling", "night", "hook"} {
		if s.read(s.things[key]).Found {
			t.Errorf("%s outlives its group", key)
		}
	}
}

// TestFleetChanges: versions of templates and parameters, groups that lose what they launch from, final snapshots.
func TestFleetChanges(t *testing.T) {
	w := newWorld(t, "")
	s := newFleet(t, w)
	template, asg, parameter := s.things["template"], s.things["asg"], s.things["parameter"]
	if err := s.update(template, with(mappable(template), props{"instanceType": "t3.large", "updateDefaultVersion": true})); err != nil {
		t.Fatal(err)
	}
	if l, d := template.outputs["latestVersion"].NumberValue(), template.outputs["defaultVersion"].NumberValue(); l != 2 || d != 2 {
		t.Errorf("after a change the latest version is %v and the default one %v, want 2 and 2", l, d)
	}
	if err := s.update(template, with(mappable(template), props{"tags": props{"a": "b"}})); err != nil || template.outputs["latestVersion"].NumberValue() != 2 {
		t.Errorf("tags made version %v, %v", template.outputs["latestVersion"], err)
	}
	if err := s.update(parameter, with(mappable(parameter), props{"value": secret("second-value")})); err != nil {
		t.Fatal(err)
	}
	got, err := w.invoke("aws:ssm/getParameter:getParameter", props{"name": "/shop/token"})
	if err != nil || !got["value"].IsSecret() || unwrap(got["value"]).StringValue() != "second-value" || got["version"].NumberValue() != 2 {
		t.Errorf("the parameter reads %v, %v", got, err)
	}
	if err := s.delete(template); err != nil {
		t.Fatal(err)
	}
	if h := s.health(asg); h.Health != observe.Unhealthy || !strings.Contains(h.Detail, "0/2 instances in service: the launch template does not exist") {
		t.Errorf("a group without a template is %+v", h)
	}
	last := s.create(tVolume, "last", props{"availabilityZone": "us-east-1a", "size": 1, "finalSnapshot": true})
	if err := s.delete(last); err != nil || !strings.Contains(w.file(), `"database": "`+last.id+`"`) {
		t.Errorf("no final snapshot of the volume: %v", err)
	}
}

func TestScheduledActionsGoWithTheirTarget(t *testing.T) {
	w := newWorld(t, shopConfig)
	s := newShop(t, w)
	target := s.things["scalable"]
	in := props{"name": "night", "resourceId": target.id, "serviceNamespace": "ecs", "scalableDimension": "ecs:service:DesiredCount",
		"schedule": "cron(0 22 * * ? *)", "scalableTargetAction": props{"minCapacity": 0, "maxCapacity": 1}}
	action := s.create(tScaleAt, "night", in)
	if err := s.update(action, with(in, props{"schedule": "rate(12 hours)"})); err != nil {
		t.Error(err)
	}
	if d, _ := s.diff(action, with(in, props{"name": "other"})); strings.Join(d.Replace, " ") != "name" {
		t.Errorf("another name replaces because of %v", d.Replace)
	}
	if err := s.delete(target); err != nil || s.read(action).Found {
		t.Errorf("the action outlives its target: %v", err)
	}
}

func TestImages(t *testing.T) {
	w := newWorld(t, "")
	find := func(change props) (string, error) {
		out, err := w.invoke("aws:ec2/getAmi:getAmi", with(props{"owners": []any{"amazon"}, "mostRecent": true,
			"filters": []any{props{"name": "name", "values": []any{"al2023-ami-2023.*-x86_64"}}}}, change))
		if err != nil {
			return "", err
		}
		return out["id"].StringValue(), nil
	}
	first, err := find(nil)
	if again, _ := find(nil); err != nil || again != first || !strings.HasPrefix(first, "ami-0") || len(first) != 21 {
		t.Errorf("images %s and %s, %v", first, again, err)
	}
	if other, _ := find(props{"owners": []any{"099720109477"}}); other == first {
		t.Error("two owners have the same image")
	}
	_, err = find(props{"owners": []any{"self"}})
	wantError(t, err, "your query returned no results")
	_, err = find(props{"mostRecent": false})
	wantError(t, err, "more than one result")
}
