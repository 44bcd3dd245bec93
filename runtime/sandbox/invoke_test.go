package sandbox

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/codegen/sdktypes"
	"github.com/panka-io/panka/runtime/sandbox/internal/typecheck"
)

func toKey(key string) resource.PropertyKey { return resource.PropertyKey(key) }

func TestSecretsAreInvokedAsSecrets(t *testing.T) {
	w := newWorld(t, shopConfig)
	sec, err := w.invoke("aws:secretsmanager/getSecret:getSecret", props{"name": secretName})
	if err != nil {
		t.Fatal(err)
	}
	arn := sec["arn"].StringValue()
	if !strings.HasPrefix(arn, "arn:aws:secretsmanager:us-east-1:123456789012:secret:"+secretName+"-") {
		t.Errorf("ARN %s", arn)
	}
	for _, id := range []string{secretName, arn, arn[:len(arn)-7]} {
		v, err := w.invoke("aws:secretsmanager/getSecretVersion:getSecretVersion", props{"secretId": id})
		if err != nil {
			t.Fatal(err)
		}
		if !v["secretString"].IsSecret() || unwrap(v["secretString"]).StringValue() != secretValue {
			t.Errorf("by %s the value is not given as a secret", id)
		}
	}
	for token, in := range map[string]props{
		"aws:secretsmanager/getSecret:getSecret":               {"name": "/none"},
		"aws:secretsmanager/getSecretVersion:getSecretVersion": {"secretId": "/none"},
	} {
		_, err := w.invoke(token, in)
		wantError(t, err, "ResourceNotFoundException: Secrets Manager can't find the specified secret.")
		wantError(t, err, "/none")
	}
}

func TestNetworkInvokes(t *testing.T) {
	w := newWorld(t, "")
	vpc, err := w.invoke("aws:ec2/getVpc:getVpc", props{"default": true})
	if err != nil {
		t.Fatal(err)
	}
	id := vpc["id"].StringValue()
	if len(id) != 21 || !strings.HasPrefix(id, "vpc-0") || vpc["cidrBlock"].StringValue() != "172.31.0.0/16" || !vpc["default"].BoolValue() {
		t.Errorf("default network: %v", vpc)
	}
	mine := w.create(tVpc, "net", props{"cidrBlock": "10.0.0.0/16", "tags": props{"Name": "mine"}})
	subnet := w.create(tSubnet, "a", props{"vpcId": mine.id, "cidrBlock": "10.0.1.0/24", "availabilityZone": "us-east-1b"})
	list := func(filters ...any) []resource.PropertyValue {
		out, err := w.invoke("aws:ec2/getSubnets:getSubnets", props{"filters": filters})
		if err != nil {
			t.Fatal(err)
		}
		return out["ids"].ArrayValue()
	}
	if got := list(props{"name": "vpc-id", "values": []any{id}}, props{"name": "default-for-az", "values": []any{"true"}}); len(got) != 3 {
		t.Errorf("the default network has %d subnets", len(got))
	}
	if got := list(props{"name": "vpc-id", "values": []any{mine.id}}); len(got) != 1 || got[0].StringValue() != subnet.id {
		t.Errorf("the other network has %v", got)
	}
	if got := list(props{"name": "vpc-id", "values": []any{mine.id}}, props{"name": "default-for-az", "values": []any{"true"}}); len(got) != 0 {
		t.Errorf("default subnets in a network that is not: %v", got)
	}
	if _, err := w.invoke("aws:ec2/getSubnets:getSubnets", props{"filters": []any{props{"name": "colour", "values": []any{"red"}}}}); err == nil {
		t.Error("an unknown filter is taken")
	}
	one, err := w.invoke("aws:ec2/getSubnet:getSubnet", props{"id": subnet.id})
	if err != nil || one["availabilityZoneId"].StringValue() != "use1-az2" {
		t.Errorf("subnet: %v, %v", one, err)
	}
	_, err = w.invoke("aws:ec2/getVpc:getVpc", props{"tags": props{"Name": "other"}})
	wantError(t, err, "no matching EC2 VPC found")
	_, err = w.invoke("aws:ec2/getVpc:getVpc", props{})
	wantError(t, err, "multiple EC2 VPCs matched")
	zones, err := w.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", props{"state": "available"})
	if err != nil || len(zones["names"].ArrayValue()) != 3 || zones["names"].ArrayValue()[0].StringValue() != "us-east-1a" {
		t.Errorf("zones: %v, %v", zones, err)
	}
}

// TestInvokeResults: every function gives every result that the SDK promises, in the right type.
func TestInvokeResults(t *testing.T) {
	w := newWorld(t, shopConfig+"parameters: {/p: {value: x}}\n"+certificates+zones)
	w.create(tCluster, "c", props{"name": "main"})
	role := w.create(tRole, "role", props{"name": "eks", "assumeRolePolicy": trust})
	all, err := w.invoke("aws:ec2/getSubnets:getSubnets", props{})
	if err != nil {
		t.Fatal(err)
	}
	inAll := all["ids"].Mappable()
	w.create(tKubernetes, "k", props{"name": "shop", "roleArn": role.out("arn"), "vpcConfig": props{"subnetIds": inAll}})
	w.create(tNodes, "n", props{"clusterName": "shop", "nodeGroupName": "general", "nodeRoleArn": role.out("arn"), "subnetIds": inAll,
		"scalingConfig": props{"minSize": 1, "desiredSize": 2, "maxSize": 3}})
	vpc, err := w.invoke("aws:ec2/getVpc:getVpc", props{"default": true})
	if err != nil {
		t.Fatal(err)
	}
	subnets, err := w.invoke("aws:ec2/getSubnets:getSubnets", props{})
	if err != nil {
		t.Fatal(err)
	}
	arguments := map[string]props{
		"aws:ec2/getVpc:getVpc":                                            {"id": vpc["id"].StringValue()},
		"aws:ec2/getSubnet:getSubnet":                                      {"id": subnets["ids"].ArrayValue()[0].StringValue()},
		"aws:ecs/getCluster:getCluster":                                    {"clusterName": "main"},
		"aws:eks/getNodeGroups:getNodeGroups":                              {"clusterName": "shop"},
		"aws:eks/getNodeGroup:getNodeGroup":                                {"clusterName": "shop", "nodeGroupName": "general"},
		"aws:secretsmanager/getSecret:getSecret":                           {"name": secretName},
		"aws:secretsmanager/getSecretVersion:getSecretVersion":             {"secretId": secretName},
		"aws:ssm/getParameter:getParameter":                                {"name": "/p"},
		"aws:acm/getCertificate:getCertificate":                            {"domain": "shop.example.com"},
		"aws:route53/getZone:getZone":                                      {"name": "example.com"},
		"aws:cloudfront/getCachePolicy:getCachePolicy":                     {"name": "Managed-CachingOptimized"},
		"aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy":     {"name": "Managed-AllViewer"},
		"aws:cloudfront/getResponseHeadersPolicy:getResponseHeadersPolicy": {"id": "67f7725c-6f97-4210-82d7-5512b31e9d03"},
		"aws:ec2/getPrefixList:getPrefixList":                              {"name": "com.amazonaws.us-east-1.s3"},
		"aws:ec2/getManagedPrefixList:getManagedPrefixList":                {"name": "com.amazonaws.global.cloudfront.origin-facing"},
		"aws:ec2/getAmi:getAmi":                                            {"owners": []any{"amazon"}, "mostRecent": true, "filters": []any{props{"name": "name", "values": []any{"al2023-ami-2023.*-arm64"}}}},
	}
	for token, shape := range w.account.types.Functions {
		out, err := w.invoke(token, arguments[token])
		if err != nil {
			t.Errorf("%s: %v", token, err)
			continue
		}
		for _, problem := range typecheck.Check(w.account.types, shape.Results, open(out).values) {
			t.Errorf("%s: %s", token, problem.Reason)
		}
	}
	nodes, err := w.invoke("aws:eks/getNodeGroup:getNodeGroup", arguments["aws:eks/getNodeGroup:getNodeGroup"])
	if err != nil || nodes["scalingConfigs"].ArrayValue()[0].ObjectValue()["desiredSize"].NumberValue() != 2 {
		t.Errorf("node group: %v, %v", nodes, err)
	}
	_, err = w.invoke("aws:eks/getNodeGroups:getNodeGroups", props{"clusterName": "none"})
	wantError(t, err, "No cluster found for name: none.")
	_, failures, err := w.p.Invoke(context.Background(), "aws:ec2/getVpc:getVpc", toMap(props{"default": "yes"}))
	if err != nil || len(failures) != 1 || !strings.Contains(failures[0].Reason, "expected boolean for default, got string") {
		t.Errorf("wrong argument: %v, %v", failures, err)
	}
	_, _, err = w.p.Invoke(context.Background(), "aws:s3/getBucket:getBucket", nil)
	wantError(t, err, "the sandbox does not simulate aws:s3/getBucket:getBucket")
}

// TestTablesAgree: every listed type has a behaviour, every behaviour names real properties, and outputs are declared.
func TestTablesAgree(t *testing.T) {
	w := newWorld(t, shopConfig)
	for typ := range w.account.types.Resources {
		if w.account.kinds[typ] == nil {
			t.Errorf("%s has types but no behaviour", typ)
		}
	}
	for token := range w.account.types.Functions {
		if w.account.functions[token] == nil {
			t.Errorf("%s has types but no answer", token)
		}
	}
	for typ, k := range w.account.kinds {
		shape, ok := w.account.types.Resources[typ]
		if ok == k.Untyped {
			t.Errorf("%s: untyped %v, types known %v", typ, k.Untyped, ok)
		}
		if k.Untyped {
			continue
		}
		names := slices.Concat(k.Replace, k.JSON, k.Ordered, k.Sets)
		if k.Name != "" {
			names = append(names, k.Name)
		}
		for _, ref := range k.Refs {
			names = append(names, strings.TrimSuffix(strings.Split(ref.Path, ".")[0], "[]"))
			if w.account.kinds[ref.To] == nil {
				t.Errorf("%s refers to %s, which is not simulated", typ, ref.To)
			}
		}
		for _, name := range names {
			fields := shape.Inputs
			for step := range strings.SplitSeq(name, ".") {
				if _, ok := fields[step]; !ok {
					t.Errorf("%s has no input %s", typ, name)
				}
				fields = w.account.types.Fields(fields[step])
			}
		}
	}
	s := newShop(t, w)
	for key, th := range s.things {
		shape := w.account.types.Resources[string(th.urn.Type())]
		values := open(th.outputs).values
		properties := sdktypes.Fields{}
		maps.Copy(properties, shape.Inputs)
		maps.Copy(properties, shape.Outputs)
		for _, problem := range typecheck.Check(w.account.types, properties, values) {
			if !strings.HasPrefix(problem.Reason, "missing") {
				t.Errorf("%s gives outputs the SDK does not know: %s", key, problem.Reason)
			}
		}
	}
}
