package aws

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	busType         = "aws:cloudwatch/eventBus:EventBus"
	ruleType        = "aws:cloudwatch/eventRule:EventRule"
	eventTargetType = "aws:cloudwatch/eventTarget:EventTarget"
)

func eventBus() *Kind {
	return &Kind{
		Type: busType, Label: "EventBridge Event Bus", Regional: true,
		Name: "name", MaxName: 256,
		Replace: []string{"name", "eventSourceName"},
		Checks: []Check{
			matching("name", `^[/.\-_A-Za-z0-9]{1,256}$`, "up to 256 letters, digits and /.-_"),
			notDefaultBus,
			arnText("deadLetterConfig.arn"),
		},
		Conflict: func(name string) error {
			return errorf("ResourceAlreadyExistsException", "Event bus %s already exists.", name)
		},
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("name")
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("events", "event-bus/"+name)}}, nil
		},
		InUse: func(r, by *store.Resource) error {
			return errorf("ValidationException", "Event bus %s can't be deleted since it has rules: %s", r.ID, by.Property("name"))
		},
		Usual: Usual{1, 1, 1},
	}
}

func notDefaultBus(in store.Values) []Problem {
	if in.String("name") == "default" {
		return []Problem{{"name", "the name of a new bus cannot be default: every account has that one"}}
	}
	return nil
}

// busOf gives the name of a bus from its name or ARN; "" is the default bus.
func busOf(value string) string {
	if _, name, ok := strings.Cut(value, ":event-bus/"); ok {
		return name
	}
	if value == "" {
		return "default"
	}
	return value
}

func isDefaultBus(value string) bool { return busOf(value) == "default" }

var busMissing = func(value string) error {
	return errorf("ResourceNotFoundException", "Event bus %s does not exist.", busOf(value))
}

func eventBusPolicy() *Kind {
	return &Kind{
		Type: "aws:cloudwatch/eventBusPolicy:EventBusPolicy", Label: "EventBridge Event Bus Policy", Regional: true, Idempotent: true,
		Replace:  []string{"eventBusName"},
		JSON:     []string{"policy"},
		Checks:   []Check{jsonText("policy"), checkPolicy("policy")},
		Defaults: func(*Call) store.Values { return store.Values{"eventBusName": "default"} },
		Refs:     []Ref{{Path: "eventBusName", To: busType, Of: busOf, Owned: true, Builtin: isDefaultBus, Missing: busMissing}},
		Create:   func(c *Call) (*Made, error) { return &Made{ID: busOf(c.In.String("eventBusName"))}, nil },
		Usual:    Usual{1, 1, 1},
	}
}

func eventRule() *Kind {
	return &Kind{
		Type: ruleType, Label: "EventBridge Rule", Regional: true, Idempotent: true,
		Name: "name", MaxName: 64,
		Replace: []string{"name", "namePrefix", "eventBusName"},
		JSON:    []string{"eventPattern"},
		Checks: []Check{
			matching("name", `^[.\-_A-Za-z0-9]{1,64}$`, "up to 64 letters, digits and .-_"), longest("description", 512),
			oneOf("state", "ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"), atMostOne("isEnabled", "state"),
			matching("scheduleExpression", scheduleForm(false), "Parameter ScheduleExpression is not valid: rate(5 minutes) or cron(0 12 * * ? *)"),
			checkRuleTrigger, checkPattern,
		},
		Defaults: func(c *Call) store.Values {
			state := "ENABLED"
			if c.In.Has("isEnabled") && !c.In.Bool("isEnabled") {
				state = "DISABLED"
			}
			return store.Values{"eventBusName": "default", "state": state, "forceDestroy": false}
		},
		Refs: []Ref{{Path: "eventBusName", To: busType, Of: busOf, Builtin: isDefaultBus, Missing: busMissing}},
		Create: func(c *Call) (*Made, error) {
			name, bus := c.In.String("name"), busOf(c.In.String("eventBusName"))
			if bus == "default" {
				return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("events", "rule/"+name)}}, nil
			}
			return &Made{ID: bus + "/" + name, Outputs: store.Values{"arn": c.ARN("events", "rule/"+bus+"/"+name)}}, nil
		},
		Delete: func(c *Call, r *store.Resource) error {
			if c.other(eventTargetType, nil, func(t *store.Resource) bool { return c.ruleOf(t.Inputs) == r }) != nil {
				return errorf("ValidationException", "Rule can't be deleted since it has targets.")
			}
			return nil
		},
		Usual: Usual{1, 1, 1},
	}
}

// scheduleForm is the form of a schedule; once says whether at(...) is one.
func scheduleForm(once bool) string {
	form := `rate\(1 (minute|hour|day)\)|rate\(([2-9]|[1-9]\d+) (minutes|hours|days)\)|cron\([^\s()]+( [^\s()]+){5}\)`
	if once {
		form += `|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|rate\(\d+ (minute|hour|day)s?\)`
	}
	return `^(` + form + `)$`
}

func checkRuleTrigger(in store.Values) []Problem {
	if !in.Has("eventPattern") && !in.Has("scheduleExpression") {
		return []Problem{{"eventPattern", "one of eventPattern or scheduleExpression must be given"}}
	}
	if bus, ok := at(in, "eventBusName").(string); ok && in.Has("scheduleExpression") && !isDefaultBus(bus) {
		return []Problem{{"scheduleExpression", "ScheduleExpression is supported only on the default event bus."}}
	}
	return nil
}

// checkPattern demands a pattern whose leaves are lists.
func checkPattern(in store.Values) []Problem {
	text, ok := at(in, "eventPattern").(string)
	if !ok {
		return nil
	}
	invalid := func(why string) []Problem {
		return []Problem{{"eventPattern", "InvalidEventPatternException: Event pattern is not valid. Reason: " + why}}
	}
	var pattern map[string]any
	switch err := json.Unmarshal([]byte(text), &pattern); {
	case err != nil:
		return invalid("Filter is not an object")
	case len(pattern) == 0:
		return invalid("Empty patterns are not allowed")
	case len(text) > 4096:
		return invalid("the pattern is longer than 4096 characters")
	}
	if key := scalarLeaf(pattern); key != "" {
		return invalid(fmt.Sprintf("%q must be an object or an array", key))
	}
	return nil
}

// scalarLeaf gives the key of a value that is neither a list nor an object of such values, or "".
func scalarLeaf(pattern map[string]any) string {
	for key, v := range pattern {
		switch x := v.(type) {
		case []any:
		case map[string]any:
			if deeper := scalarLeaf(x); deeper != "" {
				return deeper
			}
		default:
			return key
		}
	}
	return ""
}

// ruleOf gives the rule that a target belongs to, or nil.
func (c *Call) ruleOf(target store.Values) *store.Resource {
	for _, r := range c.all(ruleType) {
		name := target.String("rule")
		if (r.Property("name") == name || r.ID == name || r.Outputs.String("arn") == name) &&
			busOf(r.Inputs.String("eventBusName")) == busOf(target.String("eventBusName")) {
			return r
		}
	}
	return nil
}

func eventArchive() *Kind {
	return &Kind{
		Type: "aws:cloudwatch/eventArchive:EventArchive", Label: "EventBridge Archive", Regional: true,
		Name: "name", MaxName: 48,
		Replace: []string{"name", "eventSourceArn"},
		JSON:    []string{"eventPattern"},
		Checks: []Check{
			matching("name", `^[.\-_A-Za-z0-9]{1,48}$`, "up to 48 letters, digits and .-_"), arnText("eventSourceArn"),
			within("retentionDays", 0, 1e6), checkPattern,
		},
		Conflict: func(name string) error {
			return errorf("ResourceAlreadyExistsException", "Archive %s already exists.", name)
		},
		Defaults: func(*Call) store.Values { return store.Values{"retentionDays": 0} },
		Refs:     []Ref{{Path: "eventSourceArn", To: busType, Of: busOf, Loose: true, Builtin: isDefaultBus, Missing: busMissing}},
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("name")
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("events", "archive/"+name)}}, nil
		},
		Usual: Usual{5, 2, 2},
	}
}

var discovererNames = regexp.MustCompile(`[^a-zA-Z0-9-]`)

func schemaDiscoverer() *Kind {
	return &Kind{
		Type: "aws:schemas/discoverer:Discoverer", Label: "EventBridge Schemas Discoverer", Regional: true,
		Replace: []string{"sourceArn"},
		Checks:  []Check{arnText("sourceArn"), longest("description", 256)},
		Conflict: func(id string) error {
			return errorf("ConflictException", "Discoverer with id %s already exists.", id)
		},
		Refs: []Ref{{Path: "sourceArn", To: busType, Of: busOf, Loose: true, Builtin: isDefaultBus, Missing: busMissing}},
		Create: func(c *Call) (*Made, error) {
			id := "events-event-bus-" + discovererNames.ReplaceAllString(busOf(c.In.String("sourceArn")), "-")
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("schemas", "discoverer/"+id)}}, nil
		},
		Usual: Usual{2, 1, 1},
	}
}
