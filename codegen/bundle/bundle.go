// Package bundle describes what code generation leaves for the runtime: the file bundle.json beside the generated
// waves. It maps every resource to the YAML it came from and says what the programs need, so that the runtime needs to
// know neither the compiler nor the component kinds.
package bundle

import (
	"encoding/json"
	"fmt"
	"slices"
)

// FileName is the bundle's file name in the folder of a stack and environment.
const FileName = "bundle.json"

// FormatVersion is the version of the format that this panka writes and reads.
const FormatVersion = 1

// Bundle describes the generated projects of one stack in one environment.
type Bundle struct {
	Version     int    `json:"version"`
	Stack       string `json:"stack"`
	Environment string `json:"environment"`
	Region      string `json:"region"`
	// SourceDigest identifies the YAML that was compiled.
	SourceDigest string `json:"sourceDigest"`
	// Protected is true when the environment forbids losing data.
	Protected bool `json:"protected,omitempty"`
	// PlanRequired is true when the environment takes nothing but saved plans.
	PlanRequired bool        `json:"planRequired,omitempty"`
	Waves        []Wave      `json:"waves"`
	Components   []Component `json:"components"` // sorted by ID, the foundation included
	Resources    []Resource  `json:"resources"`  // sorted by URN
	Variables    []Variable  `json:"variables"`  // that the programs read as Pulumi config, sorted by name
	Secrets      []Secret    `json:"secrets"`    // that must exist before anything is deployed
	// Foreign are the outputs of other stacks that the programs read, sorted by stack, component, output and reader.
	Foreign []Foreign `json:"foreign,omitempty"`
	// Files maps each generated file but this one, relative and slash-separated, to the SHA-256 of its bytes in hex.
	Files map[string]string `json:"files"`
}

// Wave is one generated program.
type Wave struct {
	Dir        string   `json:"dir"` // "wave-0"
	Components []string `json:"components"`
}

// Source is a place in the repository.
type Source struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// String gives path:line:col.
func (s Source) String() string { return fmt.Sprintf("%s:%d:%d", s.File, s.Line, s.Column) }

// Component is one component and the URN of the Pulumi component resource that holds its resources.
type Component struct {
	ID        string   `json:"id"` // <service>/<name>, or "foundation"
	Kind      string   `json:"kind"`
	Wave      int      `json:"wave"`
	URN       string   `json:"urn"`
	DependsOn []string `json:"dependsOn,omitempty"` // IDs, sorted; every component but the foundation names the foundation
	Stateful  bool     `json:"stateful,omitempty"`  // losing it loses data
	// Version is a template of what is deployed, for people: literal parts and ${VARIABLE}; empty if the kind has none.
	Version string `json:"version,omitempty"`
	Source  Source `json:"source"`
}

// Resource is one resource that the programs register.
type Resource struct {
	URN       string `json:"urn"`
	Type      string `json:"type"`
	Name      string `json:"name"`
	Component string `json:"component"`
	Stateful  bool   `json:"stateful,omitempty"`
	Source    Source `json:"source"`
	// Code is the generated file that registers it.
	Code string `json:"code"`
}

// Variable is a Pulumi config key the programs read.
type Variable struct {
	Name      string `json:"name"`
	Sensitive bool   `json:"sensitive,omitempty"`
	Source    Source `json:"source"`
}

// Secret is a Secrets Manager secret that a component names.
type Secret struct {
	Ref       string `json:"ref"`
	Component string `json:"component"`
	Source    Source `json:"source"`
}

// Foreign is an output of a component of another stack, in the same environment.
type Foreign struct {
	Stack     string `json:"stack"`
	Component string `json:"component"` // that has the output: an ID of the other stack
	Output    string `json:"output"`
	By        string `json:"by"` // the component that reads it
	Source    Source `json:"source"`
}

// Component returns the component with that ID, or nil.
func (b *Bundle) Component(id string) *Component {
	i := slices.IndexFunc(b.Components, func(c Component) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return &b.Components[i]
}

// Marshal gives the bundle's canonical bytes.
func (b *Bundle) Marshal() ([]byte, error) {
	out, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode bundle: %w", err)
	}
	return append(out, '\n'), nil
}

// Parse reads a bundle and refuses one of another format version.
func Parse(data []byte) (*Bundle, error) {
	var b Bundle
	if err := json.Unmarshal(data, &b); err != nil {
		return nil, fmt.Errorf("decode %s: %w", FileName, err)
	}
	if b.Version != FormatVersion {
		return nil, fmt.Errorf("%s has format version %d, this panka reads %d; run panka compile again", FileName, b.Version, FormatVersion)
	}
	return &b, nil
}
