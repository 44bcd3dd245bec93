package cronjob

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/crontab"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/codegen/pod"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// maxCronJob is how long the name of a CronJob can be: Kubernetes appends up to 11 characters for each run.
const maxCronJob = 52

// objectName is the name of a component's CronJob, which CloudWatch knows the pods of all its runs by.
func objectName(c *ir.Component) string { return names.Physical(maxCronJob, c.Name) }

// onKubernetes is a job in the stack's EKS cluster.
type onKubernetes struct {
	*pod.Pod
	specification
}

func (j *onKubernetes) generate() {
	schedule, ok := crontab.Of(j.Schedule)
	if !ok {
		j.Fail(diag.Errorf(j.Place("schedule"), component.Code, "Kubernetes cannot follow the schedule %q of %s", j.Schedule, j.ID()).
			WithHint("write cron(…) with * for the year and without L, W and #"))
		return
	}
	j.Prepare()
	j.object(schedule)
	j.alarms()
}

// object is the CronJob. Each run is a Job of so many pods as there are copies; one that fails is repeated as a new pod, so
// that what the last one wrote and why it stopped can still be looked at.
func (j *onKubernetes) object(schedule string) {
	meta := func(name string, fields component.Fields) jen.Code {
		return jen.Op("&").Add(component.Struct(component.Kubernetes("meta/v1", name), fields))
	}
	batch := func(name string, fields component.Fields) jen.Code {
		return jen.Op("&").Add(component.Struct(component.Kubernetes("batch/v1", name), fields))
	}
	var deadline jen.Code
	if j.EKS.Timeout != nil {
		deadline = component.Int(int(*j.EKS.Timeout))
	}
	j.Manifest(component.Manifest{
		API: "batch/v1", Kind: "CronJob", What: "CronJob", Source: j.Place("schedule"),
		Name: component.Str(objectName(j.Component())), Namespace: component.Str(pod.Namespace(j.Component())),
		Fields: component.Fields{{Name: "Spec", Value: batch("CronJobSpecArgs", component.Fields{
			{Name: "Schedule", Value: component.Str(schedule)},
			{Name: "TimeZone", Value: component.Str(j.Timezone)},
			{Name: "Suspend", Value: component.Bool(!j.Enabled)},
			{Name: "StartingDeadlineSeconds", Value: component.Int(int(j.Retry.MaxAge))},
			{Name: "ConcurrencyPolicy", Value: component.Str(concurrency[j.EKS.Concurrency])},
			{Name: "SuccessfulJobsHistoryLimit", Value: component.Int(j.EKS.SuccessfulHistory)},
			{Name: "FailedJobsHistoryLimit", Value: component.Int(j.EKS.FailedHistory)},
			{Name: "JobTemplate", Value: batch("JobTemplateSpecArgs", component.Fields{
				{Name: "Metadata", Value: meta("ObjectMetaArgs", component.Fields{{Name: "Labels", Value: jen.Id("labels").Call(jen.Nil())}})},
				{Name: "Spec", Value: batch("JobSpecArgs", component.Fields{
					{Name: "Parallelism", Value: component.Int(j.Copies)},
					{Name: "Completions", Value: component.Int(j.Copies)},
					{Name: "BackoffLimit", Value: component.Int(j.EKS.BackoffLimit)},
					{Name: "ActiveDeadlineSeconds", Value: deadline},
					{Name: "Template", Value: j.Template()},
				})},
			})},
		})}},
		Options: []jen.Code{j.DependsOnAll()},
	})
}

// concurrency is what happens when a run is due and the last one still runs, as Kubernetes calls it.
var concurrency = map[string]string{"forbid": "Forbid", "allow": "Allow", "replace": "Replace"}

// alarms tell of runs that failed and of those that cannot start, for want of room or of their image.
func (j *onKubernetes) alarms() {
	if !j.AlarmOnFailure || !alarm.For(j.Builder).Enabled {
		return
	}
	alarm.Add(j.Builder,
		alarm.Alarm{
			Part: "failed", Description: "A run of " + j.ID() + " failed, and was repeated as often as it may be.", Source: j.Place("alarmOnFailure"),
			Metric:     j.failures(),
			Comparison: alarm.AtLeast, Threshold: 1, SilenceIsWell: true, Once: true,
		},
		alarm.Alarm{
			Part: "not-started", Description: "A run of " + j.ID() + " is due and does not start.", Source: j.Place("alarmOnFailure"),
			Metric: alarm.Metric{
				Namespace: "ContainerInsights", Name: "pod_status_pending", Statistic: "Maximum", Dimensions: component.Fields{
					{Name: "ClusterName", Value: jen.Id("base").Dot("kubernetesName")},
					{Name: "Namespace", Value: component.Str(pod.Namespace(j.Component()))},
					{Name: "PodName", Value: component.Str(objectName(j.Component()))},
				},
			},
			Comparison: alarm.AtLeast, Threshold: 1, SilenceIsWell: true,
		})
}

// failures registers what counts the runs that failed. Container Insights sees pods as long as they run, and so misses those
// that end quickly; but each change of a Job is in the cluster's audit log. When Kubernetes gives a run up it first says so
// by the condition FailureTarget, and by Failed when the last pod is gone.
func (j *onKubernetes) failures() alarm.Metric {
	c := j.Component()
	m := alarm.Metric{Namespace: "Panka/CronJob", Name: component.PhysicalName(255, j.Stack(), c, "failed-runs"), Statistic: "Sum"}
	pattern := fmt.Sprintf(`{ $.objectRef.resource = "jobs" && $.objectRef.subresource = "status" && $.objectRef.namespace = "%s" && `+
		`$.responseObject.metadata.ownerReferences[0].name = "%s" && `+
		`($.responseObject.status.conditions[0].type = "FailureTarget" || $.responseObject.status.conditions[0].type = "Failed") }`,
		pod.Namespace(c), objectName(c))
	j.Resource(component.Resource{
		Type: "aws:cloudwatch/logMetricFilter:LogMetricFilter", Part: "failed-runs", What: "count of failed runs", Source: j.Place("alarmOnFailure"),
		Args: component.Fields{
			{Name: "Name", Value: j.Physical(255, "failed-runs")},
			{Name: "LogGroupName", Value: component.Pulumi("Sprintf").Call(jen.Lit("/aws/eks/%s/cluster"), jen.Id("base").Dot("kubernetesName"))},
			{Name: "Pattern", Value: component.Str(pattern)},
			{Name: "MetricTransformation", Value: component.Struct(component.AWS("cloudwatch", "LogMetricFilterMetricTransformationArgs"),
				component.Fields{
					{Name: "Namespace", Value: component.Str(m.Namespace)},
					{Name: "Name", Value: component.Str(m.Name)},
					{Name: "Value", Value: component.Str("1")},
				})},
		},
	})
	return m
}
