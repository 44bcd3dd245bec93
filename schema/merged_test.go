package schema

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/schema/internal/spectest"
)

// spec parses YAML into a merged spec. A string that is ${NAME} is a variable that is not resolved.
func spec(t testing.TB, text string) *ir.Value {
	t.Helper()
	roots, diags := source.Parse("f.yaml", []byte(text))
	if len(diags) > 0 || len(roots) != 1 {
		t.Fatalf("cannot parse %s: %v", text, diags)
	}
	return spectest.Value(roots[0])
}

// plain is a value as JSON has it.
func plain(v *ir.Value) any {
	switch v.Kind {
	case ir.Bool:
		return v.Bool
	case ir.Number:
		return v.Number
	case ir.String:
		return v.Text.String()
	case ir.List:
		list := []any{}
		for _, item := range v.Items {
			list = append(list, plain(item))
		}
		return list
	case ir.Map:
		m := map[string]any{}
		for _, f := range v.Fields {
			m[f.Name] = plain(f.Value)
		}
		return m
	default:
		return nil
	}
}

const soundRDS = `
engine: {type: postgres, version: "15.4"}
instance: {class: db.t3.medium, storage: {allocatedGB: 50}}
database: {name: cart, username: owner, passwordSecret: {ref: /x}}
`

const soundMicroService = "image: {repository: api, tag: v1}\n"

func TestCheckMerged(t *testing.T) {
	s := load(t)
	for _, c := range []struct {
		name, kind, spec, want string
	}{
		{"sound", "RDS", soundRDS, ""},
		{"nothing there", "RDS", "{}", `f.yaml:1:1: error: spec lacks the field "engine"
f.yaml:1:1: error: spec lacks the field "instance"
f.yaml:1:1: error: spec lacks the field "database"`},
		{"a part missing", "RDS", strings.Replace(soundRDS, "class: db.t3.medium, ", "", 1),
			`f.yaml:3:11: error: spec.instance lacks the field "class"`},
		{"null is nothing", "MicroService", "image: {repository: api, tag: }\n", `f.yaml:1:31: error: spec.image.tag is empty`},
		{"variable in text", "MicroService", "image: {repository: api, tag: \"${VERSION}\"}", ""},
		{"variable as number", "MicroService", soundMicroService + "scaling: {replicas: \"${N}\"}", ""},
		{"variable as list", "MicroService", soundMicroService + "ports: \"${N}\"", `f.yaml:2:8: error: spec.ports must be a list, not "${N}"`},
		{"escaped variable", "MicroService", soundMicroService + "environment: [{name: A, value: \"say $${X}\"}]", ""},
		{"unknown key", "MicroService", soundMicroService + "instance: {}", `f.yaml:2:11: error: spec has no field "instance"`},
		{"port", "MicroService", soundMicroService + "ports: [{name: a, port: 99999}]",
			`f.yaml:2:25: error: spec.ports[0].port must be a whole number from 1 to 65535, not 99999`},
		{"default counts in a rule", "MicroService", soundMicroService + "resources: {cpu: 1024}",
			`f.yaml:2:12: error: Fargate offers no 512 MiB of memory with 1024 CPU units`},
		{"autoscaling without bounds", "MicroService", soundMicroService + "scaling: {autoscaling: {enabled: true, minReplicas: 2}}",
			`f.yaml:2:34: error: autoscaling needs minReplicas and maxReplicas`},
		{"balancer without ports", "MicroService", soundMicroService + "networking: {loadBalancer: {enabled: true}}",
			`f.yaml:2:38: error: a load balancer needs a port to send requests to, and spec.ports lists none`},
		{"shares of another strategy", "MicroService", soundMicroService + "deployment: {strategy: blueGreen, minimumHealthyPercent: 50}",
			`f.yaml:2:58: error: minimumHealthyPercent and maximumPercent are about rolling: blueGreen runs all new copies beside all old ones`},
		{"old copies of rolling", "MicroService", soundMicroService + "deployment: {bakeTime: 5m}",
			`f.yaml:2:24: error: bakeTime is about blueGreen and canary; rolling keeps no old copies`},
		{"share of another strategy", "MicroService", soundMicroService + "deployment: {strategy: blueGreen, canary: {percent: 10}}",
			`f.yaml:2:43: error: canary says how the strategy canary begins, and the strategy is blueGreen`},
		{"bounds that default", "MicroService", soundMicroService + "deployment: {maximumPercent: 100}",
			`f.yaml:2:30: error: maximumPercent (100) must be more than minimumHealthyPercent (100), or no copy could ever be replaced`},
		{"blue and green", "MicroService", soundMicroService + "deployment: {strategy: blueGreen, bakeTime: 0m}", ""},
		{"a canary that defaults", "MicroService", soundMicroService + "deployment: {strategy: canary}", ""},
		{"provisioned storage", "RDS", strings.Replace(soundRDS, "allocatedGB: 50", "allocatedGB: 50, type: io1", 1),
			`f.yaml:3:66: error: storage of type io1 needs iops`},
		{"timeout against default interval", "MicroService",
			soundMicroService + "healthCheck: {readiness: {tcp: {port: 1}, timeout: 40s}}",
			`f.yaml:2:52: error: timeout (40s) must be shorter than interval (30s)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			diags := s.CheckMerged(ComponentVersion, c.kind, spec(t, strings.TrimPrefix(c.spec, "\n")))
			var got []string
			for _, d := range diags {
				got = append(got, d.Error())
			}
			if joined := strings.Join(got, "\n"); joined != shift(c.spec, c.want) {
				t.Errorf("got:\n%s\nwant:\n%s", joined, shift(c.spec, c.want))
			}
		})
	}
	if diags := s.CheckMerged("infra.panka.io/v1", "Networking", spec(t, "{}")); len(diags) > 0 {
		t.Errorf("no network at all: %v", diags)
	}
	if diags := s.CheckMerged("core.panka.io/v1", "RDS", &ir.Value{Kind: ir.Map}); !diags.HasErrors() {
		t.Error("a kind of another apiVersion was accepted")
	}
}

// shift corrects the wanted lines for the line break that soundRDS begins with, which spec drops.
func shift(text, want string) string {
	if strings.HasPrefix(text, "\n") {
		return strings.ReplaceAll(want, "f.yaml:3:", "f.yaml:2:")
	}
	return want
}

func TestDefaults(t *testing.T) {
	s := load(t)
	for _, c := range []struct{ kind, spec, want string }{
		{"MicroService", `
image: {repository: api, tag: v1}
ports: [{name: a, port: 80}, {name: b, port: 53, protocol: udp}]
healthCheck: {readiness: {http: {port: 80}, interval: 1m}}
scaling: {autoscaling: {minReplicas: 2}}
networking: {loadBalancer: {idleTimeout: 2m}}
logging: null
`, `{"deployment":{"strategy":"rolling","timeout":900},
"healthCheck":{"readiness":{"http":{"path":"/","port":80},"interval":60,"retries":3,"timeout":5}},
"image":{"repository":"api","tag":"v1"},"logging":{"retentionDays":30},
"networking":{"loadBalancer":{"enabled":false,"idleTimeout":120,"scheme":"internal"}},
"ports":[{"name":"a","port":80,"protocol":"tcp"},{"name":"b","port":53,"protocol":"udp"}],
"resources":{"cpu":256,"memory":512},"runtime":{"architecture":"x86_64","platform":"fargate","readOnlyRootFilesystem":false,"spot":false,"stopTimeout":30},
"scaling":{"autoscaling":{"enabled":false,"minReplicas":2,"targetCPUPercent":60},"replicas":1}}`},
		{"RDS", soundRDS, `{"backup":{"retentionDays":7},
"database":{"name":"cart","passwordSecret":{"ref":"/x"},"username":"owner"},
"engine":{"type":"postgres","version":"15.4"},"enhancedMonitoring":{"interval":0},
"instance":{"class":"db.t3.medium","multiAZ":false,"storage":{"allocatedGB":50,"type":"gp3"}},
"logging":{"retentionDays":30},"performanceInsights":{"enabled":false}}`},
		{"Networking", "vpc: {use: create}", `{"cluster":{"executeCommandLogs":false,"kubernetes":{"nodes":{"capacityType":"onDemand","diskGB":30,"maxSize":6,"minSize":2},"publicEndpoint":{},"support":"standard","version":"1.35"},"machines":{"diskGB":30,"maxSize":10,"minSize":0,"targetCapacityPercent":100}},"endpoints":{},"vpc":{"availabilityZones":2,"cidr":"10.0.0.0/16","nat":"single","use":"create"}}`},
		{"Networking", "{}", `{"cluster":{"executeCommandLogs":false,"kubernetes":{"nodes":{"capacityType":"onDemand","diskGB":30,"maxSize":6,"minSize":2},"publicEndpoint":{},"support":"standard","version":"1.35"},"machines":{"diskGB":30,"maxSize":10,"minSize":0,"targetCapacityPercent":100}},"endpoints":{},"vpc":{"availabilityZones":2,"cidr":"10.0.0.0/16","nat":"single","use":"default"}}`},
		{"Nothing", "{a: 1}", `{"a":1}`},
	} {
		given := spec(t, c.spec)
		before, _ := json.Marshal(given)
		filled := s.Defaults(c.kind, given)
		got, err := json.Marshal(plain(filled))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != strings.ReplaceAll(c.want, "\n", "") {
			t.Errorf("%s: got\n%s\nwant\n%s", c.kind, got, c.want)
		}
		if after, _ := json.Marshal(given); string(after) != string(before) {
			t.Errorf("%s: the given spec was changed", c.kind)
		}
		if diags := s.CheckMerged(ComponentVersion, c.kind, filled); s.IsComponent(c.kind) && len(diags) > 0 {
			t.Errorf("%s: the defaults are not accepted: %v", c.kind, diags)
		}
	}
}

func TestDefaultsTakeThePlaceOfTheirMap(t *testing.T) {
	filled := load(t).Defaults("MicroService", spec(t, "image: {repository: a, tag: b}\nscaling:\n  autoscaling: {minReplicas: 1}\n"))
	for _, c := range []struct {
		path string
		want diag.Position
	}{
		{"resources", diag.Position{File: "f.yaml", Line: 1, Column: 1}},
		{"resources.cpu", diag.Position{File: "f.yaml", Line: 1, Column: 1}},
		{"scaling.replicas", diag.Position{File: "f.yaml", Line: 3, Column: 3}},
		{"scaling.autoscaling.enabled", diag.Position{File: "f.yaml", Line: 3, Column: 16}},
	} {
		if got := filled.Get(strings.Split(c.path, ".")...); got == nil || got.Source != c.want {
			t.Errorf("%s: %+v", c.path, got)
		}
	}
}
