package lambda

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/diag"
)

// trigger registers what makes a trigger work. Schedules have a role in common, see schedules.
func (f *function) trigger(t trigger) {
	switch {
	case t.Queue != nil:
		f.mapping(t, f.queue(t.Queue, t.Source))
	case t.Stream != nil:
		f.mapping(t, f.stream(t.Stream, t.Source))
	case t.Kafka != nil:
		f.mapping(t, f.kafka(t.Kafka, t.Source))
	case t.Topic != "" && t.Enabled: // a subscription cannot be turned off
		f.topic(t)
	}
}

// polling is what Lambda needs to poll, beside what the references to queues, tables and clusters give.
func (f *function) polling() []iam.Statement {
	var all []iam.Statement
	for _, t := range f.Triggers {
		switch {
		case t.Stream != nil:
			all = append(all, iam.Statement{
				Actions:   []string{"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"},
				Resources: []jen.Code{f.UseText(t.Stream.Component, "streamArn", t.Source)},
			}, iam.Statement{
				Actions: []string{"dynamodb:ListStreams"}, Resources: []jen.Code{jen.Lit("*")}, // it lists those of the account
			})
		case t.Kafka != nil:
			all = append(all, f.pollCluster(t)...)
		}
	}
	return all
}

// pollCluster lets Lambda put network interfaces beside the brokers, as "Configuring Lambda permissions for Amazon MSK event
// source mappings" wants it. EC2 cannot limit what is only looked at; an interface has no ARN before it is made, so making and
// removing are limited to the account and the region.
func (f *function) pollCluster(t trigger) []iam.Statement {
	all := []iam.Statement{{
		Actions:   []string{"ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"},
		Resources: []jen.Code{jen.Lit("*")},
	}, {
		Actions: []string{"ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"}, Resources: []jen.Code{f.AccountARN("ec2", "*/*")},
	}}
	if f.isMSK(t.Kafka) {
		all = append(all, iam.Statement{
			Actions:   []string{"kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"},
			Resources: []jen.Code{f.UseText(t.Kafka.Component, "arn", t.Source)},
		})
	}
	return all
}

func (f *function) isMSK(k *kafkaTrigger) bool {
	target, _ := f.Target(k.Component)
	return target != nil && target.Kind == "MSK"
}

// mapping registers a poller.
func (f *function) mapping(t trigger, args component.Fields) {
	args = append(component.Fields{
		{Name: "FunctionName", Value: f.callee("Arn")},
		{Name: "Enabled", Value: component.Bool(t.Enabled)},
	}, args...)
	if len(t.Filters) > 0 {
		var filters []jen.Code
		for _, pattern := range t.Filters {
			filters = append(filters, component.Struct(component.AWS("lambda", "EventSourceMappingFilterCriteriaFilterArgs"),
				component.Fields{{Name: "Pattern", Value: component.Str(pattern)}}))
		}
		args = append(args, component.Field{Name: "FilterCriteria", Value: component.Struct(
			component.AWS("lambda", "EventSourceMappingFilterCriteriaArgs"), component.Fields{{Name: "Filters",
				Value: component.List(component.AWS("lambda", "EventSourceMappingFilterCriteriaFilterArray"), filters...)}})})
	}
	f.Resource(component.Resource{
		Type: "aws:lambda/eventSourceMapping:EventSourceMapping", Part: t.Name, What: "trigger " + t.Name, Source: t.Source, Args: args,
	})
}

// fields are how messages are gathered. Lambda takes no window at all for a FIFO queue.
func (b batch) fields() component.Fields {
	return component.Fields{
		{Name: "BatchSize", Value: component.Int(b.Size)},
		{Name: "MaximumBatchingWindowInSeconds", Value: component.If(b.Window > 0, component.Int(int(b.Window)))},
	}
}

func reported(failures bool) component.Field {
	return component.Field{Name: "FunctionResponseTypes",
		Value: component.If(failures, component.StrArray(component.Str("ReportBatchItemFailures")))}
}

func (f *function) queue(q *queueTrigger, source diag.Position) component.Fields {
	args := append(component.Fields{{Name: "EventSourceArn", Value: f.UseText(q.Component, "arn", source)}}, q.fields()...)
	if q.MaxConcurrency != nil {
		args = append(args, component.Field{Name: "ScalingConfig", Value: component.Struct(
			component.AWS("lambda", "EventSourceMappingScalingConfigArgs"),
			component.Fields{{Name: "MaximumConcurrency", Value: component.Int(*q.MaxConcurrency)}})})
	}
	return append(args, reported(q.ReportFailures))
}

func (f *function) stream(s *streamTrigger, source diag.Position) component.Fields {
	args := component.Fields{
		{Name: "EventSourceArn", Value: f.UseText(s.Component, "streamArn", source)},
		{Name: "StartingPosition", Value: component.Str(s.StartingPosition)},
	}
	args = append(args, s.fields()...)
	args = append(args,
		component.Field{Name: "ParallelizationFactor", Value: component.Int(s.Parallelization)},
		component.Field{Name: "MaximumRetryAttempts", Value: number(s.Retries)},
		component.Field{Name: "MaximumRecordAgeInSeconds", Value: seconds(s.MaxAge)},
		component.Field{Name: "BisectBatchOnFunctionError", Value: component.If(s.BisectOnError, component.Bool(true))},
		reported(s.ReportFailures))
	if s.OnFailure != "" {
		args = append(args, component.Field{Name: "DestinationConfig", Value: component.Struct(
			component.AWS("lambda", "EventSourceMappingDestinationConfigArgs"), component.Fields{{Name: "OnFailure", Value: component.Struct(
				component.AWS("lambda", "EventSourceMappingDestinationConfigOnFailureArgs"),
				component.Fields{{Name: "DestinationArn", Value: f.arn(s.OnFailure, source)}})}})})
	}
	return args
}

// kafka polls a cluster of MSK, which knows its network itself, or brokers of one's own from the function's network.
func (f *function) kafka(k *kafkaTrigger, source diag.Position) component.Fields {
	group := k.ConsumerGroup
	if group == "" {
		group = f.Component().Name
	}
	config := func(kind string) component.Field {
		return component.Field{Name: kind + "KafkaEventSourceConfig", Value: component.Struct(
			component.AWS("lambda", "EventSourceMapping"+kind+"KafkaEventSourceConfigArgs"),
			component.Fields{{Name: "ConsumerGroupId", Value: component.Str(group)}})}
	}
	args := component.Fields{
		{Name: "Topics", Value: component.StrArray(component.Str(k.Topic))},
		{Name: "StartingPosition", Value: component.Str(k.StartingPosition)},
	}
	args = append(args, k.fields()...)
	if f.isMSK(k) {
		return append(args, component.Field{Name: "EventSourceArn", Value: f.UseText(k.Component, "arn", source)}, config("AmazonManaged"))
	}
	return append(args, config("SelfManaged"), component.Field{Name: "SelfManagedEventSource", Value: component.Struct(
		component.AWS("lambda", "EventSourceMappingSelfManagedEventSourceArgs"), component.Fields{{Name: "Endpoints",
			Value: component.Map(component.Pulumi("StringMap"), component.Fields{{Name: "KAFKA_BOOTSTRAP_SERVERS",
				Value: f.UseText(k.Component, "bootstrapBrokers", source)}})}})}, f.brokerNetwork())
}

// brokerNetwork is from where Lambda reaches brokers that are not MSK's: from the first two private subnets, as every
// network of panka's has two, with the function's security group, to which the brokers are open.
func (f *function) brokerNetwork() component.Field {
	access := func(typ, format string, id jen.Code) jen.Code {
		return component.Struct(component.AWS("lambda", "EventSourceMappingSourceAccessConfigurationArgs"), component.Fields{
			{Name: "Type", Value: component.Str(typ)},
			{Name: "Uri", Value: component.Pulumi("Sprintf").Call(jen.Lit(format), id)},
		})
	}
	var all []jen.Code
	for i := range 2 {
		all = append(all, access("VPC_SUBNET", "subnet:%s", jen.Id("base").Dot("privateSubnetIDs").Dot("Index").Call(component.Int(i))))
	}
	all = append(all, access("VPC_SECURITY_GROUP", "security_group:%s", network.ID("securityGroup")))
	return component.Field{Name: "SourceAccessConfigurations",
		Value: component.List(component.AWS("lambda", "EventSourceMappingSourceAccessConfigurationArray"), all...)}
}

// topic subscribes the function.
func (f *function) topic(t trigger) {
	local, arn := "may"+names.Exported("call", t.Name), f.UseText(t.Topic, "arn", t.Source)
	f.permission(local, t.Name, "sns.amazonaws.com", arn, t.Source)
	f.Resource(component.Resource{
		Type: "aws:sns/topicSubscription:TopicSubscription", Part: t.Name, What: "trigger " + t.Name, Source: t.Source,
		Args: component.Fields{
			{Name: "Topic", Value: arn},
			{Name: "Protocol", Value: component.Str("lambda")},
			{Name: "Endpoint", Value: f.callee("Arn")},
		},
		Options: []jen.Code{component.DependsOn(local)},
	})
}
