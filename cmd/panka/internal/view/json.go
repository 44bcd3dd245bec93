package view

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/panka-io/panka/compiler/diag"
)

// JSON writes one indented JSON document.
func JSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// jsonLine writes one JSON value on a line of its own.
func jsonLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// Validation is the JSON of validate. Components and Waves count what was looked at.
type Validation struct {
	OK           bool      `json:"ok"`
	Stack        string    `json:"stack,omitempty"`
	Environments []string  `json:"environments,omitempty"`
	Components   int       `json:"components"`
	Waves        int       `json:"waves"`
	Diagnostics  diag.List `json:"diagnostics"`
	// NotDeployable is what is sound and cannot be deployed by this version yet, such as "kind EFS".
	NotDeployable []string `json:"notDeployable,omitempty"`
}

// MarshalJSON makes sure that scripts always find an array of diagnostics, sorted.
func (v Validation) MarshalJSON() ([]byte, error) {
	type plain Validation
	p := plain(v)
	p.Diagnostics = append(diag.List{}, v.Diagnostics.Sorted()...)
	return json.Marshal(p)
}
