package sandbox

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/panka-io/panka/runtime/observe"
	"github.com/panka-io/panka/runtime/sandbox/internal/typecheck"
)

// refusal is a wrong input and the error it gets, from the check or from AWS.
type refusal struct {
	typ  string
	in   props
	want string
}

// refuses demands each error, and that nothing is made.
func (w *world) refuses(t *testing.T, cases map[string]refusal) {
	t.Helper()
	for name, c := range cases {
		t.Run("refuses "+name, func(t *testing.T) {
			defer func(outer *testing.T) { w.t = outer }(w.t)
			w.t = t
			before := w.file()
			_, err := w.tryCreate(c.typ, "refused", c.in)
			wantError(t, err, c.want)
			if w.file() != before {
				t.Error("a refused create changed the account")
			}
		})
	}
}

// alteration is a change of inputs and the names of the properties that change and that replace.
type alteration struct {
	of               *thing
	change           props
	changed, replace string
}

func (w *world) alters(t *testing.T, cases map[string]alteration) {
	t.Helper()
	for name, c := range cases {
		t.Run("alters "+name, func(t *testing.T) {
			defer func(outer *testing.T) { w.t = outer }(w.t)
			w.t = t
			d, _ := w.diff(c.of, with(mappable(c.of), c.change))
			if got := strings.Join(d.Changed, " "); got != c.changed {
				t.Errorf("changed %q, want %q", got, c.changed)
			}
			if got := strings.Join(d.Replace, " "); got != c.replace {
				t.Errorf("replaces because of %q, want %q", got, c.replace)
			}
		})
	}
}

// lives demands that each thing is well, reads back as it was made and has outputs that the SDK knows, then deletes
// them in reverse, and demands that nothing is left.
func (w *world) lives(t *testing.T, things ...*thing) {
	t.Helper()
	for _, th := range things {
		name := string(th.urn.Type()) + " " + th.urn.Name()
		if h := w.health(th); h.Health != observe.Healthy {
			t.Errorf("%s is %s: %s", name, h.Health, h.Detail)
		}
		r := w.read(th)
		if !r.Found || !r.Inputs.DeepEquals(th.inputs) || !r.Outputs.DeepEquals(th.outputs) {
			t.Errorf("reading %s gives\n%v\n%v\nwant\n%v\n%v", name, r.Inputs, r.Outputs, th.inputs, th.outputs)
		}
		w.knownOutputs(t, th)
	}
	for i := len(things) - 1; i >= 0; i-- {
		if err := w.delete(things[i]); err != nil {
			t.Fatalf("delete %s: %v", things[i].id, err)
		}
		if w.read(things[i]).Found {
			t.Errorf("%s is still there", things[i].id)
		}
	}
	w.holdsNothing(t)
}

func (w *world) knownOutputs(t *testing.T, th *thing) {
	t.Helper()
	shape := w.account.types.Resources[string(th.urn.Type())]
	fields := maps.Clone(shape.Inputs)
	maps.Copy(fields, shape.Outputs)
	for _, problem := range typecheck.Check(w.account.types, fields, open(th.outputs).values) {
		if !strings.HasPrefix(problem.Reason, "missing") {
			t.Errorf("%s gives outputs the SDK does not know: %s", th.urn.Name(), problem.Reason)
		}
	}
}

func (w *world) holdsNothing(t *testing.T) {
	t.Helper()
	var account struct {
		Resources map[string]map[string]any `json:"resources"`
	}
	if err := json.Unmarshal([]byte(w.file()), &account); err != nil {
		t.Fatal(err)
	}
	for typ, byKey := range account.Resources {
		for key := range byKey {
			t.Errorf("%s %s is left", typ, key)
		}
	}
}

// subnets gives the IDs of the default network and its three subnets.
func (w *world) subnets() (vpc string, ids []any) {
	w.t.Helper()
	network, err := w.invoke("aws:ec2/getVpc:getVpc", props{"default": true})
	if err != nil {
		w.t.Fatal(err)
	}
	vpc = network["id"].StringValue()
	found, err := w.invoke("aws:ec2/getSubnets:getSubnets", props{"filters": []any{props{"name": "vpc-id", "values": []any{vpc}}}})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, v := range found["ids"].ArrayValue() {
		ids = append(ids, v.StringValue())
	}
	return vpc, ids
}

func (th *thing) number(key string) float64 {
	n, _ := open(th.outputs).values.Number(key)
	return n
}
