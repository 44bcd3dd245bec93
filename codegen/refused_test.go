package codegen_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/codegen"
)

// TestRefusedCombinations: what each component is sound by the schema and AWS would refuse is a finding at its place.
func TestRefusedCombinations(t *testing.T) {
	document := func(kind, spec string) string {
		return "apiVersion: components.panka.io/v1\nkind: " + kind + "\nmetadata: {name: it, service: app, stack: shop}\nspec:\n" + spec
	}
	zip := "  code: {zip: ./dist}\n  runtime: python3.13\n  handler: app.main\n"
	job := strings.ReplaceAll(document("CronJob", "  schedule: rate(1 day)\n  image: {repository: example.com/job, tag: v1}\n"), "name: it", "name: other")
	for _, c := range []struct{ name, document, other, want string }{
		{"image of another region", document("Lambda",
			"  code: {image: {repository: 123456789012.dkr.ecr.us-east-1.amazonaws.com/fn, tag: v1}}\n"), "",
			"it.yaml:5:30: error: the image is in the region us-east-1, and Lambda takes images of its own region only, eu-central-1"},
		{"code that is not there", document("Lambda", zip), "",
			"it.yaml:5:15: error: there is no file or folder stacks/shop/services/app/components/it/dist"},
		{"a secret over a variable", document("Lambda",
			"  code: {image: {repository: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/fn, tag: v1}}\n"+
				"  environment: [{name: TOKEN, value: x}]\n  secrets: [{name: TOKEN, secretRef: /shop/token}]\n"), "",
			"it.yaml:7:13: error: the environment variable TOKEN is set already"},
		{"out of the VPC", document("Lambda",
			"  code: {image: {repository: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/fn, tag: v1}}\n  vpc: false\n"+
				"  environment: [{name: DB, valueFrom: {component: other, output: endpoint}}]\n"),
			strings.ReplaceAll(document("RDS", "  engine: {type: postgres, version: \"16\"}\n"+
				"  instance: {class: db.t4g.small, storage: {allocatedGB: 20}}\n"+
				"  database: {name: shop, username: owner, passwordSecret: {ref: /shop/database}}\n"), "name: it", "name: other"),
			"it.yaml:6:8: error: the function uses a component that can be reached in the VPC only, and vpc is false"},
		{"input that is not JSON", document("EventBridge",
			"  rules: [{name: r, schedule: rate(1 hour), targets: [{name: t, arn: \"arn:aws:sqs:eu-central-1:123456789012:q\", input: hello}]}]\n"), "",
			"the input of the target t is not JSON"},
		{"a task that is handed an event", document("EventBridge",
			"  rules: [{name: r, schedule: rate(1 hour), targets: [{name: t, component: other, input: '{\"key\": 1}'}]}]\n"), job,
			"it.yaml:5:55: error: the input of the target t, a task, must be JSON that overrides parts of its definition"},
		{"a task that is handed other roles", document("EventBridge",
			"  rules: [{name: r, schedule: rate(1 hour), targets: [{name: t, component: other, input: '{\"taskRoleArn\": \"x\"}'}]}]\n"), job,
			"it.yaml:5:55: error: the input of the target t, a task, must be JSON that overrides parts of its definition"},
		{"a task that is handed a part of an event", document("EventBridge",
			"  rules: [{name: r, pattern: {source: [shop]}, targets: [{name: t, component: other, inputPath: $.detail}]}]\n"), job,
			"it.yaml:5:58: error: the target t is a task, which gets no event"},
		{"a task on Kubernetes", document("EventBridge",
			"  rules: [{name: r, schedule: rate(1 hour), targets: [{name: t, component: other}]}]\n"),
			strings.ReplaceAll(job, "rate(1 day)", "cron(0 3 * * ? *)") + "  runtime: {platform: eks}\n",
			"it.yaml:5:55: error: the target t is a job on Kubernetes, where EventBridge can start nothing"},
		{"discovery on an encrypted bus", document("EventBridge",
			"  bus: {kmsKeyArn: \"arn:aws:kms:eu-central-1:123456789012:key/1234abcd\"}\n  schemaDiscovery: {enabled: true}\n"), "",
			"it.yaml:6:30: error: AWS does not discover schemas on a bus"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := []txtar.File{{Name: "in/it.yaml", Data: []byte(c.document)}}
			if c.other != "" {
				files = append(files, txtar.File{Name: "in/other.yaml", Data: []byte(c.other)})
			}
			_, ds := codegen.Generate(kindCase{kind: "Lambda", file: c.name, archive: &txtar.Archive{Files: files}}.compiled(t))
			if ds = beside(ds, publicEndpointWarning); len(ds) != 1 || !strings.Contains(ds[0].Error(), c.want) {
				t.Errorf("got %v, want %q", ds, c.want)
			}
		})
	}
}
