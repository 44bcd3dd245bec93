package codegen_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/kinds/rds"
	"github.com/panka-io/panka/compiler/ir"
)

// hatched is a stack with one database whose aws holds the lines, with some variables declared.
func hatched(t testing.TB, aws string) *ir.Stack {
	t.Helper()
	lines := strings.ReplaceAll(strings.TrimSuffix(aws, "\n"), "\n", "\n    ")
	return kindCase{"RDS", "hatch", txtar.Parse([]byte(`-- in/database.yaml --
apiVersion: components.panka.io/v1
kind: RDS
metadata: {name: database}
spec:
  engine: {type: postgres, version: "15.4"}
  instance: {class: db.t3.medium, storage: {allocatedGB: 20}}
  database: {name: orders, username: orders, passwordSecret: {ref: /orders/db}}
  aws:
    ` + lines + `
-- in/environments/test/stack.yaml --
apiVersion: core.panka.io/v1
kind: Stack
metadata: {name: shop}
spec:
  variables:
    TEXT: {default: words}
    DAYS: {type: number, default: 5}
    HALF: {type: number, default: 0.5}
    ON: {type: boolean, default: true}
    KEY: {sensitive: true, default: hush}
    SECRET_DAYS: {type: number, sensitive: true, default: 7}
`))}.compiled(t)
}

// TestRawPropertiesThatAreRefused has one finding each, at the value in line 9.
func TestRawPropertiesThatAreRefused(t *testing.T) {
	for _, c := range []struct{ aws, column, want, hint string }{
		{"caCertIdentifer: x", "22", "unknown-property: aws.caCertIdentifer is no property of the main resource of kind RDS", `did you mean "caCertIdentifier"?`},
		{"zzz: x", "10", "unknown-property: aws.zzz is no property of the main resource of kind RDS", ""},
		{"blueGreenUpdate: {enable: true}", "31", "unknown-property: aws.blueGreenUpdate.enable is no property of aws.blueGreenUpdate", `did you mean "enabled"?`},
		{"monitoringInterval: often", "25", `wrong-type: aws.monitoringInterval must be a whole number, not the text "often"`, ""},
		{"monitoringInterval: 1.5", "25", "wrong-type: aws.monitoringInterval must be a whole number, not 1.5", ""},
		{"monitoringInterval: ${TEXT}", "25", `wrong-type: aws.monitoringInterval must be a whole number, not the text "${TEXT}"`, "declare the variable TEXT with type: number"},
		{"monitoringInterval: ${HALF}", "25", `wrong-type: aws.monitoringInterval must be a whole number, not the text "${HALF}"`, "the variable HALF is no whole number"},
		{"copyTagsToSnapshot: 'yes'", "25", `wrong-type: aws.copyTagsToSnapshot must be true or false, not the text "yes"`, ""},
		{"copyTagsToSnapshot: ${DAYS}", "25", `wrong-type: aws.copyTagsToSnapshot must be true or false, not the text "${DAYS}"`, "declare the variable DAYS with type: boolean"},
		{"timezone: 1.10", "15", "wrong-type: aws.timezone must be a text, not 1.10", "put it in quotes"},
		{"domainOu: {a: 1}", "15", "wrong-type: aws.domainOu must be a text, not a mapping", "a document in JSON is written as a text: begin it with |"},
		{"enabledCloudwatchLogsExports: postgresql", "35", `wrong-type: aws.enabledCloudwatchLogsExports must be a list, not the text "postgresql"`, `begin each item with "- "`},
		{"enabledCloudwatchLogsExports: [true]", "36", "wrong-type: aws.enabledCloudwatchLogsExports[0] must be a text, not true", "put it in quotes"},
		{"blueGreenUpdate: [true]", "22", "wrong-type: aws.blueGreenUpdate must be a mapping, not a list", ""},
		{"s3Import: {bucketName: b}", "15", `missing-property: aws.s3Import lacks the property "ingestionRole"`, ""},
		{"identifier: mine", "17", "managed-property: aws.identifier is a property that panka sets itself", "it follows from the names of stack, environment, service and component"},
		{"tags: {a: b}", "11", "managed-property: aws.tags is a property that panka sets itself", "use the field tags"},
		{"vpcSecurityGroupIds: [sg-1]", "26", "managed-property: aws.vpcSecurityGroupIds is a property that panka sets itself", "a path through the network is opened by a reference: name the other component in valueFrom"},
		{"dbSubnetGroupName: x", "24", "managed-property: aws.dbSubnetGroupName is a property that panka sets itself", "the stack's Networking document says where components stand"},
		{"password: ${KEY}", "15", "managed-property: aws.password is a property that panka sets itself", "secrets stand in AWS Secrets Manager: use the kind's own field, which names one"},
		{"port: 6000", "11", "managed-property: aws.port is a property that panka sets itself", "use the kind's own field for the port, which the network paths follow"},
		{"parameterGroupName: x", "25", "managed-property: aws.parameterGroupName is a property that panka sets itself", "use parameters, if the kind has it"},
	} {
		ds := codegen.Check(hatched(t, c.aws))
		if len(ds) == 0 {
			t.Errorf("%s is not refused", c.aws)
			continue
		}
		d := ds[0]
		place := fmt.Sprintf("stacks/shop/services/app/components/database/database.yaml:9:%s", c.column)
		if got := d.Code + ": " + d.Message; got != c.want || d.Hint != c.hint || d.Position.String() != place {
			t.Errorf("%s: got %s: %s (%s)\nwant %s: %s (%s)", c.aws, d.Position, got, d.Hint, place, c.want, c.hint)
		}
		if strings.Contains(fmt.Sprint(ds), "hush") {
			t.Errorf("%s: a secret shows: %v", c.aws, ds)
		}
	}
}

// TestVariablesOfRawProperties are looked up when the program runs, secret ones as secrets.
func TestVariablesOfRawProperties(t *testing.T) {
	p := generated(t, hatched(t, `timezone: "in ${TEXT}"
monitoringInterval: ${DAYS}
copyTagsToSnapshot: ${ON}
licenseModel: ${KEY}
storageThroughput: ${SECRET_DAYS}
enabledCloudwatchLogsExports: ["${TEXT}", "a ${KEY}"]`))
	code := string(p.Files["wave-0/app_database.go"])
	for _, want := range []string{
		`Timezone: pulumi.String("in " + cfg.Require("TEXT"))`,
		`MonitoringInterval: pulumi.Int(cfg.RequireInt("DAYS"))`,
		`CopyTagsToSnapshot: pulumi.Bool(cfg.RequireBool("ON"))`,
		`LicenseModel: cfg.RequireSecret("KEY")`,
		`StorageThroughput: cfg.RequireSecretInt("SECRET_DAYS")`,
		`pulumi.Sprintf("%s%s", "a ", cfg.RequireSecret("KEY"))`,
	} {
		if !strings.Contains(strings.Join(strings.Fields(code), " "), want) {
			t.Errorf("the code lacks %s:\n%s", want, code)
		}
	}
	for name, data := range p.Files {
		if strings.Contains(string(data), "hush") {
			t.Errorf("%s holds the value of a sensitive variable", name)
		}
	}
}

// TestHostileRawProperties puts texts into names and values: they change literals only, or are refused.
func TestHostileRawProperties(t *testing.T) {
	stack := hatched(t, "timezone: harmless\nenabledCloudwatchLogsExports: [harmless]")
	stack.Components[0].Import = &ir.Import{ID: "harmless", Source: stack.Components[0].Source}
	want := skeletons(t, stack)
	for _, text := range hostileTexts {
		aws := stack.Components[0].AWS
		aws.Get("timezone").Text = ir.Literal(text)
		aws.Get("enabledCloudwatchLogsExports").Items[0].Text = ir.Literal(text)
		stack.Components[0].Import.ID = text
		const file = "wave-0/app_database.go"
		code, literals := skeleton(t, file, generated(t, stack).Files[file])
		if code != want[file] {
			t.Errorf("%q changes the code:\n%s", text, code)
		}
		if n := strings.Count(strings.Join(literals, "\x01"), text); n < 3 {
			t.Errorf("%q stands in %d literals, want 3", text, n)
		}
		for i := range aws.Fields {
			renamed := *stack
			c := *stack.Components[0]
			v := *aws
			v.Fields = append([]ir.Field(nil), aws.Fields...)
			v.Fields[i].Name = text
			c.AWS = &v
			renamed.Components = []*ir.Component{&c}
			if ds := codegen.Check(&renamed); len(ds) != 1 || ds[0].Code != "unknown-property" {
				t.Errorf("the property %q: %v", text, ds)
			}
		}
	}
}

// composite is a kind without a main resource.
type composite struct{ rds.Kind }

func (composite) Outputs(*ir.Component) []component.Output { return nil }
func (composite) Generate(b *component.Builder) {
	b.SecurityGroup("", "part", "one of many", b.Component().Source)
}

// TestNothingToOverlay refuses aws and import where they would be about nothing.
func TestNothingToOverlay(t *testing.T) {
	stack := hatched(t, "timezone: UTC")
	c := stack.Components[0]
	c.Import = &ir.Import{ID: "x", Source: c.AWS.Source}
	b := component.New(component.Context{Stack: stack}, c, composite{})
	composite{}.Generate(b)
	_, ds := b.Finish()
	want := "aws cannot be used with app/database: of the resources of kind RDS none is the main one"
	if len(ds) != 2 || ds[0].Message != want || ds[0].Code != "unsupported" || ds[0].Line != 9 || !strings.HasPrefix(ds[1].Message, "import") {
		t.Errorf("found %v", ds)
	}
}

// TestImportedNames lets what exists already keep its name.
func TestImportedNames(t *testing.T) {
	stack := hatched(t, "identifier: theirs")
	stack.Components[0].Import = &ir.Import{ID: "theirs", Source: stack.Components[0].Source}
	code := string(generated(t, stack).Files["wave-0/app_database.go"])
	if !strings.Contains(code, `pulumi.String("theirs")`) || !strings.Contains(code, `pulumi.Import(pulumi.ID("theirs"))`) {
		t.Errorf("the name or the import is missing:\n%s", code)
	}
}
