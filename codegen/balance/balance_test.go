package balance_test

import (
	"bytes"
	"context"
	"flag"
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// balancer stands in for the generators of ALB and NLB.
type balancer struct{ name string }

func (k balancer) Name() string                { return k.name }
func (k balancer) Generate(*component.Builder) {}
func (k balancer) Outputs(*ir.Component) []component.Output {
	var all []component.Output
	for _, name := range []string{"arn", "listenerArn", balance.HTTPListener, "securityGroupId"} {
		all = append(all, component.Output{Name: name, Type: component.StringOutput})
	}
	return all
}

// target is a component that registers and does nothing else.
type target struct {
	name string
	typ  balance.TargetType
}

func (k target) Name() string                               { return k.name }
func (k target) Outputs(c *ir.Component) []component.Output { return balance.ListenerOutputs(c) }
func (k target) Generate(b *component.Builder) {
	t := balance.Target{Type: k.typ, Health: balance.Default()}
	if k.typ != balance.Function {
		t.Group = "securityGroup"
		b.SecurityGroup(t.Group, "service", "Targets", b.Component().Source)
		for _, p := range b.Component().Spec.Get("ports").Items {
			t.Ports = append(t.Ports, balance.Port{
				Name: p.Get("name").Text.String(), Port: int(p.Get("port").Number), Protocol: p.Get("protocol").Text.String(),
			})
		}
	}
	balance.Register(b, t)
}

var generators = map[string]component.Kind{
	"ALB": balancer{"ALB"}, "NLB": balancer{"NLB"},
	"MicroService": target{"MicroService", balance.IP}, "Lambda": target{"Lambda", balance.Function},
}

// TestGoldens registers the targets of testdata/*.txtar: the YAML of components in, their code out, or what is wrong.
func TestGoldens(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no goldens", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := &txtar.Archive{Comment: a.Comment}
			for _, f := range a.Files {
				if strings.HasPrefix(f.Name, "in/") {
					want.Files = append(want.Files, f)
				}
			}
			want.Files = append(want.Files, registered(t, compiled(t, a))...)
			if *update {
				if err := os.WriteFile(file, txtar.Format(want), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if !bytes.Equal(txtar.Format(a), txtar.Format(want)) {
				t.Errorf("%s is not what is generated now, which is:\n%s", file, txtar.Format(want))
			}
		})
	}
}

func compiled(t *testing.T, a *txtar.Archive) *ir.Stack {
	t.Helper()
	root := t.TempDir()
	write := func(name, text string) {
		target := filepath.Join(root, "stacks", "shop", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	header := func(kind, metadata string) string {
		return "apiVersion: core.panka.io/v1\nkind: " + kind + "\nmetadata: {" + metadata + "}\n"
	}
	write("stack.yaml", header("Stack", "name: shop")+"spec: {provider: {name: aws, region: eu-central-1}}\n")
	write("services/app/service.yaml", header("Service", "name: app, stack: shop")+"spec: {}\n")
	write("environments/test/environment.yaml", header("Environment", "name: test")+"spec: {}\n")
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, "in/"); ok {
			write("services/app/components/"+strings.TrimSuffix(name, ".yaml")+"/"+name, string(f.Data))
		}
	}
	stack, ds := compiler.Compile(context.Background(), compiler.Options{Root: root, Stack: "shop", Environment: "test"})
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	return stack
}

func registered(t *testing.T, stack *ir.Stack) []txtar.File {
	t.Helper()
	ctx := component.Context{
		Stack: stack, Kind: func(name string) component.Kind { return generators[name] },
		Component: func(id string) *ir.Component {
			for _, c := range stack.Components {
				if c.ID() == id {
					return c
				}
			}
			return nil
		},
	}
	var out []txtar.File
	var found diag.List
	for _, c := range stack.Components {
		kind, ok := generators[c.Kind].(target)
		if !ok {
			continue
		}
		b := component.New(ctx, c, kind)
		kind.Generate(b)
		file, ds := b.Finish()
		found.Add(ds...)
		if file == nil {
			continue
		}
		var code bytes.Buffer
		if err := file.Code.Render(&code); err != nil {
			t.Fatal(err)
		}
		text, err := format.Source(code.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, txtar.File{Name: "out/" + c.Name + ".go", Data: text})
	}
	if len(found) > 0 {
		out = append(out, txtar.File{Name: "out/diagnostics", Data: []byte(found.Error() + "\n")})
	}
	return out
}
