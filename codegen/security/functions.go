package security

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const (
	function       = "aws:lambda/function:Function"
	permission     = "aws:lambda/permission:Permission"
	apiStage       = "aws:apigatewayv2/stage:Stage"
	apiIntegration = "aws:apigatewayv2/integration:Integration"
	api            = "aws:apigatewayv2/api:Api"
)

func functionRules() []Rule {
	return []Rule{
		{"CKV_AWS_45", "Functions have no credentials in their environment", checkov("LambdaEnvironmentCredentials.py"), []string{function}, Always, noCredentialsInVariables},
		{"CKV_AWS_173", "The environment of functions is encrypted with the stack's key", checkov("LambdaEnvironmentEncryptionSettings.py"), []string{function}, OwnKey,
			where("environment.variables", present("kmsKeyArn"))},
		{"CKV_AWS_363", "Functions run on a runtime that AWS supports", checkov("DeprecatedLambdaRuntime.py"), []string{function}, Always, never("runtime", deprecatedRuntimes...)},
		{"CKV_AWS_301", "No function can be called by everybody", checkov("LambdaFunctionIsNotPublic.py"), []string{permission}, Always, never("principal", "*")},
		{"CKV_AWS_364", "Services call functions for a resource of the account only", checkov("LambdaServicePermission.py"), []string{permission}, Always, tiedToSource},
		{"CKV_AWS_76", "APIs log who calls them", checkov("APIGatewayAccessLogging.py"), []string{apiStage}, Always, present("accessLogSettings.destinationArn")},
		{"panka/api-cors", "APIs do not answer scripts of every site", "", []string{api}, Always, openCORS},
		{"panka/api-private", "APIs reach load balancers through the VPC", "", []string{apiIntegration}, Always, throughVPC},
	}
}

// deprecatedRuntimes are those that AWS no longer mends.
var deprecatedRuntimes = []any{"dotnetcore3.1", "dotnet5.0", "dotnet6", "dotnet7", "go1.x", "java8", "nodejs12.x", "nodejs14.x", "nodejs16.x",
	"nodejs18.x", "provided", "python3.6", "python3.7", "python3.8", "ruby2.5", "ruby2.7"}

func noCredentialsInVariables(r Resource, _ *Stack) string {
	variables, _ := r.at("environment.variables").(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if slices.Contains(credentials, name) || secretText(asText(variables[name])) {
			return name + " holds a credential"
		}
	}
	return ""
}

func tiedToSource(r Resource, _ *Stack) string {
	if !strings.HasSuffix(r.text("principal"), ".amazonaws.com") {
		return ""
	}
	if r.text("sourceArn") == "" && r.text("sourceAccount") == "" {
		return "it has neither sourceArn nor sourceAccount"
	}
	return ""
}

func openCORS(r Resource, _ *Stack) string {
	if slices.Contains(r.list("corsConfiguration.allowOrigins"), any("*")) {
		return "corsConfiguration.allowOrigins holds *"
	}
	return ""
}

func throughVPC(r Resource, _ *Stack) string {
	if strings.Contains(r.text("integrationUri"), ":elasticloadbalancing:") && r.text("connectionType") != "VPC_LINK" {
		return fmt.Sprintf("connectionType is %v", r.at("connectionType"))
	}
	return ""
}
