package foundation

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/codegen/pod"
)

// insights installs what sends the pods' output to CloudWatch Logs, and their metrics to Container Insights, which alarms of
// components on Kubernetes rest on: AWS has no others about pods.
//
// Output goes to the log group that its pod's annotation names, in a stream for each container, and that of pods without one
// to a group of the cluster's. All groups are made by panka, with an end to how long they keep things, so nobody there may
// make one.
func (k *eks) insights() {
	group := "/aws/containerinsights/" + k.name() + "/"
	var logs []string
	var owned []jen.Code
	for _, part := range []string{"application", "dataplane", "host", "performance"} {
		local := part + "Logs"
		k.logGroup(local, "kubernetes-"+part, "log group of the cluster ("+part+")", group+part)
		logs = append(logs, local)
		owned = append(owned, component.Pulumi("Sprintf").Call(jen.Lit("%s:*"), jen.Id(local).Dot("Arn")))
	}
	ready := k.serviceRole(serviceRole{
		local: "insightsRole", part: "insights", what: "role of the logs and metrics", namespace: "amazon-cloudwatch", account: "cloudwatch-agent",
		statements: []iam.Statement{
			{
				Actions:   []string{"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"},
				Resources: append(owned, k.AccountARN("logs", "log-group:"+path(k.Stack(), "*")+":*")),
			},
			{
				// CloudWatch has no resources to limit this to but the namespace.
				Actions: []string{"cloudwatch:PutMetricData"}, Resources: []jen.Code{jen.Lit("*")},
				Conditions: []iam.Condition{{Operator: "StringEquals", Key: "cloudwatch:namespace", Values: []jen.Code{jen.Lit("ContainerInsights")}}},
			},
			{
				// The agent looks up its own node, and EC2 has no resources to limit that to.
				Actions: []string{"ec2:DescribeTags", "ec2:DescribeVolumes"}, Resources: []jen.Code{jen.Lit("*")},
			},
		},
	})
	k.Statement(jen.Comment("Pods' output goes to the log group that their annotation names."),
		jen.Id("output").Op(":=").Qual("strings", "Join").Call(component.List(jen.Index().String(), texts(logRouting(group+"application"))...), jen.Lit("\n")), jen.Line())
	k.ready = append(k.ready, k.addon(addon{
		name: "amazon-cloudwatch-observability", role: "insightsRole", after: append(append(ready, logs...), k.groups...),
		settings: component.Pulumi("JSONMarshal").Call(component.Object(Fields{
			within(jen.True(), "agent", "config", "logs", "metrics_collected", "kubernetes", "enhanced_container_insights"),
			within(jen.Id("output"), "containerLogs", "fluentBit", "config", "extraFiles", "application-log.conf"),
		})),
	}))
}

// within is a value inside of JSON objects, at a path.
func within(v jen.Code, path ...string) component.Field {
	if len(path) == 1 {
		return component.Field{Name: path[0], Value: v}
	}
	return component.Field{Name: path[0], Value: component.Object(Fields{within(v, path[1:]...)})}
}

// logRouting is the part of Fluent Bit's configuration that is about containers' output; fallback is the log group of pods
// that name none. The add-on sets the variables.
func logRouting(fallback string) []string {
	const text = `[INPUT]
  Name tail
  Tag application.*
  Path /var/log/containers/*.log
  multiline.parser docker, cri
  DB /var/fluent-bit/state/flb_container.db
  Mem_Buf_Limit 50MB
  storage.type filesystem
  Skip_Long_Lines On
  Refresh_Interval 10
  Rotate_Wait 30
  Read_from_Head On
[FILTER]
  Name kubernetes
  Match application.*
  Kube_Tag_Prefix application.var.log.containers.
  Merge_Log Off
  Labels Off
  Annotations On
  Use_Kubelet On
  Kubelet_Port 10250
  Buffer_Size 0
[OUTPUT]
  Name cloudwatch_logs
  Match application.*
  region ${AWS_REGION}
  log_group_name FALLBACK
  log_group_template $kubernetes['annotations']['ANNOTATION']
  log_stream_prefix ${HOST_NAME}-
  log_stream_template $kubernetes['pod_name'].$kubernetes['container_name']
  log_key log
  auto_create_group false
`
	lines := strings.Split(strings.NewReplacer("FALLBACK", fallback, "ANNOTATION", pod.LogGroupAnnotation).Replace(text), "\n")
	return lines
}

// alarms tell of a cluster that cannot run what it should: of nodes that failed, and of pods that find no place, which is
// so when the autoscaler may start no more nodes, AWS has none, or a pod asks for what no node has.
func (k *eks) alarms() {
	settings := alarm.For(k.Builder)
	if !settings.Enabled {
		return
	}
	if settings.TopicARN == "" {
		k.Statement(jen.Id("base").Dot("alarmTopicARN").Op("=").Add(k.found["alarmTopicARN"]), jen.Line())
	}
	of := Fields{{Name: "ClusterName", Value: jen.Id("kubernetesCluster").Dot("Name")}}
	alarm.Add(k.Builder,
		alarm.Alarm{
			Part: "nodes", Description: "Nodes of the Kubernetes cluster " + k.clusterText() + " have failed", Comparison: alarm.AtLeast, Threshold: 1,
			Metric: alarm.Metric{Namespace: "ContainerInsights", Name: "cluster_failed_node_count", Statistic: "Maximum", Dimensions: of},
			Source: k.place("nodes"),
		},
		alarm.Alarm{
			Part: "pods", Description: "Pods in the Kubernetes cluster " + k.clusterText() + " find no node that has room for them", Comparison: alarm.AtLeast, Threshold: 1,
			// The scheduler's own count, which EKS sends in any case.
			Metric: alarm.Metric{Namespace: "AWS/EKS", Name: "scheduler_pending_pods_UNSCHEDULABLE", Statistic: "Minimum", Dimensions: of},
			Source: k.place("nodes"),
		},
	)
}

// clusterText names the cluster for people.
func (k *eks) clusterText() string { return names.Resource(k.Stack().Name, k.Stack().Environment) }
