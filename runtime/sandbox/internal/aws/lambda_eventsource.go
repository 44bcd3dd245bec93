package aws

import (
	"fmt"
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const eventSourceType = "aws:lambda/eventSourceMapping:EventSourceMapping"

func eventSourceMapping() *Kind {
	return &Kind{
		Type: eventSourceType, Label: "Lambda Event Source Mapping", Random: true,
		Replace: []string{"eventSourceArn", "queues", "selfManagedEventSource", "selfManagedKafkaEventSourceConfig", "startingPosition",
			"startingPositionTimestamp", "topics", "amazonManagedKafkaEventSourceConfig"},
		Checks: []Check{
			exactlyOne("eventSourceArn", "selfManagedEventSource"), arnText("eventSourceArn"),
			within("batchSize", 1, 10000), within("maximumBatchingWindowInSeconds", 0, 300), within("parallelizationFactor", 1, 10),
			within("maximumRetryAttempts", -1, 10000), within("tumblingWindowInSeconds", 0, 900), within("scalingConfig.maximumConcurrency", 2, 1000),
			oneOf("startingPosition", "TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"), checkRecordAge,
			eachString("functionResponseTypes", `^ReportBatchItemFailures$`, "the only type is ReportBatchItemFailures"), checkSource,
		},
		Defaults: eventSourceDefaults,
		Refs:     []Ref{{Path: "functionName", To: functionType, Of: functionOf, Loose: true, Missing: functionMissing}},
		Create: func(c *Call) (*Made, error) {
			f, err := eventSourceFits(c, nil)
			if err != nil {
				return nil, err
			}
			id := c.UUID("mapping")
			out := eventSourceState(c, f)
			out["uuid"], out["arn"] = id, c.ARN("lambda", "event-source-mapping:"+id)
			return &Made{ID: id, Outputs: out}, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) {
			f, err := eventSourceFits(c, prior)
			if err != nil {
				return nil, err
			}
			return &Made{Outputs: eventSourceState(c, f)}, nil
		},
		Unwell: eventSourceUnwell,
		Steady: func(store.Values) bool { return true },
		Usual:  Usual{20, 20, 20},
	}
}

func checkRecordAge(in store.Values) []Problem {
	n, ok := at(in, "maximumRecordAgeInSeconds").(float64)
	if ok && n != -1 && (n < 60 || n > 604800) {
		return []Problem{{"maximumRecordAgeInSeconds", fmt.Sprintf("expected maximumRecordAgeInSeconds to be -1 or in the range 60 to 604800, got %v", n)}}
	}
	return nil
}

// sourceService gives the service that a mapping reads from, "" while that is not known.
func sourceService(in store.Values) string {
	a, _ := parseARN(in.String("eventSourceArn"))
	return a.service
}

// checkSource demands what goes with queues, and with streams.
func checkSource(in store.Values) []Problem {
	var out []Problem
	refuse := func(why string, properties ...string) {
		for _, p := range properties {
			if in.Has(p) {
				out = append(out, Problem{p, fmt.Sprintf("%s is not valid for %s", p, why)})
			}
		}
	}
	switch sourceService(in) {
	case "sqs":
		refuse("SQS event sources", "startingPosition", "startingPositionTimestamp", "bisectBatchOnFunctionError", "destinationConfig",
			"maximumRecordAgeInSeconds", "maximumRetryAttempts", "parallelizationFactor", "tumblingWindowInSeconds", "topics", "queues")
		size, window := in.Int("batchSize"), in.Int("maximumBatchingWindowInSeconds")
		if size > 10 && window == 0 && (in.Known("maximumBatchingWindowInSeconds") || !in.Has("maximumBatchingWindowInSeconds")) {
			out = append(out, Problem{"maximumBatchingWindowInSeconds", "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"})
		}
		if size > 10 && strings.HasSuffix(in.String("eventSourceArn"), ".fifo") {
			out = append(out, Problem{"batchSize", fmt.Sprintf("the batch size of a FIFO queue is at most 10, got %d", size)})
		}
	case "kinesis", "dynamodb":
		refuse("stream event sources", "scalingConfig", "topics", "queues")
		if !in.Has("startingPosition") {
			out = append(out, Problem{"startingPosition", "startingPosition must be given for a stream: LATEST or TRIM_HORIZON"})
		}
	}
	if in.String("startingPosition") == "AT_TIMESTAMP" && !in.Has("startingPositionTimestamp") {
		out = append(out, Problem{"startingPositionTimestamp", "startingPositionTimestamp must be given with AT_TIMESTAMP"})
	}
	return out
}

func eventSourceDefaults(c *Call) store.Values {
	out := store.Values{"enabled": true, "maximumBatchingWindowInSeconds": 0, "batchSize": 100}
	switch sourceService(c.In) {
	case "sqs":
		out["batchSize"] = 10
	case "kinesis", "dynamodb":
		out["bisectBatchOnFunctionError"], out["parallelizationFactor"], out["tumblingWindowInSeconds"] = false, 1, 0
		out["maximumRetryAttempts"], out["maximumRecordAgeInSeconds"] = -1, -1
	}
	return out
}

// eventSourceFits demands that source and function exist and go together.
func eventSourceFits(c *Call, prior *store.Resource) (*store.Resource, error) {
	f, err := c.function(c.In.String("functionName"))
	if err != nil {
		return nil, err
	}
	source := c.In.String("eventSourceArn")
	if c.gone(source) {
		return nil, invalidLambda("Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error "+
			"Message: The specified queue does not exist. (%s)", source)
	}
	same := func(r *store.Resource) bool {
		return source != "" && r.Inputs.String("eventSourceArn") == source && functionOf(r.Inputs.String("functionName")) == f.ID
	}
	if r := c.other(eventSourceType, prior, same); r != nil {
		return nil, errorf("ResourceConflictException", "The event source arn (\" %s \") and function (\" %s \") provided mapping "+
			"already exists. Please update or delete the existing mapping with UUID %s", source, f.ID, r.ID)
	}
	if queue := c.Find(queueType, source); queue != nil {
		visible, runs := number(queue, "visibilityTimeoutSeconds"), number(f, "timeout")
		if visible < runs {
			return nil, invalidLambda("Queue visibility timeout: %v seconds is less than Function timeout: %v seconds", visible, runs)
		}
	}
	return f, nil
}

// number gives a resource's input or, where there is none, its output.
func number(r *store.Resource, key string) float64 {
	if n, ok := r.Inputs.Number(key); ok {
		return n
	}
	n, _ := r.Outputs.Number(key)
	return n
}

func eventSourceState(c *Call, f *store.Resource) store.Values {
	state := "Enabled"
	if c.In.Has("enabled") && !c.In.Bool("enabled") {
		state = "Disabled"
	}
	arn := f.Outputs.String("arn")
	if name := c.In.String("functionName"); strings.HasPrefix(name, arn+":") {
		arn = name
	}
	return store.Values{"functionArn": arn, "state": state, "stateTransitionReason": "USER_INITIATED",
		"lastProcessingResult": "No records processed", "lastModified": c.Now.UTC().Format(time.RFC3339)}
}

// eventSourceUnwell says why a mapping cannot read its source. AWS, too, refuses it after some retries.
func eventSourceUnwell(c *Call, r *store.Resource) string {
	f, err := c.function(r.Inputs.String("functionName"))
	if err != nil {
		return "PROBLEM: " + err.Error()
	}
	source := r.Inputs.String("eventSourceArn")
	if c.gone(source) {
		return "PROBLEM: the event source " + source + " does not exist"
	}
	need := map[string][2]string{"sqs": {"ReceiveMessage", "SQS"}, "kinesis": {"GetRecords", "Kinesis"}, "dynamodb": {"GetRecords", "DynamoDB"}}
	call, known := need[sourceService(r.Inputs)]
	role := c.Find(roleType, f.Inputs.String("role"))
	if known && role != nil && !c.allowed(role, sourceService(r.Inputs)+":"+call[0], source) {
		return fmt.Sprintf("InvalidParameterValueException: The function execution role does not have permissions to call %s on %s", call[0], call[1])
	}
	return ""
}
