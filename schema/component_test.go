package schema

import (
	"fmt"
	"testing"
	"testing/fstest"
)

// wired is a schema with a kind that has every attribute about other components.
func wired(t *testing.T) *Schema {
	t.Helper()
	s, err := newFrom(files, fstest.MapFS{"kinds/wired.cue": {Data: []byte(`package schema

// Wired is wired to others.
#Wired: {
	apiVersion: "components.panka.io/v1"
	kind:       "Wired"
	metadata!:  #ServiceMetadata
	spec!: {
		// A queue.
		queue?: #ComponentRef @component(RDS, access=read, needs=port)
		// Either of two.
		triggers?: [...{
			// Where from.
			from!: {
				// A component.
				component?: #Target
				// Something else.
				rate?: int
			}
		}]
		// Any.
		peers?: [...#ComponentRef] @component()
		// By name.
		routes?: {[string]: #ComponentRef @component(MicroService, RDS, access=write, behind=RDS)}
		// Or an address.
		origin?: #ComponentRef | =~"^https://" @component(MicroService) @expect("a component or a URL")
		// A gate.
		gate: {
			// Whether it is open.
			enabled: *false | bool
		}
		// Not for now.
		later?: string @refuse("it is not there yet")
		// Into which it is mounted.
		mounts?: [...{
			// The component.
			component!: #ComponentRef @component(MicroService, access=readwrite, edge=reverse)
		}]
		// Only names.
		senders?: [...#ComponentRef] @component(RDS, edge=none)
		// Order.
		dependsOn?: [...#ComponentRef]
	}
	@access(write, readwrite)
}

// A target.
#Target: #ComponentRef @component(MicroService, RDS)

// Outputs.
#WiredOutputs: {
	// Always.
	arn: string
	// Sometimes.
	url?: string @when("gate.enabled")
	// Otherwise.
	address?: string @when("!peers")
}
`)}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestComponentFields(t *testing.T) {
	s := wired(t)
	want := "[{[queue] [RDS] read 0 port  } {[triggers * from component] [MicroService RDS]  0   } {[peers *] []  0   } " +
		"{[routes *] [MicroService RDS] write 0  RDS } {[origin] [MicroService]  0   } {[mounts * component] [MicroService] readwrite 1   } " +
		"{[senders *] [RDS]  2   }]"
	if got := fmt.Sprint(s.ComponentFields("Wired")); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := s.ComponentFields("Nobody"); got != nil {
		t.Errorf("a kind that does not exist names %v", got)
	}
	wiresToKinds(t, s, "Wired")
	keepsContract(t, s, s.document("Wired").field("spec").shape, "Wired.spec")
}

func TestAccessLevels(t *testing.T) {
	s := wired(t)
	for kind, want := range map[string]string{"Wired": "[write readwrite]", "RDS": "[readwrite read]", "DocumentDB": "[]", "Stack": "[]", "Nobody": "[]"} {
		if got := fmt.Sprint(s.AccessLevels(kind)); got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
}

func TestOutputCondition(t *testing.T) {
	s := wired(t)
	for _, c := range []struct{ kind, output, want string }{
		{"Wired", "url", "{[gate enabled] false }"},
		{"Wired", "address", "{[peers] true }"},
		{"Wired", "arn", "{[] false }"},
		{"Wired", "nothing", "{[] false }"},
		{"Nobody", "url", "{[] false }"},
		{"MicroService", "url", "{[networking loadBalancer enabled] false }"},
		{"MSK", "zookeeperConnect", "{[version] false kraft$}"},
		{"EC2Instance", "instanceId", "{[group] true }"},
	} {
		if got := fmt.Sprint(s.OutputCondition(c.kind, c.output)); got != c.want {
			t.Errorf("%s.%s: %s, want %s", c.kind, c.output, got, c.want)
		}
	}
}

func TestConditionMet(t *testing.T) {
	for _, c := range []struct {
		field, spec     string
		with, otherwise bool
	}{
		{"", "a: 1", true, true},
		{"a", "a: 1", true, false},
		{"a", "b: 1", false, true},
		{"a", "a: true", true, false},
		{"a", "a: false", false, true},
		{"a", "a: []", false, true},
		{"a", "a: [1]", true, false},
		{"a", "a: {}", true, false},
		{"a.b", "a: {b: false}", false, true},
		{"a.b", "a: {b: true}", true, false},
		{"a.b", "c: {b: true}", false, true},
	} {
		var path []string
		if c.field != "" {
			path = pathOf(c.field)
		}
		v := spec(t, c.spec+"\n")
		with, without := Condition{Field: path}.Met(v), Condition{Field: path, Without: true}.Met(v)
		if with != c.with || without != c.otherwise {
			t.Errorf("%s of {%s}: with it %t, without %t", c.field, c.spec, with, without)
		}
	}
}

func TestConditionUnlike(t *testing.T) {
	c := Condition{Field: []string{"version"}, Unlike: "kraft$"}
	for text, want := range map[string]bool{"version: 3.6.0.kraft": false, "version: 3.6.0": true, "name: 3.6.0": false} {
		if got := c.Met(spec(t, text+"\n")); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}

func TestRefusedField(t *testing.T) {
	diags := wired(t).CheckMerged(ComponentVersion, "Wired", spec(t, "later: x\n"))
	if len(diags) != 1 || diags[0].Code != "unsupported" || diags[0].Error() != "f.yaml:1:8: error: spec.later: it is not there yet" {
		t.Errorf("got %v", diags)
	}
}
