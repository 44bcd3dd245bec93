package schema

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/compiler/source"
)

// TestSoundComponentsAreSoundMerged takes the components of the goldens that have nothing wrong and checks them as if
// they were the sum of their layers, without their defaults and with them.
func TestSoundComponentsAreSoundMerged(t *testing.T) {
	paths, err := filepath.Glob("testdata/sound_*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	s := load(t)
	seen := map[string]bool{}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			roots, _ := source.Parse(f.Name, f.Data)
			for _, root := range roots {
				kindName, node := root.Get("kind"), root.Get("spec")
				if kindName == nil || !s.IsComponent(kindName.Text) || node == nil {
					continue
				}
				seen[kindName.Text] = true
				soundMerged(t, s, kindName.Text, node)
			}
		}
	}
	for _, want := range []string{"Worker", "CronJob", "Lambda", "EC2Instance", "ALB", "NLB", "CloudFront", "APIGateway"} {
		if !seen[want] {
			t.Errorf("no golden has a sound %s", want)
		}
	}
}

func soundMerged(t *testing.T, s *Schema, kindName string, node *source.Node) {
	t.Helper()
	merged := value(node)
	if diags := s.CheckMerged(ComponentVersion, kindName, merged); len(diags) > 0 {
		t.Errorf("as it is: %v", diags)
	}
	if diags := s.CheckMerged(ComponentVersion, kindName, s.Defaults(kindName, merged)); len(diags) > 0 {
		t.Errorf("with its defaults: %v", diags)
	}
}

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
		{"not yet", "MicroService", "scaling: {autoscaling: {targetMemoryPercent: 80}}",
			"f.yaml:2:46: error: spec.scaling.autoscaling.targetMemoryPercent: services cannot be scaled by memory yet"},
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
