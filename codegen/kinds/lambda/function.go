package lambda

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/filesystem"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/ir"
)

// function is a component of the kind that is being generated.
type function struct {
	*component.Builder
	specification
	// waitFor are local variables of what the function needs without referring to it.
	waitFor []string
	inVPC   bool
}

// prepare registers everything that the function refers to.
func (f *function) prepare() {
	f.inVPC = f.VPC != nil && *f.VPC || f.VPC == nil && network.Reaches(f.Builder)
	container.LookUpSecrets(f.Builder, f.Secrets)
	f.Resource(component.Resource{
		Var: "logs", Type: "aws:cloudwatch/logGroup:LogGroup", Part: "logs", What: "log group", Source: f.Place("logging"),
		Args: component.Fields{
			{Name: "Name", Value: component.Str("/aws/lambda/" + functionName(f.Stack(), f.Component()))},
			{Name: "RetentionInDays", Value: component.Int(f.Logging.RetentionDays)},
			{Name: "KmsKeyId", Value: f.Key()},
		},
	})
	f.role()
	if f.inVPC {
		f.SecurityGroup("securityGroup", "function", "The function", f.Place("vpc"))
		f.waitFor = append(f.waitFor, network.Out(f.Builder, "securityGroup"))
		f.waitFor = append(f.waitFor, network.Paths(f.Builder, "securityGroup")...)
	}
}

// role is the function's, and that of Lambda when it polls what triggers the function. Lambda documents no condition that
// it meets when it takes a role.
func (f *function) role() {
	managed := slices.Clone(f.Policies)
	if f.inVPC {
		managed = append(managed, f.AWSPolicy("service-role/AWSLambdaENIManagementAccess"))
	}
	f.waitFor = append(f.waitFor, "logs")
	f.waitFor = append(f.waitFor, iam.AddRole(f.Builder, iam.Role{
		Var: "role", Part: "function", What: "role", Trust: iam.TrustPlain("lambda.amazonaws.com"), Managed: managed,
	})...)
	statements := []iam.Statement{{
		Sid: "Logs", Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"},
		Resources: []jen.Code{component.Pulumi("Sprintf").Call(jen.Lit("%s:*"), jen.Id("logs").Dot("Arn"))},
	}}
	if f.Tracing {
		statements = append(statements, iam.Statement{
			Sid: "Tracing", Actions: []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"},
			Resources: []jen.Code{jen.Lit("*")}, // X-Ray knows no resources
		})
	}
	if key := f.Key(); key != nil {
		statements = append(statements, iam.Statement{ // the environment variables'
			Sid: "Environment", Actions: []string{"kms:Decrypt"}, Resources: []jen.Code{key}})
	}
	statements = append(statements, iam.ReadSecrets(container.SecretRefs(f.Secrets))...)
	statements = append(statements, f.polling()...)
	f.waitFor = append(f.waitFor, iam.AddPolicy(f.Builder, iam.Policy{
		Var: "grants", Part: "references", What: "policy for what it uses", Role: "role",
		Statements: append(statements, iam.References(f.Builder)...),
	})...)
}

func (f *function) main() {
	args := component.Fields{
		{Name: "Name", Value: component.Str(functionName(f.Stack(), f.Component()))},
		{Name: "Role", Value: jen.Id("role").Dot("Arn")},
	}
	args = append(args, f.code()...)
	args = append(args,
		component.Field{Name: "Architectures", Value: component.StrArray(component.Str(f.Architecture))},
		component.Field{Name: "MemorySize", Value: component.Int(f.MemoryMB)},
		component.Field{Name: "Timeout", Value: component.Int(int(f.Timeout))},
		component.Field{Name: "EphemeralStorage", Value: f.disk()},
		component.Field{Name: "Environment", Value: f.environment()},
		component.Field{Name: "KmsKeyArn", Value: f.Key()},
		component.Field{Name: "Layers", Value: list(f.Layers)},
		component.Field{Name: "VpcConfig", Value: f.network()},
		component.Field{Name: "FileSystemConfig", Value: f.files()},
		component.Field{Name: "TracingConfig", Value: component.If(f.Tracing, component.Struct(
			component.AWS("lambda", "FunctionTracingConfigArgs"), component.Fields{{Name: "Mode", Value: component.Str("Active")}}))},
		component.Field{Name: "SnapStart", Value: component.If(f.SnapStart, component.Struct(
			component.AWS("lambda", "FunctionSnapStartArgs"), component.Fields{{Name: "ApplyOn", Value: component.Str("PublishedVersions")}}))},
		component.Field{Name: "ReservedConcurrentExecutions", Value: number(f.Concurrency.Reserved)},
		component.Field{Name: "Publish", Value: component.If(f.Alias.Enabled, component.Bool(true))})
	slices.Sort(f.waitFor)
	f.Resource(component.Resource{
		Var: "function", Type: "aws:lambda/function:Function", What: "function", Source: f.Place("code"),
		Args: args, Options: []jen.Code{component.DependsOn(f.waitFor...)},
	})
}

// code is where Lambda finds the code.
func (f *function) code() component.Fields {
	switch {
	case f.Code.Image != nil:
		image := f.Code.Image
		f.Version(image.Tag)
		uri := append(append(ir.Text{}, image.Repository...), ir.Part{Literal: ":"})
		return component.Fields{
			{Name: "PackageType", Value: component.Str("Image")},
			{Name: "ImageUri", Value: f.Text(append(uri, image.Tag...))},
			{Name: "ImageConfig", Value: f.imageConfig()},
		}
	case f.Code.S3 != nil:
		s3, at := f.Code.S3, f.Place("code", "s3", "component")
		f.Version(s3.Key)
		return append(f.packaged(), component.Fields{
			{Name: "S3Bucket", Value: f.UseText(s3.Component, "bucketName", at)},
			{Name: "S3Key", Value: f.Text(s3.Key)},
			{Name: "S3ObjectVersion", Value: component.If(len(s3.Version) > 0, f.Text(s3.Version))},
		}...)
	default:
		return append(f.packaged(), component.Field{Name: "Code", Value: f.archive()})
	}
}

func (f *function) packaged() component.Fields {
	return component.Fields{
		{Name: "Runtime", Value: component.Str(f.Runtime)},
		{Name: "Handler", Value: f.Text(f.Handler)},
	}
}

// archive is the zip file beside the program. Its path is made absolute, as the program is not who reads it.
func (f *function) archive() jen.Code {
	code := f.Component().Code
	if code == nil || code.Problem != nil {
		return component.Pulumi("NewFileArchive").Call(jen.Lit("")) // reported by check
	}
	name := f.Attach(".zip", code.Zip)
	f.Statement(
		jen.List(jen.Id("code"), jen.Err()).Op(":=").Qual("path/filepath", "Abs").Call(jen.Lit(name)),
		f.Check("find the function's code"), jen.Line(),
	)
	return component.Pulumi("NewFileArchive").Call(jen.Id("code"))
}

func (f *function) imageConfig() jen.Code {
	image := f.Code.Image
	if len(image.Command)+len(image.EntryPoint) == 0 && image.WorkingDirectory == "" {
		return nil
	}
	return component.Struct(component.AWS("lambda", "FunctionImageConfigArgs"), component.Fields{
		{Name: "Commands", Value: f.texts(image.Command)},
		{Name: "EntryPoints", Value: f.texts(image.EntryPoint)},
		{Name: "WorkingDirectory", Value: component.If(image.WorkingDirectory != "", component.Str(image.WorkingDirectory))},
	})
}

func (f *function) texts(texts []ir.Text) jen.Code {
	var items []jen.Code
	for _, t := range texts {
		items = append(items, f.Text(t))
	}
	return component.If(len(items) > 0, component.StrArray(items...))
}

// disk is left to Lambda unless it is more than Lambda's own.
func (f *function) disk() jen.Code {
	const own = 512
	return component.If(f.EphemeralStorageMB != own, component.Struct(component.AWS("lambda", "FunctionEphemeralStorageArgs"),
		component.Fields{{Name: "Size", Value: component.Int(f.EphemeralStorageMB)}}))
}

func (f *function) environment() jen.Code {
	var variables component.Fields
	for _, v := range f.Environment {
		value := f.Text(v.Value)
		if from := v.ValueFrom; from != nil {
			value = f.UseTextOf(ir.Reference{Stack: from.Stack, Component: from.Component, Source: from.Source}, from.Output)
		}
		variables = append(variables, component.Field{Name: v.Name, Value: value})
	}
	for _, s := range f.Secrets {
		variables = append(variables, component.Field{Name: s.Variable(),
			Value: component.Pulumi("String").Call(jen.Id("secrets").Index(jen.Lit(s.Ref)))})
	}
	if len(variables) == 0 {
		return nil
	}
	return component.Struct(component.AWS("lambda", "FunctionEnvironmentArgs"), component.Fields{
		{Name: "Variables", Value: component.Map(component.Pulumi("StringMap"), variables)},
	})
}

func (f *function) network() jen.Code {
	if !f.inVPC {
		return nil
	}
	return component.Struct(component.AWS("lambda", "FunctionVpcConfigArgs"), component.Fields{
		{Name: "SubnetIds", Value: jen.Id("base").Dot("privateSubnetIDs")},
		{Name: "SecurityGroupIds", Value: component.StrArray(network.ID("securityGroup"))},
	})
}

// files is the file system that is mounted into the function. It is deployed before, with an address in each zone, as
// Lambda demands; the compiler has seen to it that there is one at most, and an access point.
func (f *function) files() jen.Code {
	mounts := filesystem.Mounts(f.Builder)
	if len(mounts) == 0 {
		return nil
	}
	return component.Struct(component.AWS("lambda", "FunctionFileSystemConfigArgs"), component.Fields{
		{Name: "Arn", Value: mounts[0].AccessPointARN},
		{Name: "LocalMountPath", Value: component.Str(mounts[0].Path)},
	})
}

// publish points the alias at the version that was just published.
func (f *function) publish() {
	if !f.Alias.Enabled {
		return
	}
	f.Resource(component.Resource{
		Var: "alias", Type: "aws:lambda/alias:Alias", Part: "alias", What: "alias", Source: f.Place("alias"),
		Args: component.Fields{
			{Name: "Name", Value: component.Str(f.Alias.Name)},
			{Name: "FunctionName", Value: jen.Id("function").Dot("Name")},
			{Name: "FunctionVersion", Value: jen.Id("function").Dot("Version")},
		},
	})
	if f.Concurrency.Provisioned == nil {
		return
	}
	f.Resource(component.Resource{
		Type: "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig", Part: "provisioned", What: "copies kept ready",
		Source: f.Place("concurrency", "provisioned"),
		Args: component.Fields{
			{Name: "FunctionName", Value: jen.Id("function").Dot("Name")},
			{Name: "Qualifier", Value: jen.Id("alias").Dot("Name")},
			{Name: "ProvisionedConcurrentExecutions", Value: component.Int(*f.Concurrency.Provisioned)},
		},
	})
}

func number(n *int) jen.Code {
	if n == nil {
		return nil
	}
	return component.Int(*n)
}

// list is a list of texts, nil for none.
func list(texts []string) jen.Code {
	var items []jen.Code
	for _, t := range texts {
		items = append(items, component.Str(t))
	}
	return component.If(len(items) > 0, component.StrArray(items...))
}
