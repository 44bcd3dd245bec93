package codegen_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/compiler/diag"
)

// TestWorkloadsRefused: what the schema cannot see, as it lies in several fields or components, the generators of workloads
// report at its place.
func TestWorkloadsRefused(t *testing.T) {
	queues, triggers := "", ""
	for i := range 9 {
		queues += document("SQS", fmt.Sprint("q", i), " {}")
		triggers += fmt.Sprintf("    - {name: q%d, queue: q%d}\n", i, i)
	}
	files, contents := "", ""
	for i := range 10 {
		files += fmt.Sprintf("    - {name: f%d, path: ./configs/f%d, mountPath: /etc/app/f%d}\n", i, i, i)
		contents += fmt.Sprintf("-- in/services/app/components/x/configs/f%d --\n%s\n", i, strings.Repeat("x", 3999))
	}
	const image = "\n  image: {repository: nginx, tag: \"1\"}\n"
	const onKubernetes = "  runtime: {platform: eks}\n  scaling:\n    autoscaling:\n      enabled: true\n" +
		"      minReplicas: 1\n      maxReplicas: 5\n"
	schedule := func(name, when string, least int) string {
		return fmt.Sprintf("        - {name: %s, schedule: \"cron(%s * * ? *)\", minReplicas: %d, maxReplicas: 5}\n", name, when, least)
	}
	for _, c := range []struct{ name, kind, spec, more, want string }{
		{"three schedules on eks", "Worker", image + onKubernetes +
			"      schedules:\n" + schedule("a", "0 6", 2) + schedule("b", "0 12", 3) + schedule("c", "0 22", 1), "",
			"15:11: error: on eks two schedules take turns, and app/x has 3"},
		{"a schedule that KEDA cannot follow", "Worker", image + onKubernetes +
			"      schedules:\n" + schedule("a", "0 6", 2) + strings.Replace(schedule("b", "0 22", 1), "* * ?", "L * ?", 1), "",
			`14:11: error: KEDA cannot follow the schedule "cron(0 22 L * ? *)"`},
		{"a schedule that changes the most", "Worker", image + onKubernetes +
			"      schedules:\n" + schedule("a", "0 6", 2) + strings.Replace(schedule("b", "0 22", 1), "maxReplicas: 5", "maxReplicas: 2", 1), "",
			"14:11: error: on eks a schedule changes only the least number of copies, and b has 2 as the most"},
		{"schedules in two time zones", "Worker", image + onKubernetes +
			"      schedules:\n" + schedule("a", "0 6", 2) + strings.Replace(schedule("b", "0 22", 1), "minReplicas", "timezone: Europe/Berlin, minReplicas", 1), "",
			"14:11: error: on eks two schedules that take turns have one time zone, not UTC and Europe/Berlin"},
		{"schedules that change nothing", "Worker", image + onKubernetes +
			"      schedules:\n" + schedule("a", "0 6", 2) + schedule("b", "0 22", 2), "",
			"14:11: error: the schedules a and b change nothing"},
		{"requests without a load balancer", "MicroService",
			image + "  scaling: {autoscaling: {enabled: true, minReplicas: 1, maxReplicas: 2, targetRequestsPerReplica: 5}}\n", "",
			"6:100: error: app/x gets no requests from a load balancer that could be counted"},
		{"a load balancer before udp", "MicroService",
			image + "  ports: [{name: dns, port: 53, protocol: udp}]\n  networking: {loadBalancer: {enabled: true}}\n", "",
			"6:11: error: the load balancer of app/x sends requests to the first port, which must be tcp"},
		{"a public service where none may be", "MicroService",
			image + "  ports: [{name: http, port: 80}]\n  networking: {loadBalancer: {enabled: true, scheme: internet-facing}}\n",
			"-- in/infra/security.yaml --\napiVersion: infra.panka.io/v1\nkind: Security\nmetadata: {name: s}\n" +
				"spec: {ingress: {internetFacing: deny}}\n",
			"7:54: error: app/x would be reached from the internet, which the Security document denies"},
		{"a file that its user cannot read", "Worker",
			image + "  runtime: {user: app}\n  configFiles:\n    - {name: key, path: ./configs/key, mountPath: /etc/app/key, mode: \"0440\"}\n",
			"-- in/services/app/components/x/configs/key --\nx\n",
			"8:7: error: the file key belongs to root and has the mode 0440, so that the user app cannot read it"},
		{"files larger than there is room for", "CronJob", image + "  schedule: rate(1 day)\n  configFiles:\n" + files, contents,
			"8:5: error: the files of app/x have 40000 bytes together, and there is room for 36864"},
		{"a rollout watched for requests that do not come", "Worker", image + "  deployment: {alarms: [cpu, errors]}\n", "",
			"6:24: error: app/x has no alarm errors, as no load balancer sends it requests that would count"},
		{"a rollout watched without alarms", "MicroService", image + "  deployment: {alarms: [cpu]}\n",
			"-- in/infra/observability.yaml --\napiVersion: infra.panka.io/v1\nkind: Observability\nmetadata: {name: o}\n" +
				"spec: {alarms: {enabled: false}}\n",
			"6:24: error: no rollout of app/x can be undone by an alarm: it has none"},
		{"a variable twice", "Worker",
			image + "  environment: [{name: MAILS_URL, value: x}]\n  triggers: [{name: mails, queue: mails}]\n", document("SQS", "mails", " {}"),
			"7:14: error: the trigger mails sets the environment variable MAILS_URL, which spec.environment sets too"},
		{"too many queues", "Worker", image + "  scaling: {autoscaling: {enabled: true, minReplicas: 1, maxReplicas: 2, " +
			"targetMessagesPerReplica: 5}}\n  triggers:\n" + triggers, queues,
			"6:100: error: messages can be counted in 8 queues, and app/x has 9"},
		{"a window of seconds", "CronJob", image + "  schedule: rate(1 day)\n  window: 90s\n", "",
			"7:11: error: AWS spreads runs over whole minutes, not over 90 seconds"},
		{"a window longer than the patience", "CronJob", image + "  schedule: rate(1 day)\n  window: 2h\n", "",
			"7:11: error: a run may begin 7200 seconds late, yet after 3600 seconds it would be given up"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := txtar.Parse([]byte(document(c.kind, "x", c.spec) + c.more))
			_, ds := codegen.Generate(kindCase{kind: c.kind, file: c.name, archive: a}.compiled(t))
			if ds = beside(ds, publicEndpointWarning); len(ds) != 1 || !strings.HasSuffix(ds[0].Error(), c.want) {
				t.Errorf("got\n%v\nwant\n%s", ds, c.want)
			}
		})
	}
}

// TestNameOnKubernetes: AWS takes a name that ends in a dash, tidied, and Kubernetes takes none.
func TestNameOnKubernetes(t *testing.T) {
	for _, kind := range []string{"MicroService", "Worker"} {
		a := txtar.Parse([]byte(document(kind, "x-", "\n  image: {repository: nginx, tag: \"1\"}\n  runtime: {platform: eks}\n")))
		_, ds := codegen.Generate(kindCase{kind: kind, file: kind, archive: a}.compiled(t))
		const want = "1:1: error: the name of app/x- ends in a dash, and Kubernetes takes no such name"
		if !slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return strings.HasSuffix(d.Error(), want) }) {
			t.Errorf("%s: got %v, want %s", kind, ds, want)
		}
	}
}

// document is the YAML of a component as the archives of goldens have it.
func document(kind, name, spec string) string {
	return "-- in/" + name + ".yaml --\napiVersion: components.panka.io/v1\nkind: " + kind + "\nmetadata: {name: " + name +
		", service: app, stack: shop}\nspec:" + spec + "\n"
}
