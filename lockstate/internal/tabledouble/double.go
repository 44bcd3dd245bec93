// Package tabledouble is a DynamoDB for tests, in process: an http.Handler that speaks as much of its protocol as panka's
// locks need, and refuses the rest as DynamoDB refuses what is wrong. Calls for one table are carried out one after the
// other, as DynamoDB's are for one item.
package tabledouble

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

// Double is a DynamoDB with its tables. The zero value has none.
type Double struct {
	mu     sync.Mutex
	tables map[string]*table
}

type table struct {
	key       string
	items     map[string]item
	protected bool
	recovery  bool
}

// failure is an answer that says what is wrong.
type failure struct {
	code, message string
	item          item
}

func (f *failure) Error() string { return f.code + ": " + f.message }

func invalid(format string, args ...any) error {
	return &failure{code: "ValidationException", message: fmt.Sprintf(format, args...)}
}

// request is what any call may hold.
type request struct {
	TableName                           string
	Key                                 item
	ConsistentRead                      bool
	UpdateExpression                    string
	ConditionExpression                 string
	ExpressionAttributeNames            map[string]string
	ExpressionAttributeValues           map[string]value
	ReturnValues                        string
	ReturnValuesOnConditionCheckFailure string
	BillingMode                         string
	DeletionProtectionEnabled           *bool
	KeySchema                           []struct{ AttributeName, KeyType string }
	AttributeDefinitions                []struct{ AttributeName, AttributeType string }
	PointInTimeRecoverySpecification    *struct{ PointInTimeRecoveryEnabled bool }
}

// ServeHTTP implements http.Handler.
func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // the client is gone
	}
	var in request
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		answer(w, nil, invalid("%v", err))
		return
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	out, err := d.do(operation, in)
	answer(w, out, err)
}

func answer(w http.ResponseWriter, out any, err error) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	if f, ok := err.(*failure); ok {
		w.WriteHeader(http.StatusBadRequest)
		body := map[string]any{"__type": "com.amazonaws.dynamodb.v20120810#" + f.code, "message": f.message}
		if f.item != nil {
			body["Item"] = f.item
		}
		out = body
	}
	_ = json.NewEncoder(w).Encode(out) // a client that is gone needs no answer
}

func (d *Double) do(operation string, in request) (any, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if operation == "CreateTable" {
		return d.create(in)
	}
	t := d.tables[in.TableName]
	if t == nil {
		return nil, &failure{code: "ResourceNotFoundException", message: "Requested resource not found: Table: " + in.TableName + " not found"}
	}
	switch operation {
	case "GetItem":
		id, err := t.id(in)
		if err != nil {
			return nil, err
		}
		if i, ok := t.items[id]; ok {
			return map[string]any{"Item": i}, nil
		}
		return map[string]any{}, nil
	case "UpdateItem":
		return t.update(in)
	case "DescribeTable", "UpdateTable":
		if in.DeletionProtectionEnabled != nil {
			t.protected = *in.DeletionProtectionEnabled
		}
		name := map[string]string{"DescribeTable": "Table", "UpdateTable": "TableDescription"}[operation]
		return map[string]any{name: t.description(in.TableName)}, nil
	case "DescribeContinuousBackups", "UpdateContinuousBackups":
		if in.PointInTimeRecoverySpecification != nil {
			t.recovery = in.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled
		}
		status := map[bool]string{true: "ENABLED", false: "DISABLED"}[t.recovery]
		return map[string]any{"ContinuousBackupsDescription": map[string]any{"ContinuousBackupsStatus": "ENABLED",
			"PointInTimeRecoveryDescription": map[string]any{"PointInTimeRecoveryStatus": status}}}, nil
	default:
		return nil, &failure{code: "UnknownOperationException", message: operation}
	}
}

func (d *Double) create(in request) (any, error) {
	if d.tables[in.TableName] != nil {
		return nil, &failure{code: "ResourceInUseException", message: "Table already exists: " + in.TableName}
	}
	if len(in.KeySchema) != 1 || in.KeySchema[0].KeyType != "HASH" || len(in.AttributeDefinitions) != 1 ||
		in.AttributeDefinitions[0].AttributeName != in.KeySchema[0].AttributeName || in.AttributeDefinitions[0].AttributeType != "S" {
		return nil, invalid("this double has tables with one string key only")
	}
	if d.tables == nil {
		d.tables = map[string]*table{}
	}
	t := &table{key: in.KeySchema[0].AttributeName, items: map[string]item{}}
	t.protected = in.DeletionProtectionEnabled != nil && *in.DeletionProtectionEnabled
	d.tables[in.TableName] = t
	return map[string]any{"TableDescription": t.description(in.TableName)}, nil
}

func (t *table) description(name string) map[string]any {
	return map[string]any{"TableName": name, "TableStatus": "ACTIVE", "DeletionProtectionEnabled": t.protected,
		"KeySchema": []any{map[string]any{"AttributeName": t.key, "KeyType": "HASH"}}}
}

func (t *table) id(in request) (string, error) {
	id, ok := in.Key[t.key]["S"].(string)
	if !ok || id == "" || len(in.Key) != 1 {
		return "", invalid("The provided key element does not match the schema")
	}
	return id, nil
}

func (t *table) update(in request) (any, error) {
	id, err := t.id(in)
	if err != nil {
		return nil, err
	}
	before, exists := t.items[id]
	used := map[string]bool{}
	expr := func(text string) *expression {
		return &expression{tokens: tokenRE.FindAllString(text, -1), names: in.ExpressionAttributeNames,
			values: in.ExpressionAttributeValues, item: before, used: used}
	}
	holds, err := true, error(nil)
	if in.ConditionExpression != "" {
		holds, err = expr(in.ConditionExpression).condition()
	}
	if err != nil {
		return nil, invalid("Invalid ConditionExpression: %v", err)
	}
	after, updateErr := expr(in.UpdateExpression).update()
	if rest := unused(in.ExpressionAttributeNames, in.ExpressionAttributeValues, used); updateErr == nil && len(rest) > 0 {
		return nil, invalid("Value provided in ExpressionAttributeValues or ExpressionAttributeNames unused in expressions: %v", rest)
	}
	if !holds {
		f := &failure{code: "ConditionalCheckFailedException", message: "The conditional request failed"}
		if in.ReturnValuesOnConditionCheckFailure == "ALL_OLD" && exists {
			f.item = before
		}
		return nil, f
	}
	if updateErr != nil {
		return nil, invalid("Invalid UpdateExpression: %v", updateErr)
	}
	after[t.key] = value{"S": id}
	t.items[id] = after
	if in.ReturnValues == "ALL_OLD" && exists {
		return map[string]any{"Attributes": before}, nil
	}
	return map[string]any{}, nil
}
