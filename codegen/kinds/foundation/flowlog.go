package foundation

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/spec"
)

// flowLogs records what goes over the network of a created VPC in a log group, if the Security document asks for it. key
// encrypts the log, nil for CloudWatch's own key.
func (v vpc) flowLogs(key jen.Code) {
	var settings struct {
		Enabled       bool   `yaml:"enabled"`
		Traffic       string `yaml:"traffic"`
		RetentionDays int    `yaml:"retentionDays"`
	}
	document := v.Stack().Security.Get("flowLogs")
	if ds := spec.Decode(document, &settings); ds.HasErrors() {
		v.Fail(ds...)
		return
	}
	if !settings.Enabled {
		return
	}
	source := document.Source
	v.Resource(component.Resource{
		Var: "flows", Type: "aws:cloudwatch/logGroup:LogGroup", Part: "flows", What: "log group of the network", Source: source,
		Args: Fields{
			{Name: "Name", Value: component.Str(path(v.Stack(), "network"))},
			{Name: "RetentionInDays", Value: component.Int(settings.RetentionDays)},
			{Name: "KmsKeyId", Value: key},
		},
	})
	iam.AddRole(v.Builder, iam.Role{
		Var: "flowRole", Part: "flows", What: "role of the flow logs", Trust: iam.TrustServices("vpc-flow-logs.amazonaws.com"), Source: source,
	})
	waitFor := iam.AddPolicy(v.Builder, iam.Policy{
		Var: "flowPolicy", Part: "flows", What: "policy of the flow logs", Role: "flowRole", Source: source,
		Statements: []iam.Statement{{
			Actions: []string{"logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"},
			// A log's streams have its ARN with a colon and more behind it.
			Resources: []jen.Code{jen.Id("flows").Dot("Arn"), component.Pulumi("Sprintf").Call(jen.Lit("%s:*"), jen.Id("flows").Dot("Arn"))},
		}},
	})
	v.Resource(component.Resource{
		Type: "aws:ec2/flowLog:FlowLog", Part: "flows", What: "flow logs", Source: source,
		Args: Fields{
			{Name: "VpcId", Value: id("network")},
			{Name: "TrafficType", Value: component.Str(settings.Traffic)},
			{Name: "LogDestinationType", Value: component.Str("cloud-watch-logs")},
			{Name: "LogDestination", Value: jen.Id("flows").Dot("Arn")},
			{Name: "IamRoleArn", Value: jen.Id("flowRole").Dot("Arn")},
		},
		Options: []jen.Code{dependsOn(jen.Id(waitFor[0]))},
	})
}
