package aws

import (
	"fmt"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	aliasType      = "aws:lambda/alias:Alias"
	permissionType = "aws:lambda/permission:Permission"
)

// ofFunction is the reference of what vanishes with its function.
func ofFunction(path string) Ref {
	return Ref{Path: path, To: functionType, Owned: true, Of: functionOf, Missing: functionMissing}
}

// keyInFunction makes the key of what is unique within a function.
func keyInFunction(property string) func(string, store.Values) string {
	return func(id string, outputs store.Values) string {
		return functionOf(outputs.String(property)) + "/" + outputs.String("qualifier") + "/" + id
	}
}

func lambdaPermission() *Kind {
	return &Kind{
		Type: permissionType, Label: "Lambda Permission", Regional: true,
		Name: "statementId", MaxName: 100,
		Replace: []string{"action", "eventSourceToken", "function", "functionUrlAuthType", "principal", "principalOrgId", "qualifier",
			"sourceAccount", "sourceArn", "statementId", "statementIdPrefix"},
		Checks: []Check{
			matching("action", `^(lambda:(\*|[a-zA-Z]+)|\*)$`, "an action such as lambda:InvokeFunction"),
			matching("statementId", `^[a-zA-Z0-9_-]{1,100}$`, "up to 100 letters, digits, hyphens and underscores"),
			matching("sourceAccount", `^\d{12}$`, "an account has twelve digits"),
			matching("principal", `^(\*|\d{12}|arn:.+|[a-z0-9.-]+\.(amazonaws\.com|amazon\.com|amazonaws\.com\.cn))$`, "a service such as events.amazonaws.com, an account, an ARN or *"),
			oneOf("functionUrlAuthType", "NONE", "AWS_IAM"), arnText("sourceArn"), atMostOne("statementId", "statementIdPrefix"), checkUrlPermission,
		},
		Refs: []Ref{ofFunction("function")},
		Key:  keyInFunction("function"),
		Create: func(c *Call) (*Made, error) {
			f, err := c.function(c.In.String("function"))
			if err != nil {
				return nil, err
			}
			id, qualifier := c.In.String("statementId"), c.In.String("qualifier")
			if err := c.qualifierExists(f, qualifier); err != nil {
				return nil, err
			}
			same := func(r *store.Resource) bool {
				return r.ID == id && functionOf(r.Inputs.String("function")) == f.ID && r.Inputs.String("qualifier") == qualifier
			}
			if c.other(permissionType, nil, same) != nil {
				return nil, errorf("ResourceConflictException", "The statement id (%s) provided already exists. Please provide a new "+
					"statement id, or remove the existing statement.", id)
			}
			return &Made{ID: id}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

func checkUrlPermission(in store.Values) []Problem {
	if action := in.String("action"); in.Has("functionUrlAuthType") && in.Known("action") && action != "lambda:InvokeFunctionUrl" {
		return []Problem{{"functionUrlAuthType", "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action, got " + action}}
	}
	return nil
}

func lambdaAlias() *Kind {
	return &Kind{
		Type: aliasType, Label: "Lambda Alias",
		Name: "name", MaxName: 128,
		Replace: []string{"name", "functionName"},
		Checks: []Check{
			matching("name", `^[a-zA-Z0-9_-]*[a-zA-Z_-][a-zA-Z0-9_-]*$`, "letters, digits, hyphens and underscores, not only digits"),
			matching("functionVersion", `^(\$LATEST|\d+)$`, "a version is $LATEST or a number"), checkRouting,
		},
		Refs: []Ref{ofFunction("functionName")},
		Create: func(c *Call) (*Made, error) {
			f, err := aliasFits(c)
			if err != nil {
				return nil, err
			}
			arn := f.Outputs.String("arn") + ":" + c.In.String("name")
			if c.other(aliasType, nil, func(r *store.Resource) bool { return r.ID == arn }) != nil {
				return nil, errorf("ResourceConflictException", "Alias already exists: %s", arn)
			}
			return &Made{ID: arn, Outputs: store.Values{"arn": arn, "invokeArn": c.invokeARN(arn)}}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) {
			_, err := aliasFits(c)
			return nil, err
		},
		Usual: Usual{1, 1, 1},
	}
}

func aliasFits(c *Call) (*store.Resource, error) {
	f, err := c.function(c.In.String("functionName"))
	if err != nil {
		return nil, err
	}
	versions := []string{c.In.String("functionVersion")}
	for v := range c.In.Object("routingConfig").Object("additionalVersionWeights") {
		if c.In.String("functionVersion") == "$LATEST" {
			return nil, invalidLambda("$LATEST is not supported for an alias pointing to more than 1 version")
		}
		versions = append(versions, v)
	}
	for _, v := range versions {
		if err := c.qualifierExists(f, v); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func checkRouting(in store.Values) []Problem {
	weights := in.Object("routingConfig").Object("additionalVersionWeights")
	if len(weights) > 1 {
		return []Problem{{"routingConfig.additionalVersionWeights", "an alias routes to at most one additional version"}}
	}
	for version := range weights {
		if w, ok := weights.Number(version); ok && (w < 0 || w > 1) {
			return []Problem{{"routingConfig.additionalVersionWeights", fmt.Sprintf("the weight of version %s must be between 0 and 1, got %v", version, w)}}
		}
	}
	return nil
}

func lambdaURL() *Kind {
	const typ = "aws:lambda/functionUrl:FunctionUrl"
	return &Kind{
		Type: typ, Label: "Lambda Function URL", Regional: true,
		Replace: []string{"functionName", "qualifier"},
		Checks: []Check{
			oneOf("authorizationType", "NONE", "AWS_IAM"), oneOf("invokeMode", "BUFFERED", "RESPONSE_STREAM"), within("cors.maxAge", 0, 86400),
			func(in store.Values) []Problem {
				return eachString("allowMethods", `^(\*|GET|PUT|HEAD|POST|PATCH|DELETE|OPTIONS)$`, "an HTTP method or *")(in.Object("cors"))
			},
		},
		Defaults: func(*Call) store.Values { return store.Values{"invokeMode": "BUFFERED"} },
		Refs:     []Ref{ofFunction("functionName")},
		Create: func(c *Call) (*Made, error) {
			f, err := c.function(c.In.String("functionName"))
			if err != nil {
				return nil, err
			}
			id, qualifier := f.ID, c.In.String("qualifier")
			if err := c.qualifierExists(f, qualifier); err != nil {
				return nil, err
			}
			if qualifier != "" {
				id += "/" + qualifier
			}
			if c.other(typ, nil, func(r *store.Resource) bool { return r.ID == id }) != nil {
				return nil, errorf("ResourceConflictException", "Failed to create function url config for [functionArn = %s]. Error "+
					"message:  FunctionUrlConfig exists for this Lambda function", f.Outputs.String("arn"))
			}
			host := spell(c.Entropy+"|url", "abcdefghijklmnopqrstuvwxyz234567", 32)
			return &Made{ID: id, Outputs: store.Values{"functionArn": f.Outputs.String("arn"), "urlId": host,
				"functionUrl": fmt.Sprintf("https://%s.lambda-url.%s.on.aws/", host, c.Region)}}, nil
		},
		Unwell: publicURLUnwell,
		Usual:  Usual{1, 1, 1},
	}
}

// publicURLUnwell says why a URL that asks for no credentials refuses all callers.
func publicURLUnwell(c *Call, r *store.Resource) string {
	if r.Inputs.String("authorizationType") != "NONE" {
		return ""
	}
	open := func(p *store.Resource) bool {
		return functionOf(p.Inputs.String("function")) == functionOf(r.Inputs.String("functionName")) &&
			p.Inputs.String("action") == "lambda:InvokeFunctionUrl" && p.Inputs.String("principal") == "*"
	}
	if c.other(permissionType, nil, open) == nil {
		return "callers get 403 Forbidden: no permission lets everybody invoke the function's URL"
	}
	return ""
}

func provisionedConcurrency() *Kind {
	return &Kind{
		Type: "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig", Label: "Lambda Provisioned Concurrency Config", Regional: true,
		Replace:  []string{"functionName", "qualifier"},
		Checks:   []Check{within("provisionedConcurrentExecutions", 1, 1e6)},
		Defaults: func(*Call) store.Values { return store.Values{"skipDestroy": false} },
		Refs:     []Ref{ofFunction("functionName")},
		Create: func(c *Call) (*Made, error) {
			f, err := concurrencyFits(c)
			if err != nil {
				return nil, err
			}
			return &Made{ID: f.ID + "," + c.In.String("qualifier")}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) {
			_, err := concurrencyFits(c)
			return nil, err
		},
		Usual: Usual{120, 120, 5},
	}
}

func concurrencyFits(c *Call) (*store.Resource, error) {
	f, err := c.function(c.In.String("functionName"))
	if err != nil {
		return nil, err
	}
	qualifier := c.In.String("qualifier")
	alias := c.Find(aliasType, f.Outputs.String("arn")+":"+qualifier)
	if qualifier == "$LATEST" || (alias != nil && alias.Inputs.String("functionVersion") == "$LATEST") {
		return nil, invalidLambda("Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
	}
	if err := c.qualifierExists(f, qualifier); err != nil {
		return nil, err
	}
	if reserved, ok := f.Inputs.Number("reservedConcurrentExecutions"); ok && reserved >= 0 && float64(c.In.Int("provisionedConcurrentExecutions")) > reserved {
		return nil, invalidLambda("Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function")
	}
	return f, nil
}

func lambdaInvokeConfig() *Kind {
	return &Kind{
		Type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", Label: "Lambda Function Event Invoke Config", Regional: true, Idempotent: true,
		Replace: []string{"functionName", "qualifier"},
		Checks: []Check{
			within("maximumEventAgeInSeconds", 60, 21600), within("maximumRetryAttempts", 0, 2),
			arnText("destinationConfig.onFailure.destination"), arnText("destinationConfig.onSuccess.destination"),
		},
		Defaults: func(*Call) store.Values { return store.Values{"maximumRetryAttempts": 2} },
		Refs:     []Ref{ofFunction("functionName")},
		Create: func(c *Call) (*Made, error) {
			f, err := invokeConfigFits(c)
			if err != nil {
				return nil, err
			}
			id := f.ID
			if q := c.In.String("qualifier"); q != "" {
				id += ":" + q
			}
			return &Made{ID: id}, nil
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) {
			_, err := invokeConfigFits(c)
			return nil, err
		},
		Usual: Usual{1, 1, 1},
	}
}

func invokeConfigFits(c *Call) (*store.Resource, error) {
	f, err := c.function(c.In.String("functionName"))
	if err != nil {
		return nil, err
	}
	for _, path := range []string{"destinationConfig.onFailure.destination", "destinationConfig.onSuccess.destination"} {
		for _, arn := range c.In.At(path) {
			if c.gone(arn) {
				return nil, invalidLambda("The destination ARN %s is invalid.", arn)
			}
		}
	}
	return f, c.qualifierExists(f, c.In.String("qualifier"))
}
