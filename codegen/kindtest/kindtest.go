// Package kindtest is the contract that every component kind passes: what its code registers is what the bundle says,
// all that can be tagged is, names fit AWS, and what it exports is what the schema promises.
package kindtest

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/schema"
)

// Contract checks a kind on the stacks given, in which it must occur; together its components must use every output.
func Contract(t *testing.T, kind component.Kind, stacks ...*ir.Stack) {
	s, err := schema.New()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, stack := range stacks {
		p, ds := codegen.Generate(stack)
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		for _, c := range stack.Components {
			if c.Kind != kind.Name() {
				continue
			}
			described := p.Bundle.Component(c.ID())
			f := parse(t, c.ID(), p.Files[codeFile(t, p.Bundle, c.ID())])
			checkRegistrations(t, p.Bundle, c.ID(), f)
			checkMain(t, c, p.Bundle)
			for _, r := range f.registrations {
				if r.kubernetes {
					checkObject(t, r)
					continue
				}
				checkTags(t, r)
				checkNames(t, r)
			}
			checkOutputs(t, kind, c, f, s, seen)
			if described.Stateful != s.Stateful(kind.Name()) {
				t.Errorf("%s: the generator and the schema disagree on whether %s is stateful", c.ID(), kind.Name())
			}
			if !slices.Contains(described.DependsOn, ir.Foundation) {
				t.Errorf("%s does not depend on the foundation", c.ID())
			}
		}
	}
	for _, output := range s.Outputs(kind.Name()) {
		if !seen[output] {
			t.Errorf("no stack shows the output %q of %s", output, kind.Name())
		}
	}
	checkFields(t, s, kind)
}

// codeFile is the generated file of a component.
func codeFile(t *testing.T, b *bundle.Bundle, id string) string {
	t.Helper()
	i := slices.IndexFunc(b.Resources, func(r bundle.Resource) bool { return r.Component == id })
	if i < 0 {
		t.Fatalf("the bundle has no resources of %s", id)
	}
	return b.Resources[i].Code
}

// checkRegistrations compares what the code registers with what the bundle lists.
func checkRegistrations(t *testing.T, b *bundle.Bundle, id string, f file) {
	t.Helper()
	var inCode, inBundle []string
	for _, r := range f.registrations {
		inCode = append(inCode, r.pkg+" "+r.typ+" "+r.name)
	}
	for _, r := range b.Resources {
		if r.Component != id || strings.HasPrefix(r.Type, "panka:") {
			continue
		}
		parts := strings.Split(r.Type, ":")
		module, _, _ := strings.Cut(parts[1], "/")
		inBundle = append(inBundle, module+" "+parts[2]+" "+r.Name)
		if r.Source.File == "" || r.Source.Line == 0 {
			t.Errorf("%s: %s has no place in the YAML", id, r.URN)
		}
	}
	slices.Sort(inCode)
	slices.Sort(inBundle)
	if !slices.Equal(inCode, inBundle) {
		t.Errorf("%s registers\n%s\nbut the bundle lists\n%s", id, strings.Join(inCode, "\n"), strings.Join(inBundle, "\n"))
	}
}

// checkMain holds a component to one main resource at the most: it is the one that raw properties and an import in the
// YAML are about. Where there is none, these are refused.
func checkMain(t *testing.T, c *ir.Component, b *bundle.Bundle) {
	t.Helper()
	var main []string
	for _, r := range b.Resources {
		if r.Component == c.ID() && r.Name == names.Resource(c.Service, c.Name) && !strings.HasPrefix(r.Type, "panka:") {
			main = append(main, r.Type)
		}
	}
	if len(main) > 1 {
		t.Errorf("%s registers %d resources without a Part (%s): give all but the main one a Part",
			c.ID(), len(main), strings.Join(main, ", "))
	}
}

func checkTags(t *testing.T, r registration) {
	t.Helper()
	_, has := r.fields["Tags"]
	if wants := taggable(t, r.pkg, r.typ); has != wants {
		t.Errorf("%s.%s %s: has tags: %t, the SDK's type has them: %t", r.pkg, r.typ, r.name, has, wants)
	}
}

// limit is what AWS takes as a name.
type limit struct {
	field string
	max   int
	form  *regexp.Regexp
}

var (
	dashed    = regexp.MustCompile(`^[a-zA-Z]([a-zA-Z0-9]|-[a-zA-Z0-9])*$`)
	pathish   = regexp.MustCompile(`^[a-zA-Z0-9_/.#-]+$`)
	bucket    = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])$`)
	stageForm = regexp.MustCompile(`^(\$default|[a-zA-Z0-9_-]+)$`)
	loose     = regexp.MustCompile(`^[a-zA-Z0-9_+=,.@-]+$`)
)

// limits are by package and type.
var limits = map[string]limit{
	"docdb.Cluster":                            {"ClusterIdentifier", 63, dashed},
	"docdb.ClusterInstance":                    {"Identifier", 63, dashed},
	"docdb.ClusterParameterGroup":              {"Name", 255, dashed},
	"docdb.SubnetGroup":                        {"Name", 255, dashed},
	"elasticache.Cluster":                      {"ClusterId", 50, dashed},
	"elasticache.ParameterGroup":               {"Name", 255, dashed},
	"elasticache.ReplicationGroup":             {"ReplicationGroupId", 40, dashed},
	"elasticache.SubnetGroup":                  {"Name", 255, dashed},
	"memorydb.Acl":                             {"Name", 40, dashed},
	"memorydb.Cluster":                         {"Name", 40, dashed},
	"memorydb.ParameterGroup":                  {"Name", 255, dashed},
	"memorydb.SubnetGroup":                     {"Name", 255, dashed},
	"memorydb.User":                            {"UserName", 40, dashed},
	"appautoscaling.Policy":                    {"Name", 256, loose},
	"cloudwatch.LogGroup":                      {"Name", 512, pathish},
	"cloudwatch.LogMetricFilter":               {"Name", 512, loose},
	"cloudwatch.MetricAlarm":                   {"Name", 255, loose},
	"sqs.Queue":                                {"Name", 80, regexp.MustCompile(`^[a-zA-Z0-9_-]+(\.fifo)?$`)},
	"sns.Topic":                                {"Name", 256, regexp.MustCompile(`^[a-zA-Z0-9_-]+(\.fifo)?$`)},
	"appautoscaling.ScheduledAction":           {"Name", 256, loose},
	"cloudwatch.EventArchive":                  {"Name", 48, loose},
	"cloudwatch.EventBus":                      {"Name", 256, regexp.MustCompile(`^[/.a-zA-Z0-9_-]+$`)},
	"cloudwatch.EventRule":                     {"Name", 64, loose},
	"dynamodb.Table":                           {"Name", 255, regexp.MustCompile(`^[a-zA-Z0-9_.-]{3,}$`)},
	"ec2.SecurityGroup":                        {"Name", 255, dashed},
	"ecs.Cluster":                              {"Name", 255, loose},
	"ecs.Service":                              {"Name", 255, loose},
	"ecs.TaskDefinition":                       {"Family", 255, loose},
	"iam.Role":                                 {"Name", 64, loose},
	"iam.RolePolicy":                           {"Name", 128, loose},
	"lambda.Alias":                             {"Name", 128, loose},
	"lambda.Function":                          {"Name", 64, loose},
	"lb.LoadBalancer":                          {"Name", 32, dashed},
	"lb.TargetGroup":                           {"Name", 32, dashed},
	"iam.InstanceProfile":                      {"Name", 128, loose},
	"servicediscovery.PrivateDnsNamespace":     {"Name", 253, regexp.MustCompile(`^[a-z0-9.-]+$`)},
	"servicediscovery.Service":                 {"Name", 63, dashed},
	"msk.Cluster":                              {"ClusterName", 64, loose},
	"msk.Configuration":                        {"Name", 255, dashed},
	"msk.ServerlessCluster":                    {"ClusterName", 64, loose},
	"rds.Instance":                             {"Identifier", 63, dashed},
	"rds.ParameterGroup":                       {"Name", 255, dashed},
	"rds.SubnetGroup":                          {"Name", 255, dashed},
	"cloudfront.OriginAccessControl":           {"Name", 64, loose},
	"scheduler.Schedule":                       {"Name", 64, loose},
	"s3.BucketV2":                              {"Bucket", 63, bucket},
	"s3.BucketIntelligentTieringConfiguration": {"Name", 64, loose},
	"apigateway.ApiKey":                        {"Name", 1024, loose},
	"apigateway.Authorizer":                    {"Name", 128, loose},
	"apigateway.RestApi":                       {"Name", 1024, loose},
	"apigateway.UsagePlan":                     {"Name", 1024, loose},
	"apigateway.VpcLink":                       {"Name", 1024, loose},
	"apigatewayv2.Api":                         {"Name", 128, loose},
	"apigatewayv2.Authorizer":                  {"Name", 128, loose},
	"apigatewayv2.Stage":                       {"Name", 128, stageForm},
	"apigatewayv2.VpcLink":                     {"Name", 128, loose},
	"autoscaling.Group":                        {"Name", 255, loose},
	"autoscaling.Policy":                       {"Name", 255, loose},
	"ec2.LaunchTemplate":                       {"Name", 128, loose},
	"xray.SamplingRule":                        {"RuleName", 32, loose},
}

func checkNames(t *testing.T, r registration) {
	t.Helper()
	if r.name == "" || len(r.name) > 256 {
		t.Errorf("%s.%s has a resource name of %d characters; it must fit into a tag", r.pkg, r.typ, len(r.name))
	}
	l, ok := limits[r.pkg+"."+r.typ]
	if !ok {
		if _, named := r.fields["Name"]; named {
			t.Errorf("%s.%s has a name; give its limits in kindtest", r.pkg, r.typ)
		}
		return
	}
	name, ok := fixed(r.fields[l.field])
	switch {
	case !ok:
		t.Errorf("%s.%s %s has no fixed %s", r.pkg, r.typ, r.name, l.field)
	case len(name) > l.max || !l.form.MatchString(name):
		t.Errorf("%s.%s %s: AWS does not take the %s %q (%d characters)", r.pkg, r.typ, r.name, l.field, name, len(name))
	}
}

// checkOutputs compares what the code publishes, what the kind promises and what the schema has.
func checkOutputs(t *testing.T, kind component.Kind, c *ir.Component, f file, s *schema.Schema, seen map[string]bool) {
	t.Helper()
	documented := s.Outputs(c.Kind)
	var promised []string
	for _, o := range kind.Outputs(c) {
		promised = append(promised, o.Name)
		if o.Internal == slices.Contains(documented, o.Name) {
			t.Errorf("%s: output %s is internal: %t, yet in the schema: %t", c.ID(), o.Name, o.Internal, !o.Internal)
		}
		seen[o.Name] = true
	}
	for _, output := range documented {
		if has := s.OutputCondition(c.Kind, output).Met(c.Spec); has != slices.Contains(promised, output) {
			t.Errorf("%s: by the schema it has the output %s: %t, by its kind: %t", c.ID(), output, has, !has)
		}
	}
	slices.Sort(promised)
	slices.Sort(f.published)
	if !slices.Equal(promised, f.published) {
		t.Errorf("%s publishes %q but its kind promises %q", c.ID(), f.published, promised)
	}
}
