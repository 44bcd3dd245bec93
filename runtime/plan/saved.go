package plan

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Inputs tell what a resource is to be: the path of each leaf and a digest of its value, or one of the two marks below.
type Inputs map[string]string

// What stands in place of a digest.
const (
	UnknownInput = "?" // the value is known only when something else is there
	SecretInput  = "*" // the value is a secret; nothing of it is kept
)

// SavedVersion is the version of the form that this panka writes and reads.
const SavedVersion = 1

// Saved is a plan that was looked at and is to be run later, and only if it still is what would happen. It holds the
// values of sensitive variables, so it is stored encrypted.
type Saved struct {
	Version     int       `json:"version"`
	Stack       string    `json:"stack"`
	Environment string    `json:"environment"`
	CreatedAt   time.Time `json:"createdAt"`
	By          string    `json:"by"`
	Commit      string    `json:"commit,omitempty"`
	// Cloud is what it was made for: the sandbox, or AWS and the version of its provider.
	Cloud string `json:"cloud"`
	// SourceDigest and Code identify the YAML and the programs that were compiled from it.
	SourceDigest string `json:"sourceDigest"`
	Code         string `json:"code"`
	// Variables are the values that were given, sensitive ones too.
	Variables map[string]string `json:"variables,omitempty"`
	// Select are the IDs of the components that it is limited to, sorted; none means all.
	Select []string `json:"select,omitempty"`
	// Serial and State identify the recorded state that the plan starts from; State is a digest.
	Serial uint64 `json:"serial"`
	State  string `json:"state"`
	// Changes are the operations that were approved.
	Changes []SavedChange `json:"changes"`
}

// SavedChange is one approved operation.
type SavedChange struct {
	URN      string `json:"urn"`
	Op       Op     `json:"op"`
	DataLoss bool   `json:"dataLoss,omitempty"`
	Inputs   Inputs `json:"inputs,omitempty"`
}

// Save takes over the operations of a plan.
func (s *Saved) Save(p *Plan) {
	s.Version, s.Stack, s.Environment = SavedVersion, p.Stack, p.Environment
	for _, wave := range p.Waves {
		for _, c := range wave.Components {
			for _, change := range c.Changes {
				s.Changes = append(s.Changes, SavedChange{URN: change.URN, Op: change.Op, DataLoss: change.DataLoss, Inputs: change.Inputs})
			}
		}
	}
}

// DecodeSaved reads what json.Marshal made of a Saved.
func DecodeSaved(data []byte) (*Saved, error) {
	s := &Saved{}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("read the plan: %w", err)
	}
	if s.Version != SavedVersion {
		return nil, errors.New("the plan is of another version of panka: make it anew")
	}
	return s, nil
}

// Exceeding lists, for people, what a plan would do that the saved one does not: an operation on another resource, a
// graver one, or one that makes of a resource what was not approved. Of the waves up to done, which are over, only
// deletions count; -1 means that none is over.
func (s *Saved) Exceeding(p *Plan, done int) []string {
	approved := map[string]SavedChange{}
	for _, c := range s.Changes {
		approved[c.URN] = c
	}
	var out []string
	for _, wave := range p.Waves {
		for _, c := range wave.Components {
			for _, change := range c.Changes {
				if change.Op != Delete && wave.Number >= 0 && wave.Number <= done {
					continue
				}
				if why := exceeds(approved[change.URN], change); why != "" {
					out = append(out, c.ID+": "+string(change.Op)+" "+change.Name+", "+why)
				}
			}
		}
	}
	return out
}

// covered are the operations that an approved one includes. What was to be replaced may turn out to need less, and its old
// copy is deleted at the end.
var covered = map[Op][]Op{
	Create: {Create}, Import: {Import, Update}, Update: {Update}, Delete: {Delete}, Replace: {Replace, Update, Delete},
}

// exceeds says what a change has that the approved one does not; "" if there is nothing.
func exceeds(approved SavedChange, change Change) string {
	switch {
	case approved.URN == "":
		return "which the plan does not have"
	case !slices.Contains(covered[approved.Op], change.Op):
		return "where the plan has " + string(approved.Op)
	case change.DataLoss && !approved.DataLoss:
		return "which loses data"
	}
	var other []string
	for _, path := range slices.Sorted(maps.Keys(change.Inputs)) {
		if !approved.Inputs.allow(path, change.Inputs[path]) {
			other = append(other, path)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(approved.Inputs)) {
		if _, ok := change.Inputs[path]; !ok && change.Op != Delete && !change.Inputs.unknownAbove(path) && approved.Inputs[path] != UnknownInput {
			other = append(other, path)
		}
	}
	if len(other) > 0 {
		return "with another " + strings.Join(other[:min(3, len(other))], ", ")
	}
	return ""
}

// allow tells whether a leaf may have a value: the approved one, or any where that was not known.
func (in Inputs) allow(path, value string) bool {
	return in[path] == value || in.unknownAbove(path)
}

// unknownAbove tells whether the value at a path, or at one that it is below of, is not known.
func (in Inputs) unknownAbove(path string) bool {
	for end := len(path); end > 0; end = strings.LastIndexAny(path[:end], ".[") {
		if in[path[:end]] == UnknownInput {
			return true
		}
	}
	return false
}
