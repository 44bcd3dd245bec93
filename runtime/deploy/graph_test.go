package deploy_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
	"pgregory.net/rapid"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
)

// node is a component of a graph: one queue. A change of its size is done in place, another kind of queue replaces it.
type node struct {
	Size  int
	FIFO  bool
	Needs []string
	Wave  int
}

// graph is a stack's components by name.
type graph map[string]node

// graphProgram begins the names of the programs of a graph's waves. They read the graph from the variable GRAPH.
const graphProgram = "graph-"

func graphWave(wave string) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		var g graph
		if err := json.Unmarshal([]byte(config.New(ctx, "").Require("GRAPH")), &g); err != nil {
			return err
		}
		for name, n := range g {
			if strconv.Itoa(n.Wave) != wave {
				continue
			}
			parent, done, err := newComponent(ctx, "svc/"+name, "SQS")
			if err != nil {
				return err
			}
			args := pulumi.Map{"name": pulumi.String(name), "delaySeconds": pulumi.Int(n.Size), "tags": tags("svc-" + name)}
			if n.FIFO {
				args["name"], args["fifoQueue"] = pulumi.String(name+".fifo"), pulumi.Bool(true)
			}
			queue, err := newPiece(ctx, queueType, "svc-"+name, args, parent)
			if err != nil {
				return err
			}
			if err := done("", queue); err != nil {
				return err
			}
		}
		return nil
	}
}

// inWaves puts each component one wave after the last one that it needs, and gives the number of waves.
func (g graph) inWaves() int {
	most := 0
	var wave func(name string) int
	wave = func(name string) int {
		n := g[name]
		n.Wave = 0
		for _, need := range n.Needs {
			n.Wave = max(n.Wave, wave(need)+1)
		}
		g[name] = n
		most = max(most, n.Wave)
		return n.Wave
	}
	for name := range g {
		wave(name)
	}
	return most + 1
}

const queueURN = "urn:pulumi:dev::shop::panka:component:SQS$aws:sqs/queue:Queue::svc-"

// graphRequest asks for a graph.
func (s *shop) graphRequest(t testing.TB, g graph) deploy.Request {
	t.Helper()
	r, err := s.request("")
	var programs []string
	for wave := range g.inWaves() {
		programs = append(programs, graphProgram+strconv.Itoa(wave))
	}
	if err == nil {
		r.Programs, err = s.programs(programs...)
	}
	data, encodeErr := json.Marshal(g)
	if err != nil || encodeErr != nil {
		t.Fatal(err, encodeErr)
	}
	b := &bundle.Bundle{Version: bundle.FormatVersion, Stack: "shop", Environment: "dev", Region: "us-east-1",
		SourceDigest: "d", Variables: []bundle.Variable{{Name: "GRAPH"}}}
	for _, name := range slices.Sorted(maps.Keys(g)) {
		c := bundle.Component{ID: "svc/" + name, Kind: "SQS", Wave: g[name].Wave, URN: "urn:pulumi:dev::shop::panka:component:SQS::svc-" + name}
		for _, need := range g[name].Needs {
			c.DependsOn = append(c.DependsOn, "svc/"+need)
		}
		b.Components = append(b.Components, c)
		b.Resources = append(b.Resources, bundle.Resource{URN: queueURN + name, Type: queueType, Name: "svc-" + name, Component: c.ID})
	}
	r.Bundle, r.Variables = b, map[string]string{"GRAPH": string(data)}
	return r
}

// due is what must happen to each queue from one graph to the next; what is not in it must be left alone.
func due(from, to graph) map[string]plan.Op {
	ops := map[string]plan.Op{}
	for name, now := range to {
		was, existed := from[name]
		switch {
		case !existed:
			ops[queueURN+name] = plan.Create
		case was.FIFO != now.FIFO:
			ops[queueURN+name] = plan.Replace
		case was.Size != now.Size:
			ops[queueURN+name] = plan.Update
		}
	}
	for name := range from {
		if _, stays := to[name]; !stays {
			ops[queueURN+name] = plan.Delete
		}
	}
	return ops
}

// mostComponents is how large a random graph gets.
const mostComponents = 30

// edited is a graph with random edits: components added and removed, sizes and dependencies changed. A component needs
// only such as come before it in the order of names, so there are no cycles.
func edited(t *rapid.T, g graph) graph {
	out := graph{}
	for i := range mostComponents {
		name := fmt.Sprintf("c%02d", i)
		n, exists := g[name]
		switch roll := rapid.IntRange(0, 9).Draw(t, name); {
		case !exists && (roll < 4 || len(g) == 0 && roll < 7):
			n = node{Size: 1}
			n.Needs = someOf(t, out)
		case !exists, roll == 0:
			continue
		case roll == 1:
			n.Size++
		case roll == 2:
			n.FIFO = !n.FIFO
		case roll <= 5:
			n.Needs = someOf(t, out)
		}
		n.Needs = slices.DeleteFunc(slices.Clone(n.Needs), func(need string) bool { _, ok := out[need]; return !ok })
		out[name] = n
	}
	return out
}

// someOf chooses up to three components.
func someOf(t *rapid.T, g graph) []string {
	names := slices.Sorted(maps.Keys(g))
	if len(names) == 0 {
		return nil
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, min(3, len(names)), rapid.ID[string]).Draw(t, "needs")
}

// TestRandomGraphs: whatever is added, removed and connected otherwise, and whatever wave a component moves to, each
// resource meets with what its own change asks for and with nothing else. At the end nothing is left.
func TestRandomGraphs(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	was := checks.Value.String()
	if err := checks.Value.Set("8"); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = checks.Value.Set(was) }()
	rapid.Check(t, func(random *rapid.T) {
		s := newShop(t, "")
		now := graph{}
		for range 4 {
			next := edited(random, now)
			if len(next) == 0 {
				continue
			}
			r := s.graphRequest(t, next)
			happened := map[string]plan.Op{}
			r.Events = func(e deploy.Event) {
				if e.Kind == deploy.EventResource && e.Status == deploy.Done {
					happened[e.URN] = e.Op
				}
			}
			if _, err := deploy.Apply(t.Context(), r, nil); err != nil {
				random.Fatalf("from %v to %v: %v", now, next, err)
			}
			if want := due(now, next); !maps.Equal(happened, want) {
				random.Fatalf("from %v to %v\nhappened %v\nwant     %v", now, next, happened, want)
			}
			if p, err := deploy.Plan(t.Context(), s.graphRequest(t, next)); err != nil || p.Changes.Any() {
				random.Fatalf("after %v there is still to do: %+v, %v", next, p, err)
			}
			now = next
		}
		s.destroy(t)
		s.wantNothing(t)
	})
}

// TestFaultInEveryWave: a release of five waves fails at a creation, a change or a deletion in each of them, and is taken
// back. Then the release before is there, whole.
func TestFaultInEveryWave(t *testing.T) {
	release := func(size int, extra ...string) graph {
		g := graph{}
		for i := range 5 {
			name := "c" + strconv.Itoa(i)
			n := node{Size: size}
			if i > 0 {
				n.Needs = []string{"c" + strconv.Itoa(i-1)}
			}
			g[name] = n
			if x := "x" + strconv.Itoa(i); slices.Contains(extra, x) {
				g[x] = node{Size: size, Needs: n.Needs}
			}
		}
		return g
	}
	for wave := range 5 {
		x := "x" + strconv.Itoa(wave)
		for operation, releases := range map[string][2]graph{
			"create": {release(1), release(2, x)},
			"update": {release(1, x), release(2, x)},
			"delete": {release(1, x), release(2)},
		} {
			t.Run(fmt.Sprintf("%s in wave %d", operation, wave), func(t *testing.T) {
				s := newShop(t, fmt.Sprintf(`faults: [{name: svc-%s, operation: %s, times: 1, error: "out of order"}]`, x, operation))
				good := s.graphRequest(t, releases[0])
				result, err := deploy.Apply(t.Context(), good, nil)
				if err != nil {
					t.Fatal(err)
				}
				before := s.cloud(t)
				_, err = deploy.Apply(t.Context(), s.graphRequest(t, releases[1]), nil)
				if err == nil || !strings.Contains(err.Error(), "svc/"+x+": ") || !strings.Contains(err.Error(), "out of order") {
					t.Fatalf("the release did not fail as it should: %v", err)
				}
				back := good
				back.RollbackTo = result.Deployment
				if result, err := deploy.Rollback(t.Context(), back, nil); err != nil || result.Outcome != deploy.Succeeded {
					t.Fatalf("rollback: %+v, %v", result, err)
				}
				if p, err := deploy.Plan(t.Context(), good); err != nil || p.Changes.Any() {
					t.Errorf("the release before is not back: %s, %v", outline(p), err)
				}
				if after := s.cloud(t); len(after) != len(before) || len(after[queueType]) != len(before[queueType]) {
					t.Errorf("the account held %v, and holds %v", before, after)
				}
				s.destroy(t)
				s.wantNothing(t)
			})
		}
	}
}
