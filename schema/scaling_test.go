package schema

import (
	"strings"
	"testing"
)

// TestScalingMerged checks what can only be said about scaling when all layers are known.
func TestScalingMerged(t *testing.T) {
	s := load(t)
	const (
		queue  = "triggers: [{name: jobs, queue: jobs}]\n"
		stream = "triggers: [{name: changes, stream: table}]\n"
	)
	for _, c := range []struct{ name, kind, spec, want string }{
		{"from zero by CPU", "Worker", "scaling: {autoscaling: {enabled: true, minReplicas: 0, maxReplicas: 5}}",
			"f.yaml:2:53: error: nothing would start a copy again: copies that do not run use no CPU to scale by"},
		{"from zero by queue", "Worker",
			queue + "scaling: {autoscaling: {enabled: true, minReplicas: 0, maxReplicas: 5, targetMessagesPerReplica: 10}}", ""},
		{"without a queue", "Worker",
			stream + "scaling: {autoscaling: {enabled: true, minReplicas: 0, maxReplicas: 5, targetMessagesPerReplica: 10}}",
			"f.yaml:3:98: error: there is no queue among the triggers to count messages in"},
		{"off", "Worker", queue + "scaling: {autoscaling: {targetMessagesPerReplica: 10}}",
			"f.yaml:3:51: error: targetMessagesPerReplica has no effect, because autoscaling is off"},
		{"schedules, off", "Worker",
			"scaling: {autoscaling: {schedules: [{name: night, schedule: rate(1 day), minReplicas: 0, maxReplicas: 1}]}}",
			"f.yaml:2:36: error: schedules change the bounds of autoscaling, which is off"},
		{"without bounds", "Worker", "scaling: {autoscaling: {enabled: true}}",
			"f.yaml:2:34: error: autoscaling needs minReplicas and maxReplicas"},
		{"by requests", "Worker", "scaling: {autoscaling: {targetRequestsPerReplica: 10}}",
			`f.yaml:2:51: error: spec.scaling.autoscaling has no field "targetRequestsPerReplica"`},
		{"by queue without consuming", "MicroService", "scaling: {autoscaling: {targetMessagesPerReplica: 10}}",
			`f.yaml:2:51: error: spec.scaling.autoscaling has no field "targetMessagesPerReplica"`},
		{"a service from zero", "MicroService", "scaling: {autoscaling: {enabled: true, minReplicas: 0, maxReplicas: 5}}",
			"f.yaml:2:53: error: nothing would start a copy again: copies that do not run use no CPU to scale by"},
		{"a service by requests, off", "MicroService", "scaling: {autoscaling: {targetRequestsPerReplica: 10}}",
			"f.yaml:2:51: error: targetRequestsPerReplica has no effect, because autoscaling is off"},
		{"a service by schedule, off", "MicroService",
			"scaling: {autoscaling: {schedules: [{name: night, schedule: rate(1 day), minReplicas: 0, maxReplicas: 1}]}}",
			"f.yaml:2:36: error: schedules change the bounds of autoscaling, which is off"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, d := range s.CheckMerged(ComponentVersion, c.kind, spec(t, soundMicroService+c.spec)) {
				got = append(got, d.Error())
			}
			if joined := strings.Join(got, "\n"); joined != c.want {
				t.Errorf("got:\n%s\nwant:\n%s", joined, c.want)
			}
		})
	}
}
