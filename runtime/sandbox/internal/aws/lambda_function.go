package aws

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const functionType = "aws:lambda/function:Function"

func lambdaFunction() *Kind {
	return &Kind{
		Type: functionType, Label: "Lambda Function", Regional: true,
		Name: "name", MaxName: 64,
		Conflict: func(name string) error {
			return errorf("ResourceConflictException", "Function already exist: %s", name)
		},
		Replace: []string{"name", "packageType"},
		Ordered: []string{"imageConfig", "layers"},
		Checks: []Check{
			matching("name", `^[A-Za-z0-9_-]{1,64}$`, "up to 64 letters, digits, hyphens and underscores"),
			oneOf("packageType", "Zip", "Image"), oneOf("runtime", lambdaRuntimes()...),
			eachString("architectures", `^(x86_64|arm64)$`, "an architecture is x86_64 or arm64"), checkArchitectures,
			within("memorySize", 128, 10240), within("timeout", 1, 900), within("ephemeralStorage.size", 512, 10240),
			within("reservedConcurrentExecutions", -1, 1e6), oneOf("tracingConfig.mode", "Active", "PassThrough"),
			oneOf("snapStart.applyOn", "PublishedVersions", "None"), oneOf("loggingConfig.logFormat", "JSON", "Text"),
			oneOf("loggingConfig.applicationLogLevel", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"),
			oneOf("loggingConfig.systemLogLevel", "DEBUG", "INFO", "WARN"),
			matching("fileSystemConfig.localMountPath", `^/mnt/[a-zA-Z0-9-_.]+$`, "must begin with /mnt/"),
			arnText("role"), arnText("deadLetterConfig.targetArn"),
			exactlyOne("code", "imageUri", "s3Bucket"), together("s3Bucket", "s3Key"), checkPackage, checkLogLevels,
		},
		Defaults: lambdaDefaults,
		Refs: []Ref{
			{Path: "vpcConfig.subnetIds[]", To: subnetType, Missing: func(id string) error {
				return invalidLambda("Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. EC2 Error Message: The subnet ID '%s' does not exist", id)
			}},
			{Path: "vpcConfig.securityGroupIds[]", To: securityGroupType, Missing: func(id string) error {
				return invalidLambda("Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. EC2 Error Message: The security group '%s' does not exist", id)
			}},
		},
		Create: func(c *Call) (*Made, error) {
			if err := functionFits(c); err != nil {
				return nil, err
			}
			return &Made{ID: c.In.String("name"), Outputs: functionOutputs(c, c.In.String("name"), 1)}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) {
			if err := functionFits(c); err != nil {
				return nil, err
			}
			next := prior.Outputs.String("version")
			n, err := strconv.Atoi(next)
			if err != nil {
				n = 0 // nothing has been published yet
			}
			return &Made{Outputs: functionOutputs(c, prior.ID, n+1)}, nil
		},
		Unwell: functionUnwell,
		Steady: func(in store.Values) bool { return len(in.Object("vpcConfig").Strings("subnetIds")) > 0 },
		Usual:  Usual{10, 8, 2},
	}
}

func invalidLambda(format string, args ...any) error {
	return errorf("InvalidParameterValueException", format, args...)
}

func lambdaRuntimes() []string {
	return []string{"nodejs18.x", "nodejs20.x", "nodejs22.x", "python3.9", "python3.10", "python3.11", "python3.12", "python3.13",
		"java8.al2", "java11", "java17", "java21", "dotnet6", "dotnet8", "ruby3.2", "ruby3.3", "ruby3.4", "provided.al2", "provided.al2023"}
}

func checkArchitectures(in store.Values) []Problem {
	if n := len(in.Strings("architectures")); n > 1 {
		return []Problem{{"architectures", fmt.Sprintf("a function has one architecture, got %d", n)}}
	}
	return nil
}

// checkPackage demands what goes with a package of files, and with an image.
func checkPackage(in store.Values) []Problem {
	if in.Has("packageType") && !in.Known("packageType") {
		return nil
	}
	if in.String("packageType") == "Image" {
		var out []Problem
		for _, p := range []string{"handler", "runtime", "layers"} {
			if in.Has(p) {
				out = append(out, Problem{p, fmt.Sprintf("%s must not be given when packageType is Image", p)})
			}
		}
		if !in.Has("imageUri") {
			out = append(out, Problem{"imageUri", "imageUri must be given when packageType is Image"})
		}
		return out
	}
	if !in.Has("handler") || !in.Has("runtime") {
		return []Problem{{"handler", "handler and runtime must be set when packageType is Zip"}}
	}
	return nil
}

func checkLogLevels(in store.Values) []Problem {
	logging := in.Object("loggingConfig")
	if logging.String("logFormat") == "Text" && (logging.Has("applicationLogLevel") || logging.Has("systemLogLevel")) {
		return []Problem{{"loggingConfig", "log levels need logFormat JSON"}}
	}
	return nil
}

func lambdaDefaults(c *Call) store.Values {
	out := store.Values{"packageType": "Zip", "architectures": []string{"x86_64"}, "memorySize": 128, "timeout": 3, "publish": false,
		"skipDestroy": false, "reservedConcurrentExecutions": -1, "ephemeralStorage": map[string]any{"size": 512},
		"tracingConfig": map[string]any{"mode": "PassThrough"}, "description": ""}
	if name := c.In.String("name"); name != "" {
		out["loggingConfig"] = map[string]any{"logFormat": "Text", "logGroup": "/aws/lambda/" + name}
	}
	return out
}

// functionOutputs follow from the name, the code and, when versions are published, the number of the next one.
func functionOutputs(c *Call, name string, next int) store.Values {
	arn := c.ARN("lambda", "function:"+name)
	version := "$LATEST"
	if c.In.Bool("publish") {
		version = strconv.Itoa(next)
	}
	code := fmt.Sprint(c.In["code"], c.In["imageUri"], c.In["s3Bucket"], c.In["s3Key"], c.In["s3ObjectVersion"], c.In["sourceCodeHash"])
	sum := sha256.Sum256([]byte(code))
	return store.Values{"arn": arn, "qualifiedArn": arn + ":" + version, "invokeArn": c.invokeARN(arn),
		"qualifiedInvokeArn": c.invokeARN(arn + ":" + version), "version": version,
		"codeSha256": base64.StdEncoding.EncodeToString(sum[:]), "sourceCodeSize": 1024 + int(sum[0])*64,
		"lastModified": c.Now.UTC().Format("2006-01-02T15:04:05.000+0000")}
}

// invokeARN is the address that API Gateway calls a function by.
func (c *Call) invokeARN(function string) string {
	return fmt.Sprintf("arn:aws:apigateway:%s:lambda:path/2015-03-31/functions/%s/invocations", c.Region, function)
}

// functionFits demands that the role, environment and network are what Lambda takes.
func functionFits(c *Call) error {
	err := c.roleAssumable(c.In.String("role"), "lambda.amazonaws.com", invalidLambda("The role defined for the function cannot be assumed by Lambda."))
	if err != nil {
		return err
	}
	if err := environmentFits(c.In.Object("environment").Object("variables")); err != nil {
		return err
	}
	if target := c.In.Object("deadLetterConfig").String("targetArn"); target != "" && c.gone(target) {
		return invalidLambda("The target ARN %s does not exist.", target)
	}
	network := c.In.Object("vpcConfig")
	subnets, groups := c.subnetsOf(network.Strings("subnetIds")), network.Strings("securityGroupIds")
	if (len(subnets) == 0) != (len(groups) == 0) {
		return invalidLambda("SubnetIds and SecurityIds must coexist or be both empty list.")
	}
	for _, g := range groups {
		for _, s := range subnets {
			if c.vpcOf(securityGroupType, g) != s.Property("vpcId") {
				return invalidLambda("Security groups and subnets must be in the same VPC: %s and %s are not.", g, s.ID)
			}
		}
	}
	if err := functionFilesFit(c, subnets); err != nil {
		return err
	}
	if n, ok := c.In.Number("reservedConcurrentExecutions"); ok && n > 900 {
		return invalidLambda("Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].")
	}
	return nil
}

func environmentFits(variables store.Values) error {
	reserved := []string{"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
		"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
		"AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN",
		"LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT", "_HANDLER", "_X_AMZN_TRACE_ID"}
	var bad []string
	size := 0
	for key := range variables {
		size += len(key) + len(variables.String(key))
		if slices.Contains(reserved, key) {
			bad = append(bad, key)
		}
	}
	slices.Sort(bad)
	switch {
	case len(bad) > 0:
		return invalidLambda("Lambda was unable to configure your environment variables because the environment variables you have provided "+
			"contains reserved keys that are currently not supported for modification. Reserved keys used in this request: %s", strings.Join(bad, ", "))
	case size > 4096:
		return invalidLambda("Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.")
	}
	return nil
}

// functionUnwell says why a function cannot start in its network. AWS, too, refuses it after some retries.
func functionUnwell(c *Call, r *store.Resource) string {
	role := c.Find(roleType, r.Inputs.String("role"))
	if role == nil {
		return "the function's role does not exist"
	}
	if strings.HasPrefix(r.Inputs.String("imageUri"), "missing/") { // the way to rehearse an image that is not there
		return "ImageAccessDenied: Source image " + r.Inputs.String("imageUri") + " does not exist. Provide a valid source image."
	}
	inNetwork := len(r.Inputs.Object("vpcConfig").Strings("subnetIds")) > 0
	if inNetwork && !c.allowed(role, "ec2:CreateNetworkInterface", "*") {
		return "InvalidParameterValueException: The provided execution role does not have permissions to call CreateNetworkInterface on EC2"
	}
	return functionFilesUnwell(c, r, role)
}

// functionOf gives the name of the function that a name, partial ARN or ARN, with or without a qualifier, names.
func functionOf(value string) string {
	_, after, found := strings.Cut(value, ":function:")
	if !found {
		after = value
	}
	name, _, _ := strings.Cut(after, ":")
	return name
}

// function gives the function that a name or ARN identifies, or Lambda's error.
func (c *Call) function(value string) (*store.Resource, error) {
	if f := c.Find(functionType, functionOf(value)); f != nil {
		return f, nil
	}
	return nil, functionMissing(value)
}

func functionMissing(value string) error {
	return errorf("ResourceNotFoundException", "Function not found: %s", value)
}

// qualifierExists demands that a function has an alias or a published version.
func (c *Call) qualifierExists(f *store.Resource, qualifier string) error {
	if qualifier == "" || qualifier == "$LATEST" {
		return nil
	}
	arn := f.Outputs.String("arn") + ":" + qualifier
	if n, err := strconv.Atoi(qualifier); err == nil {
		if newest, err := strconv.Atoi(f.Outputs.String("version")); err != nil || n > newest || n < 1 {
			return functionMissing(arn)
		}
		return nil
	}
	named := func(r *store.Resource) bool {
		return r.Property("name") == qualifier && functionOf(r.Inputs.String("functionName")) == f.ID
	}
	if c.other(aliasType, nil, named) == nil {
		return errorf("ResourceNotFoundException", "Cannot find alias arn: %s", arn)
	}
	return nil
}
