package aws

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func dashboard() *Kind {
	return &Kind{
		Type: "aws:cloudwatch/dashboard:Dashboard", Label: "CloudWatch Dashboard", Global: true, Idempotent: true,
		Replace: []string{"dashboardName"},
		JSON:    []string{"dashboardBody"},
		Checks: []Check{
			matching("dashboardName", `^[A-Za-z0-9_-]{1,255}$`, "up to 255 letters, digits, hyphens and underscores"),
			jsonText("dashboardBody"), checkDashboard,
		},
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("dashboardName")
			return &Made{ID: name, Outputs: store.Values{"dashboardArn": c.GlobalARN("cloudwatch", "dashboard/"+name)}}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

// checkDashboard demands widgets of known types that fit the grid of 24 columns.
func checkDashboard(in store.Values) []Problem {
	text, ok := at(in, "dashboardBody").(string)
	if !ok || !json.Valid([]byte(text)) {
		return nil
	}
	invalid := func(format string, args ...any) []Problem {
		return []Problem{{"dashboardBody", "InvalidParameterInput: The dashboard body is invalid: " + fmt.Sprintf(format, args...)}}
	}
	var body struct {
		Widgets []struct {
			Type                string
			X, Y, Width, Height *float64
			Properties          map[string]any
		}
	}
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		return invalid("%v", err)
	}
	if body.Widgets == nil {
		return invalid("/widgets is required")
	}
	for i, w := range body.Widgets {
		switch {
		case !slices.Contains([]string{"metric", "text", "log", "alarm", "explorer", "custom"}, w.Type):
			return invalid("/widgets/%d/type should be equal to one of the allowed values, got %q", i, w.Type)
		case w.Properties == nil:
			return invalid("/widgets/%d should have required property 'properties'", i)
		case w.Width != nil && (*w.Width < 1 || *w.Width > 24):
			return invalid("/widgets/%d/width should be between 1 and 24, got %v", i, *w.Width)
		case w.Height != nil && (*w.Height < 1 || *w.Height > 1000):
			return invalid("/widgets/%d/height should be between 1 and 1000, got %v", i, *w.Height)
		case w.X != nil && w.Width != nil && *w.X+*w.Width > 24:
			return invalid("/widgets/%d reaches beyond column 24", i)
		case (w.X == nil) != (w.Y == nil):
			return invalid("/widgets/%d must have both x and y, or neither", i)
		}
	}
	return nil
}
