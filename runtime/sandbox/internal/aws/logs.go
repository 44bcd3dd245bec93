package aws

import "github.com/panka-io/panka/runtime/sandbox/internal/store"

const logGroupType = "aws:cloudwatch/logGroup:LogGroup"

func logGroup() *Kind {
	return &Kind{
		Type: logGroupType, Label: "CloudWatch Logs Log Group", Regional: true,
		Name: "name", MaxName: 512,
		Conflict: func(string) error {
			return errorf("ResourceAlreadyExistsException", "The specified log group already exists")
		},
		Replace: []string{"name", "namePrefix", "logGroupClass"},
		Checks: []Check{
			matching("name", `^[.\-_/#A-Za-z0-9]{1,512}$`, "up to 512 letters, digits and ._-/#"),
			among("retentionInDays", 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
			oneOf("logGroupClass", "STANDARD", "INFREQUENT_ACCESS", "DELIVERY"),
		},
		Defaults: func(*Call) store.Values {
			return store.Values{"retentionInDays": 0, "logGroupClass": "STANDARD", "skipDestroy": false}
		},
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("name")
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("logs", "log-group:"+name)}}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}
