package sandbox

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/sdktypes"
	"github.com/panka-io/panka/runtime/observe"
	"github.com/panka-io/panka/runtime/sandbox/internal/typecheck"
)

// estate is some resources under test, in the order of their creation, deleted in reverse.
type estate = shop

func newEstate(t *testing.T, config string) *estate {
	t.Helper()
	return &estate{world: newWorld(t, config), things: map[string]*thing{}}
}

// network gives the default network and its subnets.
func (s *estate) network() (vpc string, subnets []any) {
	s.t.Helper()
	v, err := s.invoke("aws:ec2/getVpc:getVpc", props{"default": true})
	if err != nil {
		s.t.Fatal(err)
	}
	found, err := s.invoke("aws:ec2/getSubnets:getSubnets", props{})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, id := range found["ids"].ArrayValue() {
		subnets = append(subnets, id.StringValue())
	}
	return v["id"].StringValue(), subnets
}

// given are the inputs that a thing was made with.
func (s *estate) given(key string) props { return mappable(s.things[key]) }

// verify demands of all things that they read as they were made, that their properties are the SDK's and that they are
// well, then deletes them and demands that nothing is left.
func (s *estate) verify() {
	s.t.Helper()
	for key, th := range s.things {
		shape := s.account.types.Resources[string(th.urn.Type())]
		if r := s.read(th); !r.Found || !r.Inputs.DeepEquals(th.inputs) || !r.Outputs.DeepEquals(th.outputs) {
			s.t.Errorf("%s reads inputs %v, outputs %v; was made with %v, %v", key, r.Inputs, r.Outputs, th.inputs, th.outputs)
		}
		if h := s.health(th); h.Health != observe.Healthy {
			s.t.Errorf("%s is %s: %s", key, h.Health, h.Detail)
		}
		if s.account.kinds[string(th.urn.Type())].Untyped {
			continue
		}
		properties := sdktypes.Fields{}
		maps.Copy(properties, shape.Outputs)
		maps.Copy(properties, shape.Inputs)
		for _, problem := range typecheck.Check(s.account.types, properties, open(th.outputs).values) {
			if !strings.HasPrefix(problem.Reason, "missing") {
				s.t.Errorf("%s has outputs that the SDK does not know: %s", key, problem.Reason)
			}
		}
	}
	s.destroy()
	var after struct {
		Resources map[string]any `json:"resources"`
	}
	if err := json.Unmarshal([]byte(s.file()), &after); err != nil {
		s.t.Fatal(err)
	}
	if len(after.Resources) != 0 {
		s.t.Errorf("after everything is deleted the account holds %v", after.Resources)
	}
}

// refuse demands each error, and that nothing is made.
func (s *estate) refuse(cases map[string]refusal) {
	s.t.Helper()
	t := s.t
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s.t = t
			before := s.file()
			_, err := s.tryCreate(c.typ, "refused", c.in)
			wantError(t, err, c.want)
			if s.file() != before {
				t.Error("a refused create changed the account")
			}
		})
	}
	s.t = t
}

// change is a change of a thing's inputs; replace names the properties that force a replacement.
type change struct {
	key     string
	in      props
	replace string
}

func (s *estate) diffs(cases map[string]change) {
	s.t.Helper()
	t := s.t
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s.t = t
			d, _ := s.diff(s.things[c.key], with(s.given(c.key), c.in))
			if got := strings.Join(d.Replace, " "); got != c.replace {
				t.Errorf("replaces because of %q, want %q (changed %v)", got, c.replace, d.Changed)
			}
			if len(d.Changed) != len(c.in) {
				t.Errorf("changed %v, want as many as %v", d.Changed, c.in)
			}
		})
	}
	s.t = t
}
